"""What the operator did."""

from sqlalchemy import Column, Index, String, Table, Text

from billing.rules.audit import LONGEST_ACTOR, Audited
from storage.tables.base import metadata
from storage.types import Id, UTCDateTime, text_enum

audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", UTCDateTime, nullable=False),
    Column("actor", String(LONGEST_ACTOR), nullable=False),
    Column("action", text_enum(Audited, "action"), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("note", Text, nullable=False),
    Index(None, "subject", "id"),
)
