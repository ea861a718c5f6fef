import asyncio
from collections.abc import Sequence
from datetime import timedelta

from billing.ports.reminders import DueDigest, PlannedItem, Recipient
from billing.rules.services import Service, ServiceStatus, SuspendedFor
from billing.views.services import CancelWhen
from storage.database import Database
from tests.make import NOW, TODAY, owned_addon, service
from tests.storage.company import add_client, add_services

DUE = TODAY + timedelta(days=12)
MORNING = NOW + timedelta(hours=1)


def item(of: Service, stage: str = "14", *, skipped: bool = False) -> PlannedItem:
    assert of.next_due_date is not None
    return PlannedItem(of.id, of.client_id, of.next_due_date, stage, skipped)


async def anna_with(database: Database, many: int = 1) -> tuple[int, tuple[Service, ...]]:
    anna = await add_client(database, telegram_ids=(7,))
    ids = await add_services(database, *(service(client_id=anna) for _ in range(many)))
    return anna, tuple(service(client_id=anna, id=number) for number in ids)


async def plan(database: Database, items: Sequence[PlannedItem], *recipients: Recipient) -> None:
    async with database.work.writing() as uow:
        await uow.reminders.add_items(items, at=NOW)
        await uow.reminders.add_digests([(r, MORNING) for r in recipients], day=TODAY, at=NOW)
        await uow.commit()


async def claim(database: Database, minutes: int = 60, limit: int = 9) -> tuple[DueDigest, ...]:
    now = NOW + timedelta(minutes=minutes)
    async with database.work.writing() as uow:
        found = await uow.reminders.claim(now, lease_until=now + timedelta(minutes=1), limit=limit)
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
    last: Service | None = None
    async with database.work.reading() as uow:
        while page := await uow.reminders.candidates(
            earliest=TODAY, latest=DUE, after=last, limit=2
        ):
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
        assert await uow.reminders.opens_on([one, two, addon]) == {one, addon}


async def test_an_item_exists_once_per_service_due_date_and_stage(database: Database) -> None:
    _, (first, second) = await anna_with(database, 2)
    await plan(database, [item(first), item(first, "7"), item(second, skipped=True)])
    await plan(database, [item(first), item(second), item(second)])
    async with database.work.reading() as uow:
        known = await uow.reminders.known_stages([first, second])
        assert await uow.reminders.known_stages([]) == frozenset()
    assert known == {(first.id, DUE, "14"), (first.id, DUE, "7"), (second.id, DUE, "14")}


async def test_a_client_waits_until_he_has_a_digest_of_the_day(database: Database) -> None:
    anna, (first, second) = await anna_with(database, 2)
    await plan(database, [item(first), item(second, skipped=True)])
    async with database.work.writing() as uow:
        assert await uow.reminders.clients_waiting(TODAY, limit=9) == (anna,)
        (recipient,) = await uow.reminders.recipients([anna])
        assert recipient == Recipient(anna, 7, "Europe/Warsaw")
        await uow.reminders.add_digests([(recipient, MORNING)], day=TODAY, at=NOW)
        assert await uow.reminders.clients_waiting(TODAY, limit=9) == ()
        await uow.commit()
    await plan(database, [item(second, "7")])
    async with database.work.reading() as uow:
        assert await uow.reminders.clients_waiting(TODAY, limit=9) == ()
        tomorrow = TODAY + timedelta(days=1)
        assert await uow.reminders.clients_waiting(tomorrow, limit=9) == (anna,)


async def test_recipients_want_reminders_and_have_not_blocked_the_bot(
    database: Database,
) -> None:
    anna = await add_client(database, "anna", telegram_ids=(7, 8, 9))
    firm = await add_client(database, "firm", telegram_ids=(9,))
    async with database.work.writing() as uow:
        await uow.users.set_reminders(7, anna, on=False)
        await uow.users.set_blocked(8, blocked=True)
        await uow.users.set_timezone(9, "Asia/Kathmandu")
        assert await uow.reminders.recipients([anna, firm]) == (
            Recipient(anna, 9, "Asia/Kathmandu"),
            Recipient(firm, 9, "Asia/Kathmandu"),
        )


