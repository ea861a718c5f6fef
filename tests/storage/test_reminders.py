import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from billing.ports.reminders.digests import Contents, Deferral, DigestResult, DueDigest
from billing.ports.reminders.items import DueService, NewDigest, Recipient, Window
from billing.rules.payments.invoices import InvoiceLine, Outcome
from billing.rules.reach import Unreachable
from billing.rules.reminders.preferences import ReminderPreferences
from billing.rules.reminders.stages import ReminderItem, ReminderReason
from billing.rules.services.service import Service, ServiceStatus, SuspendedFor
from billing.views.services import CancelWhen
from storage.database import Database
from tests.database import waiting_digests
from tests.make import NOW, TODAY, invoice, owned_addon, quote, service
from tests.storage.company import add_client, add_services

DUE = TODAY + timedelta(days=12)
MORNING = NOW + timedelta(hours=1)


SKIPPED = ReminderReason.TOO_LATE


def item(of: Service, stage: str = "14") -> ReminderItem:
    assert of.next_due_date is not None
    return ReminderItem(of.client_id, of.next_due_date, stage, of.id)


async def anna_with(database: Database, many: int = 1) -> tuple[int, tuple[Service, ...]]:
    anna = await add_client(database, telegram_ids=(7,))
    ids = await add_services(database, *(service(client_id=anna) for _ in range(many)))
    return anna, tuple(service(client_id=anna, id=number) for number in ids)


async def plan(
    database: Database,
    items: Sequence[ReminderItem],
    *readers: tuple[int, int],
    skipped: Sequence[ReminderItem] = (),
    day: date = TODAY,
) -> None:
    """Add items, and a digest of all that waits for each client and user."""
    planned = dict.fromkeys(items) | dict.fromkeys(skipped, SKIPPED)
    async with database.work.writing() as uow:
        await uow.reminders.add_items(planned, at=NOW)
        waiting = await uow.reminders.waiting_items([client for client, _ in readers])
        made = [
            NewDigest(
                client, user, MORNING, tuple(i.id for i in waiting if i.item.client_id == client)
            )
            for client, user in readers
        ]
        await uow.reminders.add_digests(made, day=day, at=NOW)
        await uow.commit()


async def read(database: Database, client: int, digest: int, user: int, *also: int) -> Contents:
    async with database.work.reading() as uow:
        return await uow.digests.contents([(digest, client, user)], also=also)


async def finish(database: Database, digest: DueDigest, **changes: Any) -> None:
    async with database.work.writing() as uow:
        await uow.digests.record([DigestResult(digest, **changes)], at=MORNING)
        await uow.commit()


def put_off(minutes: int) -> Deferral:
    return Deferral(NOW, NOW + timedelta(minutes=minutes), ReminderReason.QUIET_HOURS)


async def claim(database: Database, minutes: int = 60, limit: int = 9) -> tuple[DueDigest, ...]:
    now = NOW + timedelta(minutes=minutes)
    async with database.work.writing() as uow:
        found = await uow.digests.claim(now, lease_until=now + timedelta(minutes=1), limit=limit)
        await uow.commit()
    return found


async def test_a_day_is_planned_until_the_plan_is_forgotten(database: Database) -> None:
    async with database.work.writing() as uow:
        assert not await uow.reminders.is_planned(TODAY)
        await uow.reminders.mark_planned(TODAY)
        assert await uow.reminders.is_planned(TODAY)
        assert not await uow.reminders.is_planned(TODAY + timedelta(days=1))
        await uow.reminders.mark_planned(TODAY + timedelta(days=1))
        assert not await uow.reminders.is_planned(TODAY)
        await uow.reminders.forget_plan()
        assert not await uow.reminders.is_planned(TODAY + timedelta(days=1))


