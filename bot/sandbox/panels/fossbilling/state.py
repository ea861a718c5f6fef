"""The rows of the panel's database, with the panel's own names of columns."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.sandbox.panels.fossbilling.errors import Json


@dataclass(slots=True, kw_only=True)
class Client:
    """A client; `token` opens the client API and is made when staff ask for one."""

    id: int
    email: str
    first_name: str
    last_name: str
    currency: str
    country: str
    status: str | None
    company: str | None
    company_vat: str | None
    phone_cc: str
    phone: str
    address_1: str
    city: str
    postcode: str
    created_at: datetime
    updated_at: datetime
    tax_exempt: int = 0
    token: str | None = None


@dataclass(slots=True, kw_only=True)
class Order:
    """An order, which is also the service: main ones and add-ons, joined by `group_id`.

    Only orders of a cart have a `discount` from the start.
    """

    id: int
    client_id: int
    product_id: int
    group_id: str
    group_master: int
    invoice_option: str
    title: str
    currency: str
    unpaid_invoice_id: int | None = None
    service_id: int | None = None
    service_type: str
    period: str | None
    quantity: int
    unit: str
    price: float
    discount: float | None = None
    status: str = "pending_setup"
    reason: str | None = None
    notes: str | None = None
    config: Json = field(default_factory=dict)
    expires_at: datetime | None = None
    activated_at: datetime | None = None
    suspended_at: datetime | None = None
    unsuspended_at: datetime | None = None
    canceled_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    meta: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Line:
    """A line of an invoice; `rel_id` is the order that the task is about. Prices are net."""

    id: int
    title: str
    period: str | None = None
    quantity: int = 1
    unit: str | None = None
    price: float
    taxed: int = 0
    charged: int = 0
    type: str = "custom"
    rel_id: int | None = None
    task: str = "void"
    status: str = "pending_payment"


@dataclass(slots=True, kw_only=True)
class Invoice:
    """An invoice or a credit note; `serie` goes and `nr` stays when it is paid."""

    id: int
    serie: str | None
    nr: str
    client_id: int
    hash: str
    hash_expires_at: datetime
    gateway_id: int | None = None
    taxname: str | None = ""
    taxrate: str | None = "0"
    currency: str
    rate: float
    status: str = "unpaid"
    notes: str | None = None
    due_at: datetime | None
    paid_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    lines: list[Line]
    approved: bool = True

    def subtotal(self) -> float:
        """Return the net sum of the lines, added as PHP does: in binary fractions."""
        return sum((line.price * line.quantity for line in self.lines), 0.0)

    def tax(self) -> float:
        """Return the tax of the lines that are taxed, rounded to 0.01."""
        taxed = sum(line.price * line.quantity for line in self.lines if line.taxed)
        return round(taxed * float(self.taxrate or 0) / 100, 2)

    def orders(self) -> list[int]:
        """Return the orders that the lines are about."""
        return [line.rel_id for line in self.lines if line.rel_id is not None]


@dataclass(slots=True, kw_only=True)
class BalanceRow:
    """One change of a client's balance; negative when something was paid with it."""

    id: int
    client_id: int
    description: str
    amount: float
    created_at: datetime


@dataclass(slots=True, kw_only=True)
class Transaction:
    """What a gateway said, or staff in its place, about a payment."""

    id: int
    invoice_id: int
    txn_id: str
    gateway_id: int
    amount: float
    currency: str
    created_at: datetime


@dataclass(slots=True, kw_only=True)
class StatusNote:
    """One row of an order's history: the only place that tells why an order failed."""

    id: int
    client_order_id: int
    status: str
    notes: str
    created_at: datetime


@dataclass(slots=True, kw_only=True)
class Activity:
    """One row of the log that serves as the change feed; who it was is one of the two ids."""

    id: int
    admin_id: int | None
    client_id: int | None
    message: str
    created_at: datetime
