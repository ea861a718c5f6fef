"""The rule of renewals as a condition of queries, and the statements that have it.

`billing.rules.shop.renewals` is the rule; a test compares the two for invented companies.
"""

from collections.abc import Mapping
from datetime import date
from enum import IntEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Date,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    union,
    union_all,
)

from billing.rules.cycles import BillingCycle
from billing.rules.services.service import LIVE, ServiceStatus, SuspendedFor
from billing.views.services import CancelWhen
from storage.repositories.services.owned_services import (
    FLAGS,
    IS_OF_CLIENT,
    NOT_PAYABLE,
    OF_CLIENT,
    ORDERED,
    OWED_BY,
    OWNED,
    SHOWN,
    WITH_INVOICE,
    families,
)
from storage.rows import SERVICE
from storage.sets import among_named
from storage.tables.sales import invoices
from storage.tables.services import cancellations, services
from storage.types import CycleName, by_code_points

_NEVER_RENEWED = (BillingCycle.ONE_TIME, BillingCycle.FREE)
_PARENT, _LEAVING = services.alias("parent"), cancellations.alias("leaving")
_ENDING, _NAMED = services.alias("ending"), services.alias("named")
_YES: ColumnElement[int] = literal_column("1")
_NO: ColumnElement[int] = literal_column("0")

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


def cycle_name(place: int) -> str:
    """The parameter of a cycle that is not always open."""
    return f"cycle{place}"


def last_day(place: int) -> str:
    """The parameter of the last due date that is open for that cycle."""
    return f"last_day{place}"


@cache
def pages_with(windows: int) -> Any:
    """The statement for a policy with so many cycles that are not always open."""
    judged = _judged(windows)
    child, shown = services.alias("child"), _shown(judged)
    parents = (
        select(child.c.parent_id, _number(Place.PARENTS))
        .distinct()
        .select_from(shown.join(child, child.c.id == shown.c.id))
        .where(child.c.parent_id.is_not(None))
    )
    rows = union_all(select(shown.c.id, shown.c.place), parents).subquery("rows")
    full_rows = (
        select(*SERVICE, *FLAGS, rows.c.place)
        .select_from(WITH_INVOICE.join(rows, rows.c.id == services.c.id))
        .where(OF_CLIENT, services.c.status.in_(SHOWN))
    )
    return union_all(full_rows, _classes(judged), _refusals(judged))


def _shown(judged: CTE) -> CTE:
    """The ids of both parts; one past the end becomes the last one."""
    row = judged.c
    order = (row.next_due_date.is_(None), row.next_due_date, row.title, row.id)
    numbered = select(
        row.id,
        row.is_offered,
        func.row_number().over(partition_by=row.is_offered, order_by=order).label("number"),
        func.count().over(partition_by=row.is_offered).label("count"),
    ).subquery("numbered")
    of = numbered.c

    def either(offers: Any, refused: Any) -> ColumnElement[int]:
        return case((of.is_offered == _YES, offers), else_=refused)

    size = either(_given("offers"), _given("refused"))
    before = either(_given("before_offers"), _given("before_refused"))
    last = (of.count - 1) // size * size
    first = case((before > last, last), else_=before)
    place = either(_number(Place.OFFERS), _number(Place.REFUSED)).label("place")
    return select(of.id, place).where(of.number.between(first + 1, first + size)).cte("shown")


def _classes(judged: CTE) -> Select[Any]:
    """How many can be renewed, alike in what the screen says of them all."""
    row = judged.c
    is_soon = row.next_due_date <= bindparam("soon", type_=Date)
    alike = {
        "product_id": row.product_id,
        "cycle": row.cycle,
        "due_date_known": row.due_date_known,
        "anchor_day": case((is_soon, _YES), else_=_NO).label("soon"),
        "amount": case((is_soon, row.amount)).label("due"),
    }
    return (
        _count_row(Place.CLASSES, alike)
        .where(row.is_offered == _YES, row.is_apart == _NO)
        .group_by(row.product_id, row.cycle, row.due_date_known, "soon", "due")
    )


