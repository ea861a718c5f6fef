"""Column types: values as the database stores them and as other packages see them."""

import logging
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    DateTime,
    Dialect,
    Enum,
    Integer,
    String,
    Text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from billing.rules.cycles import BillingCycle, parse_cycle
from storage.documents import from_document, to_document

log = logging.getLogger(__name__)

Id = BigInteger().with_variant(Integer, "sqlite")
"""Keys that the database assigns; SQLite does that only for INTEGER, which has 64 bits."""

Ordered = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that sorts by code points in every database, as in SQLite."""


def CodePoints(length: int) -> String:  # noqa: N802 - it stands in the place of String
    """A short text that sorts by code points in every database."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class _ByCodePoints(FunctionElement[str]):
    """A text that sorts by code points."""

    inherit_cache = True
    name = "by_code_points"
    type = Text()


@compiles(_ByCodePoints)
def _as_it_is(element: Any, compiler: Any, **how: Any) -> str:
    return str(compiler.process(element.clauses, **how))


@compiles(_ByCodePoints, "postgresql")
def _in_collation(element: Any, compiler: Any, **how: Any) -> str:
    return f'({compiler.process(element.clauses, **how)}) COLLATE "C"'


def by_code_points(text: ColumnElement[str]) -> ColumnElement[str]:
    """A text of a query that sorts by code points in every database, as Python sorts."""
    return _ByCodePoints(text)


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: stored in UTC, always aware; a naive datetime is refused.

    SQLite drops the zone without converting, so that 12:00+02:00 would come back as 12:00.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Convert to UTC; ValueError for a naive datetime."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime is no instant: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Add the zone UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CycleName(TypeDecorator[BillingCycle]):
    """A billing cycle by its name."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: BillingCycle | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Its name."""
        return None if value is None else value.name

    def process_result_value(self, value: str | None, dialect: Dialect) -> BillingCycle | None:  # noqa: ARG002
        """The cycle of the name."""
        return None if value is None else parse_cycle(value)


class Document(TypeDecorator[Any]):
    """A billing value as one JSON document; `shape` is its type.

    A document that cannot be read, because a newer version has written it, is an error. With
    `may_be_unreadable` it counts as missing, where an error would hold up other rows.
    """

    impl = JSON
    cache_ok = True

    def __init__(self, shape: Any, *, may_be_unreadable: bool = False) -> None:
        super().__init__(none_as_null=True)
        self.shape = shape
        self.may_be_unreadable = may_be_unreadable

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """Turn the value into a document."""
        return None if value is None else to_document(value, self.shape)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """Make the value of a document."""
        try:
            return None if value is None else from_document(value, self.shape)
        except Exception:
            if not self.may_be_unreadable:
                raise
            log.warning("a document of %s cannot be read", self.shape)
            return None


def text_enum(members: type[StrEnum], name: str) -> Enum:
    """An enum as text with a CHECK of its values."""
    return Enum(
        members,
        name=name,
        native_enum=False,
        create_constraint=True,
        values_callable=lambda kind: [member.value for member in kind],
        length=32,
    )