async def test_every_user_gets_every_item_in_one_digest(database: Database) -> None:
    anna, (first, second) = await anna_with(database, 2)
    users = [Recipient(anna, 7, "UTC"), Recipient(anna, 8, "UTC")]
    await plan(database, [item(first), item(second)], *users)
    await plan(database, [], *users)
    digests = await claim(database)
    assert [(d.user_id, d.day, d.attempts) for d in digests] == [(7, TODAY, 1), (8, TODAY, 1)]
    async with database.work.reading() as uow:
        for digest in digests:
            found = await uow.reminders.items_of(anna, digest.id, digest.user_id)
            assert [(of.service.id, due, stage) for of, due, stage in found] == [
                (first.id, DUE, "14"), (second.id, DUE, "14"),
            ]  # fmt: skip
        assert await uow.reminders.items_of(anna, digests[0].id, 8) == ()


async def test_items_are_read_with_their_services_as_they_are_now(database: Database) -> None:
    anna, (first,) = await anna_with(database)
    await plan(database, [item(first)], Recipient(anna, 7, "UTC"))
    renewed = service(id=first.id, client_id=anna, next_due_date=DUE + timedelta(days=31))
    async with database.work.writing() as uow:
        await uow.services.save([renewed])
        (found,) = await uow.reminders.items_of(1, 1, 7)
    assert (found[0].service.next_due_date, found[1]) == (renewed.next_due_date, DUE)


async def test_a_digest_is_read_with_what_else_matters_to_it(database: Database) -> None:
    anna, (first, other, _) = await anna_with(database, 3)
    (ssl,) = await add_services(database, owned_addon(client_id=anna, parent_id=first.id))
    john = await add_client(database, "john", telegram_ids=(8,))
    (foreign,) = await add_services(database, service(client_id=john))
    await plan(database, [item(first)], Recipient(anna, 7, "UTC"))
    async with database.work.reading() as uow:
        found = await uow.reminders.items_of(anna, 1, 7, also=[other.id, foreign])
        assert {of.service.id: stage for of, _, stage in found} == {
            first.id: "14", ssl: None, other.id: None,
        }  # fmt: skip
        assert await uow.reminders.items_of(john, 1, 7) == ()


async def test_a_digest_waits_for_its_time_and_is_sent_once(database: Database) -> None:
    anna, (first,) = await anna_with(database)
    await plan(database, [item(first)], Recipient(anna, 7, "UTC"))
    async with database.work.reading() as uow:
        ((_, due_at),) = await uow.reminders.waiting(limit=9)
    assert due_at == MORNING
    assert await claim(database, minutes=59) == ()
    (digest,) = await claim(database)
    assert await claim(database) == ()
    (again,) = await claim(database, minutes=61)
    assert (again.id, again.attempts) == (digest.id, 2)
    async with database.work.writing() as uow:
        await uow.reminders.defer(digest.id, until=NOW + timedelta(minutes=90))
        await uow.commit()
    assert await claim(database, minutes=89) == ()
    async with database.work.writing() as uow:
        await uow.reminders.finish(digest.id, status="sent", at=MORNING, message_id=5)
        await uow.commit()
    assert await claim(database, minutes=999) == ()
    async with database.work.reading() as uow:
        assert await uow.reminders.waiting(limit=9) == ()
        assert await uow.reminders.latest(anna, 7) == digest.id
        assert await uow.reminders.latest(anna, 8) is None


async def test_waiting_for_the_right_hour_is_no_attempt(database: Database) -> None:
    anna, (first,) = await anna_with(database)
    await plan(database, [item(first)], Recipient(anna, 7, "UTC"))
    (digest,) = await claim(database)
    async with database.work.writing() as uow:
        await uow.reminders.postpone(digest.id, until=NOW + timedelta(minutes=90))
        await uow.commit()
    assert await claim(database, minutes=89) == ()
    assert await claim(database, minutes=90) == (digest,)


