"""Rows of the operator's data as values: what a load brings, and what is already known.

Ids here are the company's own (`ref`); numbers of the database never appear.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from billing.rules.cycles import BillingCycle, leads_to
from billing.rules.loading.loaded_state import BillingState
from billing.rules.money import Money
from billing.rules.services.service import ServiceKind, ServiceStatus, SuspendedFor
from billing.rules.shop.catalog import ProductKind

ProductKey = tuple[ProductKind, str]
"""What an owner calls a product: unique within its kind."""

MAX_REF = 64
"""Longest id a company may give to a client, a service or a catalogue entry, in characters."""

MAX_TAX_ID = 64
"""Longest number of a tax payer, in characters."""


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One client as loaded; "" where the company does not say.

    `tax_rate` is in basis points (None: the default rate); `credit` and `telegram_ids` count when
    the client is loaded for the first time. A connected panel says who `is_closed`, a folder does
    not.
    """

    ref: str
    name: str
    email: str
    country: str
    language: str
    timezone: str
    currency: str
    tax_rate: int | None
    tax_id: str
    credit: Money
    telegram_ids: tuple[int, ...] = ()
    is_closed: bool | None = None


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One service as loaded; with a `parent` it is an add-on of that service.

    `client` and `parent` are the company's ids, `product` is the catalogue's; amounts are in the
    client's currency.
    `assumed` names the fields whose cells are empty: what they say counts for a new service only.
    """

    ref: str
    client: str
    product: str
    parent: str
    name: str
    domain: str
    first_amount: Money
    amount: Money
    cycle: BillingCycle
    registered_on: date
    next_due_date: date | None
    anchor_day: int
    status: ServiceStatus
    suspended_for: SuspendedFor | None = None
    assumed: frozenset[str] = frozenset()

    @property
    def kind(self) -> ServiceKind:
        """A service, or an add-on of one."""
        return ServiceKind.ADDON if self.parent else ServiceKind.SERVICE

    def state(self) -> BillingState:
        """The billing state that a new service begins with."""
        return self._state(self.first_amount.minor, self.anchor_day)

    def state_over(self, here: BillingState) -> BillingState:
        """The same for a service that is stored: what the row does not say stays as it is."""
        keeps_amount = "first_amount" in self.assumed
        keeps_anchor = "anchor_day" in self.assumed and leads_to(
            here.anchor_day, self.next_due_date
        )
        return self._state(
            here.first_amount if keeps_amount else self.first_amount.minor,
            here.anchor_day if keeps_anchor else self.anchor_day,
        )

    def _state(self, first_amount: int, anchor_day: int) -> BillingState:
        return BillingState(
            first_amount, self.amount.minor, self.cycle, self.registered_on,
            self.next_due_date, anchor_day, self.status, self.suspended_for,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownService:
    """Whose a loaded service is, and of which service it is an add-on ("": of none)."""

    client: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier loads brought, by the company's ids: rows may refer to it.

    `products` are those that stored services name, offered or not: the catalogue's id of each by
    its kind and what its owner calls it. `clients` maps an id to the client's currency, which
    never changes.
    """

    products: Mapping[ProductKey, str] = field(default_factory=dict)
    clients: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, KnownService] = field(default_factory=dict)
