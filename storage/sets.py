"""Many values in one statement, as one parameter or a few.

A list of parameters of its own for each value would be written, parsed and planned anew for every
length. SQLite reads the values out of a JSON document, PostgreSQL out of arrays.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    Dialect,
    FromClause,
    Text,
    bindparam,
    column,
    func,
    select,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class Ids(TypeDecorator[Collection[int]]):
    """Ids as one parameter."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """An array on PostgreSQL, else a JSON document."""
        return dialect.type_descriptor(ARRAY(BigInteger) if _has_arrays(dialect.name) else Text())

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> Any:
        """Write the ids as that."""
        ids = list(value or ())
        return ids if _has_arrays(dialect.name) else orjson.dumps(ids).decode()


class _Among(FunctionElement[bool]):
    """A column is one of the ids of a parameter."""

    inherit_cache = True
    name = "among"
    type = Boolean()

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Stand as it is: compared with "= 1", as SQLite's booleans are, no index would do."""
        return self


@compiles(_Among)
def _in_document(element: Any, compiler: Any, **how: Any) -> str:
    of, ids = (compiler.process(part, **how) for part in element.clauses)
    return f"{of} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - of compiled parts


@compiles(_Among, "postgresql")
def _in_array(element: Any, compiler: Any, **how: Any) -> str:
    of, ids = (compiler.process(part, **how) for part in element.clauses)
    return f"{of} = ANY ({ids})"


def among(of: ColumnElement[Any], ids: Collection[int]) -> ColumnElement[bool]:
    """The condition that a column is one of these ids; of none for none."""
    return _Among(of, bindparam(None, ids, type_=Ids(), unique=True))


def among_named(of: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """The same for a statement that is built once: the ids are its parameter of that name."""
    return _Among(of, bindparam(name, type_=Ids()))


@dataclass(frozen=True, slots=True)
class RowSet:
    """Rows of parameters that a statement reads as a table: `table` has these columns."""

    columns: tuple[tuple[str, TypeEngine[Any]], ...]
    table: FromClause

    def parameters(self, rows: Collection[Sequence[Any]], dialect: Dialect) -> dict[str, Any]:
        """The parameters with which the statement is run."""
        columns = list(zip(*rows, strict=True)) if rows else [() for _ in self.columns]
        if _has_arrays(dialect.name):
            names = (_parameter(name) for name, _ in self.columns)
            return {name: list(values) for name, values in zip(names, columns, strict=True)}
        kinds = (kind for _, kind in self.columns)
        stored = (_stored(one, kind, dialect) for one, kind in zip(columns, kinds, strict=True))
        return {_ROWS: orjson.dumps(list(zip(*stored, strict=True))).decode()}


_ROWS = "row_set"


def row_set(dialect: str, **columns: TypeEngine[Any]) -> RowSet:
    """Make a set of rows; the statement that reads it is built once for a dialect's name."""
    return RowSet(tuple(columns.items()), _table(dialect, columns))


def _table(dialect: str, columns: dict[str, TypeEngine[Any]]) -> FromClause:
    if _has_arrays(dialect):
        arrays = [bindparam(_parameter(name), type_=ARRAY(kind)) for name, kind in columns.items()]
        named = [column(name, kind) for name, kind in columns.items()]
        return func.unnest(*arrays).table_valued(*named, name=_ROWS).render_derived()
    each = func.json_each(bindparam(_ROWS, type_=Text())).table_valued("value")
    values = (
        type_coerce(func.json_extract(each.c.value, f"$[{place}]"), kind).label(name)
        for place, (name, kind) in enumerate(columns.items())
    )
    return select(*values).select_from(each).subquery(_ROWS)


def _parameter(name: str) -> str:
    return f"{_ROWS}_{name}"


def _stored(values: Sequence[Any], kind: TypeEngine[Any], dialect: Dialect) -> Sequence[Any]:
    """The values of a column as SQLite stores them."""
    process = kind.dialect_impl(dialect).bind_processor(dialect)
    return [None if one is None else process(one) for one in values] if process else values


def _has_arrays(dialect: str) -> bool:
    return dialect == "postgresql"
