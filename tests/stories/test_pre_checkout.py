"""Telegram asks whether an invoice may be paid, and waits ten seconds, whatever else goes on."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace

import pytest
from sqlalchemy import text

from storage.engines.engine import is_sqlite
from tests.database import only_on_postgresql, only_on_sqlite
from tests.person import Person
from tests.world import World


@pytest.fixture
async def invoiced(john: Person) -> Person:
    """John with an invoice that can be paid in Telegram."""
    await john.sends("/renew")
    await john.taps("☐ smith-and-sons.example")
    await john.taps("Pay")
    await john.taps("Payment in Telegram")
    await john.taps("Order and pay")
    return john


@asynccontextmanager
async def held(world: World) -> AsyncIterator[None]:
    """Somebody else keeps the database for themselves: a large load, a migration."""
    engines = world.core.database.engines
    if is_sqlite(engines.url):
        with closing(sqlite3.connect(str(engines.url.database))) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield
            other.rollback()
    else:
        async with engines.writer.connect() as other:
            await other.execute(text("LOCK TABLE invoices IN ACCESS EXCLUSIVE MODE"))
            yield
            await other.rollback()


@only_on_sqlite
async def test_a_held_write_lock_does_not_keep_telegram_waiting(
    world: World, invoiced: Person
) -> None:
    async with held(world):
        assert await invoiced.pays("fail") == "failed"
    assert await invoiced.pays() == "paid"


@only_on_postgresql
async def test_a_blocked_database_gives_a_polite_no_and_later_yes(
    world: World, invoiced: Person
) -> None:
    config = replace(world.application.deps.config, decision_seconds=0.2)
    world.application.deps = replace(world.application.deps, config=config)
    async with held(world):
        assert await invoiced.pays() == "refused"
    assert "nothing was charged. Please try again" in invoiced.payment["error"]
    config = replace(config, decision_seconds=60.0)
    world.application.deps = replace(world.application.deps, config=config)
    assert await invoiced.pays() == "paid"
    invoiced.sees("Paid: €69.00")
