"""People wander through the whole bot beside a FOSSBilling that has bad days."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from billing.rules.panel.panel_calls import CallState
from billing.rules.shop.catalog import NameKind, ProductKind
from bot.sandbox.panels.fossbilling.api import PanelApi
from bot.sandbox.panels.fossbilling.cron import run_cron
from bot.sandbox.panels.fossbilling.server import create_app, serve
from tests.contract.companies import connected
from tests.contract.crowded_panel import AnyClock, BadDays, CrowdThere, fill
from tests.database import Store, database_at, on_both_stores
from tests.fakes import StillClock
from tests.make import STAFF
from tests.stories.test_walker import no_errors, unpaid
from tests.walker.crowd import Crowd
from tests.walker.walk import Walker, base36, make_gate
from tests.world import START, World, open_world, world_of

ORDERING = 3
"""So many people have ordered something new before all wander about."""

pytestmark = [pytest.mark.slow, on_both_stores]


@pytest.fixture
def prepared(store: Store, tmp_path: Path) -> Iterator[str]:
    """A database with the invented company's data."""
    with database_at(store, tmp_path, world_of(START)) as url:
        yield url


async def test_nothing_is_done_twice_and_nothing_stays_owed(prepared: str) -> None:
    await wander(prepared, people=12, steps=40, seed=5)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(6))
async def test_nothing_is_done_twice_by_many(prepared: str, seed: int) -> None:
    await wander(prepared, people=24, steps=60, seed=seed)


async def wander(url: str, *, people: int, steps: int, seed: int) -> None:
    rng = random.Random(seed)
    async with beside(url, people, rng) as (world, crowd, api):
        foreign = [base36(number) for number in range(1, 60)]
        gate = make_gate()
        walkers = [
            Walker(world, crowd, person, random.Random(rng.random()), gate, foreign)
            for person in range(crowd.people)
        ]
        with no_errors("the panel", "panel call", "ASGI callable"):
            for person in range(ORDERING):
                await orders(world, crowd, str(person + 1))
            stop = asyncio.Event()
            operating = asyncio.create_task(operate(world, api, rng, stop))
            await asyncio.gather(*(walker.walk(steps) for walker in walkers))
            stop.set()
            await operating
            await pay(world, rng)
            await settle(world, api)
    data = api.world.data
    marks = Counter(one.meta["panelik"] for one in data.orders if "panelik" in one.meta)
    paid = Counter(one.invoice_id for one in data.transactions)
    # Without orders and payments the rest says nothing. Some are withdrawn before they are paid.
    assert marks
    assert len(data.invoices) >= people
    assert len(paid) >= people // 4
    assert max(marks.values()) == 1
    assert max(paid.values()) == 1
    renewals = Counter(
        line.rel_id
        for invoice in data.invoices
        for line in invoice.lines
        if line.task == "renew" and line.status == "executed"
    )
    assert renewals
    for order in data.orders:
        renewed = sum(one.message == f"Renewed order #{order.id}" for one in data.activities)
        assert renewed <= renewals[order.id]
    assert isinstance(api.faults, BadDays)
    assert api.faults.most_at_once <= 1


async def orders(world: World, crowd: Crowd, ref: str) -> None:
    """A client orders something new, which those who wander seldom come to."""
    actions = world.core.actions
    async with world.core.database.work.reading() as uow:
        client = await uow.clients.by_ref(ref)
    assert client is not None
    product = next(
        one for one in crowd.catalog.products
        if one.kind is ProductKind.PRODUCT and one.asks_for is not NameKind.DOMAIN
    )  # fmt: skip
    await actions.add_product(
        client, "pl", product_number=product.number, cycle=product.prices[0].cycle,
        name="Nowa", addons=[],
    )  # fmt: skip
    quoted = (await actions.show_cart(client, "pl")).quoted_cart
    await actions.send_order(client, "pl", revision=quoted.revision, seal=quoted.seal)


@asynccontextmanager
async def beside(
    url: str, people: int, rng: random.Random
) -> AsyncIterator[tuple[World, Crowd, PanelApi]]:
    """A crowd whose services are in the panel and were read before."""
    async with open_world(url) as world:
        crowd = Crowd(people, START.date(), await world.core.actions.show_catalog())
        there = CrowdThere(crowd)
        await world.core.actions.load_company(there, by=STAFF)
    clock = AnyClock(StillClock(START))
    api = PanelApi(clock)
    fill(api, there)
    async with (
        serve(create_app(api)) as address,
        connected(address, clock) as panel,
        open_world(url, connected=panel) as world,
    ):
        clock.of = world.clock
        world.api.world.callback_seconds = 3600.0
        api.faults = BadDays(api, rng, 0.02)
        yield world, crowd, api


async def operate(world: World, api: PanelApi, rng: random.Random, stop: asyncio.Event) -> None:
    """Meanwhile transfers come, days pass, cron runs there, and what is owed is done."""
    while not stop.is_set():
        await asyncio.sleep(0.05)
        await works(world, rng.choice([1, 10, 200]))
        await pay(world, rng)
        if rng.random() < 0.1:
            await run_cron(api.world)
            await world.passes(days=1)


async def pay(world: World, rng: random.Random) -> None:
    """Transfers for half of what is to be paid."""
    for number in await unpaid(world):
        if rng.random() < 0.5:
            amount, reference = rng.choice([None, None, None, "10.00"]), str(rng.random())
            actions = world.core.actions
            await actions.record_transfer(number, amount, reference=reference, by=STAFF)


async def works(world: World, seconds: int) -> None:
    world.clock.advance(timedelta(seconds=seconds))
    await world.core.actions.run_calls()


async def settle(world: World, api: PanelApi) -> None:
    """The panel answers again; the operator gives up what it has refused."""
    assert isinstance(api.faults, BadDays)
    api.faults.share = 0
    actions = world.core.actions
    for _ in range(15):
        await works(world, 7200)
    for listed in await actions.list_calls():
        assert listed.call.state is CallState.REFUSED
        await actions.drop_call(listed.call.id, by=STAFF)
    assert not await actions.list_calls()
