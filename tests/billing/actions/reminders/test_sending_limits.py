"""The limits of sending reminders: how many at once, how often, and whose message it is."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import time, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Table, func, select

from billing.actions.messages.attempts import ATTEMPTS
from billing.actions.registry import Actions, make_actions
from billing.actions.reminders.send import SendDigests
from billing.ports.outbox import Outgoing
from billing.ports.outside import Delivery
from billing.ports.reminders.digests import Deferral, DigestResult
from billing.rules.lease import LEASE
from billing.rules.reminders.preferences import QuietHours
from billing.rules.reminders.stages import ReminderPolicy, ReminderReason
from billing.rules.shop.catalog import Policy
from billing.views.reminders.digests import Digest
from bot.panels import embedded
from storage.database import Database
from storage.tables.messages import digests, outbox
from storage.tables.states import SendState
from storage.uow import SqlUnitOfWork
from tests.billing.actions.reminders.reminding import TERMS, Days, open_days
from tests.make import STAFF, TODAY, catalog

DAY = timedelta(days=1)
ELEVEN = time(11)


@pytest.fixture
async def days(empty: str) -> AsyncIterator[Days]:
    async with open_days(empty) as opened:
        yield opened


async def rows(days: Days) -> Sequence[Any]:
    """Day, state, attempts and reason of all digests, oldest first."""
    d = digests.c
    asked = select(d.day, d.state, d.attempts, d.reason).order_by(d.id)
    async with days.database.engines.readers.connect() as connection:
        return [tuple(row) for row in (await connection.execute(asked)).all()]


# -- given up -----------------------------------------------------------------------------------


async def tries(days: Days, times: int) -> None:
    """Telegram is unreachable so many times, each an hour after the last at most."""
    for _ in range(times):
        days.post.answers = [Delivery(retry_after=1, answered=False)]
        await days.actions.send_digests()
        assert days.post.answers == []
        days.clock.advance(timedelta(hours=1))
        await days.actions.plan_reminders()


async def a_patient_reminder(days: Days) -> None:
    """One that may be sent at any hour, and is not too late for weeks."""
    policy = ReminderPolicy(stages=(7,), catch_up_days=30)
    await days.publish(catalog(policy=Policy(reminders=policy)))
    anna = await days.client()
    await days.owns(anna, 7)
    await days.actions.change_reminder_settings(
        await days.visitor(), anna, lambda chosen: replace(chosen, quiet=QuietHours(0, 0), hour=0)
    )
    await days.actions.plan_reminders()
    days.clock.advance(timedelta(hours=1))


@pytest.mark.slow
async def test_before_its_last_attempt_a_reminder_waits(days: Days) -> None:
    await a_patient_reminder(days)
    await tries(days, ATTEMPTS - 1)
    ((_, state, attempts, reason),) = await rows(days)
    assert (state, attempts, reason) == ("waiting", ATTEMPTS - 1, None)
    assert await days.tick() == 1


@pytest.mark.slow
async def test_after_its_last_attempt_it_is_given_up_and_says_so(days: Days) -> None:
    await a_patient_reminder(days)
    await tries(days, ATTEMPTS)
    ((_, state, attempts, reason),) = await rows(days)
    assert (state, attempts, reason) == ("failed", ATTEMPTS, ReminderReason.GIVEN_UP)
    assert await days.tick() == 0
    assert (await days.visitor()).unreachable is None


@pytest.mark.slow
async def test_quiet_hours_use_no_attempts_up(days: Days) -> None:
    anna = await days.client()
    await days.owns(anna, 7)
    await days.tick()
    await days.actions.change_reminder_settings(
        await days.visitor(), anna, lambda chosen: replace(chosen, quiet=QuietHours(9, 15))
    )
    await days.goes_to(ELEVEN)
    ((_, state, attempts, _),) = await rows(days)
    assert (state, attempts) == ("waiting", 0)
    await days.goes_to(time(16))
    ((_, state, attempts, _),) = await rows(days)
    assert (state, attempts) == ("sent", 1)


# -- at once ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Counting:
    """In the place of Telegram: counts how many messages are on their way at once."""

    now: int = 0
    most: int = 0
    sent: int = 0

    async def digest(self, digest: Digest) -> Delivery:
        self.now += 1
        self.most = max(self.most, self.now)
        # Whoever else may be on the way is on the way by the time this one arrives.
        for _ in range(20):
            await asyncio.sleep(0)
        self.now -= 1
        self.sent += 1
        return Delivery(digest.id)

    async def notify(self, outgoing: Outgoing) -> Delivery:
        raise AssertionError(outgoing)


@pytest.mark.slow
@pytest.mark.parametrize("bound", [1, 3])
async def test_no_more_are_on_their_way_than_a_crash_may_repeat(days: Days, bound: int) -> None:
    for number in range(10):
        await days.owns(await days.client(f"c{number}", 100 + number), 7)
    await days.tick()
    days.clock.advance(timedelta(hours=11))
    counting = Counting()
    env = days.actions.send_digests.env
    assert env.terms == TERMS
    assert await SendDigests(env, lambda: counting, in_flight=bound)() == 10
    assert (counting.most, counting.sent) == (bound, 10)


@dataclass(slots=True)
class CountingClaims:
    """In the place of Telegram: counts how many messages a crash at any one would repeat."""

    database: Database
    most: int = 0
    sent: int = 0

    async def digest(self, digest: Digest) -> Delivery:
        return await self._count(digests, digest.id)

    async def notify(self, outgoing: Outgoing) -> Delivery:
        return await self._count(outbox, outgoing.id)

    async def _count(self, table: Table, number: int) -> Delivery:
        claimed = (table.c.attempts > 0) & (table.c.state == SendState.WAITING)
        query = select(func.count()).select_from(table).where(claimed)
        async with self.database.engines.readers.connect() as connection:
            self.most = max(self.most, (await connection.execute(query)).scalar_one())
        self.sent += 1
        return Delivery(number)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "bound"), [(make_actions, 4), (partial(make_actions, in_flight=2), 2)]
)
async def test_one_bound_holds_for_reminders_and_for_other_messages(
    days: Days, make: Callable[..., Actions], bound: int
) -> None:
    for number in range(6):
        anna = await days.client(f"c{number}", 100 + number)
        await days.owns(anna, 7)
        await days.actions.adjust_credit(anna.ref, "1.00", by=STAFF)
    await days.tick()
    days.clock.advance(timedelta(hours=11))
    counting = CountingClaims(days.database)
    env = days.actions.send_digests.env
    actions = make(env, panel=embedded.panel(), gateways=(), notifier=lambda: counting)
    for send in (actions.send_digests, actions.send_outbox):
        counting.most = counting.sent = 0
        await send()
        assert (counting.most, counting.sent) == (bound, 6)


async def test_outcomes_and_the_next_claim_are_one_transaction(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits = 0
    commit = SqlUnitOfWork.commit

    async def counted(uow: SqlUnitOfWork) -> None:
        nonlocal commits
        commits += 1
        await commit(uow)

    for number in range(12):
        await days.owns(await days.client(f"c{number}", 100 + number), 7)
    await days.actions.plan_reminders()
    days.clock.advance(timedelta(hours=11))
    # They arrive one after the other, as at Telegram's pace.
    days.post.delays = [0.03, 0.06, 0.09, 0.12] * 3
    monkeypatch.setattr(SqlUnitOfWork, "commit", counted)
    await days.actions.send_digests()
    assert len(days.post.digests) == 12
    # The first claim, and one transaction for two messages; the last ones may end one by one.
    assert commits <= 1 + 12 / 2 + 2


async def test_one_that_has_arrived_is_noted_down_though_another_takes_long(days: Days) -> None:
    for number in range(4):
        await days.owns(await days.client(f"c{number}", 100 + number), 7)
    await days.actions.plan_reminders()
    days.clock.advance(timedelta(hours=11))
    days.post.delays = [0, 60, 60, 60]
    sending = asyncio.create_task(days.actions.send_digests())
    async with asyncio.timeout(30):
        while "sent" not in await days.states():  # noqa: ASYNC110 - nothing tells of a row
            await asyncio.sleep(0.01)
    assert not sending.done()
    sending.cancel()
    await asyncio.wait([sending])


async def test_what_is_put_off_twice_is_put_off_once(days: Days) -> None:
    await days.owns(await days.client(), 7)
    await days.actions.plan_reminders()
    days.clock.advance(timedelta(hours=11))
    now = days.clock.now()
    later = Deferral(now, now + timedelta(hours=1), ReminderReason.QUIET_HOURS)
    async with days.database.work.writing() as uow:
        (taken,) = await uow.digests.claim(now, lease_until=now + LEASE, limit=4)
        await uow.commit()
    for _ in range(2):
        async with days.database.work.writing() as uow:
            result = DigestResult(taken, deferral=later, counts_as_attempt=False)
            await uow.digests.record([result], at=now)
            await uow.commit()
    ((_, state, attempts, _),) = await rows(days)
    assert (state, attempts) == ("waiting", 0)


# -- whose it is around midnight ----------------------------------------------------------------


async def two_days(days: Days) -> None:
    """A reminder on TODAY and another on the day after, for one user."""
    await days.publish(catalog(policy=Policy(reminders=ReminderPolicy(stages=(7, 3)))))
    anna = await days.client()
    await days.owns(anna, 7, name="Hosting")
    await days.owns(anna, 4, name="VPS")


async def is_in_hand(days: Days, before_midnight: timedelta) -> None:
    """A process takes the message of TODAY shortly before midnight, and has it in hand."""
    await days.tick()
    days.clock.advance(timedelta(hours=23, minutes=59) - before_midnight)
    now = days.clock.now()
    async with days.database.work.writing() as uow:
        (taken,) = await uow.digests.claim(now, lease_until=now + LEASE, limit=4)
        await uow.commit()
    assert taken.day == TODAY


async def test_a_reminder_being_sent_at_midnight_is_not_made_the_next_days(days: Days) -> None:
    await two_days(days)
    await is_in_hand(days, timedelta(minutes=1))
    days.clock.advance(timedelta(minutes=2))
    await days.actions.plan_reminders()
    assert [(day, state) for day, state, *_ in await rows(days)] == [
        (TODAY, "waiting"), (TODAY + DAY, "waiting"),
    ]  # fmt: skip


async def test_one_that_nobody_has_in_hand_any_more_becomes_the_next_days(days: Days) -> None:
    await two_days(days)
    await is_in_hand(days, LEASE)
    days.clock.advance(LEASE + timedelta(minutes=1))
    await days.actions.plan_reminders()
    assert [(day, state) for day, state, *_ in await rows(days)] == [(TODAY + DAY, "waiting")]
    await days.goes_to(ELEVEN, TODAY + DAY)
    assert days.stages() == [["3", "7"]]
