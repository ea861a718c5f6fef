"""The audit trail: rows that are only ever added."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.rules.audit import Actor, Audited, AuditEntry
from billing.views.page import Part
from storage.tables.audit import audit

_LONGEST_SUBJECT = 128
_LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class SqlAudit:
    """Rows of the audit trail."""

    connection: AsyncConnection

    async def add(
        self, by: Actor, action: Audited, subject: str, *, at: datetime, note: str = ""
    ) -> None:
        """Keep that it was done; what is too long is cut."""
        row = {
            "at": at, "actor": by.name, "action": action,
            "subject": subject[:_LONGEST_SUBJECT], "note": note[:_LONGEST_NOTE],
        }  # fmt: skip
        await self.connection.execute(insert(audit), row)

    async def page(self, part: Part) -> tuple[AuditEntry, ...]:
        """The newest first."""
        query = (
            select(audit.c.at, audit.c.actor, audit.c.action, audit.c.subject, audit.c.note)
            .where(audit.c.id > 0)  # so that the key is searched from its end, not the table
            .order_by(audit.c.id.desc())
            .limit(part.limit)
            .offset(part.offset)
        )
        rows = await self.connection.execute(query)
        return tuple(
            AuditEntry(at, Actor(actor), Audited(action), subject, note)
            for at, actor, action, subject, note in rows
        )