async def test_candidates_are_owed_and_due_in_the_window_and_come_in_pages(
    database: Database,
) -> None:
    anna = await add_client(database)
    ids = await add_services(
        database,
        service(client_id=anna, next_due_date=DUE),
        service(client_id=anna, next_due_date=TODAY),
        service(client_id=anna, next_due_date=TODAY - timedelta(days=1)),
        service(client_id=anna, next_due_date=DUE),
        service(client_id=anna, next_due_date=DUE + timedelta(days=1)),
        service(
            client_id=anna, next_due_date=DUE, status=ServiceStatus.SUSPENDED,
            suspended_for=SuspendedFor.ABUSE,
        ),
        service(client_id=anna, next_due_date=DUE, status=ServiceStatus.SUSPENDED),
    )  # fmt: skip
    found: list[int] = []
    last: DueService | None = None
    async with database.work.reading() as uow:
        while page := await uow.reminders.candidates(Window(TODAY, DUE), after=last, limit=2):
            found += [each.id for each in page]
            last = page[-1]
    assert found == [ids[1], ids[0], ids[3], ids[6]]


async def test_services_that_are_being_cancelled_are_known_with_their_addons(
    database: Database,
) -> None:
    anna = await add_client(database)
    one, two = await add_services(database, service(client_id=anna), service(client_id=anna))
    (addon,) = await add_services(database, owned_addon(client_id=anna, parent_id=one))
    async with database.work.writing() as uow:
        await uow.cancellations.add(
            anna, one, when=CancelWhen.NOW, reason="", at=NOW, effective_on=None
        )
        found = await uow.reminders.cancelling([one, two, addon])
    assert {owed.service.id: owed.ends_on for owed in found} == {one: None, addon: None}
    assert all(owed.cancelling for owed in found)


async def test_an_add_on_is_known_to_end_with_the_period_of_its_service(
    database: Database,
) -> None:
    anna = await add_client(database)
    (one,) = await add_services(database, service(client_id=anna))
    own, kept = await add_services(
        database, *(owned_addon(client_id=anna, parent_id=one) for _ in range(2))
    )
    async with database.work.writing() as uow:
        for number in (one, own):
            await uow.cancellations.add(
                anna, number, when=CancelWhen.PERIOD_END, reason="", at=NOW, effective_on=DUE
            )
        found = await uow.reminders.cancelling([one, own, kept])
        owned = {o.service.id: (o.cancellation_open, o.ends_on)
                 for o in await uow.services.live(anna)}  # fmt: skip
    assert {owed.service.id: owed.ends_on for owed in found} == {one: None, own: None, kept: DUE}
    assert owned == {one: (True, DUE), own: (True, DUE), kept: (False, None)}


async def test_an_item_exists_once_per_service_due_date_and_stage(database: Database) -> None:
    _, (first, second) = await anna_with(database, 2)
    await plan(database, [item(first), item(first, "7")], skipped=[item(second)])
    await plan(database, [item(first), item(second), item(second)])
    async with database.work.reading() as uow:
        known = await uow.reminders.find_existing([item(first), item(second)])
        assert await uow.reminders.find_existing([]) == frozenset()
    assert known == {item(first), item(first, "7"), item(second)}
    assert {one.client_id for one in known} == {first.client_id}


async def test_a_client_waits_until_they_have_a_digest_of_the_day(database: Database) -> None:
    anna, (first, second) = await anna_with(database, 2)
    await plan(database, [item(first)], skipped=[item(second)])
    assert await waiting_clients(database) == (anna,)
    await plan(database, [], (anna, 7))
    assert await waiting_clients(database) == ()
    await plan(database, [item(second, "7")])
    assert await waiting_clients(database) == ()
    assert await waiting_clients(database, TODAY + timedelta(days=1)) == (anna,)


async def waiting_clients(database: Database, day: date = TODAY) -> tuple[int, ...]:
    async with database.work.reading() as uow:
        return await uow.reminders.clients_waiting(day, limit=9)