def _refusals(judged: CTE) -> Select[Any]:
    """How many cannot be renewed, a row for each unpaid invoice, and one for the others."""
    row = judged.c
    alike = {"currency": row.paid_in, "amount": row.balance, "parent_id": row.invoice_id}
    return (
        _count_row(Place.REFUSALS, alike)
        .where(row.is_offered == _NO)
        .group_by(row.paid_in, row.balance, row.invoice_id)
    )


def _count_row(place: Place, values: Mapping[str, ColumnElement[Any]]) -> Select[Any]:
    columns = (values.get(one.key or "", cast(null(), one.type)) for one in (*SERVICE[1:], *FLAGS))
    return select(func.count(), *columns, _number(place))


def _given(name: str) -> ColumnElement[int]:
    return bindparam(name, type_=BigInteger)


def _number(place: Place) -> ColumnElement[int]:
    return literal_column(str(int(place)))


def _judged(windows: int) -> CTE:
    """Each service of the client that may appear, and whether it can be renewed now."""
    is_apart = among_named(services.c.id, "offered")
    can_be_renewed = and_(
        services.c.currency == bindparam("currency"),
        _is_owed(services),
        _costs(services),
        or_(~services.c.due_date_known, services.c.next_due_date <= _last_open_day(windows)),
        invoices.c.id.is_(None),
        ~ORDERED,
        cancellations.c.id.is_(None),
        or_(services.c.parent_id.is_(None), and_(_carries(_PARENT), _LEAVING.c.id.is_(None))),
    )
    is_paid_there = and_(invoices.c.status.not_in(NOT_PAYABLE), ~ORDERED)
    title = case((services.c.label != "", services.c.label), else_=services.c.name)
    return (
        select(
            services.c.id,
            services.c.product_id,
            services.c.cycle,
            services.c.amount,
            services.c.due_date_known,
            services.c.next_due_date,
            by_code_points(title).label("title"),
            case((or_(is_apart, can_be_renewed), _YES), else_=_NO).label("is_offered"),
            case((is_apart, _YES), else_=_NO).label("is_apart"),
            case((is_paid_there, services.c.currency)).label("paid_in"),
            case((is_paid_there, invoices.c.id)).label("invoice_id"),
            case((is_paid_there.is_not(None), invoices.c.gross - invoices.c.paid)).label(
                "balance"
            ),
        )
        .select_from(
            WITH_INVOICE.outerjoin(_PARENT, _PARENT.c.id == services.c.parent_id).outerjoin(
                _LEAVING, _LEAVING.c.open_service_id == services.c.parent_id
            )
        )
        .where(OF_CLIENT, services.c.status.in_(sorted(LIVE)))
        .cte("judged")
    )


def _last_open_day(windows: int) -> ColumnElement[Any]:
    """The last due date of which a renewal is open today."""
    if not windows:
        return bindparam(None, date.max, Date)
    days = [
        (
            services.c.cycle == bindparam(cycle_name(place), type_=CycleName),
            bindparam(last_day(place), type_=Date),
        )
        for place in range(windows)
    ]
    return case(*days, else_=bindparam(None, date.max, Date))


def _is_owed(service: FromClause) -> ColumnElement[bool]:
    """`Service.is_owed`."""
    unpaid = service.c.suspended_for == SuspendedFor.NON_PAYMENT
    suspended = and_(service.c.status == ServiceStatus.SUSPENDED, unpaid)
    return or_(service.c.status == ServiceStatus.ACTIVE, suspended)


def _costs(service: FromClause) -> ColumnElement[bool]:
    """Whether a further period has to be paid for; an amount that is not known may be any."""
    amount = service.c.amount
    return and_(or_(amount.is_(None), amount != 0), service.c.cycle.not_in(_NEVER_RENEWED))


def _carries(parent: FromClause) -> ColumnElement[bool]:
    """Whether a service lets its add-ons be renewed."""
    may_be_due = or_(parent.c.next_due_date.is_not(None), ~parent.c.due_date_known)
    return and_(_is_owed(parent), or_(~_costs(parent), may_be_due))
