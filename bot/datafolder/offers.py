"""Products and add-ons of `catalog.yaml`, with the checks that span several entries."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from billing.rules.cycles import BillingCycle
from billing.rules.loading.differences import ProductKey
from billing.rules.money import Money
from billing.rules.reminders.stages import ReminderPolicy
from billing.rules.shop.catalog import NameKind, Price, Product, ProductKind
from billing.rules.work import WorkKind
from bot.datafolder import cells
from bot.datafolder.mistakes import did_you_mean
from bot.datafolder.rows import Note
from bot.datafolder.shapes import PanelAddonShape, PanelOfferShape, PanelProductShape, PriceShape
from bot.datafolder.yamlerrors import place
from bot.datafolder.yamltree import Document, Loc

SECTIONS = {"products": ProductKind.PRODUCT, "addons": ProductKind.ADDON}


class OfferReader:
    """Makes products from shapes; notes unknown references and wrong prices.

    Ids come from the text itself, so that others can refer to a product that has a mistake.
    """

    def __init__(
        self, document: Document, note: Note, reminders: ReminderPolicy, *, by_panel: bool = False
    ) -> None:
        self._document = document
        self._note = note
        self._reminders = reminders
        self._by_panel = by_panel
        self.groups = frozenset(ids(document, "groups"))
        self.products = tuple(ids(document, "products"))
        self.addons = tuple(ids(document, "addons"))

    @property
    def by_ref(self) -> Mapping[ProductKey, str]:
        """Return the id of every product by what a service may name."""
        return {
            (kind, ref): own
            for section, kind in SECTIONS.items()
            for own, ref in zip(
                ids(self._document, section), refs(self._document, section), strict=True
            )
        }

    def product(self, shape: PanelProductShape, loc: Loc) -> Product:
        """Make a product that is ordered on its own."""
        offer = self._offer(shape, loc, ProductKind.PRODUCT)
        is_known = not self._by_panel
        if is_known and shape.domain_endings and shape.asks_for is not NameKind.DOMAIN:
            self.blame((*loc, "domain_endings"), "needs asks_for: domain")
        return replace(offer, asks_for=shape.asks_for, domain_endings=tuple(shape.domain_endings))

    def addon(self, shape: PanelAddonShape, loc: Loc) -> Product:
        """Make an add-on; the groups that it fits are resolved into products."""
        offer = self._offer(shape, loc, ProductKind.ADDON)
        fits = dict.fromkeys(
            product
            for index, name in enumerate(shape.fits)
            for product in self._fitting(name, (*loc, "fits", index))
        )
        return replace(offer, fits=tuple(fits), max_per_service=shape.max_per_service)

    def blame(self, loc: Loc, reason: str) -> None:
        """Note a mistake at a place."""
        self._note(self._document.line(loc), f"{place(self._document, loc)}: {reason}")

    def _offer(self, shape: PanelOfferShape, loc: Loc, kind: ProductKind) -> Product:
        if shape.group is not None and shape.group not in self.groups and not self._by_panel:
            hint = did_you_mean(shape.group, sorted(self.groups))
            self.blame((*loc, "group"), f'no group has the id "{shape.group}"{hint}')
        stages = shape.reminder_stages
        own = None if stages is None else replace(self._reminders, stages=in_order(stages))
        return Product(
            id=shape.id,
            ref=shape.ref or shape.id,
            number=0,
            kind=kind,
            group=shape.group or "",
            name=shape.name,
            description=shape.description,
            features=shape.features,
            prices=tuple(self._prices(shape, loc)),
            offered=shape.offered,
            reminder_policy=own,
            needs_work=tuple(sorted(shape.needs_work, key=tuple(WorkKind).index)),
        )

    def _prices(self, shape: PanelOfferShape, loc: Loc) -> Iterator[Price]:
        for currency, per_cycle in shape.prices.items():
            for cycle, price in per_cycle.items():
                yield self._price(price, cycle, currency, (*loc, "prices", currency))
        if not any(shape.prices.values()) and not self._by_panel:
            self.blame((*loc, "prices"), "is empty; what costs nothing has the cycle free: 0")

    def _price(self, shape: PriceShape, cycle: BillingCycle, currency: str, loc: Loc) -> Price:
        spot = (*loc, cycle.name)
        amount = self._amount(shape.amount, currency, (*spot, "amount"))
        setup = self._amount(shape.setup, currency, (*spot, "setup"))
        if amount is not None and bool(amount) is (cycle == BillingCycle.FREE):
            free = "is free and so costs 0" if amount else "costs 0; its cycle would be free"
            self.blame(spot, free)
        nothing = Money.zero(currency)
        return Price(cycle, amount or nothing, setup or nothing)

    def _amount(self, text: str, currency: str, loc: Loc) -> Money | None:
        try:
            return cells.amount(text, currency)
        except ValueError as error:
            self.blame(loc, str(error))
            return None

    def _fitting(self, name: str, loc: Loc) -> Iterator[str]:
        members = [
            product
            for index, product in enumerate(ids(self._document, "products"))
            if product == name or self._document.at("products", index, "group") == name
        ]
        if members:
            yield from members
        elif name in self.groups:
            self.blame(loc, f'the group "{name}" has no products')
        else:
            names = [*self.products, *sorted(self.groups)]
            own = "an add-on, it has none itself" if name in self.addons else ""
            self.blame(
                loc, f'"{name}" is {own or "no product or group"}{did_you_mean(name, names)}'
            )


def ids(document: Document, section: str) -> Iterator[str]:
    """Return the ids of a section's entries as written, "" for an entry without one."""
    entries = document.at(section)
    for entry in entries if isinstance(entries, list) else ():
        own = entry.get("id") if isinstance(entry, dict) else None
        yield own.strip() if isinstance(own, str) else ""


def refs(document: Document, section: str) -> Iterator[str]:
    """Return what the owner calls the entries of a section: their ids, unless they say more."""
    for index, own in enumerate(ids(document, section)):
        ref = document.at(section, index, "ref")
        yield ref.strip() if isinstance(ref, str) else own


def in_order(stages: tuple[int, ...]) -> tuple[int, ...]:
    """Reminder stages, earliest first."""
    return tuple(sorted(stages, reverse=True))
