from collections.abc import AsyncIterator

import pytest

from tests.handlers.chat.rig import ANNA, GUEST, Rig, make_rig
from tests.person import Person


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    rig = make_rig()
    async with rig.application:
        yield rig


@pytest.fixture
def anna(rig: Rig) -> Person:
    return rig.person(ANNA)


@pytest.fixture
def guest(rig: Rig) -> Person:
    return rig.person(GUEST)
