"""Notices from outside that carry money, and money that fits nothing.

`inbox` has no foreign keys, because one INSERT must be able to keep any notice.
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
from billing.rules.payments.charges import Misfit
from storage.tables.base import metadata
from storage.types import Id, UTCDateTime, text_enum

inbox = Table(
    "inbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("source", String(32), nullable=False),
    Column("event_id", String(255), nullable=False),
    # The raw body, escaped to ASCII so that every text can be stored.
    Column("body", Text, nullable=False),
    Column("state", text_enum(EventState, "state"), nullable=False),
    Column("due_at", UTCDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("received_at", UTCDateTime, nullable=False),
    Column("handled_at", UTCDateTime),
    # The name of the last error.
    Column("error", String(64)),
    UniqueConstraint("source", "event_id"),
    Index(None, "state", "due_at"),
    Index(None, "handled_at"),
)

unplaced_money = Table(
    "unplaced_money",
    metadata,
    Column("id", Id, primary_key=True),
    # The id of its notice; not a foreign key, because that row is deleted earlier.
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
    # The client who got it as credit.
    Column("client_id", ForeignKey("clients.id")),
    Column("note", Text, nullable=False),
    UniqueConstraint("source", "event_id"),
    Index(None, "is_open", "id"),
)
