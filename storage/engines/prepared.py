"""Statements whose SQL, parameters and conversions are worked out once.

At every execution SQLAlchemy looks a statement up in its cache, converts its parameters and
describes its result, which takes several times as long as the database needs for a statement of a
screen. What does not change from one execution to the next is kept here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Delete,
    Insert,
    Numeric,
    Select,
    Update,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData

PREPARED_AT = 2
"""The execution at which a statement is prepared: one that is built for one use never is."""

_KINDS = (Select, CompoundSelect, Insert, Update, Delete)
_NO_COLUMNS = SimpleResultMetaData(())


class Rows(IteratorResult[Any]):
    """The rows of a prepared statement; `rowcount` is how many it wrote, -1 if not known."""

    def __init__(
        self, metadata: SimpleResultMetaData, rows: Iterable[Any], *, rowcount: int
    ) -> None:
        super().__init__(metadata, iter(rows))
        self.rowcount = rowcount


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement as the driver takes it.

    `names` are the parameters that an execution gives. `parameters` are all, in order: a name and
    a conversion of what is given, or a value of the statement's own that is ready. `columns` are
    those of its rows, None if it returns none.
    """

    sql: str
    names: frozenset[str]
    parameters: tuple[tuple[str | None, Any], ...]
    columns: SimpleResultMetaData | None

    def values(self, given: Mapping[str, Any]) -> tuple[Any, ...]:
        """The parameters of one execution."""
        return tuple(
            [
                own if name is None else given[name] if own is None else own(given[name])
                for name, own in self.parameters
            ]
        )

    def result(self, rows: Iterable[Any], rowcount: int) -> Rows:
        """What the driver returned, with the interface of SQLAlchemy's results."""
        if self.columns is None:
            return Rows(_NO_COLUMNS, (), rowcount=rowcount)
        return Rows(self.columns, rows, rowcount=rowcount)


class PreparedStatements:
    """The prepared statements of a kind of database, each for as long as somebody holds it."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._known: WeakKeyDictionary[Any, Prepared | int | None] = WeakKeyDictionary()
        """Instead of one that is not prepared: how often it was executed, or None: it never is."""

    def __len__(self) -> int:
        return len(self._known)

    def find(self, statement: Any, given: Mapping[str, Any]) -> Prepared | None:
        """Return the prepared statement; None if SQLAlchemy has to execute it."""
        if not isinstance(statement, _KINDS):
            return None
        known = self._known.get(statement, 0)
        if isinstance(known, int):
            is_due = known + 1 >= PREPARED_AT
            known = _prepare(statement, given, self._dialect) if is_due else known + 1
            self._known[statement] = known
        if isinstance(known, Prepared) and known.names == given.keys():
            return known
        return None


_of_kinds: dict[tuple[str, str], PreparedStatements] = {}


def prepared_statements(dialect: Dialect) -> PreparedStatements:
    """Those of a kind of database: SQLite's readers and its writer share them."""
    kind = dialect.name, dialect.driver
    if kind not in _of_kinds:
        _of_kinds[kind] = PreparedStatements(dialect)
    return _of_kinds[kind]


def _prepare(statement: Any, given: Mapping[str, Any], dialect: Dialect) -> Prepared | None:
    """Compile a statement; None if its SQL or a value depends on the single execution."""
    compiled = statement.compile(dialect=dialect, column_keys=list(given))
    changing = {one.key for one in compiled.post_compile_params | compiled.literal_execute_params}
    columns = tuple(statement.exported_columns)
    if (
        changing & given.keys()
        or compiled.insert_prefetch
        or compiled.update_prefetch
        or any(isinstance(column.type, Numeric) for column in columns)
    ):
        return None
    state = compiled.construct_expanded_state(given)
    parameters: list[tuple[str | None, Any]] = []
    for name in state.positiontup or ():
        convert = state.processors.get(name) or _converter(compiled.binds.get(name), dialect)
        if name in given:
            parameters.append((name, convert))
        else:
            own = state.parameters[name]
            parameters.append((None, convert(own) if convert else own))
    described = _described(statement.exported_columns.keys(), columns, dialect)
    return Prepared(state.statement, frozenset(given), tuple(parameters), described)


def _converter(parameter: BindParameter[Any] | None, dialect: Dialect) -> Any:
    if parameter is None:
        return None
    return parameter.type.dialect_impl(dialect).bind_processor(dialect)


def _described(
    names: Sequence[str], columns: Sequence[ColumnElement[Any]], dialect: Dialect
) -> SimpleResultMetaData | None:
    if not columns:
        return None
    # The driver's type of a column matters to numeric ones only, which are not prepared.
    converts = [one.type.dialect_impl(dialect).result_processor(dialect, None) for one in columns]
    return SimpleResultMetaData(names, _processors=converts)
