"""What waits, as those who watch read it: on both stores, with the same few statements."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert, text

from billing.ports.inbox import STUCK, EventState
from billing.ports.outbox import Notification
from billing.views.notices.operator import WrongCodes
from storage.database import Database
from storage.numbers import MOST, Backlog, Numbers, Queue
from storage.processes import KEPT, Process
from storage.tables.inbox import inbox
from storage.tables.messages import outbox
from storage.tables.running import ProcessFacts
from storage.tables.states import SendState
from tests.database import only_on_postgresql
from tests.make import NOW, TODAY
from tests.statements import counting

HOUR = timedelta(hours=1)


async def numbers(database: Database, now: datetime = NOW, today: date = TODAY) -> Numbers:
    return await database.numbers.read(now, today)


async def add_messages(database: Database, *keys: str, at: datetime) -> None:
    async with database.work.writing() as uow:
        await uow.outbox.add([Notification(key, WrongCodes(3, 1)) for key in keys], at=at)
        await uow.commit()


async def test_an_empty_database_has_nothing_that_waits(database: Database) -> None:
    empty = await numbers(database)
    assert empty.outbox == empty.inbox == empty.again == empty.digests == Queue(0, 0)
    assert (empty.unplaced, empty.outbox_failed) == (0, 0)
    assert empty.stuck == dict.fromkeys(STUCK, Backlog(0))
    assert [dict(empty.payments), dict(empty.panel_calls), dict(empty.digests_of_day)] == [{}] * 3
    assert (tuple(empty.leases), tuple(empty.processes)) == ((), ())
    await database.probe.read()


async def test_a_queue_says_how_much_waits_how_much_is_due_and_since_when(
    database: Database,
) -> None:
    await add_messages(database, "a", "b", at=NOW - 2 * HOUR)
    await add_messages(database, "c", at=NOW - HOUR)
    await add_messages(database, "d", at=NOW + HOUR)
    assert (await numbers(database)).outbox == Queue(4, 3, NOW - 2 * HOUR, NOW - 2 * HOUR)

    async with database.work.writing() as uow:
        await uow.outbox.claim(NOW, lease_until=NOW + HOUR, limit=2)
        await uow.commit()
    claimed = (await numbers(database)).outbox
    assert claimed == Queue(4, 1, NOW - 2 * HOUR, NOW - HOUR)


async def test_a_message_that_was_given_up_shows_for_a_day(database: Database) -> None:
    await add_messages(database, "a", at=NOW)
    async with database.work.writing() as uow:
        (message,) = await uow.outbox.claim(NOW, lease_until=NOW + HOUR, limit=9)
        await uow.outbox.finish(message.id, status=SendState.FAILED, at=NOW)
        await uow.commit()
    assert (await numbers(database)).outbox_failed == 1
    assert (await numbers(database, NOW + timedelta(days=2))).outbox_failed == 0


async def test_money_waits_and_money_that_was_not_booked_stays(database: Database) -> None:
    async with database.work.writing() as uow:
        for number in range(3):
            await uow.inbox.add("telegram", str(number), "{}", at=NOW - HOUR)
        await uow.commit()
    async with database.engines.writer.begin() as connection:
        given_up = inbox.update().where(inbox.c.event_id == "0")
        await connection.execute(given_up.values(state=EventState.NOT_BOOKED))
    read = await numbers(database)
    assert read.inbox == Queue(2, 2, NOW - HOUR, NOW - HOUR)
    assert read.stuck[EventState.NOT_BOOKED] == Backlog(1, NOW - HOUR)


async def test_updates_that_failed_wait_for_the_operator_and_then_to_be_handled_again(
    database: Database,
) -> None:
    async with database.work.writing() as uow:
        for number in range(3):
            at = NOW - (3 - number) * HOUR
            await uow.inbox.add_failed("update", f"1:{number}", "{}", error="OSError", at=at)
        await uow.commit()
    read = await numbers(database)
    assert (read.stuck[EventState.FAILED], read.again) == (Backlog(3, NOW - 3 * HOUR), Queue(0, 0))

    async with database.work.writing() as uow:
        await uow.inbox.repeat(1, at=NOW)
        await uow.inbox.repeat(2, at=NOW)
        await uow.inbox.take_again(NOW, until=NOW + HOUR)
        await uow.commit()
    read = await numbers(database)
    assert read.stuck[EventState.FAILED] == Backlog(1, NOW - HOUR)
    assert read.again == Queue(2, 1, NOW - 3 * HOUR, NOW)


@pytest.mark.slow
async def test_a_very_long_queue_is_counted_up_to_a_limit(database: Database) -> None:
    row = {
        "user_id": 1, "topic": "t", "facts": {}, "state": SendState.WAITING, "due_at": NOW,
        "moved_at": NOW, "attempts": 0, "added_at": NOW,
    }  # fmt: skip
    async with database.engines.writer.begin() as connection:
        rows = [{**row, "key": str(number)} for number in range(MOST + 5)]
        await connection.execute(insert(outbox), rows)
    assert (await numbers(database)).outbox.waiting == MOST


async def test_leases_and_processes_are_listed_with_what_they_have_done(
    database: Database,
) -> None:
    facts = ProcessFacts(5, 1, NOW - HOUR, {"plan reminders": NOW - HOUR})
    process = Process("a:1", "1.0", NOW - 2 * HOUR, NOW, facts=facts)
    await database.leases.acquire("poller", "a:1", now=NOW, length=HOUR)
    await database.processes.note(process)
    await database.processes.note(process)
    read = await numbers(database)
    assert tuple(read.processes) == (process,)
    assert read.processes[0].ticks == {"plan reminders": NOW - HOUR}
    assert [(lease.name, lease.owner) for lease in read.leases] == [("poller", "a:1")]
    assert timedelta() < read.leases[0].left <= HOUR


async def test_a_process_of_long_ago_is_forgotten(database: Database) -> None:
    old = Process("a:1", "1.0", NOW - 2 * KEPT, NOW - KEPT - HOUR)
    await database.processes.note(old)
    assert tuple((await numbers(database)).processes) == ()
    await database.processes.note(Process("b:2", "1.0", NOW, NOW))
    assert [one.name for one in (await numbers(database, NOW - KEPT)).processes] == ["b:2"]


async def test_a_reading_takes_the_same_statements_however_much_there_is(
    database: Database,
) -> None:
    counts = []
    for number in range(2):
        with counting(database) as statements:
            await numbers(database)
        counts.append(len(statements))
        await add_messages(database, *(f"{number}-{n}" for n in range(20)), at=NOW)
    assert counts == [15, 15]


async def test_every_statement_is_noted_once_on_either_store(database: Database) -> None:
    noted: list[None] = []
    database.engines.on_statement(lambda: noted.append(None))
    with counting(database) as statements:
        await add_messages(database, "a", "b", at=NOW)
        await numbers(database)
        await database.leases.acquire("poller", "a", now=NOW, length=HOUR)
    assert len(noted) == len(statements) > 0


@pytest.mark.slow
@only_on_postgresql
async def test_a_reading_that_takes_too_long_is_given_up_and_the_next_one_works(
    database: Database, twin: Database
) -> None:
    async with twin.engines.writer.begin() as connection:
        await connection.execute(text("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(TimeoutError):
            await numbers(database)
        await database.probe.read()
    assert (await numbers(database)).outbox == Queue(0, 0)
