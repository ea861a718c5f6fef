"""Who cannot be reached is known, told of, and gets what they missed when they come back."""

from collections.abc import AsyncIterator, Sequence
from datetime import time, timedelta

import pytest
from sqlalchemy import select

from billing.ports.outside import Delivery
from billing.rules.access.link_codes import hash_code
from billing.rules.reach import Unreachable
from billing.rules.reminders.stages import ReminderPolicy, ReminderReason
from billing.rules.shop.catalog import Policy
from billing.views.account import ClientInfo
from storage.tables.messages import digests
from tests.billing.actions.reminders.reminding import Days, open_days
from tests.make import STAFF, TODAY, catalog

DAY = timedelta(days=1)
NINE, ELEVEN = time(9), time(11)
NEVER_STARTED = Delivery(unreachable=Unreachable.NEVER_STARTED)


@pytest.fixture
async def days(empty: str) -> AsyncIterator[Days]:
    async with open_days(empty) as opened:
        yield opened


async def comes_back(days: Days, user_id: int = 7) -> int:
    """A user writes to the bot; how many reminders go out then."""
    await days.actions.note_blocked(user_id, blocked=False)
    return await days.tick()


async def digest_rows(days: Days) -> Sequence[tuple[int, str, str | None]]:
    """User, state and reason of all digests, oldest first."""
    d = digests.c
    asked = select(d.user_id, d.state, d.reason).order_by(d.id)
    async with days.database.engines.readers.connect() as connection:
        rows = (await connection.execute(asked)).all()
    return [(user, str(state), why) for user, state, why in rows]


def readers(days: Days) -> list[int]:
    return [digest.user_id for _, digest in days.post.digests]


# -- never started ------------------------------------------------------------------------------


@pytest.mark.slow
async def test_a_user_who_never_started_the_bot_gets_the_reminder_on_start(days: Days) -> None:
    await days.owns(await days.client(), 3)
    days.post.answers = [NEVER_STARTED]
    await days.goes_to(ELEVEN)
    assert (await days.visitor()).unreachable is Unreachable.NEVER_STARTED
    assert await digest_rows(days) == [(7, "undeliverable", "never_started")]
    assert [one.reason async for one in days.actions.list_unreachable()] == [
        ReminderReason.NEVER_STARTED
    ]
    days.clock.advance(timedelta(minutes=30))
    assert await comes_back(days) == 1
    assert days.stages() == [["3"]]
    assert [one async for one in days.actions.list_unreachable()] == []


@pytest.mark.slow
async def test_planning_the_day_knows_unreachable_users(days: Days) -> None:
    await days.owns(await days.client(), 3)
    days.post.answers = [NEVER_STARTED, AssertionError("tried again")]
    await days.goes_to(ELEVEN)
    await days.lives(3)
    assert len(days.post.answers) == 1
    assert {row[1:] for row in await digest_rows(days)} == {("undeliverable", "never_started")}


@pytest.mark.slow
async def test_only_one_message_comes_for_all_that_was_missed(days: Days) -> None:
    await days.owns(await days.client(), 3)
    days.post.answers = [NEVER_STARTED]
    await days.goes_to(ELEVEN)
    await days.lives(2)
    assert await comes_back(days) == 1
    assert [digest.items[0].stage for _, digest in days.post.digests] == ["1"]
    assert await days.lives(1) == 1


@pytest.mark.slow
async def test_what_was_missed_for_longer_than_is_caught_up_does_not_come(days: Days) -> None:
    await days.publish(catalog(policy=Policy(reminders=ReminderPolicy(stages=(7,)))))
    await days.owns(await days.client(), 7)
    days.post.answers = [NEVER_STARTED]
    await days.goes_to(ELEVEN)
    days.clock.advance(4 * DAY)
    await days.tick()
    assert await comes_back(days) == 0
    assert await days.lives(1) == 0


@pytest.mark.slow
async def test_a_user_who_returns_at_night_gets_the_reminder_in_the_morning(days: Days) -> None:
    await days.owns(await days.client(), 3)
    days.post.answers = [NEVER_STARTED]
    await days.goes_to(ELEVEN)
    await days.goes_to(time(23))
    assert await comes_back(days) == 0
    assert await days.lives(1) == 1


# -- several users of one client ----------------------------------------------------------------


async def shared(days: Days, due: int = 3) -> ClientInfo:
    """A client with the users 7 and 8, and a service."""
    anna = await days.client("anna", 7, 8)
    await days.owns(anna, due)
    return anna


@pytest.mark.slow
async def test_one_of_two_who_blocks_before_the_plan_and_is_back_later_gets_it(
    days: Days,
) -> None:
    await shared(days)
    await days.actions.note_blocked(7, blocked=True)
    await days.goes_to(ELEVEN)
    assert readers(days) == [8]
    days.clock.advance(timedelta(hours=2))
    assert await comes_back(days) == 1
    assert readers(days) == [8, 7]
    assert days.stages() == [["3"], ["3"]]


