"""The running bot's own data: conversations, settings, leases."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from storage.tables.base import metadata
from storage.types import Document, UTCDateTime

conversations = Table(
    "conversations",
    metadata,
    # Message numbers belong to one bot; another bot's numbers mean other messages.
    Column("bot_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    # Also the name of a forgotten step until the next message; `expires_at` is NULL then.
    Column("step", String(64)),
    Column("draft", JSON(none_as_null=True), nullable=False),
    Column("draft_id", BigInteger, nullable=False),
    Column("view", JSON(none_as_null=True), nullable=False),
    Column("consumed", BigInteger, nullable=False),
    Column("keyboard_id", BigInteger),
    # The last typed message that was answered with a screen.
    Column("answered", BigInteger, nullable=False),
    # NULL while neither a step nor a draft waits.
    Column("expires_at", UTCDateTime),
    # When the row was last written; abandoned ones are deleted some day.
    Column("used_on", Date, nullable=False),
    # The user comes first, because some queries ask whether a user has any conversation.
    PrimaryKeyConstraint("user_id", "chat_id", "bot_id"),
    Index(None, "expires_at"),
    Index(None, "used_on"),
)

kept_settings = Table(
    "kept_settings",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

ONLY_ROW = 1
"""The key of the one row of a table that has no other."""

owner = Table(
    "owner",
    metadata,
    # A database has one owner.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("panel", String(32), nullable=False),
    Column("identity", Text, nullable=False),
    Column("since", UTCDateTime, nullable=False),
    CheckConstraint(f"id = {ONLY_ROW}", name="only_row"),
)

panel_states = Table(
    "panel_states",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    # Where its change feed goes on; "" before it was first read.
    Column("cursor", Text, nullable=False),
    # Up to when all changes are known, and marked at the clients that they are about.
    Column("changes_read_at", UTCDateTime),
    # When the last full reading began that came to its end; NULL: one is due.
    Column("everything_read_at", UTCDateTime),
    # Since when it does not answer, and when the operator was told.
    Column("away_since", UTCDateTime),
    Column("away_told_at", UTCDateTime),
    CheckConstraint(f"id = {ONLY_ROW}", name="only_row"),
)

panel_hours = Table(
    "panel_hours",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    # The hour in which a connected panel takes so many calls, and those given to processes.
    Column("began_at", UTCDateTime, nullable=False),
    Column("given", Integer, nullable=False),
    CheckConstraint(f"id = {ONLY_ROW}", name="only_row"),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("owner", String(128), nullable=False),
    Column("taken_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class ProcessFacts:
    """What a process has counted since it started; `ticks` says when each last ended well."""

    updates: int = 0
    failures: int = 0
    last_update_at: datetime | None = None
    ticks: Mapping[str, datetime] = field(default_factory=dict)


processes = Table(
    "processes",
    metadata,
    # Its name in leases.
    Column("name", String(128), primary_key=True),
    Column("version", String(32), nullable=False),
    Column("started_at", UTCDateTime, nullable=False),
    Column("seen_at", UTCDateTime, nullable=False),
    # When it stopped in good order.
    Column("ended_at", UTCDateTime),
    Column("facts", Document(ProcessFacts, may_be_unreadable=True)),
    Index(None, "seen_at"),
)