async def test_recipients_come_with_their_wishes_their_zone_and_whether_they_can_be_reached(
    database: Database,
) -> None:
    anna = await add_client(database, "anna", telegram_ids=(7, 8, 9))
    firm = await add_client(database, "firm", telegram_ids=(9,))
    late = ReminderPreferences(on=False, hour=18)
    async with database.work.writing() as uow:
        await uow.preferences.save(7, anna, late)
        await uow.users.set_unreachable(8, Unreachable.BLOCKED)
        await uow.users.set_timezone(9, "Asia/Kathmandu")
        assert await uow.reminders.recipients([anna, firm]) == (
            Recipient(anna, 7, "Europe/Warsaw", late),
            Recipient(anna, 8, "Europe/Warsaw", unreachable=Unreachable.BLOCKED),
            Recipient(anna, 9, "Asia/Kathmandu"),
            Recipient(firm, 9, "Asia/Kathmandu"),
        )


async def test_every_user_gets_every_item_in_one_digest(database: Database) -> None:
    anna, (first, second) = await anna_with(database, 2)
    await plan(database, [item(first), item(second)], (anna, 7), (anna, 8))
    await plan(database, [], (anna, 7), (anna, 8))
    digests = await claim(database)
    assert [(d.user_id, d.day, d.attempts) for d in digests] == [(7, TODAY, 1), (8, TODAY, 1)]
    for digest in digests:
        found = (await read(database, anna, digest.id, digest.user_id)).entries
        assert [one.owned_service.service.id for one in found if one.owned_service] == [
            first.id,
            second.id,
        ]
        assert [one.item for one in found] == [item(first), item(second)]
    assert await read(database, anna, digests[0].id, 8) == Contents((), ())


async def test_digests_are_read_together_as_each_alone(database: Database) -> None:
    anna, (first,) = await anna_with(database)
    john = await add_client(database, "john", telegram_ids=(8,))
    (his,) = await add_services(database, service(client_id=john))
    items = [item(first), item(service(id=his, client_id=john))]
    await plan(database, items, (anna, 7), (anna, 8), (john, 8))
    asked = [(d.id, d.client_id, d.user_id) for d in await claim(database)]
    async with database.work.reading() as uow:
        together = await uow.digests.contents(asked)
        alone = [await uow.digests.contents([one]) for one in asked]
        readers = await uow.digests.readers([number for number, *_ in asked])
    assert together.entries == tuple(one for found in alone for one in found.entries)
    assert [o.service.id for o in together.own_services] == [first.id, his]
    assert [(r.user_id, r.client.id) for r in readers.values()] == [
        (7, anna), (8, anna), (8, john),
    ]  # fmt: skip
    # Nobody has linked user 8 to Anna's account and may not read it.
    assert [r.preferences is None for r in readers.values()] == [False, True, False]


async def test_items_are_read_with_their_services_as_they_are_now(database: Database) -> None:
    anna, (first,) = await anna_with(database)
    await plan(database, [item(first)], (anna, 7))
    renewed = service(id=first.id, client_id=anna, next_due_date=DUE + timedelta(days=31))
    async with database.work.writing() as uow:
        await uow.services.save([renewed])
        await uow.commit()
    (found,) = (await read(database, anna, 1, 7)).entries
    assert found.owned_service is not None
    assert (found.owned_service.service.next_due_date, found.item.due_date) == (
        renewed.next_due_date,
        DUE,
    )


async def test_a_digest_is_read_with_what_else_matters_to_it(database: Database) -> None:
    anna, (first, other, _) = await anna_with(database, 3)
    (ssl,) = await add_services(database, owned_addon(client_id=anna, parent_id=first.id))
    john = await add_client(database, "john", telegram_ids=(8,))
    (foreign,) = await add_services(database, service(client_id=john))
    await plan(database, [item(first)], (anna, 7))
    found = await read(database, anna, 1, 7, other.id, foreign)
    assert [o.service.id for o in found.own_services] == [first.id, other.id, ssl]
    assert [(one.item_id, one.item.stage) for one in found.entries] == [(1, "14")]
    assert await read(database, john, 1, 7) == Contents((), ())


