"""Several processes on one database: every client gets one message, whichever dies meanwhile.

The small size runs always, the full one in `make soak`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from billing.rules.lease import LEASE
from storage.database import Database
from storage.tables.messages import digests
from storage.tables.states import SendState
from tests.crowd import NOON, Crowd
from tests.database import Store, connect, database_at
from tests.trials.fleet import IN_FLIGHT, Fleet, WatchedApi, fleet, meanwhile

pytestmark = pytest.mark.slow

FULL = pytest.mark.soak
TOGETHER = ("tick",)
LED = ("run", "work", "work", "work")


@dataclass(frozen=True, slots=True)
class Size:
    """How many clients; how long a message takes; when one more process is killed."""

    crowd: Crowd
    patience_s: float
    delay_s: float
    pause: Callable[[WatchedApi], Awaitable[None]]


SMALL = Size(Crowd(300), 100, delay_s=0.03, pause=lambda api: api.sends(20))
LARGE = Size(Crowd(20_000), 1800, delay_s=0, pause=lambda _: asyncio.sleep(1))


@pytest.fixture(
    params=[SMALL, pytest.param(LARGE, marks=FULL)], ids=["300 clients", "20 000 clients"]
)
def size(request: pytest.FixtureRequest) -> Size:
    found: Size = request.param
    return found


@pytest.fixture
def database_url(store: Store, size: Size, tmp_path: Path) -> Iterator[str]:
    with database_at(store, tmp_path, size.crowd) as url:
        yield url


@dataclass(slots=True)
class Ledger:
    """What the database knows of the reminders."""

    database: Database

    async def count(self, *which: object) -> int:
        asked = select(func.count()).select_from(digests).where(*which)  # type: ignore[arg-type]
        async with self.database.engines.single.connect() as connection:
            return int((await connection.execute(asked)).scalar_one())

    async def waits(self, clients: int, now: datetime) -> bool:
        """Whether something is yet to be planned or sent and in nobody's hands."""
        in_a_hand = now + timedelta(minutes=1)
        free = (digests.c.state == SendState.WAITING, digests.c.due_at < in_a_hand)
        return await self.count() < clients or await self.count(*free) > 0


async def everything_is_sent(database_url: str, size: Size, ships: Fleet) -> None:
    """Wait until nothing is left to be done but what the dead had in their hands."""
    database = await connect(database_url)
    ledger = Ledger(database)
    try:
        async with asyncio.timeout(size.patience_s):
            while await ledger.waits(size.crowd.clients, ships.clock.now()):
                assert ships.is_complete(), ships.log
                await asyncio.sleep(0.1)
    finally:
        await database.close()


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("store", "tasks"),
    [
        pytest.param(Store.POSTGRESQL, TOGETHER * 4, id="4 on one PostgreSQL"),
        pytest.param(Store.SQLITE, TOGETHER * 2, id="2 on one SQLite file"),
    ],
)
async def test_processes_that_tick_at_once_send_every_client_exactly_one_message(
    tmp_path: Path, database_url: str, size: Size, tasks: tuple[str, ...]
) -> None:
    api = WatchedApi(size.crowd.users, delay_s=0)
    async with fleet(tmp_path, database_url, tasks, api, NOON) as ships:
        async with ships.sailing():
            await everything_is_sent(database_url, size, ships)
        assert set(api.got) == set(size.crowd.users)
        assert set(api.got.values()) == {1}
        assert "Traceback" not in ships.log


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("store", "tasks"),
    [
        pytest.param(Store.POSTGRESQL, LED, id="4 on one PostgreSQL, one of them leads"),
        pytest.param(Store.POSTGRESQL, TOGETHER * 4, id="4 on one PostgreSQL"),
        pytest.param(Store.SQLITE, LED[:2], id="2 on one SQLite file, one of them leads"),
        pytest.param(Store.SQLITE, TOGETHER * 2, id="2 on one SQLite file"),
    ],
)
async def test_processes_that_are_killed_lose_nothing_and_repeat_little(
    tmp_path: Path, database_url: str, size: Size, tasks: tuple[str, ...]
) -> None:
    api = WatchedApi(size.crowd.users, delay_s=size.delay_s)
    async with fleet(tmp_path, database_url, tasks, api, NOON) as ships:
        killing = meanwhile(partial(ships.kill, Random(7)), after=lambda: size.pause(api))
        async with ships.sailing(), killing:
            await everything_is_sent(database_url, size, ships)
        deaths = ships.deaths
        # What the dead had in their hands comes back when their leases have run out.
        ships.clock.advance(LEASE)
        async with ships.sailing():
            await everything_is_sent(database_url, size, ships)
        assert set(api.got) == set(size.crowd.users)
        assert deaths > 3
        assert api.got.total() - size.crowd.clients <= deaths * IN_FLIGHT
        assert "Traceback" not in ships.log
