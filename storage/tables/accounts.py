"""Clients, Telegram users, the links between them, link codes, votes, credit."""

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
    UniqueConstraint,
    text,
)

from billing.rules.access.rights import Rights
from billing.rules.payments.payment import CreditReason
from billing.rules.reach import Unreachable
from billing.rules.reminders.preferences import ReminderPreferences
from storage.tables.base import metadata
from storage.tables.states import SendState
from storage.types import Document, Id, UTCDateTime, text_enum

clients = Table(
    "clients",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ref", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    # The address as it is compared, "" without one.
    Column("email_key", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("language", String(35), nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("tax_rate", Integer),
    Column("tax_id", Text, nullable=False),
    Column("credit", BigInteger, nullable=False),
    Column("loaded_at", UTCDateTime, nullable=False),
    # With a connected panel: when it was last asked about this client (NULL: never), and when it
    # said that something has changed which was not read since.
    Column("seen_at", UTCDateTime),
    Column("stale_since", UTCDateTime),
    # When the latest reading began of which a row could not be read (NULL: all of it could be),
    # and which rows those were, in words.
    Column("unread_at", UTCDateTime),
    Column("unread", String(200), nullable=False, default=""),
    # Until when a process reads them because they are looking.
    Column("reading_until", UTCDateTime),
    # They may buy nothing there.
    Column("is_closed", Boolean, nullable=False, default=False),
    # What stands to their credit there; NULL where the panel does not say.
    Column("balance", BigInteger),
    # Id, name and e-mail, folded; staff search in it.
    Column("search_text", Text, nullable=False),
    UniqueConstraint("ref"),
    Index(None, "email_key"),
    Index(None, "stale_since"),
    Index(None, "unread_at"),
    Index(None, "seen_at", "id"),
    CheckConstraint("credit >= 0", name="credit"),
)

users = Table(
    "users",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(35)),
    Column("timezone", String(64)),
    # Why the user cannot be reached; NULL: they can, as far as we know.
    Column("unreachable", text_enum(Unreachable, "unreachable")),
    # The client for whom the user acts now; always one of their links.
    Column("client_id", ForeignKey("clients.id")),
)

links = Table(
    "links",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("client_id", ForeignKey("clients.id"), primary_key=True),
    Column("reminders_on", Boolean, nullable=False),
    # The user's other choices; NULL: the operator's policy applies.
    Column("preferences", Document(ReminderPreferences, may_be_unreadable=True)),
    Column("linked_at", UTCDateTime, nullable=False),
    # When the user proved last that the account is theirs; NULL for who was invited to it.
    Column("proved_at", UTCDateTime),
    Column("rights", text_enum(Rights, "rights"), nullable=False),
    Column("is_owner", Boolean, nullable=False),
    # The user's first name in Telegram when they joined, for the other users of the account.
    Column("name", Text, nullable=False),
    Index(None, "client_id", "user_id"),
    Index(None, "linked_at"),
)
Index(
    "uq_links_owner",
    links.c.client_id,
    unique=True,
    sqlite_where=text("is_owner"),
    postgresql_where=text("is_owner"),
)

link_codes = Table(
    "link_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("client_id", ForeignKey("clients.id"), nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("used_at", UTCDateTime),
    Column("used_by", BigInteger),
    # The owner who invites with it; NULL for a code of the operator.
    Column("invited_by", BigInteger),
    Column("rights", text_enum(Rights, "rights"), nullable=False),
    Index(None, "expires_at"),
    Index(None, "client_id"),
)

link_failures = Table(
    "link_failures",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", BigInteger, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Index(None, "user_id", "at"),
    Index(None, "at", "user_id"),
)

email_codes = Table(
    "email_codes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", BigInteger, nullable=False),
    # What was typed, in small letters, whether or not a client has it.
    Column("email", Text, nullable=False),
    # For whom the user acts who proves that the account is theirs; NULL for one who links it.
    Column("client_id", BigInteger),
    Column("language", String(35), nullable=False),
    # Of the code that was sent last; NULL until then.
    Column("code_hash", String(64)),
    Column("state", text_enum(SendState, "state"), nullable=False),
    Column("due_at", UTCDateTime, nullable=False),
    Column("moved_at", UTCDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("asked_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Index(None, "state", "due_at"),
    Index(None, "asked_at"),
    Index(None, "user_id", "asked_at"),
    Index(None, "email", "asked_at"),
)

votes = Table(
    "votes",
    metadata,
    Column("topic_id", String(64), primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("useful", Boolean, nullable=False),
    Index(None, "user_id"),
)

credit_movements = Table(
    "credit_movements",
    metadata,
    Column("id", Id, primary_key=True),
    Column("client_id", ForeignKey("clients.id"), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("balance", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("reason", text_enum(CreditReason, "reason"), nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("invoice_number", String(32), nullable=False),
    Index(None, "client_id", "id"),
    CheckConstraint("balance >= 0", name="balance"),
)
