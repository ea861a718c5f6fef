"""What a connected panel offers, and writes that it is owed."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from billing.rules.panel.panel_calls import CallState, Verb
from billing.rules.shop.catalog import Catalog
from billing.views.panel import PanelCatalogue
from storage.tables.base import IDS_ONCE, metadata
from storage.tables.running import ONLY_ROW
from storage.types import Document, Id, UTCDateTime, text_enum

panel_calls = Table(
    "panel_calls",
    metadata,
    Column("id", Id, primary_key=True),
    Column("client_id", ForeignKey("clients.id"), nullable=False),
    Column("verb", text_enum(Verb, "verb"), nullable=False),
    Column("state", text_enum(CallState, "state"), nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    # When it is to be looked at next.
    Column("due_at", UTCDateTime, nullable=False),
    # Until when one process works on it; it is the client's only one meanwhile.
    Column("lease_until", UTCDateTime),
    Column("order_id", ForeignKey("orders.id")),
    Column("invoice_id", ForeignKey("invoices.id")),
    Column("payment_id", ForeignKey("payments.id")),
    Column("service_id", ForeignKey("services.id")),
    Column("unplaced_id", ForeignKey("unplaced_money.id")),
    Column("step", String(32), nullable=False),
    Column("ref", String(255), nullable=False),
    # What the panel's adapter read before it was sent.
    Column("facts", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("sendings", Integer, nullable=False),
    # The refusal's code, or a short word for what failed.
    Column("error", String(64), nullable=False),
    # Not over: undecided, not read back yet, or the operator has to decide about its money.
    Column("is_open", Boolean, nullable=False),
    # When the state was last changed: an unknown outcome holds up others for a while only.
    Column("changed_at", UTCDateTime, nullable=False),
    Index(None, "is_open", "due_at"),
    Index(None, "is_open", "id"),
    Index(None, "client_id", "is_open"),
    Index(None, "order_id"),
    Index(None, "invoice_id"),
    sqlite_autoincrement=IDS_ONCE,
)

catalogue_sources = Table(
    "catalogue_sources",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    # The catalogue of the operator's folder, as it was loaded beside a panel.
    Column("folder", Document(Catalog)),
    # What the panel offered when it was read last.
    Column("offers", Document(PanelCatalogue, may_be_unreadable=True)),
    # When it is read again; NULL: at once.
    Column("next_at", UTCDateTime),
    CheckConstraint(f"id = {ONLY_ROW}", name="only_row"),
)
