"""What a connected panel shows of a client, in our words, and panel calls for the operator."""

from dataclasses import dataclass
from datetime import date, datetime

from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.panel.panel_calls import PanelCall
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.services.service import ServiceKind, ServiceStatus, SuspendedFor
from billing.rules.shop.cart import LineKind
from billing.rules.shop.quotes import Amounts


@dataclass(frozen=True, slots=True)
class SeenService:
    """A service as the panel shows it; an amount that it does not say is None.

    `product_ref` is what the panel calls its product; it numbers products and add-ons apart.
    Without a due date nothing is ever due, unless it is not known (yet).
    """

    kind: ServiceKind
    ref: str
    product_ref: str
    name: str
    status: ServiceStatus
    cycle: BillingCycle
    amount: Money | None
    registered_on: date
    domain: str = ""
    next_due_date: date | None = None
    due_date_known: bool = True
    suspended_for: SuspendedFor | None = None
    parent: tuple[ServiceKind, str] | None = None


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line of a panel's invoice; `service` is what it is about, by kind and id there."""

    name: str
    amounts: Amounts
    kind: LineKind | None = None
    service: tuple[ServiceKind, str] | None = None


@dataclass(frozen=True, slots=True)
class SeenInvoice:
    """An invoice as the panel shows it; `order_ref` is the order there that it was made for."""

    ref: str
    number: str
    status: InvoiceStatus
    totals: Amounts
    paid: Money
    lines: tuple[SeenLine, ...]
    created_at: datetime
    order_ref: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One reading of what a client has in the panel; `is_closed` when they may buy nothing."""

    services: tuple[SeenService, ...]
    invoices: tuple[SeenInvoice, ...]
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class ListedCall:
    """An open call with what the operator knows it by: the client, the proforma, the money."""

    call: PanelCall
    client_ref: str
    invoice_number: str
    amount: Money
