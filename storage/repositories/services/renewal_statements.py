"""The statements of the renewals screen."""

from collections.abc import Mapping
from enum import IntEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Date,
    Select,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    null,
    select,
    union,
    union_all,
)

from billing.views.services import CancelWhen
from storage.repositories.services.owned_services import (
    FLAGS,
    IS_OF_CLIENT,
    OWED_BY,
    OWNED,
    SHOWN,
    WITH_INVOICE,
    families,
)
from storage.repositories.services.renewal_rule import NO, YES, judge
from storage.rows import SERVICE
from storage.sets import among_named
from storage.tables.services import cancellations, services

_LEAVING = cancellations.alias("leaving")
_ENDING, _NAMED = services.alias("ending"), services.alias("named")

_APART = union(
    select(_NAMED.c.id).where(
        _NAMED.c.client_id + 0 == bindparam("client_id"), among_named(_NAMED.c.id, "ids")
    ),
    OWED_BY,
    select(_ENDING.c.id)
    .join(_LEAVING, _LEAVING.c.open_service_id == _ENDING.c.id)
    .where(
        _ENDING.c.client_id == bindparam("client_id"),
        _LEAVING.c.takes_effect == CancelWhen.PERIOD_END,
    ),
)
JUDGED_APART = OWNED.where(
    IS_OF_CLIENT, services.c.status.in_(SHOWN), services.c.id.in_(families(_APART))
).order_by(services.c.id)


class Place(IntEnum):
    """What a row of `pages_with` is: a service of one of three lists, or a count."""

    OFFERS = 0
    REFUSED = 1
    PARENTS = 2
    CLASSES = 3
    REFUSALS = 4


_COLUMNS = [column.key for column in SERVICE]
COUNT, PRODUCT_ID, CYCLE, DATE_KNOWN, IS_SOON, AMOUNT, CURRENCY, INVOICE_ID = map(
    _COLUMNS.index,
    (
        "id", "product_id", "cycle", "due_date_known", "anchor_day", "amount", "currency",
        "parent_id",
    ),
)  # fmt: skip
"""Where the values of a count stand in its row, which has the columns of a service."""


@cache
def pages_with(windows: int) -> Any:
    """The statement for a policy with so many cycles that are not always open."""
    judged = judge(windows)
    offers = _part(judged, YES, "offers").cte("page_of_offers")
    refused = _part(judged, NO, "refused").cte("page_of_refused")
    place = case(
        (services.c.id.in_(select(offers.c.id)), _number(Place.OFFERS)),
        (services.c.id.in_(select(refused.c.id)), _number(Place.REFUSED)),
        else_=_number(Place.PARENTS),
    )
    shown = select(offers.c.id), select(refused.c.id)
    child = services.alias("child")
    parents = select(child.c.parent_id).where(
        child.c.id.in_(union_all(*shown)), child.c.parent_id.is_not(None)
    )
    # By IN and not by a join: for that, SQLite may read all services into a Bloom filter.
    full_rows = (
        select(*SERVICE, *FLAGS, place)
        .select_from(WITH_INVOICE)
        .where(
            IS_OF_CLIENT,
            services.c.status.in_(SHOWN),
            services.c.id.in_(union_all(*shown, parents)),
        )
    )
    return union_all(full_rows, _classes(judged), _refusals(judged))


def _part(judged: CTE, is_offered: ColumnElement[int], name: str) -> Select[Any]:
    """The ids of one list's part; past the end it is the last one."""
    row = judged.c
    size, before = _given(name), _given(f"before_{name}")
    last = (func.count() - 1) // size * size
    # No row at all would make it negative.
    existing = case((func.count() == 0, 0), (before > last, last), else_=before)
    return (
        select(row.id)
        .where(row.is_offered == is_offered)
        .order_by(row.next_due_date.is_(None), row.next_due_date, row.title, row.id)
        .limit(size)
        .offset(select(existing).where(row.is_offered == is_offered).scalar_subquery())
    )


def _classes(judged: CTE) -> Select[Any]:
    """How many can be renewed, alike in what the screen says of them all."""
    row = judged.c
    is_soon = row.next_due_date <= bindparam("soon", type_=Date)
    alike = {
        "product_id": row.product_id,
        "cycle": row.cycle,
        "due_date_known": row.due_date_known,
        "anchor_day": case((is_soon, YES), else_=NO).label("soon"),
        "amount": case((is_soon, row.amount)).label("due"),
    }
    return (
        _count_row(Place.CLASSES, alike)
        .where(row.is_offered == YES, row.is_apart == NO)
        .group_by(row.product_id, row.cycle, row.due_date_known, "soon", "due")
    )


def _refusals(judged: CTE) -> Select[Any]:
    """How many cannot be renewed, a row for each unpaid invoice, and one for the others."""
    row = judged.c
    is_paid_there = row.invoice_id.is_not(None)
    alike = {
        "currency": case((is_paid_there, row.currency)).label("paid_in"),
        "amount": case((is_paid_there, row.balance)).label("left"),
        "parent_id": row.invoice_id,
    }
    return (
        _count_row(Place.REFUSALS, alike)
        .where(row.is_offered == NO)
        .group_by("paid_in", "left", row.invoice_id)
    )


def _count_row(place: Place, values: Mapping[str, ColumnElement[Any]]) -> Select[Any]:
    columns = (values.get(one.key or "", cast(null(), one.type)) for one in (*SERVICE[1:], *FLAGS))
    return select(func.count(), *columns, _number(place))


def _given(name: str) -> ColumnElement[int]:
    return bindparam(name, type_=BigInteger)


def _number(place: Place) -> ColumnElement[int]:
    return literal_column(str(int(place)))
