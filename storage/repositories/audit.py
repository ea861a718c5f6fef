"""The audit trail: rows that are only ever added."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from billing.rules.audit import Actor, Audited, AuditEntry
from billing.views.page import Part
from storage.engines.connection import Connection
from storage.tables.audit import audit

_LONGEST_SUBJECT = 128
_LONGEST_NOTE = 500
_ENTRY = (audit.c.at, audit.c.actor, audit.c.action, audit.c.subject, audit.c.note)


@dataclass(frozen=True, slots=True)
class SqlAudit:
    """Rows of the audit trail."""

    connection: Connection

    async def add(
        self, by: Actor, action: Audited, subject: str, *, at: datetime, note: str = ""
    ) -> None:
        """Keep that it was done; what is too long is cut."""
        row = {
            "at": at, "actor": by.name, "action": action,
            "subject": subject[:_LONGEST_SUBJECT], "note": note[:_LONGEST_NOTE],
        }  # fmt: skip
        await self.connection.execute(insert(audit), row)

    async def last(self, actions: Collection[Audited], subject: str) -> AuditEntry | None:
        """The newest of these actions on a subject."""
        query = (
            select(*_ENTRY)
            .where(audit.c.subject == subject[:_LONGEST_SUBJECT], audit.c.action.in_(actions))
            .order_by(audit.c.id.desc())
            .limit(1)
        )
        row = (await self.connection.execute(query)).first()
        return _entry(row) if row else None

    async def page(self, part: Part) -> tuple[AuditEntry, ...]:
        """The newest first."""
        query = (
            select(*_ENTRY)
            .where(audit.c.id > 0)  # so that the key is searched from its end, not the table
            .order_by(audit.c.id.desc())
            .limit(part.limit)
            .offset(part.offset)
        )
        return tuple(_entry(row) for row in await self.connection.execute(query))


def _entry(row: Sequence[Any]) -> AuditEntry:
    at, actor, action, subject, note = row
    return AuditEntry(at, Actor(actor), Audited(action), subject, note)
