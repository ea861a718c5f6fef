"""A lease as several processes hold it, each with a clock of its own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot import lease
from bot.lease import LEASE, RENEW_SECONDS, ProcessLease, this_machine, this_process
from storage.database import Database
from storage.errors import DatabaseError
from tests.database import open_database
from tests.fakes import StillClock

RENEW = timedelta(seconds=RENEW_SECONDS)
ELSEWHERE = "another-host:1"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(tmp_path / "panelik.db")
    yield opened
    await opened.close()


@dataclass(slots=True)
class Processes:
    """Makes holdings of one lease; their clocks move together until a test moves one."""

    database: Database

    def start(self, owner: str, late: timedelta = timedelta()) -> tuple[ProcessLease, StillClock]:
        clock = StillClock()
        clock.advance(late)
        return ProcessLease(self.database.leases, clock, "sender", owner, clock.seconds), clock


@pytest.fixture
def processes(database: Database) -> Processes:
    return Processes(database)


async def test_one_holds_it_and_the_other_waits_until_it_is_given_back(
    processes: Processes,
) -> None:
    (one, _), (other, _) = processes.start("host-a:1"), processes.start("host-b:1")
    assert await one.take()
    assert not await other.take()
    assert (one.is_ours, other.is_ours) == (True, False)
    await one.release()
    assert not one.is_ours
    assert await other.take()


async def test_a_lease_renewed_in_time_is_kept(processes: Processes) -> None:
    (one, clock), (other, late) = processes.start("host-a:1"), processes.start("host-b:1")
    for _ in range(10):
        assert await one.take()
        clock.advance(RENEW)
        late.advance(RENEW)
        assert not await other.take()
    assert one.is_ours


async def test_a_process_that_dies_elsewhere_is_replaced_when_its_lease_ends(
    processes: Processes,
) -> None:
    (one, _), (other, clock) = processes.start("host-a:1"), processes.start("host-b:1")
    assert await one.take()
    clock.advance(LEASE - timedelta(seconds=1))
    assert not await other.take()
    clock.advance(timedelta(seconds=1))
    assert await other.take()


async def test_a_process_that_cannot_renew_stops_before_another_begins(
    processes: Processes, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one, clock), (other, late) = processes.start("host-a:1"), processes.start("host-b:1")
    assert await one.take()

    async def unreachable(*_: object, **__: object) -> bool:
        raise DatabaseError("the database is away")

    with monkeypatch.context() as trouble:
        trouble.setattr(type(database.leases), "acquire", unreachable)
        clock.advance(RENEW)
        with pytest.raises(DatabaseError):
            await one.take()
    assert one.is_ours
    clock.advance(LEASE - RENEW)
    assert not one.is_ours
    late.advance(LEASE)
    assert await other.take()
    assert not await one.take()


async def test_a_process_learns_on_renewal_that_its_lease_is_lost(processes: Processes) -> None:
    (one, _), (other, _) = processes.start("host-a:1"), processes.start("host-b:1", late=LEASE)
    assert await one.take()
    assert await other.take()
    assert one.is_ours, "his clock is slow: he cannot know yet"
    assert not await one.take()
    assert not one.is_ours


@pytest.mark.parametrize("by", [timedelta(hours=-1), timedelta(days=3), timedelta(days=-3)])
async def test_how_long_it_is_ours_does_not_depend_on_the_time_of_day(
    processes: Processes, by: timedelta
) -> None:
    one, clock = processes.start("host-a:1")
    assert await one.take()
    clock.set(by)
    assert one.is_ours
    assert await one.take()
    clock.advance(LEASE - timedelta(seconds=1))
    assert one.is_ours
    clock.set(-by)
    clock.advance(timedelta(seconds=1))
    assert not one.is_ours
    assert await one.take()


async def test_the_lease_of_one_whose_clock_was_ahead_ends_after_its_length(
    processes: Processes, caplog: pytest.LogCaptureFixture
) -> None:
    (gone, ahead), (mine, clock) = processes.start("host-a:1"), processes.start("host-b:1")
    ahead.set(timedelta(days=3))
    assert await gone.take()
    assert not await mine.take()
    assert "host-a:1 was to be the sender for another 3 days" in caplog.text
    clock.advance(LEASE - timedelta(seconds=1))
    assert not await mine.take()
    clock.advance(timedelta(seconds=1))
    assert await mine.take()


async def test_one_whose_clock_was_ahead_and_that_is_still_there_keeps_it(
    processes: Processes,
) -> None:
    (one, clock), (other, late) = processes.start("host-a:1"), processes.start("host-b:1")
    clock.set(timedelta(days=3))
    assert await one.take()
    clock.set(timedelta(days=-3))
    for _ in range(10):
        assert not await other.take()
        clock.advance(RENEW)
        late.advance(RENEW)
        assert await one.take()


async def test_a_dead_process_of_this_machine_is_replaced_at_once(
    processes: Processes,
) -> None:
    gone = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await gone.wait()
    dead, _ = processes.start(f"{this_machine()}:{gone.pid}")
    alive, _ = processes.start(f"{this_machine()}:{os.getppid()}")
    mine, _ = processes.start(this_process())
    assert await dead.take()
    assert await alive.take()
    assert not await mine.take()


@pytest.mark.parametrize("is_container", [False, True], ids=["machine", "container"])
async def test_a_machine_or_container_of_the_same_name_is_another(
    processes: Processes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, is_container: bool
) -> None:
    gone = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await gone.wait()
    before = this_process()
    with monkeypatch.context() as elsewhere:
        if is_container:
            elsewhere.setattr(lease, "PROCESS_IDS", tmp_path / "pid")
            (tmp_path / "pid").symlink_to("pid:[1]")
        else:
            elsewhere.setattr(lease, "BOOT", tmp_path / "boot_id")
            (tmp_path / "boot_id").write_text("another machine")
        assert this_process() != before
        other, _ = processes.start(f"{this_machine()}:{gone.pid}")
    mine, _ = processes.start(this_process())
    assert await other.take()
    assert not await mine.take()
    assert await other.take()


async def test_a_lease_of_an_unknown_process_is_waited_for(processes: Processes) -> None:
    mine, _ = processes.start(this_process())
    for strange in (ELSEWHERE, f"{this_machine()}:1", "nonsense"):
        other, _ = processes.start(strange)
        assert await other.take()
        assert not await mine.take()
        await other.release()
