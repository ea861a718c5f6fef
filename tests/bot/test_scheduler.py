import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from apscheduler.schedulers.base import STATE_PAUSED

from billing.ports.work import UnavailableError
from bot.scheduler import Ticker
from tests.machine import Machine


async def eventually(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - the ticker has no event to wait for
            await asyncio.sleep(0.005)


class Counted:
    def __init__(self, *, fails: bool = False) -> None:
        self.calls = 0
        self.finished = 0
        self.release: asyncio.Event | None = None
        self.fails = fails

    async def __call__(self) -> None:
        self.calls += 1
        if self.fails:
            raise LookupError("no luck")
        if self.release is not None:
            await self.release.wait()
        self.finished += 1


async def test_an_action_is_called_at_once_and_then_again_and_again() -> None:
    ticker, often, seldom = Ticker(), Counted(), Counted()
    ticker.every(0.02, "often", often)
    ticker.every(3600, "seldom", seldom)
    ticker.start()
    await eventually(lambda: often.calls >= 3)
    await ticker.stop()

    assert seldom.calls == 1


async def test_a_first_call_may_come_later() -> None:
    ticker, often, soon, late = Ticker(), Counted(), Counted(), Counted()
    ticker.every(0.02, "often", often)
    ticker.every(3600, "soon", soon, first=0.05)
    ticker.every(0.02, "late", late, first=3600)
    ticker.start()
    await eventually(lambda: often.calls >= 3 and soon.calls == 1)
    await ticker.stop()

    assert late.calls == 0


async def test_an_error_is_logged_and_the_clock_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    ticker, broken, sound = Ticker(), Counted(fails=True), Counted()
    ticker.every(0.02, "plan reminders", broken)
    ticker.every(0.02, "send", sound)
    ticker.start()
    await eventually(lambda: broken.calls >= 3 and sound.calls >= 3)
    await ticker.stop()

    assert "plan reminders failed" in caplog.text
    assert "LookupError: no luck" in caplog.text


async def test_a_database_that_is_away_is_handed_on_and_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def away() -> None:
        raise UnavailableError("the server was stopped")

    outages: list[UnavailableError] = []
    ticker = Ticker(on_outage=outages.append)
    ticker.every(0.02, "send", away)
    ticker.start()
    await eventually(lambda: len(outages) >= 3)
    await ticker.stop()
    assert caplog.text == ""


async def test_an_action_never_runs_twice_at_once() -> None:
    ticker, slow, other = Ticker(), Counted(), Counted()
    slow.release = asyncio.Event()
    ticker.every(0.01, "slow", slow)
    ticker.every(0.01, "other", other)
    ticker.start()
    await eventually(lambda: other.calls >= 8)
    assert slow.calls == 1
    slow.release.set()
    await eventually(lambda: slow.calls >= 2)
    await ticker.stop()


async def test_a_stop_lets_running_actions_finish() -> None:
    ticker, slow = Ticker(), Counted()
    slow.release = asyncio.Event()
    ticker.every(0.01, "slow", slow)
    ticker.start()
    await eventually(lambda: slow.calls == 1)
    stop = asyncio.create_task(ticker.stop())
    await eventually(lambda: ticker._scheduler.state == STATE_PAUSED)
    assert not stop.done()
    slow.release.set()
    await stop

    assert (slow.calls, slow.finished) == (1, 1)
    assert not ticker._scheduler.running
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_stop_waits_for_a_tick_that_has_only_been_submitted() -> None:
    ticker, slow, late = Ticker(), Counted(), Counted()
    slow.release = release_slow = asyncio.Event()
    late.release = release_late = asyncio.Event()
    ticker.every(3600, "slow", slow)
    ticker.start()
    await eventually(lambda: slow.calls == 1)

    async def release_one_after_the_other() -> None:
        await eventually(lambda: late.calls == 1)
        release_slow.set()
        await eventually(lambda: slow.finished == 1)
        release_late.set()

    ticker.every(3600, "late", late)
    releasing = asyncio.create_task(release_one_after_the_other())
    await asyncio.sleep(0)  # APScheduler makes the task of "late", which does not run yet
    assert late.calls == 0
    await ticker.stop()
    await releasing

    assert late.finished == 1


async def test_a_stop_does_not_wait_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    ticker, stuck = Ticker(), Counted()
    stuck.release = asyncio.Event()
    ticker.every(0.01, "stuck", stuck)
    ticker.start()
    await eventually(lambda: stuck.calls == 1)
    await ticker.stop(patience=0.02)

    assert stuck.finished == 0
    assert "1 actions were stopped" in caplog.text
    assert "Traceback" not in caplog.text


async def test_stopping_what_does_not_tick_is_fine() -> None:
    ticker = Ticker()
    await ticker.stop()
    ticker.start()
    await ticker.stop()
    await ticker.stop()


def test_an_interval_is_positive_and_a_name_used_once() -> None:
    ticker = Ticker()
    with pytest.raises(ValueError, match="send: the interval must be positive"):
        ticker.every(0, "send", Counted())
    ticker.every(1, "send", Counted())
    with pytest.raises(ValueError, match="send ticks already"):
        ticker.every(2, "send", Counted())


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    made.rule(monkeypatch)
    return made


@pytest.mark.parametrize(
    ("by", "said"),
    [
        (timedelta(hours=-1), "was set back by"),
        (timedelta(days=-3), "was set back by"),
        (timedelta(days=3), "was set ahead by"),
        (timedelta(days=365 * 57), "was set ahead by"),
    ],
    ids=["an hour back", "three days back", "three days ahead", "from 1970 to this day"],
)
async def test_a_clock_that_is_set_stops_no_tick_and_is_logged(
    machine: Machine, caplog: pytest.LogCaptureFixture, by: timedelta, said: str
) -> None:
    ticker, often = Ticker(machine, watch_seconds=0.02), Counted()
    ticker.every(0.02, "often", often)
    ticker.start()
    await eventually(lambda: often.calls >= 3)
    machine.set(by)
    await eventually(lambda: said in caplog.text)
    before = often.calls
    await eventually(lambda: often.calls >= before + 3)
    await ticker.stop()


async def test_a_clock_that_was_days_ahead_and_is_set_right_stops_no_tick(
    machine: Machine,
) -> None:
    ticker, seldom = Ticker(machine, watch_seconds=0.02), Counted()
    ticker.every(3600, "seldom", seldom)
    ticker.start()
    await eventually(lambda: seldom.calls == 1)
    for calls, days in enumerate((3, -3, -400, 400), start=2):
        machine.set(timedelta(days=days))
        await eventually(lambda: seldom.calls == calls)  # noqa: B023 - waited for at once
    await ticker.stop()


@pytest.mark.slow
async def test_a_correction_by_network_time_is_not_a_jump(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    ticker, often, seldom = Ticker(machine, watch_seconds=0.01), Counted(), Counted()
    ticker.every(0.02, "often", often)
    ticker.every(3600, "seldom", seldom)
    ticker.start()
    for calls in range(1, 4):
        await eventually(lambda: often.calls >= 3 * calls)  # noqa: B023 - waited for at once
        machine.set(timedelta(milliseconds=300))
    await ticker.stop()
    assert seldom.calls == 1
    assert "clock" not in caplog.text
