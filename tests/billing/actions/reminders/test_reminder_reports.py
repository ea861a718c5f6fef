"""What the operator is told of reminders: whom nothing reaches, and what became of each."""

from collections.abc import AsyncIterator
from datetime import time, timedelta

import pytest

from billing.ports.outside import Delivery
from billing.rules.cycles import BillingCycle
from billing.rules.errors import NotFoundError
from billing.rules.reach import Unreachable
from billing.rules.reminders.stages import ReminderReason
from billing.views.reminders.reports import ServiceLog, UnreachableClient
from billing.views.services import CancelWhen
from tests.billing.actions.reminders.reminding import Days, at, open_days
from tests.make import TODAY, money

DAY = timedelta(days=1)


@pytest.fixture
async def days(empty: str) -> AsyncIterator[Days]:
    async with open_days(empty) as opened:
        yield opened


async def unreachable(days: Days) -> list[UnreachableClient]:
    return [one async for one in days.actions.list_unreachable()]


# -- whom nothing reaches -----------------------------------------------------------------------


async def test_clients_without_a_reader_are_told_of_with_what_is_at_risk(days: Days) -> None:
    await days.owns(await days.client("anna", 7), 3)
    await days.owns(await days.client("ben", 8), 3)
    await days.actions.note_blocked(8, blocked=True)
    euros = {"currency": "EUR", "tax_rate": 0, "credit": money("0", "EUR")}
    carla = await days.client("carla", 9, **euros)
    for due, amount in ((7, "10.00"), (-1, "2.50"), (7, "0.10")):
        asked = money(amount, "EUR")
        await days.owns(carla, due, amount=asked, first_amount=asked)
    async with days.database.work.writing() as uow:
        await uow.users.unlink(9, carla.id)
        await uow.commit()
    found = await unreachable(days)
    assert [
        (one.ref, one.reason, one.services, one.nearest, one.at_risk.whole) for one in found
    ] == [
        ("carla", ReminderReason.NOBODY_LINKED, 3, TODAY - DAY, money("12.60", "EUR")),
        ("ben", ReminderReason.BLOCKED, 1, TODAY + 3 * DAY, money("35.67")),
    ]


async def test_one_reader_is_enough(days: Days) -> None:
    await days.owns(await days.client("anna", 7, 8), 3)
    await days.actions.note_blocked(8, blocked=True)
    assert await unreachable(days) == []
    await days.actions.note_blocked(7, blocked=True)
    assert len(await unreachable(days)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("why", list(Unreachable))
async def test_why_nothing_reaches_a_client_is_told(days: Days, why: Unreachable) -> None:
    await days.owns(await days.client(), 7)
    days.post.answers.append(Delivery(unreachable=why))
    await days.goes_to(time(11))
    (one,) = await unreachable(days)
    assert one.reason == ReminderReason(why)


async def test_the_report_names_the_user_who_is_easiest_to_reach(days: Days) -> None:
    await days.owns(await days.client("anna", 7, 8, 9), 3)
    async with days.database.work.writing() as uow:
        await uow.users.set_unreachable(7, Unreachable.DEACTIVATED)
        await uow.users.set_unreachable(8, Unreachable.NEVER_STARTED)
        await uow.users.set_unreachable(9, Unreachable.BLOCKED)
        await uow.commit()
    (one,) = await unreachable(days)
    assert one.reason is ReminderReason.NEVER_STARTED


@pytest.mark.slow
async def test_what_is_far_off_long_ago_or_being_cancelled_is_not_at_risk(days: Days) -> None:
    anna = await days.client()
    for due in (31, -11):
        await days.owns(anna, due, cycle=BillingCycle.ANNUALLY)
    hosting = await days.owns(anna, 7)
    await days.owns(anna, 7, parent_id=hosting.id, product_id="ssl")
    await days.actions.note_blocked(7, blocked=True)
    assert [one.services for one in await unreachable(days)] == [2]
    await days.actions.request_cancellation(
        anna, hosting.id, when=CancelWhen.PERIOD_END, reason=""
    )
    assert await unreachable(days) == []


async def test_each_client_is_told_of_once_however_many_pages_there_are(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("billing.actions.reminders.reports.BATCH", 2)
    for number in range(3):
        client = await days.client(f"c{number}", 100 + number)
        for due in (1, 2, 3 + number):
            await days.owns(client, due)
        await days.actions.note_blocked(100 + number, blocked=True)
    found = await unreachable(days)
    assert [(one.ref, one.services) for one in found] == [("c0", 3), ("c1", 3), ("c2", 3)]


# -- the log of a service -----------------------------------------------------------------------


async def log(days: Days, name: str) -> ServiceLog:
    return await days.actions.read_reminder_log(name)


@pytest.mark.slow
async def test_the_log_tells_what_became_of_each_reminder(days: Days) -> None:
    hosting = await days.owns(await days.client(), 7)
    days.post.answers.append(Delivery(retry_after=1800))
    await days.goes_to(time(11))
    await days.goes_to(time(12))
    told = await log(days, str(hosting.id))
    assert (told.service.id, told.client.ref) == (hosting.id, "anna")
    (item,) = told.items
    (sending,) = item.sendings
    assert (item.stage, sending.user_id, sending.message_id) == ("7", 7, 1)
    ((put_off, until, why),) = sending.deferrals
    assert (put_off, why) == (at(time(11)), ReminderReason.ASKED_TO_WAIT)
    assert sending.until == until == at(time(11, 30))
    assert sending.finished_at == at(time(12))


async def test_a_service_is_named_by_the_companys_id_and_by_ours_if_it_has_none(
    days: Days,
) -> None:
    anna = await days.client()
    ordered = await days.owns(anna, 7)
    loaded = await days.owns(anna, 7, ref=str(ordered.id + 100))
    assert (await log(days, str(ordered.id))).service.id == ordered.id
    assert (await log(days, loaded.ref)).service.id == loaded.id
    assert (await log(days, loaded.ref)).items == ()
    for name in ("", "nothing", str(loaded.id), "9" * 60, "²"):
        with pytest.raises(NotFoundError):
            await log(days, name)
