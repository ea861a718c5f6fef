"""An unfinished order: the client's choices so far, kept in the conversation's draft."""

from dataclasses import dataclass, replace
from typing import Self

from billing.ports.conversations import Draft
from billing.rules.cycles import BillingCycle, parse_cycle
from billing.views.shop import Offer, PriceView, ProductPage
from handlers.buttons import OpenOrder, OpenProduct
from handlers.chat.conversation.drafts import as_int, as_text
from handlers.chat.screens.codec import StaleButton
from handlers.chat.screens.origin import Origin
from handlers.orders.words import price_in

PRODUCT, CYCLE, NAME, ADDONS = "orders.product", "orders.cycle", "orders.name", "orders.addons"
ORIGIN, LISTED, CHOICES = "orders.origin", "orders.listed", "orders.choices"


@dataclass(frozen=True, slots=True)
class Order:
    """A product by its number, its cycle and name, add-ons with their cycles, and the origin.

    `choices` are the domains among which the client chooses the name.
    """

    product: int
    cycle: BillingCycle
    name: str = ""
    addons: tuple[tuple[int, BillingCycle], ...] = ()
    origin: Origin = Origin.SERVICES
    listed: bool = False
    choices: tuple[str, ...] = ()

    @classmethod
    def read(cls, draft: Draft) -> Self:
        """The order in a draft; StaleButton if the draft is of another kind."""
        addons, choices = draft.get(ADDONS, []), draft.get(CHOICES, [])
        try:
            return cls(
                product=as_int(draft.get(PRODUCT)),
                cycle=parse_cycle(as_text(draft.get(CYCLE))),
                name=as_text(draft.get(NAME, "")),
                addons=tuple(_addon(pair) for pair in addons) if isinstance(addons, list) else (),
                origin=Origin(as_int(draft.get(ORIGIN, Origin.SERVICES.value))),
                listed=bool(draft.get(LISTED)),
                choices=tuple(map(as_text, choices)) if isinstance(choices, list) else (),
            )
        except (ValueError, StaleButton) as error:
            raise StaleButton("the draft is no order", back=OpenOrder()) from error

    def as_draft(self) -> Draft:
        """The draft of this order."""
        return {
            PRODUCT: self.product,
            CYCLE: self.cycle.name,
            NAME: self.name,
            ADDONS: [[number, cycle.name] for number, cycle in self.addons],
            ORIGIN: self.origin.value,
            LISTED: self.listed,
            CHOICES: list(self.choices),
        }

    @property
    def start(self) -> OpenProduct:
        """The product's page on which the order began."""
        return OpenProduct(self.product, self.origin, self.listed)

    def with_name(self, name: str) -> Self:
        """The order with a checked name."""
        return replace(self, name=name, choices=())

    def cycle_of(self, addon: int) -> BillingCycle | None:
        """The cycle chosen for an add-on; None when it is left out."""
        return dict(self.addons).get(addon)

    def put(self, addon: int, cycle: BillingCycle) -> Self:
        """The order with an add-on, or with another cycle for it."""
        if self.cycle_of(addon) is None:
            return replace(self, addons=(*self.addons, (addon, cycle)))
        changed = ((n, cycle if n == addon else current) for n, current in self.addons)
        return replace(self, addons=tuple(changed))

    def drop(self, addon: int) -> Self:
        """The order without an add-on."""
        return replace(self, addons=tuple(pair for pair in self.addons if pair[0] != addon))

    def still_offered(self, page: ProductPage) -> Self:
        """The order without add-ons that are no longer offered, or not for their cycle."""
        numbers = {offer.product.number for offer, _ in self.chosen_addons(page)}
        return replace(self, addons=tuple(pair for pair in self.addons if pair[0] in numbers))

    def chosen_addons(self, page: ProductPage) -> tuple[tuple[Offer, PriceView], ...]:
        """The chosen add-ons that are offered, with their prices."""
        offers = ((page.addon(number), cycle) for number, cycle in self.addons)
        priced = ((offer, price_in(offer, cycle)) for offer, cycle in offers if offer)
        return tuple((offer, view) for offer, view in priced if view)


def _addon(pair: object) -> tuple[int, BillingCycle]:
    match pair:
        case [int(number), str(cycle)]:
            return number, parse_cycle(cycle)
        case _:
            raise ValueError("no add-on with its cycle")
