"""Nothing that people do, in any order, breaks the bot, the books or anybody's privacy."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest
from sqlalchemy import text

from billing.actions.payments.checkout import PlaceOrder
from billing.actions.registry import Actions
from billing.rules.errors import BillingError, InvoiceClosedError
from billing.views.account import ClientInfo
from billing.views.payments import Placed
from tests.database import only_on_postgresql
from tests.make import STAFF
from tests.walker.books import check_books, of_bystanders
from tests.walker.crowd import Crowd
from tests.walker.walk import Walker, base36, make_gate
from tests.world import START, World, open_world

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", [1])
async def test_forty_people_wander_for_fifty_steps(prepared: str, seed: int) -> None:
    done = await wander(prepared, people=40, steps=50, seed=seed)
    assert done.taps > 1000
    assert done.compared > 0
    assert done.books["paid"] > 0


@only_on_postgresql
async def test_twenty_people_wander_on_postgresql(prepared: str) -> None:
    done = await wander(prepared, people=20, steps=40, seed=2)
    assert done.taps > 400
    assert done.books["invoices"] > 0


@pytest.mark.soak
@pytest.mark.timeout(3600)
async def test_five_hundred_people_wander_for_two_hundred_steps(
    prepared: str, capsys: pytest.CaptureFixture[str]
) -> None:
    done = await wander(prepared, people=500, steps=200, seed=7)
    with capsys.disabled():
        print(f"\nwalker: 500 people x 200 steps, {done.taps} taps, {done.books}")  # noqa: T201
    assert done.taps > 50_000
    assert done.compared > 100


@dataclass(frozen=True, slots=True)
class Done:
    taps: int
    compared: int
    books: dict[str, int]


@dataclass(slots=True)
class ComparedPlacing:
    """Placing an order, with the cart's total held against the invoice's."""

    actions: Actions
    compared: int = 0

    async def __call__(
        self, client: ClientInfo, language: str, *, revision: int, **choices: Any
    ) -> Placed:
        shown = None
        with suppress(BillingError):
            part = choices.get("part")
            review = await self.actions.review_checkout(client, language, part=part)
            shown = review.quoted_cart
        placed = await self.actions.place_order(client, language, revision=revision, **choices)
        if shown is not None and shown.revision == revision and not placed.repeated:
            assert placed.invoice.gross == shown.totals.gross
            self.compared += 1
        return placed


async def wander(url: str, *, people: int, steps: int, seed: int) -> Done:
    rng = random.Random(seed)
    async with peopled(url, people) as (world, crowd):
        database = world.core.database
        before = await of_bystanders(database, crowd.acting)
        assert before
        foreign = [base36(number) for number in range(1, 60)]
        gate = make_gate()
        placing = compare_placing(world)
        walkers = [
            Walker(world, crowd, person, random.Random(rng.random()), gate, foreign)
            for person in range(people)
        ]
        with no_errors():
            stop = asyncio.Event()
            operating = asyncio.create_task(operate(world, rng, stop))
            await asyncio.gather(*(walker.walk(steps) for walker in walkers))
            stop.set()
            await operating
            await world.passes(days=40)
        assert await of_bystanders(database, crowd.acting) == before
        books = await check_books(database)
    return Done(sum(walker.taps for walker in walkers), placing.compared, books)


def compare_placing(world: World) -> ComparedPlacing:
    deps = world.application.deps
    placing = ComparedPlacing(deps.actions)
    actions = replace(deps.actions, place_order=cast("PlaceOrder", placing))
    world.application.deps = replace(deps, actions=actions)
    return placing


@asynccontextmanager
async def peopled(url: str, people: int) -> AsyncIterator[tuple[World, Crowd]]:
    async with open_world(url) as world:
        # A crowd on one processor is slow: what is tested here is not how soon a tap is answered.
        world.api.world.callback_seconds = 3600.0
        catalog = await world.core.actions.show_catalog()
        crowd = Crowd(people, START.date(), catalog)
        await world.core.actions.load_company(crowd, by=STAFF)
        yield world, crowd


async def operate(world: World, rng: random.Random, stop: asyncio.Event) -> None:
    """Meanwhile days pass, and the operator records transfers and decides what waits."""
    actions = world.core.actions
    while not stop.is_set():
        await asyncio.sleep(0.2)
        for order in await actions.list_orders():
            if rng.random() < 0.5:
                await actions.decide_order(order.service.id, accept=rng.random() < 0.7, by=STAFF)
        for asked, _, _ in await actions.list_cancellations():
            if rng.random() < 0.5:
                await actions.decide_cancellation(asked.id, accept=rng.random() < 0.5, by=STAFF)
        for number in await unpaid(world):
            if rng.random() < 0.3:
                amount = rng.choice([None, "10.00", "500.00"])
                # Its client may have paid since it was read.
                with suppress(InvoiceClosedError):
                    await actions.record_transfer(
                        number, amount, reference=str(rng.random()), by=STAFF
                    )
        if rng.random() < 0.2:
            await world.passes(days=rng.choice([1, 1, 3, 16]))


async def unpaid(world: World) -> list[str]:
    engine = world.core.database.engines.readers
    async with engine.connect() as connection:
        query = text("SELECT number FROM invoices WHERE status = 'unpaid' LIMIT 20")
        rows = await connection.execute(query)
        return [str(number) for (number,) in rows]


@contextmanager
def no_errors(*expected: str) -> Iterator[None]:
    """No exception reaches a log, whoever swallowed it, but for messages with these words."""
    seen: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if not any(words in record.getMessage() for words in expected):
                seen.append(logging.Formatter().format(record))

    collector = Collector(logging.ERROR)
    logging.getLogger().addHandler(collector)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(collector)
    assert not seen, "\n\n".join(seen[:3])
