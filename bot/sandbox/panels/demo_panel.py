"""A panel beside the demo: a FOSSBilling stand-in with the demo's data and the demo's clock."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.sandbox.clock import Clock
from bot.sandbox.panel_routes import PanelRoutes
from bot.sandbox.panels.fossbilling.api import ADMIN_TOKEN, PanelApi
from bot.sandbox.panels.fossbilling.cron import run_cron
from bot.sandbox.panels.fossbilling.demo_data import demo_data
from bot.sandbox.panels.fossbilling.server import HOST, create_app, serve
from bot.sandbox.people import ANNA, GUEST, JOHN, PIOTR, Profile

ZONE = ZoneInfo("Europe/Warsaw")
CLIENT_OF = {PIOTR: 1, ANNA: 1, JOHN: 2, GUEST: 3}
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
    newcomer: str = str(CLIENT_OF[GUEST])
    """The client to whom nobody is linked yet."""

    async def catch_up(self) -> None:
        """Do what the panel does by itself, as after its clock has moved."""
        await run_cron(self.api.world)
        self.api.journal.tell()

    def people(self) -> Iterator[tuple[Profile, str]]:
        """The people, with a note that names their client, and the client's id."""
        for person, client in CLIENT_OF.items():
            note = f"Client {client} of the panel"
            if person is GUEST:
                note += ", not linked yet"
            yield replace(person, note=note), str(client)


@asynccontextmanager
async def demo_panel(clock: Clock, *, port: int = 0) -> AsyncIterator[DemoPanel]:
    """Serve a panel that begins now, by `clock`, and runs its cron every five minutes.

    CannotListenError if the port cannot be used.
    """
    now = clock.now().astimezone(ZONE).replace(tzinfo=None, microsecond=0)
    api = PanelApi(clock, zone=ZONE, data=demo_data(now), pause=_work)
    api.world.open_hashes = True
    api.limit.whitelist.add(HOST)
    async with _quiet_server(api, port) as url:
        panel = DemoPanel(
            url,
            ADMIN_TOKEN,
            api,
            PanelRoutes(api, {person.id: client for person, client in CLIENT_OF.items()}),
        )
        await panel.catch_up()
        cron = asyncio.create_task(_cron(panel), name="the panel's cron")
        try:
            yield panel
        finally:
            cron.cancel()


@asynccontextmanager
async def _quiet_server(api: PanelApi, port: int) -> AsyncIterator[str]:
    """Serve the panel; that it breaks off answers on purpose is no news for the terminal."""

    def is_news(record: logging.LogRecord) -> bool:
        return "without completing response" not in record.getMessage()

    log = logging.getLogger("uvicorn.error")
    log.addFilter(is_news)
    try:
        async with serve(create_app(api), port=port) as url:
            yield url
    finally:
        log.removeFilter(is_news)


async def _work() -> None:
    await asyncio.sleep(_WORK_SECONDS)


async def _cron(panel: DemoPanel) -> None:
    while True:
        await asyncio.sleep(_CRON_SECONDS)
        await panel.catch_up()
