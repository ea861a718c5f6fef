"""People wander through the whole bot while the panel that owns everything has bad days."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import repeat

import pytest

from billing.rules.panel.panel_calls import CallState
from tests.connected.fake import FakePanel, Trouble
from tests.make import STAFF
from tests.stories.test_walker import no_errors, unpaid
from tests.walker.books import of_bystanders
from tests.walker.crowd import Crowd
from tests.walker.walk import Walker, base36, make_gate
from tests.world import START, World, open_world

pytestmark = pytest.mark.slow

GOOD, BAD = 12, 1
"""How many answers are good for each that is bad."""

MOST_ROUNDS = 10
"""How much people order is luck: one walk in seventy of one round placed only ten lines."""


def is_enough(panel: FakePanel) -> bool:
    """Whether so much was ordered and paid that something could have been done twice."""
    is_paid = any(account.payments for account in panel.accounts.values())
    return is_paid and len(placed_lines(panel)) > 10


def placed_lines(panel: FakePanel) -> list[tuple[str, int]]:
    """Each line of an order that the panel has, as often as it has it."""
    return [line for account in panel.accounts.values() for line in account.placed]


def troubles(rng: random.Random) -> Iterator[Trouble]:
    while True:
        kinds = list(Trouble)
        yield rng.choices(kinds, [GOOD, *[BAD] * (len(kinds) - 1)])[0]


@pytest.mark.parametrize("in_parts", [False, True])
async def test_nothing_is_done_twice_and_nothing_stays_owed(
    prepared: str, *, in_parts: bool
) -> None:
    rng = random.Random(3)
    async with beside(prepared, people=20, in_parts=in_parts) as (world, crowd, panel):
        before = await of_bystanders(world.core.database, crowd.acting)
        foreign = [base36(number) for number in range(1, 60)]
        gate = make_gate()
        panel.troubles = troubles(rng)
        walkers = [
            Walker(world, crowd, person, random.Random(rng.random()), gate, foreign)
            for person in range(crowd.people)
        ]
        with no_errors("the panel", "panel call"):
            stop = asyncio.Event()
            operating = asyncio.create_task(operate(world, panel, rng, stop))
            for _ in range(MOST_ROUNDS):
                await asyncio.gather(*(walker.walk(40) for walker in walkers))
                if is_enough(panel):
                    break
            stop.set()
            await operating
            await pay(world, rng)
            await settle(world, panel)
        assert await of_bystanders(world.core.database, crowd.acting) == before
    placed = placed_lines(panel)
    recorded = [key for account in panel.accounts.values() for _, key, _ in account.payments]
    renewed = [(name, *one) for name, account in panel.accounts.items() for one in account.renewed]
    assert is_enough(panel)
    for done in (placed, recorded, renewed):
        assert max(Counter(done).values(), default=1) == 1


@asynccontextmanager
async def beside(
    url: str, *, people: int, in_parts: bool
) -> AsyncIterator[tuple[World, Crowd, FakePanel]]:
    """A crowd that was loaded before the panel outside took its services over."""
    async with open_world(url) as world:
        crowd = Crowd(people, START.date(), await world.core.actions.show_catalog())
        await world.core.actions.load_company(crowd, by=STAFF)
    panel = FakePanel(START.date(), START, in_parts=in_parts)
    async with open_world(url, connected=panel) as world:
        world.api.world.callback_seconds = 3600.0
        async with world.core.database.work.reading() as uow:
            for number in range(crowd.acting):
                client = await uow.clients.by_ref(f"W{number}")
                assert client is not None
                panel.adopt(client, list(await uow.services.owned_elsewhere(client.id)))
        yield world, crowd, panel


async def operate(world: World, panel: FakePanel, rng: random.Random, stop: asyncio.Event) -> None:
    """Meanwhile transfers come, days pass, and what is owed is done."""
    while not stop.is_set():
        await asyncio.sleep(0.05)
        await works(world, panel, rng.choice([1, 10, 200]))
        await pay(world, rng)
        if rng.random() < 0.1:
            panel.passes(timedelta(days=1))
            await world.passes(days=1)


async def pay(world: World, rng: random.Random) -> None:
    """Transfers for half of what is to be paid."""
    for number in await unpaid(world):
        if rng.random() < 0.5:
            amount, reference = rng.choice([None, None, None, "10.00"]), str(rng.random())
            actions = world.core.actions
            await actions.record_transfer(number, amount, reference=reference, by=STAFF)


async def works(world: World, panel: FakePanel, seconds: int) -> None:
    world.clock.advance(timedelta(seconds=seconds))
    panel.passes(timedelta(seconds=seconds))
    await world.core.actions.run_calls()


async def settle(world: World, panel: FakePanel) -> None:
    """The panel answers again; the operator gives up what it has refused."""
    panel.troubles = repeat(Trouble.NONE)
    actions = world.core.actions
    for _ in range(15):
        await works(world, panel, 7200)
    for listed in await actions.list_calls():
        assert listed.call.state is CallState.REFUSED
        await actions.drop_call(listed.call.id, by=STAFF)
    assert not await actions.list_calls()
