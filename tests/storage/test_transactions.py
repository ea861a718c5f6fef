"""The transaction recipe: nothing lost, nothing half done, readers never blocked."""

import asyncio
import socket
from traceback import format_exception
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from billing.rules.payments.payment import CreditReason
from storage.database import Database
from storage.engines import postgresql
from storage.errors import DatabaseError
from tests.database import only_on_postgresql, only_on_sqlite
from tests.make import NOW, money
from tests.storage.company import PLN_100, add_client, new_line


@pytest.mark.slow
async def test_eight_tasks_that_read_then_write_lose_nothing(database: Database) -> None:
    client_id = await add_client(database)

    async def add_twenty_lines() -> None:
        for _ in range(20):
            async with database.work.writing(client_id) as uow:
                cart = await uow.carts.get(client_id)
                await asyncio.sleep(0)
                await uow.carts.save(cart, (*cart.lines, new_line()))
                await uow.commit()

    await asyncio.gather(*(add_twenty_lines() for _ in range(8)))
    async with database.work.reading() as uow:
        cart = await uow.carts.get(client_id)
    assert cart.revision == 160
    assert [line.id for line in cart.lines] == list(range(1, 161))


@pytest.mark.slow
async def test_two_processes_that_read_then_write_lose_nothing(
    database: Database, twin: Database
) -> None:
    client_id = await add_client(database)

    async def count(mine: Database) -> None:
        for _ in range(20):
            async with mine.work.writing(client_id) as uow:
                cart = await uow.carts.get(client_id)
                await asyncio.sleep(0)
                await uow.carts.save(cart, cart.lines)
                await uow.commit()

    await asyncio.gather(count(database), count(twin), count(database), count(twin))
    async with database.work.reading() as uow:
        assert (await uow.carts.get(client_id)).revision == 80


async def test_leaving_without_commit_undoes_everything(database: Database) -> None:
    client_id = await add_client(database)
    async with database.work.writing() as uow:
        await uow.clients.move_credit(client_id, PLN_100, reason=CreditReason.ADJUSTED, at=NOW)
    async with database.work.reading() as uow:
        client = await uow.clients.get(client_id)
        movements = await uow.clients.movements(client_id, limit=9, offset=0)
    assert client is not None
    assert not client.credit
    assert movements == ()


