"""What came from outside and carries money, and money that fits nothing.

No foreign key leads out of `inbox`: one INSERT must be able to keep whatever came.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from billing.ports.inbox import EventState
from billing.rules.charges import Misfit
from storage.tables.base import metadata
from storage.types import Id, UTCDateTime, text_enum

inbox = Table(
    "inbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("source", String(32), nullable=False),
    Column("event_id", String(255), nullable=False),
    # As it came, in ASCII: whatever a provider writes can be kept.
    Column("body", Text, nullable=False),
    Column("state", text_enum(EventState, "state"), nullable=False),
    Column("due_at", UTCDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("received_at", UTCDateTime, nullable=False),
    Column("handled_at", UTCDateTime),
    # What went wrong the last time, by the name of the error.
    Column("error", String(64)),
    UniqueConstraint("source", "event_id"),
    Index(None, "state", "due_at"),
    Index(None, "handled_at"),
)

unplaced_money = Table(
    "unplaced_money",
    metadata,
    Column("id", Id, primary_key=True),
    # The notice it came with; not its row, which is forgotten earlier.
    Column("source", String(32), nullable=False),
    Column("event_id", String(255), nullable=False),
    Column("reference", Text, nullable=False),
    Column("amount", BigInteger),
    Column("currency", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("user_id", BigInteger),
    Column("reason", text_enum(Misfit, "reason"), nullable=False),
    Column("received_at", UTCDateTime, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("closed_at", UTCDateTime),
    # Whose credit it became.
    Column("client_id", ForeignKey("clients.id")),
    Column("note", Text, nullable=False),
    UniqueConstraint("source", "event_id"),
    Index(None, "is_open", "id"),
)
