"""A panel beside the demo: a FOSSBilling stand-in with the demo's data and the demo's clock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.sandbox.clock import Clock
from bot.sandbox.panel_routes import PanelRoutes
from bot.sandbox.panels.fossbilling.api import ADMIN_TOKEN, PanelApi
from bot.sandbox.panels.fossbilling.cron import run_cron
from bot.sandbox.panels.fossbilling.demo_data import demo_data
from bot.sandbox.panels.fossbilling.server import create_app, serve
from bot.sandbox.people import ANNA, GUEST, JOHN, PIOTR

ZONE = ZoneInfo("Europe/Warsaw")
CLIENT_OF = {ANNA.id: 1, PIOTR.id: 1, JOHN.id: 2, GUEST.id: 3}
"""The clients of the people; the guest's is not linked yet."""

_CRON_SECONDS = 300
_WORK_SECONDS = 0.05
"""How long a write takes, about as long as on a real panel."""


@dataclass(frozen=True, slots=True)
class DemoPanel:
    """A panel that is served: where it is, how to get in, and what the page shows of it."""

    url: str
    token: str
    api: PanelApi
    routes: PanelRoutes

    async def catch_up(self) -> None:
        """Do what the panel does by itself, as after its clock has moved."""
        await run_cron(self.api.world)
        self.api.journal.tell()


@asynccontextmanager
async def demo_panel(clock: Clock, *, port: int = 0) -> AsyncIterator[DemoPanel]:
    """Serve a panel that begins now, by `clock`, and runs its cron every five minutes.

    CannotListenError if the port cannot be used.
    """
    now = clock.now().astimezone(ZONE).replace(tzinfo=None, microsecond=0)
    api = PanelApi(clock, zone=ZONE, data=demo_data(now), pause=_work)
    api.world.open_hashes = True
    async with serve(create_app(api), port=port) as url:
        panel = DemoPanel(url, ADMIN_TOKEN, api, PanelRoutes(api, CLIENT_OF))
        await panel.catch_up()
        cron = asyncio.create_task(_cron(panel), name="the panel's cron")
        try:
            yield panel
        finally:
            cron.cancel()


async def _work() -> None:
    await asyncio.sleep(_WORK_SECONDS)


async def _cron(panel: DemoPanel) -> None:
    while True:
        await asyncio.sleep(_CRON_SECONDS)
        await panel.catch_up()
