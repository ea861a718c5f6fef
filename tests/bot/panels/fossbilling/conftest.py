from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.sandbox.panels.fossbilling.api import PanelApi
from tests.bot.panels.fossbilling.serving import Outside, outside
from tests.fakes import StillClock

RECORDED_AT = datetime(2026, 11, 28, 16, 18, 6, tzinfo=UTC)


@pytest.fixture
def clock() -> StillClock:
    return StillClock(RECORDED_AT)


@pytest.fixture
async def there(clock: StillClock) -> AsyncIterator[Outside]:
    """A panel with all its traps, and a connection to it."""
    async with outside(PanelApi(clock)) as panel:
        yield panel
