"""What must go out once: filled at the moment of sending, tried again, given up, never doubled."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import update

from billing.actions.messages import window
from billing.actions.messages.attempts import ATTEMPTS, retry_delay
from billing.ports.outbox import OPERATOR_CHAT, Notification
from billing.ports.outside import Delivery
from billing.rules.lease import LEASE
from billing.rules.payments.invoices import Outcome
from billing.rules.reach import ClosedChat, Unreachable
from billing.views.account import ClientInfo
from billing.views.notices.money import Receipt, ReminderUpdate
from billing.views.notices.notice import UnreadableNotice
from billing.views.notices.operator import Overpaid
from billing.views.notices.services import NamedService, ServiceCancelled
from storage.errors import DatabaseError
from storage.repositories.messages.outbox import SqlOutbox
from storage.tables.messages import outbox
from tests.billing.actions.reminders.reminding import Days, failing_once, open_days
from tests.make import STAFF, money

CANCELLED = ServiceCancelled(NamedService(1, "Hosting", "anna.example"))


@pytest.fixture
async def days(empty: str) -> AsyncIterator[Days]:
    async with open_days(empty) as opened:
        yield opened


async def tell(days: Days, client: ClientInfo, key: str = "k") -> None:
    await add(days, Notification(key, CANCELLED, client_id=client.id))


async def add(days: Days, note: Notification) -> None:
    async with days.database.work.writing() as uow:
        await uow.outbox.add([note], at=days.clock.now())
        await uow.commit()


async def send(days: Days) -> None:
    await days.actions.send_outbox()


@pytest.mark.slow
async def test_a_receipt_brings_its_proforma_with_what_became_of_it(days: Days) -> None:
    anna = await days.client("anna", 7, 8)
    hosting = await days.owns(anna, 3)
    await days.actions.adjust_credit("anna", "100.00", by=STAFF)
    anna = await days.client("anna", 7, 8)
    await days.actions.add_renewal(anna, "pl", hosting.id)
    review = await days.actions.review_checkout(anna, "pl", use_credit=True)
    await days.actions.place_order(
        anna, "pl", revision=review.quoted_cart.revision, seal=review.quoted_cart.seal,
        gateway_number=None, use_credit=True,
    )  # fmt: skip
    await send(days)
    receipts = [one for one in days.post.notices if isinstance(one.notice, Receipt)]
    for notice in receipts:
        assert notice.invoice is not None
        assert [line.outcome for line in notice.invoice.lines] == [Outcome.RENEWED]
        assert notice.client is not None
    assert {notice.user_id for notice in receipts} == {7, 8}


@pytest.mark.slow
async def test_money_that_came_late_brings_the_proforma_it_was_for(days: Days) -> None:
    anna = await days.client("anna", 7)
    hosting = await days.owns(anna, 3)
    await days.actions.add_renewal(anna, "pl", hosting.id)
    review = await days.actions.review_checkout(anna, "pl", use_credit=True)
    placed = await days.actions.place_order(
        anna,
        "pl",
        revision=review.quoted_cart.revision,
        seal=review.quoted_cart.seal,
        gateway_number=2,
    )
    await days.actions.cancel_invoice(anna, placed.invoice.id)
    await days.actions.record_transfer(placed.invoice.number, "10.00", by=STAFF)
    await send(days)
    assert {notice.user_id for notice in days.post.notices} == {7, None}
    for notice in days.post.notices:
        assert notice.invoice is not None
        assert notice.invoice.number == placed.invoice.number


async def test_the_operator_is_told_whose_it_is(days: Days) -> None:
    anna = await days.client()
    await add(days, Notification("k", Overpaid(anna.id, "PRO-1", money("5.00"))))
    await send(days)
    (told,) = days.post.notices
    assert (told.user_id, told.client) == (None, anna)


async def test_it_is_noted_when_the_user_acts_for_another_client(days: Days) -> None:
    anna, john = await days.client("anna", 7), await days.client("john", 7)
    await tell(days, anna)
    await tell(days, john, "other")
    await send(days)
    current = (await days.visitor(7)).client
    assert current is not None
    assert {n.client_id: n.is_elsewhere for n in days.post.notices} == {
        anna.id: current.id != anna.id,
        john.id: current.id != john.id,
    }


async def test_a_user_who_left_the_client_gets_no_message(days: Days) -> None:
    anna = await days.client()
    await tell(days, anna)
    await days.actions.unlink(anna, 7)
    await send(days)
    assert (days.post.notices, await days.notes()) == ([], ["void"])


@pytest.mark.slow
async def test_many_at_once_send_each_message_once(days: Days) -> None:
    anna = await days.client()
    for number in range(10):
        await tell(days, anna, str(number))
    await asyncio.gather(*(send(days) for _ in range(5)))
    assert (len(days.post.notices), set(await days.notes())) == (10, {"sent"})


async def test_trouble_is_tried_again_and_what_breaks_stops_nobody(
    days: Days, caplog: pytest.LogCaptureFixture
) -> None:
    anna = await days.client()
    for number in range(3):
        await tell(days, anna, str(number))
    days.post.answers = [ZeroDivisionError("poison"), Delivery(retry_after=30)]
    await send(days)
    assert (len(days.post.notices), "poison" in caplog.text) == (1, True)
    days.clock.advance(LEASE)
    await send(days)
    assert await days.notes() == ["sent"] * 3


@pytest.mark.slow
async def test_what_cannot_be_sent_for_days_is_given_up(days: Days) -> None:
    await tell(days, await days.client())
    for _ in range(ATTEMPTS + 1):
        days.post.answers = [Delivery(retry_after=1)]
        await send(days)
        days.clock.advance(timedelta(hours=1))
    assert await days.notes() == ["failed"]
    assert days.post.answers == [Delivery(retry_after=1)]


@pytest.mark.slow
async def test_what_breaks_every_time_is_given_up_too(days: Days) -> None:
    await tell(days, await days.client())
    for _ in range(ATTEMPTS + 1):
        days.post.answers = [ZeroDivisionError()]
        await send(days)
        days.clock.advance(LEASE)
    assert await days.notes() == ["failed"]


async def test_a_user_who_blocks_the_bot_gets_no_messages_until_they_return(days: Days) -> None:
    anna = await days.client()
    await tell(days, anna, "first")
    days.post.answers = [Delivery(unreachable=Unreachable.BLOCKED)]
    await send(days)
    await tell(days, anna, "second")
    await send(days)
    assert (days.post.notices, await days.notes()) == ([], ["undeliverable"] * 2)
    await days.actions.note_blocked(7, blocked=False)
    await send(days)
    assert (len(days.post.notices), await days.notes()) == (2, ["sent"] * 2)


@pytest.mark.parametrize("why", list(Unreachable))
async def test_an_unreachable_user_gets_the_message_on_return(
    days: Days, why: Unreachable
) -> None:
    anna = await days.client()
    days.post.answers = [Delivery(unreachable=why)]
    await tell(days, anna)
    await send(days)
    assert (await days.visitor()).unreachable is why
    await days.actions.note_blocked(7, blocked=False)
    assert (await days.visitor()).unreachable is None
    await send(days)
    assert await days.notes() == ["sent"]


async def test_what_was_not_delivered_long_ago_stays_so(days: Days) -> None:
    anna = await days.client()
    await days.actions.note_blocked(7, blocked=True)
    await tell(days, anna, "old")
    days.clock.advance(timedelta(days=4))
    await tell(days, anna, "new")
    await days.actions.note_blocked(7, blocked=False)
    await send(days)
    assert await days.notes() == ["undeliverable", "sent"]


async def test_coming_back_brings_one_user_their_own_and_nobody_elses(days: Days) -> None:
    anna = await days.client("anna", 7, 8)
    for user in (7, 8):
        await days.actions.note_blocked(user, blocked=True)
    await tell(days, anna)
    await days.actions.note_blocked(8, blocked=False)
    await send(days)
    assert [notice.user_id for notice in days.post.notices] == [8]


def test_pauses_double_up_to_an_hour_and_are_never_shorter_than_asked_for() -> None:
    def most(below: int) -> int:
        return below - 1

    pauses = [retry_delay(attempt, 0, jitter=most) for attempt in range(1, 100)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (timedelta(minutes=1), timedelta(hours=1))
    assert retry_delay(1, 500, jitter=most) == timedelta(seconds=500)
    assert retry_delay(1, 5000, jitter=most) == timedelta(hours=1)


def test_half_of_a_pause_is_random() -> None:
    seeded = Random(7)
    pauses = [retry_delay(3, 0, jitter=seeded.randrange) for _ in range(1000)]
    assert min(pauses) == timedelta(minutes=2)
    assert max(pauses) == timedelta(minutes=4)
    assert len(set(pauses)) > 60


@pytest.mark.slow
async def test_a_slow_chat_holds_up_nobody_but_itself(days: Days) -> None:
    for number in range(8):
        await tell(days, await days.client(f"c{number}", 100 + number), f"k{number}")
    days.post.delays = [60]
    sending = asyncio.create_task(days.actions.send_outbox())
    async with asyncio.timeout(30):
        while len(days.post.notices) < 8:  # noqa: ASYNC110 - nothing tells of a message
            await asyncio.sleep(0.01)
    assert not sending.done()
    sending.cancel()
    await asyncio.wait([sending])


@pytest.mark.slow
@pytest.mark.parametrize("broken", ["claim", "finish"])
async def test_a_database_that_fails_once_makes_nobody_get_it_twice(
    days: Days, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    for number in range(8):
        await tell(days, await days.client(f"c{number}", 100 + number), f"k{number}")
    days.post.delays = [0, 0, 0.2, 0.2]
    with monkeypatch.context() as patched:
        patched.setattr(SqlOutbox, broken, failing_once(getattr(SqlOutbox, broken), broken))
        if broken == "claim":
            with pytest.raises(DatabaseError):
                await send(days)
        else:
            await send(days)
    days.clock.advance(LEASE)
    await send(days)
    assert sorted(notice.user_id or 0 for notice in days.post.notices) == list(range(100, 108))


async def test_what_went_out_is_noted_down_when_the_database_is_back_and_goes_out_once(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window, "PAUSES", (timedelta(),) * 5)
    client = await days.client("c1", 101)
    for number in range(3):
        await tell(days, client, f"k{number}")
    finish: Any = SqlOutbox.finish
    refusals = iter([True] * 5)

    async def away(*args: Any, **named: Any) -> Any:
        if next(refusals, False):
            raise DatabaseError("the server was stopped")
        return await finish(*args, **named)

    with monkeypatch.context() as patched:
        patched.setattr(SqlOutbox, "finish", away)
        await send(days)
    assert next(refusals, None) is None
    days.clock.advance(LEASE)
    await send(days)
    assert len(days.post.notices) == 3


# -- written by another version -----------------------------------------------------------------


async def becomes_unreadable(days: Days, topic: str) -> None:
    async with days.database.engines.writer.begin() as connection:
        await connection.execute(update(outbox).values(topic=topic, facts={"new": "words"}))


async def test_what_cannot_be_read_goes_out_in_general_words_with_all_others(days: Days) -> None:
    anna = await days.client()
    await tell(days, anna, "old")
    await add(days, Notification("alert", Overpaid(anna.id, "PRO-1", money("5.00"))))
    await becomes_unreadable(days, "something_new")
    await tell(days, anna, "new")
    await send(days)
    unreadable = UnreadableNotice("something_new", '{"new":"words"}')
    assert {(one.key, one.user_id): one.notice for one in days.post.notices} == {
        ("old", 7): unreadable, ("alert", None): unreadable, ("new", 7): CANCELLED,
    }  # fmt: skip
    assert await days.notes() == ["sent"] * 3


async def test_an_update_of_reminders_that_cannot_be_read_is_no_message(days: Days) -> None:
    anna = await days.client()
    await add(days, Notification("update", ReminderUpdate(1), client_id=anna.id))
    await becomes_unreadable(days, ReminderUpdate.topic)
    await send(days)
    assert (days.post.notices, await days.notes()) == ([], ["void"])


async def test_a_note_of_a_closed_chat_that_cannot_be_read_still_lets_the_others_go(
    days: Days,
) -> None:
    await add(days, Notification("alert", Overpaid(1, "PRO-1", money("5.00"))))
    days.post.answers = [Delivery(closed=ClosedChat.REMOVED)]
    await send(days)
    async with days.database.engines.writer.begin() as connection:
        note = update(outbox).where(outbox.c.key == OPERATOR_CHAT)
        await connection.execute(note.values(facts={"why": "new words"}))
    assert (await days.actions.show_waiting_messages()).why is None
    days.clock.advance(timedelta(hours=1))
    await send(days)
    assert [one.key for one in days.post.notices] == [OPERATOR_CHAT, "alert"]