async def test_unsent_digests_of_earlier_days_become_one_of_today(database: Database) -> None:
    anna, services = await anna_with(database, 3)
    who = Recipient(anna, 7, "UTC")
    for days, of in zip((2, 1), services, strict=False):
        async with database.work.writing() as uow:
            await uow.reminders.add_items([item(of)], at=NOW)
            day = TODAY - timedelta(days=days)
            await uow.reminders.add_digests([(who, MORNING)], day=day, at=NOW)
            await uow.commit()
    async with database.work.writing() as uow:
        until = NOW + timedelta(minutes=1)
        await uow.reminders.adopt_unsent([anna], day=TODAY, now=NOW, lease_until=until)
        await uow.commit()
    await plan(database, [item(services[2])], who)
    (digest,) = await claim(database)
    assert digest.day == TODAY
    async with database.work.reading() as uow:
        assert len(await uow.reminders.items_of(anna, digest.id, 7)) == 3


async def test_a_digest_in_somebodys_hand_is_left_to_him(database: Database) -> None:
    anna, (first,) = await anna_with(database)
    await plan(database, [item(first)], Recipient(anna, 7, "UTC"))
    (digest,) = await claim(database)
    now, tomorrow = MORNING + timedelta(seconds=30), TODAY + timedelta(days=1)
    async with database.work.writing() as uow:
        until = now + timedelta(minutes=1)
        await uow.reminders.adopt_unsent([anna], day=tomorrow, now=now, lease_until=until)
        await uow.commit()
    assert await claim(database, minutes=61) == (DueDigest(digest.id, anna, 7, TODAY, 2),)


async def test_a_sent_digest_takes_no_more_items(database: Database) -> None:
    anna, (first, second) = await anna_with(database, 2)
    who = Recipient(anna, 7, "UTC")
    await plan(database, [item(first)], who)
    async with database.work.writing() as uow:
        await uow.reminders.finish(1, status="sent", at=MORNING)
        await uow.commit()
    await plan(database, [item(second)], who)
    async with database.work.reading() as uow:
        assert len(await uow.reminders.items_of(1, 1, 7)) == 1
        tomorrow = TODAY + timedelta(days=1)
        assert await uow.reminders.clients_waiting(tomorrow, limit=9) == (anna,)


async def test_items_that_find_nobody_are_kept_as_undeliverable(database: Database) -> None:
    anna, (first,) = await anna_with(database)
    await plan(database, [item(first)])
    async with database.work.writing() as uow:
        await uow.reminders.note_undeliverable([anna], day=TODAY, at=NOW)
        await uow.reminders.note_undeliverable([], day=TODAY, at=NOW)
        assert await uow.reminders.clients_waiting(TODAY, limit=9) == ()
        assert len(await uow.reminders.items_of(1, 1, 0)) == 1
        await uow.commit()
    assert await claim(database, minutes=999) == ()


async def test_many_who_plan_and_claim_at_once_make_one_digest_each(database: Database) -> None:
    clients = [await add_client(database, f"c{number}") for number in range(10)]
    ids = await add_services(database, *(service(client_id=client_id) for client_id in clients))
    items = [item(service(id=i, client_id=c)) for i, c in zip(ids, clients, strict=True)]
    who = [Recipient(client_id, 7, "UTC") for client_id in clients]
    other = await Database.open(str(database.engines.url), migrate=False)
    await asyncio.gather(*(plan(mine, items, *who) for mine in (database, other) for _ in "ab"))
    claimed = await asyncio.gather(
        *(claim(mine, limit=3) for mine in (database, other) for _ in "abc")
    )
    await other.close()
    assert sorted(d.client_id for batch in claimed for d in batch) == clients
