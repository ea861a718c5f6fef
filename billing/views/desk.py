"""What staff see of the company: what waits for them, and what is owed to it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from billing.rules.money import Money
from billing.rules.services.service import Service
from billing.views.operator import PendingOrder, UnpaidProforma
from billing.views.panel import ListedCall
from billing.views.services import Cancellation
from billing.views.tasks import ListedTask


@dataclass(frozen=True, slots=True)
class Tally:
    """How many, and what they come to: one amount per currency.

    The prices that are not known yet, those of `unpriced`, are in none of the sums. Where a
    connected panel has not said what they come to, there are no sums at all.
    """

    count: int = 0
    sums: tuple[Money, ...] = ()
    unpriced: int = 0


NONE = Tally()
"""Nothing at all."""


@dataclass(frozen=True, slots=True)
class OverdueGroup:
    """Overdue services of one amount, currency and tax rate; `is_long`: for more than a week."""

    is_long: bool
    amount: Money | None
    currency: str
    tax_rate: int | None
    count: int


@dataclass(frozen=True, slots=True)
class ToDo:
    """How much waits for staff.

    `tasks` are what has to be done after payments, but for orders that are to be accepted;
    `calls` are those to a panel that do not come to an end by themselves, `unreachable` clients
    who owe something soon and whom no reminder reaches.
    """

    orders: int = 0
    cancellations: int = 0
    unplaced: int = 0
    calls: int = 0
    unreachable: int = 0
    tasks: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether nobody has to do anything."""
        return self == ToDo()


@dataclass(frozen=True, slots=True)
class CompanyStanding:
    """How the company stands at an instant.

    `waiting` are the proformas that wait to be paid, `expiring` those of them that lapse within
    days; `overdue` are services past their due date that are neither ended nor being cancelled,
    `long_overdue` those of them that have been for more than a week.
    """

    waiting: Tally = NONE
    expiring: Tally = NONE
    overdue: Tally = NONE
    long_overdue: Tally = NONE
    todo: ToDo = ToDo()

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to say."""
        return self == CompanyStanding()


class Waiting(StrEnum):
    """The lists of what waits for staff."""

    ORDERS = "orders"
    CANCELLATIONS = "cancellations"
    PROFORMAS = "proformas"
    UNPLACED = "unplaced"
    CALLS = "calls"
    UNREACHABLE = "unreachable"
    TASKS = "tasks"


@dataclass(frozen=True, slots=True)
class FoundClient:
    """A client in a list: the company's own id and the name."""

    id: int
    ref: str
    name: str


@dataclass(frozen=True, slots=True)
class FoundService:
    """A service in a list, and whose it is."""

    service: Service
    client: FoundClient


@dataclass(frozen=True, slots=True)
class FoundInvoice:
    """A proforma in a list, and whose it is."""

    id: int
    number: str
    client: FoundClient


@dataclass(frozen=True, slots=True)
class DeskHits:
    """The first hits of a search over all clients; `is_cut` where there are more of a kind."""

    text: str
    clients: tuple[FoundClient, ...] = ()
    services: tuple[FoundService, ...] = ()
    invoices: tuple[FoundInvoice, ...] = ()
    is_cut: bool = False

    def __len__(self) -> int:
        return len(self.clients) + len(self.services) + len(self.invoices)


@dataclass(frozen=True, slots=True)
class WaitingRequest:
    """A request to cancel that waits for a decision."""

    request: Cancellation
    service: Service
    client_ref: str


@dataclass(frozen=True, slots=True)
class WaitingMoney:
    """Money that fits nothing; `amount` is None where the `stated` one cannot be billed."""

    id: int
    stated: str
    amount: Money | None
    reference: str
    received_at: datetime


WaitingItem = (
    PendingOrder
    | WaitingRequest
    | UnpaidProforma
    | WaitingMoney
    | ListedCall
    | ListedTask
    | FoundClient
)


@dataclass(frozen=True, slots=True)
class WaitingList:
    """One page of a list, from 0. How long it is nobody counts."""

    kind: Waiting
    items: tuple[WaitingItem, ...]
    page: int
    has_next: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for staff: what came today, and how things stand."""

    paid: Tally
    standing: CompanyStanding
