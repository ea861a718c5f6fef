"""A FOSSBilling on a free port, with our connection to it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from billing.rules.shop.quotes import Taxation
from billing.views.panel import PanelFinding
from bot.panels.fossbilling.budget import Budget
from bot.panels.fossbilling.http import Access, PanelHttp, Times
from bot.panels.fossbilling.panel import FossBilling
from bot.sandbox.panels.fossbilling.api import ADMIN_TOKEN, PanelApi
from bot.sandbox.panels.fossbilling.server import create_app, serve

QUICK = Times(connect=1.0, read=0.5, write=1.0, patience=3.0)


@dataclass(frozen=True, slots=True)
class Outside:
    """The panel, where it is served, and a connection to it; `outcomes` are those of its calls."""

    api: PanelApi
    address: str
    panel: FossBilling
    outcomes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def http(self) -> PanelHttp:
        """The connection."""
        return self.panel.http

    def calls(self) -> Sequence[str]:
        """The calls that have reached a method, in turn."""
        return [call for call, _ in self.api.calls]

    def forget(self) -> None:
        """Count calls from here on."""
        self.api.calls.clear()
        self.outcomes.clear()


async def found(there: Outside) -> dict[str, PanelFinding]:
    """What a check finds, by what was looked at."""
    return {finding.about: finding for finding in await there.panel.check()}


@asynccontextmanager
async def outside(
    api: PanelApi,
    *,
    token: str = ADMIN_TOKEN,
    budget: Budget | None = None,
    times: Times = QUICK,
    zone: str = "UTC",
) -> AsyncIterator[Outside]:
    """Serve a panel inside the block."""
    async with serve(create_app(api)) as address:
        outcomes: list[tuple[str, str]] = []
        http = PanelHttp(
            Access(address, token),
            budget or Budget(100_000),
            times,
            observe=lambda call, outcome, _: outcomes.append((call, outcome)),
        )
        untaxed = Taxation(0, included=False)
        panel = FossBilling(http, ZoneInfo(zone), api.clock.now, untaxed)
        try:
            yield Outside(api, address, panel, outcomes)
        finally:
            await panel.close()
