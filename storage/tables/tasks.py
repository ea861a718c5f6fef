"""What the company has to do after payments."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from billing.rules.audit import LONGEST_ACTOR
from billing.rules.work import WorkKind
from storage.tables.base import IDS_ONCE, metadata
from storage.types import Id, UTCDateTime, text_enum

tasks = Table(
    "tasks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("client_id", ForeignKey("clients.id"), nullable=False),
    # Unknown where a panel does not say what its line is about.
    Column("service_id", ForeignKey("services.id")),
    # The line that opened it, once; not a foreign key, because a panel may restate its lines.
    # A request to cancel has none.
    Column("invoice_line_id", BigInteger),
    Column("kind", text_enum(WorkKind, "kind"), nullable=False),
    # As on the proforma.
    Column("name", Text, nullable=False),
    Column("domain", Text, nullable=False),
    Column("number", String(32), nullable=False),
    Column("opened_at", UTCDateTime, nullable=False),
    Column("done_at", UTCDateTime),
    Column("done_by", String(LONGEST_ACTOR), nullable=False),
    Column("due_on", Date),
    UniqueConstraint("invoice_line_id"),
    Index(None, "done_at", "id"),
    Index(None, "service_id"),
    Index(None, "number"),
    sqlite_autoincrement=IDS_ONCE,
)
