"""The audit trail."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from billing.rules.audit import Actor, Audited, AuditEntry
from billing.views.page import Part


class AuditTrail(Protocol):
    """What was done for the company; rows are only ever added, in the transaction of the act."""

    async def add(
        self, by: Actor, action: Audited, subject: str, *, at: datetime, note: str = ""
    ) -> None:
        """Keep that it was done; what is too long is cut."""

    async def last(self, actions: Collection[Audited], subject: str) -> AuditEntry | None:
        """The newest of these actions on a subject."""

    async def page(self, part: Part) -> tuple[AuditEntry, ...]:
        """The newest first."""
