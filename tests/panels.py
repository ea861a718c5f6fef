"""A panel that lets clients do less than the embedded one."""

from dataclasses import dataclass
from datetime import date, datetime

from billing.ports.outside import Capabilities, Panel, Settled
from billing.ports.work import UnitOfWork
from billing.rules.allowed import NOTHING, Allowed
from billing.rules.invoices import Invoice
from bot.panels.embedded import EmbeddedPanel


@dataclass(frozen=True, slots=True)
class LimitedPanel:
    """The embedded panel with other capabilities."""

    capabilities: Capabilities

    async def settle(
        self, uow: UnitOfWork, invoice: Invoice, *, now: datetime, today: date
    ) -> Settled:
        return await EmbeddedPanel().settle(uow, invoice, now=now, today=today)


def limited(allowed: Allowed = NOTHING, *, sweeps: bool = True) -> Panel:
    """A panel with these capabilities."""
    return LimitedPanel(Capabilities(allowed, sweeps=sweeps))
