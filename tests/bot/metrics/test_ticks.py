"""What a process counts and notes of what happens by itself."""

import asyncio
import io
import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.lease import this_process
from bot.logs import configure_logging
from bot.metrics.beat import is_running, last_ticks
from bot.metrics.meter import Meter
from bot.metrics.process import make_registry
from bot.scheduler import Ticker
from bot.ticking import sweeps, ticking
from bot.turns import current_turn
from tests.fakes import StillClock
from tests.world import open_world, prepare

TICKS = "panelik_ticks_total"


def counted(meter: Meter, tick: str, outcome: str) -> float | None:
    return make_registry(meter).get_sample_value(TICKS, {"tick": tick, "outcome": outcome})


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while True:
            if is_so():
                return
            await asyncio.sleep(0)


@pytest.mark.usefixtures("logging_as_before")
async def test_a_tick_is_a_turn_whose_failure_is_counted_and_logged_under_its_id() -> None:
    stream = io.StringIO()
    configure_logging("INFO", stream=stream, form="json")
    meter, ids = Meter(StillClock(), "1.0"), list[str]()
    ticker = Ticker(turn=meter.tick)

    async def well() -> None:
        await asyncio.sleep(0)

    async def badly() -> None:
        turn = current_turn()
        assert turn is not None
        ids.append(turn.id)
        raise LookupError("broken")

    ticker.every(60, "go well", well)
    ticker.every(60, "go badly", badly)
    ticker.start()
    await until(lambda: bool(meter.counts.ticks) and bool(counted(meter, "go badly", "failed")))
    await ticker.stop()
    logging.getLogger().handlers.clear()
    assert counted(meter, "go well", "done") == 1
    assert meter.counts.ticks == {"go well": meter.clock.now()}
    (line,) = [json.loads(one) for one in stream.getvalue().splitlines()]
    assert (line["turn"], line["kind"]) == (ids[0], "tick")
    assert line["exception"].endswith("LookupError: broken")


async def test_a_tick_that_a_stop_ends_is_cut_off() -> None:
    meter, begun = Meter(StillClock(), "1.0"), asyncio.Event()
    ticker = Ticker(turn=meter.tick)

    async def hangs() -> None:
        begun.set()
        await asyncio.Event().wait()

    ticker.every(60, "hang", hangs)
    ticker.start()
    await begun.wait()
    await ticker.stop(patience=0)
    assert counted(meter, "hang", "cut_off") == 1
    assert meter.counts.ticks == {}


@pytest.fixture
def world_file(tmp_path: Path) -> Path:
    return prepare(tmp_path / "world.db")


async def test_a_process_notes_that_it_runs_what_it_did_and_that_it_ended(
    world_file: Path,
) -> None:
    async with open_world(world_file) as world:
        core = world.core
        async with ticking(core):
            names = {*sweeps(core), "note that this process runs"}
            await until(lambda: names <= set(core.meter.counts.ticks))
            (process,) = (await core.numbers()).processes
            assert process.name == this_process()
            assert is_running(process, world.clock.now())
        (process,) = (await core.numbers()).processes
        assert process.ended_at == world.clock.now()
        assert not is_running(process, world.clock.now())
        assert set(sweeps(core)) <= set(last_ticks([process]))
