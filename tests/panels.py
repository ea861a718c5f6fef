"""Panels that differ from the embedded one: in what they let clients do, or in who they are."""

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
    name: str = "embedded"
    address: str = ""

    async def identity(self) -> str:
        return self.address

    async def settle(
        self, uow: UnitOfWork, invoice: Invoice, *, now: datetime, today: date
    ) -> Settled:
        return await EmbeddedPanel().settle(uow, invoice, now=now, today=today)


def limited(allowed: Allowed = NOTHING, *, sweeps: bool = True) -> Panel:
    """A panel with these capabilities."""
    return LimitedPanel(Capabilities(allowed, sweeps=sweeps))


def named(name: str, address: str = "") -> Panel:
    """A panel of another name or at another address that allows everything."""
    return LimitedPanel(Capabilities(), name, address)
