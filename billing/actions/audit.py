"""Looking at the audit trail."""

from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.actions.paging import read_page
from billing.rules.audit import AuditEntry
from billing.views.page import Page


@dataclass(frozen=True, slots=True)
class ListAudit:
    """What was done for the company, by whom and when."""

    env: Environment

    async def __call__(self, page: int = 1) -> Page[AuditEntry]:
        """One page, the newest first."""
        async with self.env.work.reading() as uow:
            return await read_page(uow.audit.page, page)
