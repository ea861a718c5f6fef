from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.sandbox.panels.fossbilling.api import PanelApi
from tests.bot.sandbox.panels.fossbilling.calling import Panel, served_panel
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
