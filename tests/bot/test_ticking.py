"""A process that ticks: who may send reminders, and what becomes of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from billing.ports.outbox import Notification, Outgoing
from billing.ports.outside import Delivery
from billing.views.notices.operator import WrongCodes
from billing.views.reminders.digests import Digest
from bot.app import Core, open_core
from bot.lease import LEASE
from bot.ticking import READER, SENDER, ticking
from tests.connected.fake import FakePanel
from tests.crowd import NOON, Crowd
from tests.database import file_at
from tests.fakes import StillClock
from tests.statements import counting
from tests.world import make_settings

CROWD = Crowd(20)
IN_FLIGHT = 3
READS = "read what has changed in the panel"


@dataclass(slots=True)
class SlowPost:
    """In the place of Telegram: nothing arrives before the gate is open."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    begun: int = 0
    notes: int = 0

    async def digest(self, _digest: Digest) -> Delivery:
        self.begun += 1
        await self.gate.wait()
        return Delivery(self.begun)

    async def notify(self, _outgoing: Outgoing) -> Delivery:
        self.notes += 1
        return Delivery(self.notes)


@dataclass(slots=True)
class Process:
    """What there is of one, and the clock that it goes by."""

    core: Core
    clock: StillClock
    post: SlowPost


@pytest.fixture
def url(tmp_path: Path) -> str:
    return file_at(tmp_path / "panelik.db", CROWD)


@asynccontextmanager
async def process(url: str, panel: FakePanel | None = None) -> AsyncIterator[Process]:
    """A process at noon that looks often at what waits."""
    often = make_settings(url).model_copy(
        update={"outbox_seconds": 0.02, "tick_seconds": 0.02, "in_flight": IN_FLIGHT}
    )
    clock = StillClock(NOON)
    async with open_core(often, clock=clock, connected=panel) as core:
        post = SlowPost()
        core.notifier = post
        yield Process(core, clock, post)


async def eventually(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - the ticker has no event to wait for
            await asyncio.sleep(0.005)


async def some_ticks_pass(passing: Process) -> None:
    """What is in the outbox goes out at every tick, whoever sends the reminders."""
    for number in range(5):
        note = Notification(str(number), WrongCodes(30, 10))
        async with passing.core.database.work.writing() as uow:
            await uow.outbox.add([note], at=passing.clock.now())
            await uow.commit()
        await eventually(lambda: passing.post.notes > number)  # noqa: B023 - waited for at once


@pytest.mark.slow
async def test_a_process_without_the_lease_sends_no_reminders(url: str) -> None:
    async with process(url) as one:
        leases, now = one.core.database.leases, one.clock.now()
        assert await leases.acquire(SENDER, "elsewhere:1", now=now, length=LEASE)
        async with ticking(one.core, steady=one.clock.seconds):
            await some_ticks_pass(one)
            assert one.post.begun == 0
            one.clock.advance(LEASE)
            await eventually(lambda: one.post.begun == IN_FLIGHT)
            one.post.gate.set()


@pytest.mark.slow
async def test_a_process_that_loses_the_lease_claims_no_more_reminders(url: str) -> None:
    async with process(url) as one, ticking(one.core, steady=one.clock.seconds):
        await eventually(lambda: one.post.begun == IN_FLIGHT)
        one.clock.advance(LEASE)
        now = one.clock.now()
        leases = one.core.database.leases
        assert await leases.acquire(SENDER, "elsewhere:1", now=now, length=LEASE)
        one.post.gate.set()
        await some_ticks_pass(one)
        assert one.post.begun == IN_FLIGHT
        await leases.release(SENDER, "elsewhere:1")
        await eventually(lambda: one.post.begun == CROWD.clients)


@pytest.mark.slow
async def test_what_is_on_its_way_at_the_end_arrives_and_nothing_new_begins(url: str) -> None:
    async with process(url) as one:
        async with ticking(one.core, steady=one.clock.seconds) as ticker:
            await eventually(lambda: one.post.begun == IN_FLIGHT)
            stopping = asyncio.create_task(ticker.stop())
            await eventually(lambda: ticker.is_stopping)
            one.post.gate.set()
            await stopping
        assert one.post.begun == IN_FLIGHT
        assert await one.core.database.leases.holder(SENDER, now=NOON) is None


@pytest.mark.slow
async def test_money_that_was_kept_is_booked_and_told_by_the_ticks(url: str) -> None:
    async with process(url) as one:
        await one.core.actions.keep_event("telegram", "paid:odd", "{}")
        one.post.gate.set()
        async with ticking(one.core):
            await eventually(lambda: one.post.notes == 1)
        assert len(await one.core.actions.list_unplaced()) == 1


async def test_looking_for_work_writes_nothing_when_there_is_none(tmp_path: Path) -> None:
    url = await asyncio.to_thread(file_at, tmp_path / "empty.db")
    async with process(url) as one:
        actions = one.core.actions
        with counting(one.core.database) as statements:
            await actions.book_events()
            await actions.run_calls()
            await actions.send_outbox()
            await actions.send_digests()
            assert await actions.take_update_again() is None
    assert len(statements) == 4
    assert all(said.startswith("SELECT") for said, _ in statements.run)


async def has_read_everything(core: Core) -> bool:
    """Whether each client was seen, and everything was read once."""
    async with core.database.work.reading() as uow:
        unseen = await uow.panel_state.unseen(linked=True, after=0, limit=1)
        state = await uow.panel_state.get()
    return not unseen and state.everything_read_at is not None


@pytest.mark.slow
async def test_one_process_for_all_reads_a_connected_panel_from_the_start(url: str) -> None:
    panel = FakePanel(NOON.date(), NOON)
    async with process(url, panel) as one:
        leases, now = one.core.database.leases, one.clock.now()
        assert await leases.acquire(READER, "elsewhere:1", now=now, length=LEASE)
        one.post.gate.set()
        async with ticking(one.core, steady=one.clock.seconds):
            await eventually(lambda: READS in one.core.meter.counts.ticks)
        assert panel.reads == []
        one.clock.advance(LEASE)
        async with ticking(one.core, steady=one.clock.seconds), asyncio.timeout(60):
            # Nothing tells of it but the database.
            while not await has_read_everything(one.core):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert len(panel.reads) > CROWD.clients
