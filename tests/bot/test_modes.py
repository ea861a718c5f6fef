"""Polling and webhook never run at once on one database."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import Core, open_core
from bot.lease import LEASE, ProcessLease
from bot.modes import POLLER, WEBHOOK, AlreadyReceivingError, Mode, RightToReceive, receiving
from tests.database import Store, database_at, on_both_stores
from tests.fakes import StillClock
from tests.world import make_settings

ELSEWHERE = "another-host:1"


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def store() -> Store:
    """SQLite; some tests name both."""
    return Store.SQLITE


@pytest.fixture
def empty(store: Store, tmp_path: Path) -> Iterator[str]:
    with database_at(store, tmp_path) as url:
        yield url


@pytest.fixture
async def core(empty: str, clock: StillClock) -> AsyncIterator[Core]:
    async with open_core(make_settings(empty), clock=clock) as opened:
        yield opened


async def elsewhere(core: Core, name: str) -> None:
    """Let a process of another machine have a lease."""
    await core.database.leases.acquire(name, ELSEWHERE, now=core.clock.now(), length=LEASE)


async def refusal(core: Core, mode: Mode) -> str:
    with pytest.raises(AlreadyReceivingError) as caught:
        async with receiving(core, mode):
            raise AssertionError("it may not receive")
    return str(caught.value)


@on_both_stores
async def test_a_second_poller_is_refused(core: Core) -> None:
    await elsewhere(core, POLLER)
    assert "is running on this database. Stop it first" in await refusal(core, Mode.POLLING)


@on_both_stores
async def test_a_webhook_is_refused_beside_a_poller(core: Core) -> None:
    await elsewhere(core, POLLER)
    assert await refusal(core, Mode.WEBHOOK) == (
        f"Another Panelik ({ELSEWHERE}) polls for this database. Stop it before you start one "
        "with a webhook."
    )
    await core.database.leases.release(POLLER, ELSEWHERE)
    async with receiving(core, Mode.WEBHOOK) as right:
        assert await right.take() is None


@on_both_stores
async def test_polling_is_refused_beside_a_webhook(core: Core) -> None:
    await elsewhere(core, f"{WEBHOOK}1")
    assert await refusal(core, Mode.POLLING) == (
        f"Another Panelik ({ELSEWHERE}) takes a webhook's posts for this database. Stop it before "
        "you start one that polls, or start this one with `--mode webhook` too."
    )
    await core.database.leases.release(f"{WEBHOOK}1", ELSEWHERE)
    async with receiving(core, Mode.POLLING) as right:
        assert await right.take() is None


@pytest.mark.slow
@pytest.mark.parametrize("store", [Store.POSTGRESQL])
async def test_several_webhook_processes_share_a_postgresql_database(core: Core) -> None:
    await elsewhere(core, f"{WEBHOOK}1")
    async with receiving(core, Mode.WEBHOOK) as right:
        assert await right.take() is None


async def test_a_sqlite_file_serves_one_webhook_process(core: Core, clock: StillClock) -> None:
    await elsewhere(core, f"{WEBHOOK}1")
    assert "a SQLite file serves one such process" in await refusal(core, Mode.WEBHOOK)
    clock.advance(LEASE + timedelta(seconds=1))
    async with receiving(core, Mode.WEBHOOK) as right:
        assert await right.take() is None


async def test_what_is_refused_leaves_no_lease_behind(core: Core) -> None:
    await elsewhere(core, f"{WEBHOOK}1")
    await refusal(core, Mode.POLLING)
    assert await core.database.leases.holder(POLLER, now=core.clock.now()) is None


async def test_one_that_was_away_for_long_gives_way(core: Core, clock: StillClock) -> None:
    own = ProcessLease(core.database.leases, clock, f"{WEBHOOK}2", "this-host:2", clock.seconds)
    right = RightToReceive(core, Mode.WEBHOOK, own)
    assert await right.take() is None
    clock.advance(LEASE + timedelta(seconds=1))
    await elsewhere(core, POLLER)
    assert ELSEWHERE in str(await right.take())
