"""Health and numbers over HTTP, from a real process's database."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bot.app import Core
from bot.health.listener import Health, listening
from bot.metrics.text import MetricsText
from bot.sockets import CannotListenError
from storage.errors import DatabaseError
from storage.numbers import Numbers
from tests.bot.metrics.conftest import read_series
from tests.world import World, open_world, prepare


@dataclass(slots=True)
class Watched:
    world: World
    stop: asyncio.Event
    address: str
    session: aiohttp.ClientSession

    async def get(self, path: str) -> tuple[int, str]:
        async with self.session.get(self.address + path) as response:
            return response.status, await response.text()


def make_health(core: Core, stop: asyncio.Event) -> Health:
    text = MetricsText(core.meter, core.numbers, core.outage)
    return Health(core.database.probe.read, core.outage, stop, text)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return prepare(tmp_path / "world.db")


@pytest.fixture
async def watched(file: Path) -> AsyncIterator[Watched]:
    stop = asyncio.Event()
    async with open_world(file) as world, aiohttp.ClientSession() as session:
        core = world.core
        health = make_health(core, stop)
        async with listening(health, host="127.0.0.1", port=0) as address:
            yield Watched(world, stop, address, session)


async def test_a_process_that_serves_is_live_and_ready(watched: Watched) -> None:
    assert await watched.get("/health/live") == (200, "live\n")
    assert await watched.get("/health/ready") == (200, "ready\n")
    assert (await watched.get("/"))[0] == 404


async def test_one_that_stops_is_live_and_not_ready(watched: Watched) -> None:
    watched.stop.set()
    assert await watched.get("/health/ready") == (503, "stopping\n")
    assert await watched.get("/health/live") == (200, "live\n")


async def test_without_its_database_it_is_not_ready_and_still_shows_its_own_numbers(
    watched: Watched, file: Path
) -> None:
    await asyncio.to_thread(file.rename, file.with_suffix(".away"))
    assert await watched.get("/health/ready") == (503, "the database does not answer\n")
    assert await watched.get("/health/live") == (200, "live\n")
    status, text = await watched.get("/metrics")
    numbers = read_series(text)
    assert status == 200
    assert numbers["panelik_database_up"] == 0
    assert "panelik_queue_waiting" not in text
    assert numbers["panelik_update_seconds_count"] == 0


async def test_one_whose_database_takes_nothing_is_not_ready_until_it_does_again(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    away = DatabaseError("the file may not be written to")

    async def refuse(*_: object) -> None:
        raise away

    with monkeypatch.context() as patch:
        patch.setattr(watched.world.core.outage, "_attempt", refuse)
        watched.world.core.outage.note(away)
        for _ in range(3):
            answer = await watched.get("/health/ready")
            assert answer == (503, "the database takes nothing that is written\n")
        numbers = read_series((await watched.get("/metrics"))[1])
        assert numbers["panelik_database_up"] == 0
        assert any(name.startswith("panelik_inbox_stuck") for name in numbers)
    await watched.world.core.outage.end()
    assert await watched.get("/health/ready") == (200, "ready\n")
    assert len([one for one in caplog.records if one.name == "bot.outage"]) == 2


async def test_telegram_is_not_asked(watched: Watched) -> None:
    before = len(watched.world.api.calls)
    assert (await watched.get("/health/ready"))[0] == 200
    assert (await watched.get("/metrics"))[0] == 200
    assert len(watched.world.api.calls) == before


async def test_the_database_is_read_once_however_often_somebody_scrapes(
    watched: Watched,
) -> None:
    readings: list[Numbers] = []

    async def read() -> Numbers:
        readings.append(await watched.world.core.numbers())
        return readings[-1]

    text = MetricsText(watched.world.core.meter, read, watched.world.core.outage)
    first, *others = await asyncio.gather(*(text.make() for _ in range(5)))
    assert len(readings) == 1
    assert b"panelik_database_up 1.0" in first
    assert all(b"panelik_database_up 1.0" in other for other in others)


async def test_a_port_that_is_taken_is_named(watched: Watched) -> None:
    port, core = int(watched.address.rpartition(":")[2]), watched.world.core
    health = make_health(core, watched.stop)
    with pytest.raises(CannotListenError, match=f"Port {port} cannot be used"):
        async with listening(health, host="127.0.0.1", port=port):
            pass
