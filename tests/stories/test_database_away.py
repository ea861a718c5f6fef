"""The database goes away while people use the bot: nothing is lost, and all is answered."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import event

from billing.actions.shop.renew import ListRenewals
from bot.sandbox.people import ANNA, JOHN
from bot.telegram import attempts
from bot.telegram.handling import handle
from storage.errors import DatabaseError
from tests.database import on_both_stores
from tests.person import Person
from tests.world import World

WRITES = ("INSERT", "UPDATE", "DELETE")


@asynccontextmanager
async def away(world: World, *, only_writes: bool = False) -> AsyncIterator[None]:
    """Inside the block every statement is refused, or every one that writes."""

    def refuse(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if is_on and (not only_writes or any(word in statement for word in WRITES)):
            raise DatabaseError("postgresql://panelik@there/panelik: the server was stopped")

    engines = world.core.database.engines
    is_on = True
    for engine in {engines.writer.sync_engine, engines.readers.sync_engine}:
        # On PostgreSQL both are variants of one engine, which are told of the same statements.
        if world.core.database.is_one_file or engine is engines.writer.sync_engine:
            event.listen(engine, "before_cursor_execute", refuse)
    yield
    is_on = False


async def begin(world: World) -> "list[asyncio.Task[None]]":
    """Hand over all updates that have come; they may wait."""
    tasks = []
    while (update := world.api.updates.take()) is not None:
        tasks.append(asyncio.create_task(handle(world.application, update)))
        await asyncio.sleep(0)
    return tasks


def texts(world: World, user: int) -> list[str]:
    messages = world.api.visitor(user).chat.messages.values()
    return [str(one.body.get("text", "")) for one in messages if one.from_bot]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "TELL_SECONDS", 0.05)


@on_both_stores
async def test_what_people_send_waits_and_is_answered_in_order(
    world: World, anna: Person, john: Person, caplog: pytest.LogCaptureFixture
) -> None:
    for person in (anna, john):
        await person.sends("/start")
    caplog.set_level(logging.INFO)
    async with away(world):
        for number in range(3):
            for user in (ANNA.id, JOHN.id):
                world.api.visitor(user).send(f"nr {number}")
        waiting = await begin(world)
        await asyncio.sleep(0.3)
        assert [len(texts(world, user)) for user in (ANNA.id, JOHN.id)] == [2, 2]
        assert "Chwilowo nie mamy dostępu do danych" in texts(world, ANNA.id)[1]
    await asyncio.gather(*waiting)
    for user in (ANNA.id, JOHN.id):
        _, _, *answers = texts(world, user)
        assert [f"nr {number}" in answer for number, answer in enumerate(answers)] == [True] * 3
    assert list(await world.core.actions.list_stuck()) == []
    assert "incident" not in caplog.text
    assert len([one for one in caplog.records if one.name == "bot.outage"]) == 2
    assert not any(record.exc_info for record in caplog.records)


@on_both_stores
async def test_a_tap_waits_and_then_shows_its_screen(world: World, anna: Person) -> None:
    await anna.sends("/start")
    message = max(world.api.visitor(ANNA.id).chat.messages)
    async with away(world):
        query = world.api.visitor(ANNA.id).tap(message)
        waiting = await begin(world)
        await asyncio.sleep(0.3)
        assert query.answer is not None
        assert "Nie trzeba niczego powtarzać" in query.answer["text"]
        before = texts(world, ANNA.id)
    await asyncio.gather(*waiting)
    assert texts(world, ANNA.id) != before
    assert len(texts(world, ANNA.id)) == len(before)


@on_both_stores
async def test_while_nothing_can_be_written_a_screen_that_needs_no_write_is_shown_once(
    world: World, anna: Person
) -> None:
    await anna.sends("/start")
    async with away(world, only_writes=True):
        world.api.visitor(ANNA.id).send("/services")
        await asyncio.gather(*await begin(world))
    screens = [said for said in texts(world, ANNA.id) if said.startswith("📦")]
    assert len(screens) == 1
    await anna.looks()
    anna.sees("Usługi")


@on_both_stores
async def test_one_that_fails_while_nothing_can_be_written_is_kept_when_it_can(
    world: World, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        raise LookupError("a bug")

    monkeypatch.setattr(ListRenewals, "__call__", fail)
    async with away(world, only_writes=True):
        world.api.visitor(ANNA.id).send("/renew")
        waiting = await begin(world)
        await asyncio.sleep(0.3)
        assert list(await world.core.actions.list_stuck()) == []
    await asyncio.gather(*waiting)
    (stuck,) = await world.core.actions.list_stuck()
    assert stuck.error.endswith("LookupError")
