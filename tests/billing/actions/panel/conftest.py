"""A company beside a connected panel, on both stores."""

from collections.abc import AsyncIterator

import pytest

from tests.billing.actions.panel.company import Connected, connect_panel
from tests.database import connect


@pytest.fixture
async def beside(prepared: str) -> AsyncIterator[Connected]:
    database = await connect(prepared)
    yield await connect_panel(database)
    await database.close()
