"""Carts, catalogues, orders, invoices with their lines, payments."""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from billing.rules.payments.invoices import Born, InvoiceStatus, Outcome, StatedLine
from billing.rules.payments.orders import OrderLine, OrderState
from billing.rules.payments.payment import PaymentStatus
from billing.rules.shop.cart import CartLine, LineKind
from billing.rules.shop.catalog import Catalog
from billing.rules.shop.quotes import Quote
from storage.tables.base import IDS_ONCE, metadata
from storage.types import CodePoints, Document, Id, UTCDateTime, text_enum

carts = Table(
    "carts",
    metadata,
    Column("client_id", ForeignKey("clients.id"), primary_key=True),
    Column("revision", Integer, nullable=False),
    # Ids of lines are never used twice, so that an old button never means a new line.
    Column("next_line", Integer, nullable=False),
    Column("lines", Document(tuple[CartLine, ...]), nullable=False),
)

catalogs = Table(
    "catalogs",
    metadata,
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("loaded_at", UTCDateTime, nullable=False),
    Column("body", Document(Catalog), nullable=False),
    # By topic, also of removed ones, so that an old button never means another topic.
    Column("topic_numbers", JSON(none_as_null=True), nullable=False),
)

orders = Table(
    "orders",
    metadata,
    Column("id", Id, primary_key=True),
    Column("client_id", ForeignKey("clients.id"), nullable=False),
    Column("cart_revision", Integer, nullable=False),
    Column("state", text_enum(OrderState, "state"), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("seal", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("lines", Document(tuple[OrderLine, ...]), nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("refusal", String(64), nullable=False),
    # What the panel calls it, once it is placed there.
    Column("ref", String(64)),
    UniqueConstraint("client_id", "cart_revision"),
    Index(None, "client_id", "state"),
    sqlite_autoincrement=IDS_ONCE,
)

# The services whose renewal is on an order that the panel has not answered yet: no second one.
order_holds = Table(
    "order_holds",
    metadata,
    Column("service_id", ForeignKey("services.id"), primary_key=True),
    Column("order_id", ForeignKey("orders.id"), nullable=False),
    Index(None, "order_id"),
)

invoice_numbers = Table(
    "invoice_numbers",
    metadata,
    Column("month", Date, primary_key=True),
    Column("last", Integer, nullable=False),
)

invoices = Table(
    "invoices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("client_id", ForeignKey("clients.id"), nullable=False),
    # The order that it was made for; unknown for what a panel invoices by itself.
    Column("order_id", ForeignKey("orders.id")),
    Column("born", text_enum(Born, "born"), nullable=False),
    # The panel's id of one that was born there.
    Column("ref", String(64)),
    # Staff find it by its beginning, so it is compared by code points.
    Column("number", CodePoints(32), nullable=False),
    Column("status", text_enum(InvoiceStatus, "status"), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("net", BigInteger, nullable=False),
    Column("tax", BigInteger, nullable=False),
    Column("gross", BigInteger, nullable=False),
    Column("paid", BigInteger, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("expires_on", Date),
    Column("paid_at", UTCDateTime),
    # The panel's own page where it is paid; "" where there is none.
    Column("address", Text, nullable=False),
    # When a reading of the connected panel first did not show it; the next one cancels it.
    Column("missing_since", UTCDateTime),
    UniqueConstraint("number"),
    UniqueConstraint("ref"),
    Index(None, "order_id"),
    CheckConstraint("paid >= 0", name="paid"),
    Index(None, "client_id", "id"),
    Index(None, "status", "expires_on"),
    sqlite_autoincrement=IDS_ONCE,
)

invoice_lines = Table(
    "invoice_lines",
    metadata,
    Column("id", Id, primary_key=True),
    Column("invoice_id", ForeignKey("invoices.id"), nullable=False),
    Column("kind", text_enum(LineKind, "kind")),
    Column("period_from", Date),
    Column("gross", BigInteger, nullable=False),
    # One of the two: as it was sold here, or as a panel states it.
    Column("quote", Document(Quote)),
    Column("stated", Document(StatedLine)),
    Column("applied_at", UTCDateTime),
    Column("outcome", text_enum(Outcome, "outcome")),
    Column("due_date", Date),
    # The service that was renewed, activated or created when the line was applied.
    Column("service_id", ForeignKey("services.id")),
    # The service whose renewal this line holds until its invoice is applied or closed, then NULL:
    # no second invoice for the same renewal.
    Column("held_service_id", ForeignKey("services.id")),
    # The client for whom this line holds a new service or add-on as long, then NULL: no second
    # order of it.
    Column("held_client_id", ForeignKey("clients.id")),
    UniqueConstraint("held_service_id", "period_from"),
    Index(None, "invoice_id", "id"),
    Index(None, "service_id"),
    Index(None, "held_client_id"),
)

payments = Table(
    "payments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("invoice_id", ForeignKey("invoices.id"), nullable=False),
    Column("client_id", ForeignKey("clients.id"), nullable=False),
    Column("gateway", String(32), nullable=False),
    Column("status", text_enum(PaymentStatus, "status"), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("charge_id", String(255)),
    # One transfer may pay several proformas if the operator says so: 0 for the first booking, the
    # invoice's id for the others. A provider's charge is always 0, because it counts once.
    Column("share", BigInteger, nullable=False, default=0),
    Column("paid_at", UTCDateTime),
    UniqueConstraint("gateway", "charge_id", "share"),
    Index(None, "paid_at"),
    Index(None, "invoice_id", "gateway"),
    # The time comes first: SQLite would find the payments of one proforma by their status.
    Index(None, "created_at", "status"),
    sqlite_autoincrement=IDS_ONCE,
)