async def test_a_digest_waits_for_its_time_and_is_sent_once(database: Database) -> None:
    anna, (first,) = await anna_with(database)
    await plan(database, [item(first)], (anna, 7))
    async with database.work.reading() as uow:
        ((_, due_at),) = await waiting_digests(uow)
    assert due_at == MORNING
    assert await claim(database, minutes=59) == ()
    (digest,) = await claim(database)
    assert await claim(database) == ()
    (again,) = await claim(database, minutes=61)
    assert (again.id, again.attempts) == (digest.id, 2)
    await finish(database, again, deferral=put_off(90))
    assert await claim(database, minutes=89) == ()
    (last,) = await claim(database, minutes=90)
    assert (last.attempts, last.deferrals) == (3, (put_off(90),))
    await finish(database, last, status="sent", message_id=5)
    assert await claim(database, minutes=999) == ()
    async with database.work.reading() as uow:
        assert await waiting_digests(uow) == []
        assert await uow.digests.latest(anna, 7) == digest.id
        assert await uow.digests.latest(anna, 8) is None


@pytest.mark.slow
async def test_waiting_for_the_right_hour_does_not_count_as_an_attempt(database: Database) -> None:
    anna, (first,) = await anna_with(database)
    await plan(database, [item(first)], (anna, 7))
    (digest,) = await claim(database)
    await finish(database, digest, deferral=put_off(90), counts_as_attempt=False)
    assert await claim(database, minutes=89) == ()
    assert await claim(database, minutes=90) == (replace(digest, deferrals=(put_off(90),)),)


async def test_unsent_digests_of_earlier_days_become_one_of_today(database: Database) -> None:
    anna, services = await anna_with(database, 3)
    for days, of in zip((2, 1), services, strict=False):
        await plan(database, [item(of)], (anna, 7), day=TODAY - timedelta(days=days))
    async with database.work.writing() as uow:
        until = NOW + timedelta(minutes=1)
        await uow.digests.adopt_unsent([anna], day=TODAY, now=NOW, lease_until=until)
        await uow.commit()
    await plan(database, [item(services[2])], (anna, 7))
    (digest,) = await claim(database)
    assert digest.day == TODAY
    assert len((await read(database, anna, digest.id, 7)).entries) == 3


async def test_a_claimed_digest_is_left_to_its_process(database: Database) -> None:
    anna, (first,) = await anna_with(database)
    await plan(database, [item(first)], (anna, 7))
    (digest,) = await claim(database)
    now, tomorrow = MORNING + timedelta(seconds=30), TODAY + timedelta(days=1)
    async with database.work.writing() as uow:
        until = now + timedelta(minutes=1)
        await uow.digests.adopt_unsent([anna], day=tomorrow, now=now, lease_until=until)
        await uow.commit()
    assert await claim(database, minutes=61) == (replace(digest, attempts=2),)


async def test_a_sent_digest_takes_no_more_items(database: Database) -> None:
    anna, (first, second) = await anna_with(database, 2)
    await plan(database, [item(first)], (anna, 7))
    (digest,) = await claim(database)
    await finish(database, digest, status="sent", message_id=5)
    await plan(database, [item(second)], (anna, 7))
    assert len((await read(database, anna, digest.id, 7)).entries) == 1
    assert await waiting_clients(database, TODAY + timedelta(days=1)) == (anna,)


