"""BILLING's rules for reminders, on a real SQLite file and with a clock that is moved."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from billing.actions.reminders import plan
from billing.ports.outside import Delivery
from billing.ports.reminders.digests import Reader
from billing.ports.reminders.items import Window
from billing.rules.cycles import BillingCycle
from billing.rules.errors import NotFoundError
from billing.rules.lease import LEASE
from billing.rules.reach import Unreachable
from billing.rules.reminders.stages import ReminderItem
from billing.rules.services.service import ServiceStatus, SuspendedFor
from billing.rules.shop.catalog import Policy
from billing.views.services import CancelWhen
from storage.errors import DatabaseError
from storage.repositories.reminders.digests import SqlDigests
from tests.billing.actions.reminders.reminding import (
    MIDNIGHT,
    WARSAW,
    Days,
    at,
    failing_once,
    open_days,
)
from tests.database import only_on_sqlite, waiting_digests
from tests.make import TODAY, catalog, owned_addon

ELEVEN, TEN = time(11), time(10)
ZONES = ["Europe/Warsaw", "Europe/Dublin", "Asia/Kathmandu", "America/New_York",
         "Pacific/Auckland", "Pacific/Pago_Pago", "Pacific/Kiritimati"]  # fmt: skip


@pytest.fixture
async def days(empty: str) -> AsyncIterator[Days]:
    async with open_days(empty) as opened:
        yield opened


# -- planned once, sent once --------------------------------------------------------------------


@pytest.mark.slow
async def test_any_number_of_ticks_plans_and_sends_once(days: Days) -> None:
    await days.owns(await days.client())
    await days.tick(times=5)
    assert (await days.states(), await days.items()) == (["waiting"], [("7", "bound")])
    await days.goes_to(ELEVEN)
    assert await days.tick(times=5) == 0
    assert days.stages() == [["7"]]
    assert await days.states() == ["sent"]


@pytest.mark.slow
async def test_ticks_at_the_same_time_plan_and_send_once(days: Days) -> None:
    for number in range(8):
        await days.owns(await days.client(f"c{number}", 100 + number))
    await asyncio.gather(*(days.actions.plan_reminders() for _ in range(5)))
    days.clock.advance(timedelta(hours=11))
    await asyncio.gather(*(days.actions.send_digests() for _ in range(9)))
    await days.tick()
    assert sorted(d.user_id for _, d in days.post.digests) == list(range(100, 108))


async def test_planning_goes_through_all_clients_and_counts_them(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "BATCH", 2)
    for number in range(5):
        await days.owns(await days.client(f"c{number}", 100 + number))
    assert await days.actions.plan_reminders() == 5
    assert await days.states() == ["waiting"] * 5
    assert await days.actions.plan_reminders() == 0


@pytest.mark.slow
async def test_processes_on_one_database_send_each_client_one_message(empty: str) -> None:
    async with open_days(empty) as one, open_days(empty) as two:
        for number in range(30):
            await one.owns(await one.client(f"c{number}", 100 + number))
        await asyncio.gather(one.tick(), two.tick())
        for process in (one, two):
            process.clock.advance(timedelta(hours=11))
        await asyncio.gather(one.tick(), two.tick())
        sent = [d.user_id for p in (one, two) for _, d in p.post.digests]
        assert sorted(sent) == list(range(100, 130))
        assert one.post.digests
        assert two.post.digests


@pytest.mark.slow
async def test_one_message_carries_everything_of_a_client(days: Days) -> None:
    anna = await days.client()
    hosting = await days.owns(anna, 3, name="Hosting")
    await days.owns(anna, 1, name="VPS")
    await days.owns(anna, -1, name="Domain")
    ssl = replace(owned_addon(parent_id=hosting.id), next_due_date=TODAY + timedelta(days=7))
    await days.owns(anna, 7, name="SSL", parent_id=ssl.parent_id, product_id="ssl")
    await days.goes_to(ELEVEN)
    (names,) = [[i.service.name for i in d.items] for _, d in days.post.digests]
    assert names == ["Domain", "VPS", "Hosting", "SSL"]
    assert days.last.items[-1].parent_name == "Hosting"


@pytest.mark.slow
async def test_every_user_of_a_client_gets_it_at_their_own_hour(days: Days) -> None:
    await days.owns(await days.client("anna", 7, 8))
    await days.actions.choose_timezone(await days.visitor(8), "America/New_York")
    await days.lives(1, every=timedelta(minutes=20))
    assert [digest.user_id for _, digest in days.post.digests] == [7, 8]
    ours, theirs = days.post.digests[0][0], days.post.digests[1][0]
    assert ours.astimezone(WARSAW).hour in (10, 11)
    assert theirs.astimezone(ZoneInfo("America/New_York")).hour in (10, 11)


@pytest.mark.slow
@only_on_sqlite
async def test_a_month_of_a_service_has_the_policys_stages(days: Days) -> None:
    await days.owns(await days.client(), 20)
    await days.lives(35, every=timedelta(hours=6))
    assert days.stages() == [["7"], ["3"], ["1"], ["0"], ["-1"], ["-3"], ["-7"]]


@pytest.mark.slow
async def test_what_is_found_after_the_message_waits_for_the_next_day(days: Days) -> None:
    anna = await days.client()
    await days.owns(anna, 7, name="First")
    await days.goes_to(ELEVEN)
    await days.owns(anna, 3, name="Later")
    async with days.database.work.writing() as uow:
        await uow.reminders.forget_plan()
        await uow.commit()
    assert await days.lives(1) == 1
    (item,) = days.last.items
    assert (item.service.name, item.stage, item.days_left) == ("Later", "3", 2)


# -- read again at the moment of sending --------------------------------------------------------


@pytest.mark.slow
async def test_a_service_renewed_meanwhile_is_not_reminded_of(days: Days) -> None:
    hosting = await days.owns(await days.client())
    await days.tick()
    await days.save(replace(hosting, next_due_date=TODAY + timedelta(days=38)))
    assert await days.lives(1) == 0
    assert await days.states() == ["void"]


@pytest.mark.slow
async def test_only_what_is_left_is_said(days: Days) -> None:
    anna = await days.client()
    renewed = await days.owns(anna, 3, name="Renewed")
    await days.owns(anna, 3, name="Still due")
    await days.tick()
    await days.save(replace(renewed, next_due_date=TODAY + timedelta(days=34)))
    await days.goes_to(ELEVEN)
    assert [item.service.name for item in days.last.items] == ["Still due"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "status", [ServiceStatus.CANCELLED, ServiceStatus.TERMINATED, ServiceStatus.FRAUD]
)
async def test_a_service_ended_meanwhile_is_not_reminded_of(
    days: Days, status: ServiceStatus
) -> None:
    hosting = await days.owns(await days.client())
    await days.tick()
    await days.save(replace(hosting, status=status))
    assert await days.lives(1) == 0


@pytest.mark.slow
async def test_a_service_being_cancelled_and_its_addons_are_not_reminded_of(days: Days) -> None:
    anna = await days.client()
    hosting = await days.owns(anna)
    await days.owns(anna, name="SSL", parent_id=hosting.id, product_id="ssl")
    await days.tick()
    await days.actions.request_cancellation(
        anna, hosting.id, when=CancelWhen.PERIOD_END, reason=""
    )
    assert await days.lives(12, every=timedelta(hours=4)) == 0
    await days.actions.withdraw_cancellation(anna, hosting.id)
    await days.lives(3, every=timedelta(hours=4))
    assert days.stages() == [["-3", "-3"], ["-7", "-7"]]


@pytest.mark.slow
async def test_a_user_who_left_the_client_meanwhile_gets_nothing(days: Days) -> None:
    anna = await days.client()
    await days.owns(anna)
    await days.tick()
    await days.actions.unlink(anna, 7)
    assert await days.lives(1) == 0
    assert await days.states() == ["void"]


@pytest.mark.slow
async def test_a_user_who_switched_reminders_off_meanwhile_gets_nothing(days: Days) -> None:
    anna = await days.client("anna", 7, 8)
    await days.owns(anna)
    await days.tick()
    await days.switches_off(anna)
    assert await days.lives(1) == 1
    assert days.last.user_id == 8


async def test_an_unpaid_proforma_is_to_be_finished(days: Days) -> None:
    anna = await days.client()
    hosting = await days.owns(anna, 3)
    await days.actions.add_renewal(anna, "pl", hosting.id)
    review = await days.actions.review_checkout(anna, "pl", use_credit=False)
    placed = await days.actions.place_order(
        anna, "pl", revision=review.quoted_cart.revision, seal=review.quoted_cart.seal,
        gateway_number=2, use_credit=False,
    )  # fmt: skip
    await days.goes_to(ELEVEN)
    (item,) = days.last.items
    assert item.invoice is not None
    assert (item.invoice.number, item.can_add) == (placed.invoice.number, False)


# -- catching up --------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(("missed_days", "stages"), [(3, [["7"]]), (4, [])])
async def test_a_missed_stage_is_caught_up_for_three_days(
    days: Days, missed_days: int, stages: list[list[str]]
) -> None:
    due = {"cycle": BillingCycle.QUARTERLY}
    await days.publish(catalog(policy=_stages(7, -7)))
    await days.owns(await days.client(), 7 - missed_days, **due)
    await days.lives(1)
    assert days.stages() == stages
    assert ("7", "bound" if stages else "skipped") in await days.items()


@pytest.mark.slow
async def test_only_the_most_urgent_of_the_missed_is_sent(days: Days) -> None:
    await days.owns(await days.client(), -1)
    await days.lives(1)
    assert days.stages() == [["-1"]]
    states = dict(await days.items())
    assert states == {"7": "skipped", "3": "skipped", "1": "skipped", "0": "skipped",
                      "-1": "bound"}  # fmt: skip


@pytest.mark.slow
async def test_going_live_with_many_overdue_services_sends_no_flood(days: Days) -> None:
    for number in range(20):
        anna = await days.client(f"c{number}", 100 + number)
        for overdue in (2, 5, 6, 30, 300):
            await days.owns(anna, -overdue, loaded_on=TODAY)
    assert await days.lives(1) == 0
    assert await days.lives(1) == 20
    assert {tuple(stages) for stages in map(tuple, days.stages())} == {("-7", "-3")}


@pytest.mark.slow
async def test_stopped_for_two_days_gives_one_message_with_the_most_urgent_stage(
    days: Days,
) -> None:
    anna = await days.client()
    await days.owns(anna, 3, name="Hosting")
    await days.owns(anna, 7, name="VPS")
    await days.tick()
    days.clock.advance(timedelta(days=2, hours=11))
    await days.tick(times=3)
    ((_, digest),) = days.post.digests
    assert [(item.service.name, item.stage) for item in digest.items] == [
        ("Hosting", "1"), ("VPS", "7")
    ]  # fmt: skip
    assert [item.days_left for item in digest.items] == [1, 5]
    assert await days.lives(1) == 1
    assert days.stages()[1:] == [["0"]]


@pytest.mark.slow
async def test_stopped_in_the_middle_of_planning_loses_nothing(days: Days) -> None:
    await days.owns(await days.client(), 3)
    async with days.database.work.writing() as uow:
        window = Window(TODAY, TODAY + timedelta(days=9))
        (found,) = await uow.reminders.candidates(window, after=None, limit=9)
        due = TODAY + timedelta(days=3)
        item = ReminderItem(found.client_id, due, "3", found.id)
        await uow.reminders.add_items({item: None}, at=MIDNIGHT)
        await uow.commit()
    await days.lives(1)
    assert days.stages() == [["3"]]


@pytest.mark.slow
async def test_stopped_for_ten_days_sends_nothing_that_is_too_old(days: Days) -> None:
    await days.owns(await days.client("anna", 7), 3)
    await days.owns(await days.client("john", 8), 20)
    await days.tick()
    days.clock.advance(timedelta(days=15, hours=11))
    await days.tick(times=3)
    assert [(digest.user_id, digest.items[0].stage) for _, digest in days.post.digests] == [
        (8, "7")
    ]
    assert await days.lives(1) == 0
    assert "void" in await days.states()


async def test_nothing_is_sent_on_a_day_that_is_not_planned_yet(days: Days) -> None:
    await days.owns(await days.client(), 3)
    await days.tick()
    days.clock.advance(timedelta(days=2, hours=11))
    assert await days.actions.send_digests() == 0
    await days.tick()
    assert days.stages() == [["1"]]


# -- hours --------------------------------------------------------------------------------------


@pytest.mark.slow
@only_on_sqlite
@pytest.mark.parametrize("zone", ZONES)
async def test_reminders_come_in_the_morning_of_the_clients_own_clock(
    days: Days, zone: str
) -> None:
    for number in range(3):
        await days.owns(await days.client(f"c{number}", 100 + number, timezone=zone), 7)
    await days.lives(2, every=timedelta(minutes=30))
    assert len(days.post.digests) == 3
    for local in days.local_times(ZoneInfo(zone)):
        assert time(9) <= local.time() < time(20)
    if zone.startswith(("Europe", "Asia", "America")):
        assert {local.hour for local in days.local_times(ZoneInfo(zone))} <= {10, 11}


async def test_dublin_gets_it_an_hour_after_warsaw_by_the_same_clock(days: Days) -> None:
    await days.owns(await days.client("w", 1))
    await days.owns(await days.client("d", 2, timezone="Europe/Dublin"))
    await days.tick()
    async with days.database.work.reading() as uow:
        moments = dict(await waiting_digests(uow))
    assert moments[1].astimezone(WARSAW).hour == 10
    assert moments[2].astimezone(ZoneInfo("Europe/Dublin")).hour == 10
    assert timedelta(0) < moments[2] - moments[1] < timedelta(hours=2)


@pytest.mark.slow
@only_on_sqlite
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
async def test_a_night_with_another_length_moves_nothing(days: Days, day: date) -> None:
    anna = await days.client()
    await days.owns(anna, (day - TODAY).days, cycle=BillingCycle.ANNUALLY)
    await days.publish(catalog(policy=_stages(1, 0, -1)))
    days.clock.advance(at(time(0, 1), day - timedelta(days=1)) - days.clock.now())
    await days.lives(3, every=timedelta(minutes=30))
    sent = days.local_times()
    assert [local.date() - day for local in sent] == [timedelta(days=n) for n in (-1, 0, 1)]
    assert {local.hour for local in sent} <= {10, 11}


@pytest.mark.slow
async def test_the_29th_of_february_is_a_day_like_any_other(days: Days) -> None:
    leap = date(2028, 2, 29)
    await days.owns(await days.client(), (leap - TODAY).days, anchor_day=31)
    days.clock.advance(at(time(0, 1), leap - timedelta(days=1)) - days.clock.now())
    await days.lives(3)
    assert days.stages() == [["1"], ["0"], ["-1"]]
    assert [local.date().day for local in days.local_times()] == [28, 29, 1]


@pytest.mark.slow
async def test_what_is_planned_late_in_the_evening_waits_for_the_morning(days: Days) -> None:
    days.clock.advance(timedelta(hours=22))
    await days.owns(await days.client(), 7)
    assert await days.tick() == 0
    await days.lives(1, every=timedelta(minutes=30))
    (local,) = days.local_times()
    assert (local.date(), local.hour) == (TODAY + timedelta(days=1), 9)


@pytest.mark.slow
async def test_quiet_hours_hold_also_when_the_process_was_away(days: Days) -> None:
    await days.owns(await days.client(), 7)
    await days.tick()
    await days.goes_to(time(23, 30))
    assert days.post.digests == []
    await days.lives(1, every=timedelta(minutes=30))
    (local,) = days.local_times()
    assert (local.date(), local.hour) == (TODAY + timedelta(days=1), 9)


@pytest.mark.slow
async def test_waiting_for_the_morning_does_not_make_two_messages_of_it(days: Days) -> None:
    anna = await days.client()
    await days.owns(anna, 7, name="Hosting")
    await days.owns(anna, 4, name="VPS", cycle=BillingCycle.MONTHLY)
    await days.publish(catalog(policy=_stages(7, 3)))
    await days.tick()
    await days.goes_to(time(23, 30))
    await days.lives(1, every=timedelta(minutes=30))
    assert days.stages() == [["3", "7"]]


@pytest.mark.slow
async def test_a_zone_changed_meanwhile_counts_when_sending(days: Days) -> None:
    await days.owns(await days.client(), 7)
    await days.tick()
    await days.actions.choose_timezone(await days.visitor(), "America/New_York")
    await days.lives(1, every=timedelta(minutes=30))
    (local,) = days.local_times(ZoneInfo("America/New_York"))
    assert local.hour == 9


@pytest.mark.slow
async def test_a_zone_that_does_not_exist_is_the_companys(days: Days) -> None:
    await days.owns(await days.client("anna", 7, timezone="Mars/Olympus"), 7)
    await days.owns(await days.client("john", 8, timezone=""), 7)
    await days.lives(1)
    assert len(days.post.digests) == 2


# -- who cannot be reached, what goes wrong -----------------------------------------------------


@pytest.mark.slow
async def test_a_user_who_blocked_the_bot_gets_nothing_until_they_return(days: Days) -> None:
    await days.owns(await days.client(), 3)
    days.post.answers = [Delivery(unreachable=Unreachable.BLOCKED)]
    assert await days.lives(2) == 0
    assert await days.states() == ["undeliverable", "undeliverable"]
    assert ("1", "undeliverable") in await days.items()
    await days.actions.note_blocked(7, blocked=False)
    await days.lives(1)
    (item,) = days.last.items
    assert (len(days.post.digests), item.days_left) == (1, 1)


async def test_nobody_linked_is_kept_as_undeliverable(days: Days) -> None:
    anna = await days.client()
    await days.actions.unlink(anna, 7)
    await days.owns(anna, 3)
    await days.tick(times=3)
    assert await days.states() == []
    assert ("3", "undeliverable") in await days.items()


async def test_trouble_on_the_way_is_tried_again_later(days: Days) -> None:
    await days.owns(await days.client(), 7)
    days.post.answers = [Delivery(retry_after=300), Delivery(retry_after=0)]
    await days.goes_to(ELEVEN)
    assert days.post.digests == []
    days.clock.advance(timedelta(minutes=4))
    assert await days.tick() == 0
    assert len(days.post.answers) == 1
    days.clock.advance(timedelta(minutes=2))
    assert await days.tick() == 0
    assert days.post.answers == []
    days.clock.advance(timedelta(minutes=5))
    assert await days.tick() == 1


@pytest.mark.slow
async def test_one_that_breaks_does_not_stop_the_others_and_is_tried_again(
    days: Days, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(6):
        await days.owns(await days.client(f"c{number}", 100 + number), 7)
    days.post.answers = [ZeroDivisionError("poison")]
    await days.goes_to(ELEVEN)
    assert len(days.post.digests) == 5
    assert "ZeroDivisionError: poison" in caplog.text
    days.clock.advance(LEASE)
    assert await days.tick() == 1


async def test_a_process_that_died_while_sending_loses_nothing(days: Days) -> None:
    await days.owns(await days.client(), 7)
    days.clock.advance(timedelta(hours=11))
    await days.actions.plan_reminders()
    now = days.clock.now()
    async with days.database.work.writing() as uow:
        await uow.digests.claim(now, lease_until=now + timedelta(minutes=1), limit=4)
        await uow.commit()
    assert await days.tick() == 0
    days.clock.advance(timedelta(minutes=1))
    assert await days.tick() == 1


@pytest.mark.slow
@pytest.mark.parametrize("broken", ["claim", "record"])
async def test_a_database_that_fails_once_makes_nobody_get_it_twice(
    days: Days, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    for number in range(8):
        await days.owns(await days.client(f"c{number}", 100 + number), 7)
    await days.actions.plan_reminders()
    days.clock.advance(timedelta(hours=11))
    # Two have arrived and are being noted down while two are still on their way.
    days.post.delays = [0, 0, 0.2, 0.2]
    with monkeypatch.context() as patched:
        patched.setattr(SqlDigests, broken, failing_once(getattr(SqlDigests, broken), broken))
        # Both are one transaction: what has arrived is noted down without the claim.
        await days.actions.send_digests()
    assert sorted(await days.states())[:2] == ["sent", "sent"]
    days.clock.advance(LEASE)
    await days.tick()
    assert sorted(d.user_id for _, d in days.post.digests) == list(range(100, 108))


async def test_a_reminder_that_cannot_be_read_because_the_database_is_away_comes_later(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any, **__: Any) -> Any:
        raise DatabaseError("the server was stopped")

    await days.owns(await days.client(), 7)
    await days.actions.plan_reminders()
    days.clock.advance(timedelta(hours=11))
    with monkeypatch.context() as patched:
        patched.setattr(SqlDigests, "readers", away)
        with pytest.raises(DatabaseError):
            await days.actions.send_digests()
    days.clock.advance(LEASE)
    await days.tick()
    assert len(days.post.digests) == 1


async def test_a_process_that_stood_still_sends_nothing_that_is_anothers_by_now(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    await days.owns(await days.client(), 7)
    await days.goes_to(time(9))
    days.clock.advance(timedelta(hours=2))
    read = SqlDigests.readers

    async def late(self: SqlDigests, digest_ids: Collection[int]) -> Mapping[int, Reader]:
        days.clock.advance(LEASE)
        return await read(self, digest_ids)

    with monkeypatch.context() as patched:
        patched.setattr(SqlDigests, "readers", late)
        # It looks again as soon as it has given up what it held.
        sending = days.actions.send_digests(iter([True, False]).__next__)
        assert await sending == 1
    assert days.post.digests == []
    assert await days.tick() == 1


@pytest.mark.slow
async def test_what_cannot_be_read_holds_up_nobody_else(days: Days) -> None:
    for number in range(8):
        client = await days.client(f"c{number}", 100 + number)
        await days.owns(client, 7)
        if number == 5:
            service = await days.owns(client, 7)
            await days.actions.add_renewal(client, "en", service.id)
    await days.actions.plan_reminders()
    junk = (
        'UPDATE links SET preferences = \'{"kinds_off": ["sms"]}\' WHERE user_id = 103',
        'UPDATE digests SET deferrals = \'[{"reason": "eclipse"}]\' WHERE user_id = 104',
        'UPDATE carts SET lines = \'[{"kind": "lease"}]\'',
    )
    async with days.database.engines.writer.begin() as connection:
        for statement in junk:
            await connection.execute(text(statement))
    days.clock.advance(timedelta(hours=11))
    await days.tick()
    reached = [number for number in range(100, 108) if number != 105]
    assert sorted(digest.user_id for _, digest in days.post.digests) == reached
    assert (await days.states()).count("waiting") == 1


# -- looking ahead ------------------------------------------------------------------------------


@pytest.mark.slow
@only_on_sqlite
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("is_planned", [True, False])
async def test_what_is_foreseen_is_what_is_then_sent(
    days: Days, zone: str, is_planned: bool
) -> None:
    await days.owns(await days.client("anna", 7, timezone=zone), 9)
    await days.owns(await days.client("john", 8, timezone=zone), 12)
    for _ in range(4):
        if is_planned:
            await days.tick()
        moment = await days.actions.next_reminder()
        assert moment is not None
        assert moment >= days.clock.now()
        days.clock.advance(moment - days.clock.now() - timedelta(seconds=1))
        assert await days.tick() == 0
        days.clock.advance(timedelta(seconds=1))
        assert await days.tick() >= 1


async def test_nothing_is_foreseen_of_what_will_not_be_sent(days: Days) -> None:
    anna, john = await days.client("anna", 7), await days.client("john", 8)
    renewed = await days.owns(anna, 3)
    await days.owns(john, 5)
    await days.tick()
    await days.save(replace(renewed, next_due_date=None, status=ServiceStatus.CANCELLED))
    await days.switches_off(john, 8)
    assert await days.actions.next_reminder() is None


# -- redrawn after a tap ------------------------------------------------------------------------


async def test_adding_from_a_digest_fills_the_cart_and_taking_out_empties_it(days: Days) -> None:
    anna = await days.client()
    first = await days.owns(anna, 3, name="First")
    await days.owns(anna, 7, name="Second")
    await days.goes_to(ELEVEN)
    visitor, sent = await days.visitor(), days.last
    one = await days.actions.add_from_digest(visitor, anna, sent.id, "pl", service_id=first.id)
    assert [item.in_cart for item in one.items] == [True, False]
    every = await days.actions.add_from_digest(visitor, anna, sent.id, "pl")
    assert (every.cart_lines, every.to_add) == (2, 0)
    fewer = await days.actions.remove_from_digest(
        visitor, anna, sent.id, "pl", service_id=first.id
    )
    assert [item.in_cart for item in fewer.items] == [False, True]
    assert await days.actions.show_digest(visitor, anna, None, "pl") == fewer


async def test_adding_all_of_a_digest_leaves_out_what_cannot_be_renewed(days: Days) -> None:
    anna = await days.client()
    first = await days.owns(anna, 3, name="First")
    abuse = await days.owns(anna, 3, name="Abuse")
    leaving = await days.owns(anna, 3, name="Leaving")
    last = await days.owns(anna, 3, name="Last")
    await days.goes_to(ELEVEN)
    suspended, why = ServiceStatus.SUSPENDED, SuspendedFor.ABUSE
    await days.save(replace(abuse, status=suspended, suspended_for=why))
    await days.actions.request_cancellation(anna, leaving.id, when=CancelWhen.NOW, reason="")
    visitor, sent = await days.visitor(), days.last
    shown = await days.actions.show_digest(visitor, anna, sent.id, "pl")
    assert shown.to_add == 2
    every = await days.actions.add_from_digest(visitor, anna, sent.id, "pl")
    assert {item.service.id for item in every.items if item.in_cart} == {first.id, last.id}
    assert every.to_add == 0
    cart = (await days.actions.show_cart(anna, "pl")).cart
    assert {line.service_id for line in cart.lines} == {first.id, last.id}


async def test_a_digest_says_what_was_renewed_since(days: Days) -> None:
    anna = await days.client()
    hosting = await days.owns(anna, 3)
    await days.goes_to(ELEVEN)
    await days.save(replace(hosting, next_due_date=TODAY + timedelta(days=34)))
    (item,) = (await days.actions.show_digest(await days.visitor(), anna, None, "pl")).items
    assert (item.done, item.is_renewed, item.can_add) == (True, True, False)
    again = await days.actions.add_from_digest(await days.visitor(), anna, days.last.id, "pl")
    assert again.cart_lines == 0


@pytest.mark.slow
async def test_a_digest_is_nobody_elses(days: Days) -> None:
    anna, john = await days.client("anna", 7), await days.client("john", 8)
    hosting = await days.owns(anna, 3)
    await days.goes_to(ELEVEN)
    digest = days.last.id
    for visitor, client in ((await days.visitor(8), john), (await days.visitor(8), anna)):
        with pytest.raises(NotFoundError):
            await days.actions.show_digest(visitor, client, digest, "pl")
        with pytest.raises(NotFoundError):
            await days.actions.add_from_digest(
                visitor, client, digest, "pl", service_id=hosting.id
            )
    assert (await days.actions.show_cart(anna, "pl")).cart.lines == ()


def _stages(*stages: int) -> Policy:
    policy = Policy()
    return replace(policy, reminders=replace(policy.reminders, stages=stages))