async def test_an_error_undoes_everything(database: Database) -> None:
    client_id = await add_client(database)

    async def fail() -> None:
        async with database.work.writing() as uow:
            await uow.users.link(7, client_id, at=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with database.work.reading() as uow:
        assert (await uow.users.visitor(7)).client is None


async def test_a_cancelled_task_undoes_everything_and_leaves_the_writer_free(
    database: Database,
) -> None:
    client_id = await add_client(database)
    waiting = asyncio.Event()

    async def hang() -> None:
        async with database.work.writing() as uow:
            await uow.users.link(7, client_id, at=NOW)
            waiting.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.work.writing() as uow:
        assert (await uow.users.visitor(7)).client is None
        await uow.users.link(7, client_id, at=NOW)
        await uow.commit()


async def test_statements_after_the_commit_are_an_error(database: Database) -> None:
    client_id = await add_client(database)

    async def go_on() -> None:
        async with database.work.writing() as uow:
            await uow.commit()
            await uow.users.link(7, client_id, at=NOW)

    with pytest.raises(RuntimeError, match="after the commit"):
        await go_on()


async def test_a_reader_sees_one_moment_and_is_not_blocked_by_a_writer(
    database: Database,
) -> None:
    client_id = await add_client(database)
    async with database.work.reading() as reader:
        before = await reader.clients.get(client_id)
        async with database.work.writing() as writer:
            await writer.clients.move_credit(
                client_id, money("5.00"), reason=CreditReason.ADJUSTED, at=NOW
            )
            assert await reader.clients.get(client_id) == before
            await writer.commit()
        assert await reader.clients.get(client_id) == before
    async with database.work.reading() as reader:
        after = await reader.clients.get(client_id)
    assert after is not None
    assert after.credit == money("5.00")


async def test_a_reader_cannot_write(database: Database) -> None:
    client_id = await add_client(database)
    async with database.work.reading() as uow:
        with pytest.raises(DBAPIError, match=r"read-?only"):
            await uow.users.link(7, client_id, at=NOW)


async def test_an_error_does_not_tell_what_people_wrote(database: Database) -> None:
    wrong = text("SELECT * FROM secrets WHERE written = :written")
    async with database.engines.writer.connect() as connection:
        with pytest.raises(DBAPIError, match=r"no such table|does not exist") as told:
            await connection.execute(wrong, {"written": "what Anna typed"})
    assert "Anna" not in str(told.value)


async def test_an_error_does_not_tell_what_is_in_the_row(database: Database) -> None:
    anna = await add_client(database)
    below_zero = text("UPDATE clients SET credit = -1 WHERE id = :id")
    async with database.engines.writer.connect() as connection:
        with pytest.raises(IntegrityError) as told:
            await connection.execute(below_zero, {"id": anna})
    traceback = "".join(format_exception(told.value))
    assert "ck_clients_credit" in traceback
    assert "Anna" not in traceback


@only_on_postgresql
async def test_one_client_waits_for_nobody_elses(database: Database) -> None:
    anna, firm = await add_client(database, "anna"), await add_client(database, "firm")
    async with database.work.writing(anna), database.work.writing(firm) as uow:
        await uow.carts.save(await uow.carts.get(firm), [new_line()])
        await uow.commit()
    async with database.work.reading() as uow:
        assert (await uow.carts.get(firm)).revision == 1


@only_on_postgresql
async def test_what_refers_to_a_client_can_be_written_while_it_is_locked(
    database: Database,
) -> None:
    anna = await add_client(database)
    async with database.work.writing(anna), database.work.writing() as uow:
        await uow.users.link(7, anna, at=NOW)
        await uow.commit()
    async with database.work.reading() as uow:
        assert (await uow.users.visitor(7)).client is not None


@only_on_postgresql
async def test_a_connection_that_the_server_has_ended_is_replaced(
    database: Database, twin: Database
) -> None:
    await add_client(database)
    async with database.engines.readers.connect() as connection:
        driver: Any = await connection.run_sync(lambda sync: sync.connection.driver_connection)
    await _end_others(twin)
    while not driver.is_closed():  # noqa: ASYNC110 - nobody tells of it
        await asyncio.sleep(0.01)
    async with database.work.reading() as uow:
        assert await uow.clients.by_ref("anna") is not None


@only_on_postgresql
async def test_a_connection_that_is_lost_is_told_in_plain_words(
    database: Database, twin: Database
) -> None:
    async def lose() -> None:
        async with database.work.reading() as uow:
            await uow.clients.get(1)
            await _end_others(twin)
            await uow.clients.get(1)

    with pytest.raises(DatabaseError, match=r"^postgresql://.*: the connection to the server was"):
        await lose()


@only_on_postgresql
async def test_a_process_stopped_in_a_transaction_does_not_hold_up_others_for_long(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    patience = "idle_in_transaction_session_timeout"
    assert await _shown(database, patience) == "1min"
    monkeypatch.setitem(postgresql.SETTINGS, patience, "200ms")
    stopped = await Database.open(str(database.engines.url), migrate=False)

    async def plans() -> None:
        async with stopped.work.writing() as uow:
            await uow.reminders.lock_planning()
            async with asyncio.timeout(10), database.work.writing() as other:
                await other.reminders.lock_planning()
            await uow.reminders.lock_planning()

    with pytest.raises(DatabaseError, match="connection to the server was lost"):
        await plans()
    await stopped.close()


async def _shown(database: Database, setting: str) -> str:
    async with database.engines.single.connect() as connection:
        return str((await connection.execute(text(f"SHOW {setting}"))).scalar())


@only_on_postgresql
async def test_a_server_that_is_gone_without_a_word_is_noticed(database: Database) -> None:
    url = database.engines.url
    place = f"{url.query['host']}/.s.PGSQL.{url.port or 5432}"

    async def pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while some := await source.read(65536):
            target.write(some)
        target.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, asked = await asyncio.open_unix_connection(place)
        await asyncio.gather(pass_on(reader, asked), pass_on(answers, writer))

    async with await asyncio.start_server(serve, "127.0.0.1") as server:
        host, port = server.sockets[0].getsockname()
        over_tcp = url.set(host=host, port=port, query={"ssl": "disable"})
        far = await Database.open(over_tcp.render_as_string(hide_password=False), migrate=False)
        async with far.engines.single.connect() as connection:
            driver: Any = await connection.run_sync(lambda sync: sync.connection.driver_connection)
            own = driver._transport.get_extra_info("socket")
            assert own.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            assert own.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 30
        await far.close()


async def _end_others(database: Database) -> None:
    """End every connection but one of this process's."""
    async with database.engines.single.connect() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


@only_on_sqlite
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 2)],
)
async def test_every_connection_is_prepared(
    database: Database, pragma: str, value: str | int
) -> None:
    for engine in (database.engines.writer, database.engines.readers):
        async with engine.connect() as connection:
            found = await connection.execute(text(f"PRAGMA {pragma}"))
            assert found.scalar() == value


@only_on_sqlite
async def test_a_writer_waits_for_a_lock_and_a_reader_asks_its_thread_to(
    database: Database,
) -> None:
    engines = database.engines
    for engine, milliseconds in ((engines.writer, 15_000), (engines.readers, 0)):
        async with engine.connect() as connection:
            timeout = await connection.execute(text("PRAGMA busy_timeout"))
            assert timeout.scalar() == milliseconds
