"""The running bot's own data: conversations, settings, leases."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    Index,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from storage.tables.base import metadata
from storage.types import UTCDateTime

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

leases = Table(
    "leases",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("owner", String(128), nullable=False),
    Column("taken_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
)
