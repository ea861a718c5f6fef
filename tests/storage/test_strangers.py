"""People who have not been here for long: nothing stays of who is no client's user."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from billing.ports.conversations import Conversation, Conversations, Position, Talk
from billing.rules.reach import Unreachable
from storage.database import Database
from storage.tables.accounts import users, votes
from storage.tables.running import conversations as rows
from tests.make import NOW, TODAY
from tests.storage.company import add_client

STEP = Position(None, {}, 0, {"sort": "name"}, NOW)
ANNA, STRANGER = Talk(7, 7), Talk(8, 8)
DAY = timedelta(days=1)


@pytest.fixture
async def conversations(database: Database) -> Conversations:
    """Of a client's user and of a stranger, who both have voted and chosen a language."""
    await add_client(database, telegram_ids=(ANNA.user_id,))
    kept = database.conversations
    for talk in (ANNA, STRANGER):
        await kept.move(talk, STEP)
        async with database.work.writing() as uow:
            await uow.users.set_language(talk.user_id, "en")
            await uow.votes.vote(talk.user_id, "dns", useful=True)
            await uow.commit()
    return kept


async def prune(database: Database, before: date = TODAY + DAY, limit: int = 9) -> int:
    async with database.work.writing() as uow:
        gone = await uow.strangers.prune(before=before, limit=limit)
        await uow.commit()
    return gone


async def left(database: Database) -> list[int]:
    """How many conversations, users and votes there are."""
    async with database.engines.readers.connect() as connection:
        counts = [select(func.count()).select_from(table) for table in (rows, users, votes)]
        return [(await connection.execute(count)).scalar_one() for count in counts]


async def test_strangers_are_forgotten_and_users_of_clients_stay(
    database: Database, conversations: Conversations
) -> None:
    assert await prune(database, before=TODAY) == 0
    assert await left(database) == [2, 2, 2]
    assert await prune(database) == 2
    assert await left(database) == [0, 1, 1]
    assert await prune(database) == 0
    visitor, conversation = await conversations.load_with_visitor(ANNA)
    assert visitor.client is not None
    assert conversation == Conversation()


async def test_a_stranger_who_speaks_to_another_bot_is_still_known(
    database: Database, conversations: Conversations
) -> None:
    other = Database(database.engines, bot_id=2).conversations
    await other.move(STRANGER, replace(STEP, expires_at=NOW + 30 * DAY))
    assert await prune(database) == 2
    assert await left(database) == [1, 2, 2]
    assert (await conversations.load_with_visitor(STRANGER))[0].language == "en"
    assert await prune(database, before=TODAY + 31 * DAY) == 1
    assert await left(database) == [0, 1, 1]


@pytest.mark.parametrize("use", ["move", "consume", "shown"])
async def test_a_returning_stranger_is_kept_for_the_full_time_again(
    database: Database, conversations: Conversations, use: str
) -> None:
    later = NOW + 30 * DAY
    position = replace(STEP, expires_at=later)
    match use:
        case "move":
            await conversations.move(STRANGER, position)
        case "consume":
            await conversations.consume(STRANGER, 1, position)
        case _:
            await conversations.note_keyboard(STRANGER, 1, consumed=1, at=later)
    assert await prune(database) == 1
    assert await left(database) == [1, 2, 2]


async def test_a_little_at_a_time(database: Database, conversations: Conversations) -> None:
    assert [await prune(database, limit=1) for _ in range(3)] == [1, 1, 0]
    assert (await conversations.load(ANNA)) == Conversation()


async def test_a_stranger_who_blocks_the_bot_leaves_no_trace(database: Database) -> None:
    async with database.work.writing() as uow:
        await uow.users.set_unreachable(9, Unreachable.BLOCKED)
        await uow.commit()
    assert await left(database) == [0, 0, 0]
