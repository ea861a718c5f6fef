"""What staff see of the company: what waits for them, and what is owed to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from billing.rules.money import Money
from billing.rules.services.service import Service, ServiceStatus
from billing.views.account import ClientInfo, Reach
from billing.views.home import LeftToPay
from billing.views.operator import PendingOrder, UnpaidProforma
from billing.views.panel import ListedCall
from billing.views.payments import InvoicePage, InvoiceSummary
from billing.views.services import Cancellation, CancellationStatus, ServicePage


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

    `calls` are those to a panel that do not come to an end by themselves, `unreachable` clients
    who owe something soon and whom no reminder reaches.
    """

    orders: int = 0
    cancellations: int = 0
    unplaced: int = 0
    calls: int = 0
    unreachable: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether nobody has to do anything."""
        return self == ToDo()


@dataclass(frozen=True, slots=True)
class Standing:
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
        return self == Standing()


class Waiting(StrEnum):
    """The lists of what waits for staff."""

    ORDERS = "orders"
    CANCELLATIONS = "cancellations"
    PROFORMAS = "proformas"
    UNPLACED = "unplaced"
    CALLS = "calls"
    UNREACHABLE = "unreachable"


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
    PendingOrder | WaitingRequest | UnpaidProforma | WaitingMoney | ListedCall | FoundClient
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
    standing: Standing


@dataclass(frozen=True, slots=True)
class ClientFigures:
    """Whether a client can be told something, and how many services they have in each status."""

    reach: Reach
    statuses: Mapping[ServiceStatus, int]


@dataclass(frozen=True, slots=True)
class ClientCard:
    """A client as staff see them; `credit` is None where clients have none with us.

    `overdue` counts services and add-ons, `proformas` are the newest open ones.
    """

    client: ClientInfo
    figures: ClientFigures
    overdue: int
    left_to_pay: LeftToPay
    credit: Money | None
    proformas: tuple[InvoiceSummary, ...] = ()


@dataclass(frozen=True, slots=True)
class ClientServices:
    """One page of a client's services, ended ones included; pages count from 0."""

    client: ClientInfo
    services: tuple[Service, ...]
    page: int
    has_next: bool


@dataclass(frozen=True, slots=True)
class ClientInvoices:
    """One page of a client's proformas, the newest first: those to be paid, or the past ones."""

    client: ClientInfo
    invoices: tuple[InvoiceSummary, ...]
    is_past: bool
    page: int
    has_next: bool


@dataclass(frozen=True, slots=True)
class SeenService:
    """A service as its client sees it, who that is, and whether its order waits for staff."""

    client: ClientInfo
    page: ServicePage
    decides_here: bool

    @property
    def order_waits(self) -> bool:
        """Whether its order can be accepted; an add-on is decided together with its service."""
        parent = self.page.parent
        waits = self.page.service.status is ServiceStatus.PENDING
        apart = parent is None or parent.status is not ServiceStatus.PENDING
        return self.decides_here and waits and apart

    @property
    def request(self) -> Cancellation | None:
        """The request to cancel it that waits for staff."""
        request = self.page.cancellation
        if request is None or not self.decides_here:
            return None
        return request if request.status is CancellationStatus.REQUESTED else None


@dataclass(frozen=True, slots=True)
class SeenInvoice:
    """A proforma as its client sees it, and who that is."""

    client: ClientInfo
    page: InvoicePage
