import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from billing.ports.conversations import Conversation, Conversations, Position, Talk
from billing.views.account import Visitor
from storage.database import Database
from tests.make import NOW
from tests.statements import counting
from tests.storage.company import add_client

TALK = Talk(2**40, 2**40)
ASKED = Position("order.domain", {"product": 3, "cycle": "monthly"}, 12, {"search": "żółw"}, NOW)


@pytest.fixture
def conversations(database: Database) -> Conversations:
    return database.conversations


async def test_a_conversation_that_never_was_is_blank(conversations: Conversations) -> None:
    assert await conversations.load(TALK) == Conversation()


async def test_a_tap_moves_a_conversation(conversations: Conversations) -> None:
    await conversations.move(TALK, ASKED)
    expected = Conversation(ASKED.step, ASKED.draft, 12, ASKED.view, expires_at=NOW)
    assert await conversations.load(TALK) == expected
    assert await conversations.load(Talk(TALK.chat_id, 1)) == Conversation()
    await conversations.move(TALK, replace(ASKED, step=None, draft={}))
    assert await conversations.load(TALK) == replace(expected, step=None, draft={})


async def test_a_tap_may_take_the_keyboard_over(conversations: Conversations) -> None:
    await conversations.move(TALK, replace(ASKED, keyboard_id=20))
    assert (await conversations.load(TALK)).keyboard_id == 20
    await conversations.move(TALK, ASKED)
    assert (await conversations.load(TALK)).keyboard_id == 20
    await conversations.move(TALK, replace(ASKED, keyboard_id=21))
    assert (await conversations.load(TALK)).keyboard_id == 21


async def test_the_visitor_is_read_with_the_conversation(
    database: Database, conversations: Conversations
) -> None:
    stranger = Talk(9, 9)
    assert await conversations.load_with_visitor(stranger) == (Visitor(9), Conversation())
    await conversations.move(stranger, ASKED)
    assert await conversations.load_with_visitor(stranger) == (
        Visitor(9),
        await conversations.load(stranger),
    )
    client_id = await add_client(database, telegram_ids=(TALK.user_id,))
    async with database.work.reading() as uow:
        visitor = await uow.users.visitor(TALK.user_id)
    assert visitor.client is not None
    assert visitor.client.id == client_id
    assert await conversations.load_with_visitor(TALK) == (visitor, Conversation())
    await conversations.move(TALK, ASKED)
    assert await conversations.load_with_visitor(TALK) == (visitor, await conversations.load(TALK))


async def test_a_typed_message_is_consumed_once(conversations: Conversations) -> None:
    assert await conversations.consume(TALK, 10, ASKED)
    other = replace(ASKED, step="order.confirm")
    assert not await conversations.consume(TALK, 10, other)
    assert not await conversations.consume(TALK, 9, other)
    assert (await conversations.load(TALK)).step == ASKED.step
    assert await conversations.consume(TALK, 11, other)
    await conversations.move(TALK, ASKED)
    assert (await conversations.load(TALK)).consumed == 11


async def test_one_of_two_simultaneous_deliveries_of_a_message_counts(
    conversations: Conversations,
) -> None:
    consumed = await asyncio.gather(*(conversations.consume(TALK, 10, ASKED) for _ in range(4)))
    assert sorted(consumed) == [False, False, False, True]


async def test_the_living_message_is_noted_and_consumed_only_grows(
    conversations: Conversations,
) -> None:
    await conversations.note_keyboard(TALK, 20, consumed=0, at=NOW)
    assert await conversations.load(TALK) == Conversation(keyboard_id=20)
    await conversations.move(TALK, ASKED)
    await conversations.note_keyboard(TALK, 22, consumed=21, at=NOW)
    await conversations.note_keyboard(TALK, 24, consumed=5, at=NOW)
    found = await conversations.load(TALK)
    assert (found.keyboard_id, found.consumed, found.step) == (24, 21, ASKED.step)


async def test_purging_empties_what_has_expired_and_keeps_the_view(
    conversations: Conversations,
) -> None:
    await conversations.move(TALK, ASKED)
    await conversations.move(Talk(1, 1), replace(ASKED, expires_at=NOW + timedelta(hours=1)))
    assert await conversations.purge(before=NOW) == 0
    assert await conversations.purge(before=NOW + timedelta(minutes=1)) == 1
    purged = await conversations.load(TALK)
    assert purged == Conversation(step=ASKED.step, view=ASKED.view)
    assert purged.at(NOW) == Conversation(view=ASKED.view, forgotten=ASKED.step)
    assert (await conversations.load(Talk(1, 1))).step == ASKED.step


async def test_every_call_is_one_statement(
    database: Database, conversations: Conversations
) -> None:
    with counting(database) as statements:
        await conversations.load_with_visitor(TALK)
        await conversations.load(TALK)
        await conversations.move(TALK, ASKED)
        await conversations.consume(TALK, 1, ASKED)
        await conversations.note_keyboard(TALK, 2, consumed=1, at=NOW)
        await conversations.purge(before=NOW)
    assert len(statements) == 6


async def test_each_bot_has_conversations_of_its_own(database: Database) -> None:
    """Message numbers of one bot say nothing of another's."""
    one, other = (Database(database.engines, bot_id=bot).conversations for bot in (1, 2))
    assert await one.consume(TALK, 500, replace(ASKED, keyboard_id=501))
    assert await other.load(TALK) == Conversation()
    assert (await other.load_with_visitor(TALK))[1] == Conversation()
    assert await other.consume(TALK, 10, ASKED)
    await other.note_keyboard(TALK, 12, consumed=11, at=NOW)
    await other.move(TALK, replace(ASKED, keyboard_id=12))
    assert ((await one.load(TALK)).consumed, (await one.load(TALK)).keyboard_id) == (500, 501)
    assert ((await other.load(TALK)).consumed, (await other.load(TALK)).keyboard_id) == (
        11,
        12,
    )
    assert await one.purge(before=NOW + timedelta(minutes=1)) == 2
