from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.sandbox.panels.fossbilling.api import PanelApi
from bot.sandbox.panels.fossbilling.traps import Traps
from tests.bot.sandbox.panels.fossbilling.calling import Panel, TrapCase, served_panel
from tests.fakes import StillClock

RECORDED_AT = datetime(2026, 11, 28, 16, 18, 6, tzinfo=UTC)


@pytest.fixture
def clock() -> StillClock:
    return StillClock(RECORDED_AT)


@pytest.fixture
async def panel(clock: StillClock) -> AsyncIterator[Panel]:
    """A panel with all its traps, as it was recorded."""
    async with served_panel(PanelApi(clock)) as panel:
        yield panel


@pytest.fixture
async def case(request: pytest.FixtureRequest, clock: StillClock) -> AsyncIterator[TrapCase]:
    """A panel for a test with `trap`."""
    name, is_on = request.param
    async with served_panel(PanelApi(clock, traps=Traps(**{name: is_on}))) as panel:
        yield TrapCase(panel, is_on)
