"""The panel of the settings: opened with the core, counted, and closed."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import open_core
from bot.metrics.tallies import Tally
from bot.panel_watch import PanelWatch
from bot.panels.deferred import DeferredPanel
from bot.sandbox.panels.fossbilling.api import ADMIN_TOKEN, PanelApi
from bot.sandbox.panels.fossbilling.server import create_app, serve
from tests.database import make_database
from tests.fakes import StillClock
from tests.world import make_settings


@pytest.fixture
def url(tmp_path: Path) -> str:
    make_database(tmp_path / "panelik.sqlite")
    return f"sqlite+aiosqlite:///{tmp_path / 'panelik.sqlite'}"


async def test_the_panel_of_the_settings_is_opened_counted_and_closed(url: str) -> None:
    clock = StillClock()
    api = PanelApi(clock)
    async with serve(create_app(api)) as address:
        settings = make_settings(url).model_copy(
            update={
                "panel": "fossbilling", "panel_url": address,
                "panel_token": SecretStr(ADMIN_TOKEN), "prices_include_tax": False,
            }
        )  # fmt: skip
        async with open_core(settings, clock=clock) as core:
            assert isinstance(core.panel, DeferredPanel)
            assert core.connected is core.panel.connected
            assert core.connected is not None
            assert (await core.actions.read_owner()).identity == await core.connected.identity()
            assert core.panel.capabilities.allowed.order
            api.denied.add("order.manage")
            await PanelWatch(core.connected).look()
            assert not core.panel.capabilities.allowed.order
            names = {counter.name: counter for counter in core.meter.counters}
            requests = names["panelik_panel_requests"]
            # What was asked is counted with the calls of other processes.
            hours = core.database.panel_hours
            shared = await hours.give(1, most=1_000_000, now=clock.now())
            assert shared.before >= len(api.calls) > 1
        assert isinstance(requests, Tally)
        assert requests.sums["admin/profile/get", "ok"] == 1


async def test_our_own_tables_need_no_panel(url: str) -> None:
    async with open_core(make_settings(url), clock=StillClock()) as core:
        assert core.connected is None
        assert core.panel.name == "embedded"
