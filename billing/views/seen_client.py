"""A client as staff see them: a card, their services and proformas."""

from collections.abc import Mapping
from dataclasses import dataclass

from billing.rules.money import Money
from billing.rules.services.service import Service, ServiceStatus
from billing.views.account import ClientInfo, Reach
from billing.views.home import LeftToPay
from billing.views.payments import InvoicePage, InvoiceSummary
from billing.views.services import Cancellation, CancellationStatus, ServicePage


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
