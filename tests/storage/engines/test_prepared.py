"""Prepared statements: what SQLAlchemy would return, from the driver's connection."""

import gc
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import (
    BindParameter,
    Integer,
    Numeric,
    Select,
    bindparam,
    cast,
    insert,
    literal,
    select,
    update,
)  # fmt: skip
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from billing.rules.services.service import ServiceStatus
from storage.database import Database
from storage.engines import prepared
from storage.engines.connection import Connection
from storage.engines.prepared import Rows
from storage.tables.accounts import clients
from storage.tables.running import kept_settings
from storage.tables.services import services
from storage.types import UTCDateTime
from tests.database import on_both_stores

pytestmark = on_both_stores

VALUE: BindParameter[str] = bindparam("value")
PUT = insert(kept_settings).values(key=bindparam("key"), value=VALUE)
CHANGE = update(kept_settings).where(kept_settings.c.key == bindparam("name")).values(value=VALUE)
LIVING = [ServiceStatus.ACTIVE, ServiceStatus.PENDING]


@pytest.fixture(autouse=True)
def _prepare_at_the_second_execution(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "PREPARED_AT", 2)
    monkeypatch.setattr(prepared, "_of_kinds", {})


async def twice(connection: Connection, statement: Any, **given: Any) -> list[Any]:
    """The results of SQLAlchemy's execution and of the prepared one."""
    results = [await connection.execute(statement, given) for _ in range(2)]
    assert [isinstance(result, Rows) for result in results] == [False, True]
    return results


async def test_values_of_all_kinds_come_and_go_as_before(database: Database) -> None:
    moment = datetime(2027, 3, 1, 12, 30, 15, tzinfo=UTC)
    row = select(
        literal(1).label("one"),
        bindparam("status", type_=services.c.status.type).label("status"),
        bindparam("day", type_=services.c.next_due_date.type).label("day"),
        bindparam("at", type_=UTCDateTime()).label("at"),
        bindparam("none", type_=Integer).label("none_"),
    )
    values = {"status": ServiceStatus.FRAUD, "day": date(2027, 3, 31), "at": moment}
    async with database.engines.readers.connect() as connection:
        usual, quick = await twice(connection, row, **values, none=None)
        assert usual.one() == (found := quick.one())
    assert found == (1, ServiceStatus.FRAUD, date(2027, 3, 31), moment, None)
    assert found.day == date(2027, 3, 31)


async def test_a_list_of_the_statements_own_is_part_of_its_sql(database: Database) -> None:
    value = bindparam("status", type_=services.c.status.type)
    is_living = select(value.in_(LIVING).label("is_living"))
    async with database.engines.single.connect() as connection:
        await twice(connection, is_living, status=ServiceStatus.ACTIVE)
        for status, expected in ((ServiceStatus.PENDING, True), (ServiceStatus.FRAUD, False)):
            found = await connection.execute(is_living, {"status": status})
            assert bool(found.scalar_one()) is expected


def _ids() -> Select[Any]:
    return select(clients.c.id).where(clients.c.id.in_(bindparam("ids", expanding=True)))


@pytest.mark.parametrize(
    ("statement", "given"),
    [
        pytest.param(_ids(), {"ids": (1, 2)}, id="a list that is given"),
        pytest.param(select(cast(literal(1), Numeric)), {}, id="a decimal number"),
    ],
)
async def test_what_depends_on_one_execution_is_not_prepared(
    database: Database, statement: Select[Any], given: dict[str, Any]
) -> None:
    async with database.engines.single.connect() as connection:
        for _ in range(3):
            assert not isinstance(await connection.execute(statement, given), Rows)


async def test_other_parameters_than_at_first_go_the_usual_way(database: Database) -> None:
    async with database.engines.writer.begin() as connection:
        await connection.execute(PUT, {"key": "a", "value": "1"})
        every = select(kept_settings.c.value)
        await twice(connection, every)
        other = await connection.execute(every, {"more": 1})
        assert not isinstance(other, Rows)
        assert other.scalars().all() == ["1"]


async def test_it_is_known_how_many_rows_were_written(database: Database) -> None:
    async with database.engines.writer.begin() as connection:
        usual, quick = [
            await connection.execute(PUT, {"key": key, "value": "1"}) for key in ("a", "b")
        ]
        assert (usual.rowcount, quick.rowcount) == (1, 1)
        usual, quick = await twice(connection, CHANGE, name="b", value="2")
        assert (usual.rowcount, quick.rowcount) == (1, 1)
        assert (await connection.execute(CHANGE, {"name": "c", "value": "2"})).rowcount == 0


async def test_it_takes_part_in_the_transaction(database: Database) -> None:
    async with database.engines.writer.connect() as connection:
        await connection.begin()
        for key in ("a", "b", "c"):
            await connection.execute(PUT, {"key": key, "value": "1"})
    async with database.engines.readers.connect() as connection:
        assert (await connection.execute(select(kept_settings))).all() == []


async def test_an_error_is_sqlalchemys_and_hides_the_parameters(database: Database) -> None:
    async with database.engines.writer.begin() as connection:
        for key in ("a", "b"):
            await connection.execute(PUT, {"key": key, "value": "secret"})
        with pytest.raises(IntegrityError) as refused:
            await connection.execute(PUT, {"key": "a", "value": "secret"})
        await connection.rollback()
        await connection.begin()
    assert "secret" not in str(refused.value)


async def test_a_value_of_a_wrong_type_is_an_error(database: Database) -> None:
    async with database.engines.single.connect() as connection:
        by_id = select(clients.c.name).where(clients.c.id == bindparam("number"))
        await twice(connection, by_id, number=1)
        with pytest.raises((DBAPIError, StatementError)):
            await connection.execute(by_id, {"number": object()})


async def test_a_statement_that_nobody_holds_is_forgotten(database: Database) -> None:
    engine, statements = database.engines.single, database.engines.single.statements
    before = len(statements)
    async with engine.connect() as connection:
        await twice(connection, select(literal(7)))
    engine.sync_engine.clear_compiled_cache()  # which holds some hundred statements
    gc.collect()
    assert len(statements) == before
