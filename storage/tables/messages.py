"""What must go out: reminder items and digests, and the outbox.

A process claims a waiting row by moving its `due_at` to the end of a lease. Other processes do not
see the row until then, and if the process dies, the row is due again. `moved_at` says when that
happened: a future instant was written by a wrong clock, and so was `due_at`.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from billing.ports.reminders.digests import Deferral
from storage.tables.base import metadata
from storage.tables.states import ItemState, SendState
from storage.types import Document, Id, UTCDateTime, text_enum

NOBODY = 0
"""Stands for a user's id (Telegram never uses 0): no user is linked, or the operator's chat."""

reminder_items = Table(
    "reminder_items",
    metadata,
    Column("id", Id, primary_key=True),
    # The subject: a service (or add-on), or an unpaid proforma that is about to expire.
    Column("service_id", ForeignKey("services.id")),
    Column("invoice_id", ForeignKey("invoices.id")),
    Column("client_id", ForeignKey("clients.id"), nullable=False),
    Column("due_date", Date, nullable=False),
    Column("stage", String(32), nullable=False),
    Column("state", text_enum(ItemState, "state"), nullable=False),
    Column("reason", String(32)),
    Column("planned_at", UTCDateTime, nullable=False),
    UniqueConstraint("service_id", "due_date", "stage"),
    UniqueConstraint("invoice_id", "due_date", "stage"),
    CheckConstraint("(service_id IS NULL) != (invoice_id IS NULL)", name="one_subject"),
    Index(None, "state", "client_id"),
    Index(None, "due_date"),
)

digests = Table(
    "digests",
    metadata,
    Column("id", Id, primary_key=True),
    Column("client_id", ForeignKey("clients.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("send_at", UTCDateTime, nullable=False),
    Column("state", text_enum(SendState, "state"), nullable=False),
    Column("due_at", UTCDateTime, nullable=False),
    # NULL: it waits for its planned hour, which no wrong clock has written.
    Column("moved_at", UTCDateTime),
    Column("attempts", Integer, nullable=False),
    Column("planned_at", UTCDateTime, nullable=False),
    Column("finished_at", UTCDateTime),
    # The bot that has sent it, and the message's number there.
    Column("bot_id", BigInteger),
    Column("message_id", BigInteger),
    # Why it was not sent, and every deferral.
    Column("reason", String(32)),
    Column("deferrals", Document(tuple[Deferral, ...], may_be_unreadable=True)),
    UniqueConstraint("client_id", "day", "user_id"),
    Index(None, "state", "due_at"),
    Index(None, "state", "moved_at"),
    Index(None, "user_id", "day"),
    Index(None, "day", "state"),
    CheckConstraint("(bot_id IS NULL) = (message_id IS NULL)", name="message_of_a_bot"),
)

digest_items = Table(
    "digest_items",
    metadata,
    Column("digest_id", ForeignKey("digests.id"), primary_key=True),
    Column("item_id", ForeignKey("reminder_items.id"), primary_key=True),
    # Why the item was left out of the message.
    Column("dropped", String(32)),
    Index(None, "item_id"),
)

reminder_pauses = Table(
    "reminder_pauses",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("service_id", ForeignKey("services.id"), primary_key=True),
    Column("client_id", ForeignKey("clients.id"), nullable=False),
    # Only for this due date; NULL: for every due date.
    Column("due_date", Date),
    # Until this day; NULL: for good.
    Column("until", Date),
    # Whether the user asked for a reminder on that day.
    Column("remind", Boolean, nullable=False),
    Index(None, "client_id", "user_id"),
    Index(None, "until", "service_id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(128), nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("client_id", ForeignKey("clients.id")),
    # What it says: the kind of notice and its fields, see storage/notices.py.
    Column("topic", String(32), nullable=False),
    Column("facts", JSON(none_as_null=True), nullable=False),
    Column("state", text_enum(SendState, "state"), nullable=False),
    Column("due_at", UTCDateTime, nullable=False),
    Column("moved_at", UTCDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("added_at", UTCDateTime, nullable=False),
    Column("finished_at", UTCDateTime),
    # The bot that has sent it, and the message's number there; kept of receipts of a part, whose
    # button goes once all is paid.
    Column("bot_id", BigInteger),
    Column("message_id", BigInteger),
    UniqueConstraint("key", "user_id"),
    Index(None, "state", "due_at"),
    Index(None, "state", "moved_at"),
    CheckConstraint("(bot_id IS NULL) = (message_id IS NULL)", name="message_of_a_bot"),
)
