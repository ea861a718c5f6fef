"""Services and add-ons in one table (an add-on has a parent), and requests to cancel them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from billing.rules.services.service import ServiceKind, ServiceStatus, SuspendedFor
from billing.views.services import CancellationStatus, CancelWhen
from storage.tables.base import IDS_ONCE, metadata
from storage.types import CycleName, Id, Ordered, UTCDateTime, text_enum

COSTS = "(amount IS NULL OR amount <> 0) AND cycle NOT IN ('one-time', 'free')"
"""Whether a further period has to be paid for; an amount that is not known yet is not zero."""

OWED_ON = (
    "CASE WHEN (status = 'active' OR (status = 'suspended' AND suspended_for = 'non_payment')) "
    f"AND {COSTS} THEN next_due_date END"
)
"""The due date while it matters: `Service.owed_on` in SQL."""

DUE_ORDER = (
    "CASE WHEN status IN ('pending', 'active', 'suspended') AND next_due_date IS NOT NULL "
    f"AND {COSTS} THEN next_due_date "
    "WHEN status IN ('pending', 'active', 'suspended') AND NOT due_date_known "
    f"AND {COSTS} THEN '9999-12-30' ELSE '9999-12-31' END"
)
"""The due date for ordering lists: unknown ones come after all that are known, and services that
ended or are never due come last."""

PRICE_ORDER = (
    "COALESCE(CASE WHEN cycle = 'one-time' THEN first_amount ELSE amount END, 9223372036854775807)"
)
"""The price for ordering lists: a one-time service has no recurring amount, and unknown prices
come last."""

services = Table(
    "services",
    metadata,
    Column("id", Id, primary_key=True),
    # The owner's own id, unique within its kind; services that were ordered here have none yet.
    Column("kind", text_enum(ServiceKind, "kind"), nullable=False),
    Column("ref", String(64)),
    Column("client_id", ForeignKey("clients.id"), nullable=False),
    Column("parent_id", ForeignKey("services.id")),
    Column("product_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("domain", Text, nullable=False),
    Column("label", Text, nullable=False),
    # NULL while the owner of the service has not said the amount.
    Column("first_amount", BigInteger),
    Column("amount", BigInteger),
    Column("currency", String(3), nullable=False),
    Column("cycle", CycleName, nullable=False),
    Column("registered_on", Date, nullable=False),
    # Without a date: false while the owner has not said it, true where nothing is ever due.
    Column("next_due_date", Date),
    Column("due_date_known", Boolean, nullable=False, default=True),
    Column("anchor_day", Integer, nullable=False),
    Column("status", text_enum(ServiceStatus, "status"), nullable=False),
    Column("suspended_for", text_enum(SuspendedFor, "suspended_for")),
    Column("loaded_on", Date),
    # The billing state after the last load, as one text: if the state differs, it was changed
    # here. NULL for services that were ordered here.
    Column("loaded_state", String(128)),
    # When a reading of the connected panel first did not show it; the next one hides it.
    Column("missing_since", UTCDateTime),
    # It is not there any more: clients do not see it.
    Column("is_hidden", Boolean, nullable=False, default=False),
    # The invoice line that bought it. invoice_lines refers back with foreign keys, and two tables
    # that refer to each other could be neither created nor dropped in order.
    Column("invoice_line_id", BigInteger),
    Column("search_text", Text, nullable=False),
    Column("sort_key", Ordered, nullable=False),
    Column("domain_key", Text, nullable=False),
    Column("label_key", Text, nullable=False),
    Column("owed_on", Date, Computed(OWED_ON, persisted=True)),
    Column("due_order", Date, Computed(DUE_ORDER, persisted=True)),
    Column("price_order", BigInteger, Computed(PRICE_ORDER, persisted=True)),
    UniqueConstraint("ref", "kind"),
    UniqueConstraint("invoice_line_id"),
    CheckConstraint("(kind = 'addon') = (parent_id IS NOT NULL)", name="addon_of_a_service"),
    CheckConstraint("due_date_known OR next_due_date IS NULL", name="due_date_known"),
    CheckConstraint("anchor_day BETWEEN 1 AND 31", name="anchor_day"),
    CheckConstraint(
        "(status = 'suspended') = (suspended_for IS NOT NULL)", name="suspended_for_a_reason"
    ),
    Index(None, "client_id", "status", "parent_id"),
    # What a client owes by a day, however many services they have.
    Index(None, "client_id", "status", "owed_on"),
    Index(None, "parent_id"),
    Index(None, "status", "id"),
    Index(None, "owed_on", "id"),
    # The services list leaves add-ons out; each of its sort orders has an index.
    *(
        Index(
            f"ix_services_list_{column}",
            "client_id",
            column,
            "id",
            sqlite_where=text("parent_id IS NULL"),
            postgresql_where=text("parent_id IS NULL"),
        )
        for column in ("due_order", "sort_key", "price_order")
    ),
    sqlite_autoincrement=IDS_ONCE,
)

cancellations = Table(
    "cancellations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("service_id", ForeignKey("services.id"), nullable=False),
    Column("client_id", ForeignKey("clients.id"), nullable=False),
    Column("takes_effect", text_enum(CancelWhen, "takes_effect"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("status", text_enum(CancellationStatus, "status"), nullable=False),
    Column("requested_at", UTCDateTime, nullable=False),
    Column("effective_on", Date),
    # The service while the request is open, then NULL: at most one open request per service.
    Column("open_service_id", ForeignKey("services.id")),
    UniqueConstraint("open_service_id"),
    CheckConstraint(
        "(status IN ('requested', 'accepted')) = (open_service_id IS NOT NULL)", name="open"
    ),
    Index(None, "status", "effective_on"),
    sqlite_autoincrement=IDS_ONCE,
)