@pytest.mark.slow
async def test_one_of_two_who_has_blocked_the_bot_holds_up_nobody(days: Days) -> None:
    await shared(days)
    days.post.answers = [Delivery(unreachable=Unreachable.BLOCKED)]
    await days.goes_to(ELEVEN)
    ((first, *_), (second, *_)) = await digest_rows(days)
    assert readers(days) == [second]
    await days.lives(2)
    assert set(readers(days)) == {second}
    assert [one async for one in days.actions.list_unreachable()] == []
    assert (await days.visitor(first)).unreachable is Unreachable.BLOCKED


@pytest.mark.slow
async def test_what_only_the_one_who_is_away_wants_comes_with_the_rest_on_the_same_day(
    days: Days,
) -> None:
    anna = await shared(days, 7)
    await days.goes_to(ELEVEN)
    mine = next(digest for _, digest in days.post.digests if digest.user_id == 7)
    visitor = await days.visitor()
    await days.actions.snooze_digest(visitor, anna, mine.id, "en", TODAY + DAY)
    await days.owns(anna, 4, name="VPS")
    await days.actions.note_blocked(7, blocked=True)
    await days.lives(1)
    assert readers(days)[2:] == [8]
    assert await comes_back(days) == 1
    assert sorted(item.stage for item in days.last.items) == ["3", f"snooze:{TODAY + DAY}"]


async def test_what_was_delivered_meanwhile_is_not_repeated(days: Days) -> None:
    await shared(days)
    await days.goes_to(ELEVEN)
    await days.actions.note_blocked(7, blocked=True)
    assert await comes_back(days) == 0
    assert sorted(readers(days)) == [7, 8]


@pytest.mark.slow
async def test_what_is_renewed_meanwhile_does_not_come(days: Days) -> None:
    anna = await days.client()
    hosting = await days.owns(anna, 3)
    days.post.answers = [NEVER_STARTED]
    await days.goes_to(ELEVEN)
    await days.actions.add_renewal(anna, "en", hosting.id)
    review = await days.actions.review_checkout(anna, "en", use_credit=False)
    placed = await days.actions.place_order(
        anna, "en", revision=review.quoted_cart.revision, seal=review.quoted_cart.seal,
        gateway_number=2, use_credit=False,
    )  # fmt: skip
    await days.actions.record_transfer(placed.invoice.number, by=STAFF)
    assert await comes_back(days) == 0
    assert await days.states() == ["void"]


# -- coming back around midnight ----------------------------------------------------------------


@pytest.mark.slow
async def test_a_user_who_returns_before_planning_gets_one_message_for_all(
    days: Days,
) -> None:
    anna = await days.client()
    await days.owns(anna, 7, name="Hosting")
    await days.owns(anna, 4, name="VPS")
    await days.publish(catalog(policy=Policy(reminders=ReminderPolicy(stages=(7, 3)))))
    days.post.answers = [NEVER_STARTED]
    await days.goes_to(ELEVEN)
    days.clock.advance(timedelta(hours=13, minutes=1))
    await days.actions.note_blocked(7, blocked=False)
    assert await days.lives(1) == 1
    assert days.stages() == [["3", "7"]]


@pytest.mark.slow
async def test_a_message_that_still_waits_says_what_was_missed_before(days: Days) -> None:
    anna = await days.client()
    await days.owns(anna, 7, name="Hosting")
    await days.owns(anna, 4, name="VPS")
    await days.publish(catalog(policy=Policy(reminders=ReminderPolicy(stages=(7, 3)))))
    days.post.answers = [NEVER_STARTED]
    await days.goes_to(ELEVEN)
    async with days.database.work.writing() as uow:
        await uow.users.set_unreachable(7, None)
        await uow.commit()
    await days.goes_to(NINE, TODAY + DAY)
    assert await days.states() == ["undeliverable", "waiting"]
    await days.actions.note_blocked(7, blocked=False)
    await days.goes_to(ELEVEN, TODAY + DAY)
    assert days.stages() == [["3", "7"]]


@pytest.mark.slow
async def test_a_message_of_the_day_with_nothing_left_to_say_stands_in_nobodys_way(
    days: Days,
) -> None:
    anna = await days.client()
    await days.owns(anna, 7, name="Hosting")
    vps = await days.owns(anna, 4, name="VPS")
    await days.publish(catalog(policy=Policy(reminders=ReminderPolicy(stages=(7, 3)))))
    days.post.answers = [NEVER_STARTED]
    await days.goes_to(ELEVEN)
    async with days.database.work.writing() as uow:
        await uow.users.set_unreachable(7, None)
        await uow.commit()
    await days.goes_to(NINE, TODAY + DAY)
    await days.actions.switch_service_reminders(await days.visitor(), anna, vps.id, on=False)
    await days.goes_to(ELEVEN, TODAY + DAY)
    assert await days.states() == ["undeliverable", "void"]
    assert await comes_back(days) == 1
    assert days.stages() == [["7"]]


# -- nobody linked ------------------------------------------------------------------------------


async def test_a_newly_linked_user_gets_the_undelivered_reminders(days: Days) -> None:
    anna = await days.client()
    await days.actions.unlink(anna, 7)
    await days.owns(anna, 3)
    await days.goes_to(ELEVEN)
    assert ("3", "undeliverable") in await days.items()
    code, _ = await days.actions.issue_link_code("anna", by=STAFF)
    await days.actions.confirm_link(9, hash_code(code))
    assert await days.tick() == 1
    assert readers(days) == [9]