async def test_only_the_bot_that_sent_it_speaks_of_a_digests_message(database: Database) -> None:
    anna, (first,) = await anna_with(database)
    await plan(database, [item(first)], (anna, 7))
    one, other = (Database(database.engines, bot_id=bot) for bot in (1, 2))
    (digest,) = await claim(one)
    await finish(one, digest, status="sent", message_id=5)
    line = InvoiceLine(1, quote(), outcome=Outcome.RENEWED, service_id=first.id)
    paid = invoice(lines=(line,))
    for bot, messages in ((one, [5]), (other, [])):
        async with bot.work.reading() as uow:
            sent = await uow.digests.sent_about(
                anna, 7, paid.renewed, paid.id, since=TODAY, limit=9
            )
        assert list(sent.values()) == messages


async def test_what_nobody_is_sent_waits_no_longer_and_says_why(database: Database) -> None:
    anna, (first, second) = await anna_with(database, 2)
    await plan(database, [item(first), item(second)])
    async with database.work.writing() as uow:
        one, two = await uow.reminders.waiting_items([anna])
        await uow.reminders.leave_out([one.id], ReminderReason.PAUSED)
        await uow.reminders.leave_out([two.id], ReminderReason.NOBODY_LINKED, undeliverable=True)
        await uow.reminders.leave_out([], ReminderReason.PAUSED)
        await uow.commit()
    assert await waiting_clients(database) == ()
    async with database.work.reading() as uow:
        histories = [await uow.reminder_reports.history(s.id, limit=9) for s in (first, second)]
    assert [(h.state, h.reason) for (h,) in histories] == [
        ("skipped", ReminderReason.PAUSED), ("undeliverable", ReminderReason.NOBODY_LINKED),
    ]  # fmt: skip


async def test_what_was_not_delivered_waits_again_when_the_user_is_back(
    database: Database,
) -> None:
    anna, services = await anna_with(database, 3)
    for days, of in zip((2, 1), services, strict=False):
        await plan(database, [item(of)], (anna, 7), day=TODAY - timedelta(days=days))
    for digest in await claim(database):
        await finish(database, digest, status="undeliverable", reason=ReminderReason.BLOCKED)
    async with database.work.writing() as uow:
        since = TODAY - timedelta(days=3)
        for _ in "ab":
            await uow.digests.revive(7, since=since, day=TODAY, now=NOW)
        await uow.commit()
    (digest,) = await claim(database)
    assert (digest.day, digest.attempts) == (TODAY, 1)
    assert len((await read(database, anna, digest.id, 7)).entries) == 2


async def test_old_digests_and_items_are_forgotten(database: Database) -> None:
    anna, (first, second) = await anna_with(database, 2)
    await plan(database, [item(first), item(second)], (anna, 7))
    (digest,) = await claim(database)
    await finish(database, digest, status="sent", message_id=5)
    long_after = DUE + timedelta(days=400)
    async with database.work.writing() as uow:
        assert await uow.reminders.prune(before=long_after, limit=9) == 0
        assert await uow.digests.prune(before=NOW, limit=9) == 0
        assert await uow.digests.prune(before=NOW + timedelta(days=400), limit=9) == 1
        assert await uow.reminders.prune(before=DUE, limit=9) == 0
        assert await uow.reminders.prune(before=long_after, limit=1) == 1
        assert await uow.reminders.prune(before=long_after, limit=9) == 1


async def test_many_who_plan_and_claim_at_once_make_one_digest_each(database: Database) -> None:
    clients = [await add_client(database, f"c{number}") for number in range(10)]
    ids = await add_services(database, *(service(client_id=client_id) for client_id in clients))
    items = [item(service(id=i, client_id=c)) for i, c in zip(ids, clients, strict=True)]
    who = [(client_id, 7) for client_id in clients]
    other = await Database.open(str(database.engines.url), migrate=False)
    await asyncio.gather(*(plan(mine, items, *who) for mine in (database, other) for _ in "ab"))
    claimed = await asyncio.gather(
        *(claim(mine, limit=3) for mine in (database, other) for _ in "abc")
    )
    await other.close()
    assert sorted(d.client_id for batch in claimed for d in batch) == clients
