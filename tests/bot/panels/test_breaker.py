"""A panel that does not answer is left alone for a while."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from datetime import timedelta
from typing import Any

import pytest

from billing.ports.connected import ConnectedPanel, PanelBusyError, PanelUnreachableError
from billing.views.panel import PanelAccount, PanelCatalogue
from bot.panels.breaker import FAILURES, Circuit, CircuitOpenError, GuardedPanel
from tests.connected.fake import FakePanel
from tests.fakes import MORNING, StillClock


class MoodyPanel(FakePanel):
    """Counts what it is asked, and raises what it is told to."""

    def __init__(self) -> None:
        super().__init__(today=MORNING.date(), now=MORNING, offers=PanelCatalogue((), ()))
        self.asked = 0
        self.mood: Callable[[], Exception] | None = None
        self.gate: asyncio.Event | None = None

    async def client(self, ref: str) -> Any:
        self.asked += 1
        if self.gate is not None:
            await self.gate.wait()
        if self.mood is not None:
            raise self.mood()
        return await super().client(ref)

    async def everything(self, refs: Collection[str] | None = None) -> AsyncIterator[PanelAccount]:
        await self.client("1")
        async for account in super().everything(refs):
            yield account


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def moody() -> MoodyPanel:
    return MoodyPanel()


@pytest.fixture
def panel(moody: MoodyPanel, clock: StillClock) -> ConnectedPanel:
    return GuardedPanel(moody, Circuit(clock.seconds))


async def fails(panel: ConnectedPanel, times: int = FAILURES) -> None:
    for _ in range(times):
        with pytest.raises(PanelUnreachableError):
            await panel.client("1")


async def test_after_some_failures_nothing_is_sent(
    panel: ConnectedPanel, moody: MoodyPanel
) -> None:
    moody.mood = PanelUnreachableError
    await fails(panel)
    with pytest.raises(CircuitOpenError) as caught:
        await panel.client("1")
    assert caught.value.is_unsent
    with pytest.raises(CircuitOpenError):
        [account async for account in panel.everything()]
    assert moody.asked == FAILURES


async def test_failures_count_only_in_a_row(panel: ConnectedPanel, moody: MoodyPanel) -> None:
    for _ in range(5):
        moody.mood = PanelUnreachableError
        await fails(panel, FAILURES - 1)
        moody.mood = None
        await panel.client("1")
    assert moody.asked == 5 * FAILURES


async def test_one_question_is_let_through_and_its_answer_closes(
    panel: ConnectedPanel, moody: MoodyPanel, clock: StillClock
) -> None:
    moody.mood = PanelUnreachableError
    await fails(panel)
    clock.advance(timedelta(seconds=5))
    moody.mood, moody.gate = None, asyncio.Event()
    trial = asyncio.create_task(panel.client("1"))
    await asyncio.sleep(0)
    with pytest.raises(CircuitOpenError):
        await panel.client("1")
    moody.gate.set()
    await trial
    await panel.client("1")
    assert moody.asked == FAILURES + 2


async def test_each_failed_try_makes_the_pause_longer_up_to_a_minute(
    panel: ConnectedPanel, moody: MoodyPanel, clock: StillClock
) -> None:
    moody.mood = PanelUnreachableError
    await fails(panel)
    for pause in (5, 10, 20, 40, 60, 60):
        clock.advance(timedelta(seconds=pause - 1))
        with pytest.raises(CircuitOpenError):
            await panel.client("1")
        clock.advance(timedelta(seconds=1))
        await fails(panel, 1)
    assert moody.asked == FAILURES + 6


async def test_a_try_that_was_given_up_lets_the_next_one_through(
    panel: ConnectedPanel, moody: MoodyPanel, clock: StillClock
) -> None:
    moody.mood = PanelUnreachableError
    await fails(panel)
    clock.advance(timedelta(seconds=5))
    moody.gate = asyncio.Event()
    trial = asyncio.create_task(panel.client("1"))
    await asyncio.sleep(0)
    trial.cancel()
    with pytest.raises(asyncio.CancelledError):
        await trial
    moody.mood = moody.gate = None
    await panel.client("1")


async def test_reading_everything_is_no_try_that_others_wait_for(
    panel: ConnectedPanel, moody: MoodyPanel, clock: StillClock
) -> None:
    moody.mood = PanelUnreachableError
    await fails(panel)
    clock.advance(timedelta(seconds=5))
    moody.mood, moody.gate = None, asyncio.Event()
    reading = asyncio.create_task(_all_of(panel))
    await asyncio.sleep(0)
    asked = moody.asked
    others = asyncio.create_task(panel.client("1"))
    await asyncio.sleep(0)
    assert moody.asked == asked + 1
    moody.gate.set()
    await asyncio.gather(reading, others)


async def _all_of(panel: ConnectedPanel) -> list[PanelAccount]:
    return [account async for account in panel.everything()]


async def test_what_was_on_its_way_says_nothing_new(
    panel: ConnectedPanel, moody: MoodyPanel, clock: StillClock
) -> None:
    moody.mood, moody.gate = PanelUnreachableError, asyncio.Event()
    asked = [asyncio.create_task(panel.client("1")) for _ in range(FAILURES * 3)]
    await asyncio.sleep(0)
    moody.gate.set()
    await asyncio.gather(*asked, return_exceptions=True)
    moody.mood = moody.gate = None
    clock.advance(timedelta(seconds=5))
    await panel.client("1")


@pytest.mark.parametrize("error", [PanelBusyError, ValueError])
async def test_a_panel_that_is_busy_or_odd_is_alive(
    panel: ConnectedPanel, moody: MoodyPanel, error: type[Exception]
) -> None:
    moody.mood = error
    for _ in range(FAILURES * 2):
        with pytest.raises(error):
            await panel.client("1")
    assert moody.asked == FAILURES * 2


async def test_the_rest_is_the_panels_own(panel: ConnectedPanel, moody: MoodyPanel) -> None:
    moody.offers = PanelCatalogue((), ())
    assert (panel.name, panel.capabilities) == (moody.name, moody.capabilities)
    assert await panel.identity() == await moody.identity()
    assert await panel.catalogue() == moody.offers
    assert await panel.find_clients("a@b") == ()
    assert (await panel.changes("")).clients == frozenset()
    assert await panel.check() == ()
