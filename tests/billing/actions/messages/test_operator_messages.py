"""What is addressed to the operator waits for the operator, however long their chat is closed."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest

from billing.actions.messages.attempts import ATTEMPTS
from billing.actions.messages.forget import REMINDERS
from billing.actions.messages.operator_chat import FIRST_PAUSE, LONGEST_PAUSE, pause
from billing.ports.outbox import OPERATOR_CHAT, Notification, Outgoing
from billing.ports.outside import Delivery
from billing.rules.lease import LEASE
from billing.rules.payments.tasks import Task
from billing.rules.reach import ClosedChat
from billing.rules.services.service import ServiceStatus
from billing.rules.work import WorkKind
from billing.views.notices.money import Receipt
from billing.views.notices.notice import Notice
from billing.views.notices.operator import (
    CancellationRequested,
    MessagesWaited,
    OrderPaid,
    Overpaid,
    ReminderSummary,
)
from billing.views.notices.services import NamedService
from billing.views.notices.work import OpenedTask, ProformaPaid, TasksOpened
from billing.views.operator import WaitingMessages
from billing.views.reminders.reports import DigestCounts
from billing.views.services import CancelWhen
from tests.billing.actions.reminders.reminding import MIDNIGHT, Days, open_days
from tests.make import STAFF, TODAY, money

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REMOVED = Delivery(closed=ClosedChat.REMOVED)


@pytest.fixture
async def days(empty: str) -> AsyncIterator[Days]:
    async with open_days(empty) as opened:
        yield opened


OVERPAID = Overpaid(1, "PRO-202603-00001-7391", money("5.00"))
SUMMARY = ReminderSummary(TODAY, DigestCounts(sent=1))


def order_paid(service_id: int) -> OrderPaid:
    service = NamedService(service_id, "Hosting", "anna.example")
    return OrderPaid(1, service, "PRO-202603-00001-7391", money("5.00"))


async def tell(days: Days, *keys: str, notice: Notice = OVERPAID) -> None:
    """Let something happen that the operator has to know."""
    notes = [Notification(key, notice) for key in keys]
    async with days.database.work.writing() as uow:
        await uow.outbox.add(notes, at=days.clock.now())
        await uow.commit()


async def send(days: Days, *answers: Delivery | Exception) -> None:
    """Send what is due; Telegram answers so, and then takes everything."""
    days.post.answers = list(answers)
    await days.actions.send_outbox()
    days.post.answers.clear()


async def goes_by(days: Days, time: timedelta, *, closed: bool = True) -> int:
    """Tick through a time in which the chat stays closed; how often it was tried."""
    until, tries = days.clock.now() + time, 0
    while days.clock.now() < until:
        days.clock.advance(FIRST_PAUSE / 2)
        days.post.answers = [REMOVED] * 9 if closed else []
        await days.actions.send_outbox()
        tries += 9 - len(days.post.answers) if closed else 0
    days.post.answers.clear()
    return tries


def keys(notices: Sequence[Outgoing]) -> list[str]:
    """Which messages the operator got."""
    return [notice.key for notice in notices if notice.user_id is None]


async def waiting(days: Days) -> WaitingMessages:
    return await days.actions.show_waiting_messages()


async def opens(days: Days) -> None:
    """The chat can be written to again."""
    days.clock.advance(LONGEST_PAUSE)
    await send(days)


# -- kept ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("why", list(ClosedChat))
async def test_what_the_chat_does_not_take_waits_and_says_since_when_and_why(
    days: Days, why: ClosedChat
) -> None:
    await tell(days, "a", "b")
    await send(days, *[Delivery(closed=why)] * 2)
    assert days.post.notices == []
    assert await waiting(days) == WaitingMessages(2, MIDNIGHT, why)
    assert await days.notes() == ["waiting"] * 3


@pytest.mark.slow
async def test_when_the_chat_is_back_it_is_told_how_many_waited_and_then_they_come(
    days: Days,
) -> None:
    await tell(days, "a")
    await send(days, REMOVED)
    for key in "bcd":
        days.clock.advance(timedelta(seconds=1))
        await tell(days, key)
    await send(days)
    assert days.post.notices == []
    await opens(days)
    note, *rest = days.post.notices
    assert note.notice == MessagesWaited(ClosedChat.REMOVED, 4, MIDNIGHT)
    assert sorted(keys(rest)) == ["a", "b", "c", "d"]
    assert await waiting(days) == WaitingMessages(0)
    await tell(days, "e")
    await send(days)
    assert keys(days.post.notices)[5:] == ["e"]


@pytest.mark.slow
async def test_nothing_is_given_up_however_long_it_takes(days: Days) -> None:
    await tell(days, "a")
    await send(days, REMOVED)
    for _ in range(ATTEMPTS + 5):
        days.clock.advance(2 * HOUR)
        await send(days, REMOVED)
    assert await waiting(days) == WaitingMessages(1, MIDNIGHT, ClosedChat.REMOVED)
    await opens(days)
    assert keys(days.post.notices) == [OPERATOR_CHAT, "a"]


@pytest.mark.slow
@pytest.mark.parametrize("trouble", [Delivery(retry_after=1), ZeroDivisionError("broken")])
async def test_no_trouble_on_the_way_makes_it_give_up(
    days: Days, trouble: Delivery | Exception
) -> None:
    await tell(days, "a")
    for _ in range(ATTEMPTS + 5):
        await send(days, trouble)
        days.clock.advance(2 * HOUR)
    await send(days)
    assert keys(days.post.notices) == ["a"]


@pytest.mark.slow
async def test_a_closed_chat_is_tried_with_a_growing_pause_and_one_message(days: Days) -> None:
    await tell(days, *map(str, range(20)))
    await send(days, *[REMOVED] * 20)
    tries = await goes_by(days, HOUR)
    assert 5 <= tries <= 9
    assert await goes_by(days, 6 * HOUR) <= 7


def test_pauses_double_between_half_a_minute_and_an_hour() -> None:
    after = [timedelta(seconds=n) for n in (0, 40, 3000, 9000)]
    assert [pause(MIDNIGHT, MIDNIGHT + one) for one in after] == [
        FIRST_PAUSE, after[1], after[2], LONGEST_PAUSE,
    ]  # fmt: skip


async def test_a_closed_chat_holds_up_nobody_else(days: Days) -> None:
    anna = await days.client()
    await tell(days, "a")
    await send(days, REMOVED)
    async with days.database.work.writing() as uow:
        note = Notification("k", Receipt(1, "PRO-202603-00001-7391"), client_id=anna.id)
        await uow.outbox.add([note], at=days.clock.now())
        await uow.commit()
    await send(days)
    assert [notice.user_id for notice in days.post.notices] == [7]


async def test_closed_again_it_waits_again(days: Days) -> None:
    await tell(days, "a")
    await send(days, REMOVED)
    await opens(days)
    await tell(days, "b")
    await send(days, Delivery(closed=ClosedChat.TOPIC_CLOSED))
    assert await waiting(days) == WaitingMessages(1, days.clock.now(), ClosedChat.TOPIC_CLOSED)
    await opens(days)
    assert keys(days.post.notices) == [OPERATOR_CHAT, "a", OPERATOR_CHAT, "b"]


async def test_the_reason_is_the_last_one(days: Days) -> None:
    await tell(days, "a")
    await send(days, REMOVED)
    days.clock.advance(HOUR)
    await send(days, Delivery(closed=ClosedChat.MAY_NOT_WRITE))
    assert (await waiting(days)).why is ClosedChat.MAY_NOT_WRITE


@pytest.mark.slow
async def test_processes_that_send_at_once_tell_it_once(empty: str) -> None:
    async with open_days(empty) as one, open_days(empty) as two:
        await tell(one, *map(str, range(8)))
        for process in (one, two):
            process.post.answers = [REMOVED] * 8
        await asyncio.gather(*(p.actions.send_outbox() for p in (one, two)))
        for process in (one, two):
            process.post.answers = []
            process.clock.advance(HOUR)
        await asyncio.gather(*(p.actions.send_outbox() for p in (one, two)))
        told = keys(one.post.notices) + keys(two.post.notices)
        assert sorted(told) == sorted([OPERATOR_CHAT, *map(str, range(8))])


@pytest.mark.slow
async def test_a_chat_that_was_changed_is_tried_at_once(days: Days) -> None:
    await tell(days, "a")
    await send(days, REMOVED)
    await goes_by(days, 3 * HOUR)
    await send(days)
    assert days.post.notices == []
    await days.actions.try_operator_chat()
    await send(days)
    assert keys(days.post.notices) == [OPERATOR_CHAT, "a"]
    await days.actions.try_operator_chat()
    await send(days)
    assert len(days.post.notices) == 2


async def test_a_note_on_its_way_is_not_sent_twice(days: Days) -> None:
    await tell(days, "a")
    await send(days, REMOVED)
    days.clock.advance(HOUR)
    async with days.database.work.writing() as uow:
        now = days.clock.now()
        await uow.outbox.claim(now, lease_until=now + LEASE, limit=1)
        await uow.commit()
    await days.actions.try_operator_chat()
    await send(days)
    assert days.post.notices == []


# -- what is still of use -----------------------------------------------------------------------


@pytest.mark.slow
async def test_an_order_that_was_decided_meanwhile_does_not_come(days: Days) -> None:
    anna = await days.client()
    first, second = [
        await days.owns(anna, 7, status=ServiceStatus.PENDING, next_due_date=None) for _ in "12"
    ]
    for one in (first, second):
        await tell(days, f"order:{one.id}", notice=order_paid(one.id))
    await send(days, REMOVED, REMOVED)
    await days.actions.decide_order(first.id, accept=True, by=STAFF)
    days.clock.advance(2 * HOUR)
    assert (await waiting(days)).count == 1
    await send(days)
    # The client's own notice of the decision may come before the note or after it.
    note = next(notice for notice in days.post.notices if notice.user_id is None)
    assert isinstance(note.notice, MessagesWaited)
    assert note.notice.count == 1
    assert keys(days.post.notices) == [OPERATOR_CHAT, f"order:{second.id}"]


@pytest.mark.slow
async def test_a_request_that_was_withdrawn_meanwhile_does_not_come(days: Days) -> None:
    anna = await days.client()
    gone, asked = [await days.owns(anna, 7) for _ in "12"]
    for one in (gone, asked):
        await days.actions.request_cancellation(
            anna, one.id, when=CancelWhen.PERIOD_END, reason="", user_id=7
        )
    await send(days, REMOVED, REMOVED)
    await days.actions.withdraw_cancellation(anna, gone.id, user_id=7)
    days.clock.advance(2 * HOUR)
    await send(days)
    assert [type(one.notice) for one in days.post.notices] == [
        MessagesWaited,
        CancellationRequested,
    ]


@pytest.mark.slow
async def test_a_task_that_is_done_meanwhile_does_not_come(days: Days) -> None:
    anna = await days.client()
    service = await days.owns(anna, 7)
    new = [
        Task(0, anna.id, WorkKind.RENEWAL, service.id, line, "Hosting", "", "PRO-1", MIDNIGHT)
        for line in (1, 2)
    ]
    async with days.database.work.writing() as uow:
        done, left = await uow.tasks.open(new)
        await uow.commit()
    for one in (done, left):
        named = NamedService(service.id, one.name, one.domain)
        told = TasksOpened(anna.id, one.number, (OpenedTask(one.id, one.kind, named),))
        await tell(days, f"tasks:{one.id}", notice=told)
    await send(days, REMOVED, REMOVED)
    await days.actions.finish_task(done.id, by=STAFF)
    days.clock.advance(2 * HOUR)
    await send(days)
    assert keys(days.post.notices) == [OPERATOR_CHAT, f"tasks:{left.id}"]


@pytest.mark.slow
async def test_a_payment_of_long_ago_is_no_news(days: Days) -> None:
    anna = await days.client()
    paid = ProformaPaid(anna.id, 1, "PRO-1", money("5.00"), money("5.00"), "bank")
    for key in ("old", "new"):
        await tell(days, key, notice=paid)
        await send(days, REMOVED)
        days.clock.advance(DAY - HOUR)
    days.clock.advance(HOUR / 2)
    await send(days)
    assert keys(days.post.notices) == [OPERATOR_CHAT, "new"]


@pytest.mark.slow
async def test_a_chat_that_is_set_later_gets_no_old_news(days: Days) -> None:
    not_set = Delivery(closed=ClosedChat.NOT_SET)
    for number in range(3):
        await tell(days, f"summary:{number}", notice=SUMMARY)
        await send(days, not_set)
        days.clock.advance(DAY)
    await tell(days, "money")
    await tell(days, "summary:9", notice=SUMMARY)
    await send(days, not_set)
    days.clock.advance(2 * HOUR)
    await send(days)
    note, *rest = days.post.notices
    assert isinstance(note.notice, MessagesWaited)
    assert (note.notice.count, note.notice.why) == (2, ClosedChat.NOT_SET)
    assert sorted(keys(rest)) == ["money", "summary:9"]


@pytest.mark.slow
async def test_nothing_is_told_when_nothing_that_waited_is_needed(days: Days) -> None:
    await tell(days, "summary:1", notice=SUMMARY)
    await send(days, REMOVED)
    days.clock.advance(2 * DAY)
    await send(days)
    assert (days.post.notices, await waiting(days)) == ([], WaitingMessages(0))
    assert set(await days.notes()) == {"void"}


async def test_what_nobody_fetches_for_more_than_a_year_is_forgotten(days: Days) -> None:
    await tell(days, "a")
    await send(days, REMOVED)
    days.clock.advance(REMINDERS - DAY)
    await days.actions.forget_old()
    assert (await waiting(days)).count == 1
    days.clock.advance(2 * DAY)
    await days.actions.forget_old()
    assert (await waiting(days)).count == 0


async def test_what_is_fresh_goes_out_as_it_is(days: Days) -> None:
    """A decision made in the same minute does not swallow what led to it."""
    anna = await days.client()
    order = await days.owns(anna, 7, status=ServiceStatus.PENDING, next_due_date=None)
    await tell(days, "order", notice=order_paid(order.id))
    await days.actions.decide_order(order.id, accept=True, by=STAFF)
    await send(days)
    assert "order" in keys(days.post.notices)


async def test_messages_that_telegram_has_not_taken_yet_wait_without_a_reason(days: Days) -> None:
    await tell(days, "a")
    await send(days, Delivery(retry_after=60))
    assert await waiting(days) == WaitingMessages(1, MIDNIGHT)
