"""How many services a client has in each status, and what is due, in one statement."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Date,
    Integer,
    Select,
    String,
    bindparam,
    case,
    cast,
    exists,
    func,
    null,
    or_,
    select,
    union_all,
)

from billing.rules.money import Money
from billing.rules.services.service import ServiceStatus
from billing.views.services import DueAmount, ServiceCounts
from storage.repositories.services.service_lists import among, search_terms
from storage.tables.sales import invoice_lines, order_holds
from storage.tables.services import cancellations, services

OWED = (ServiceStatus.ACTIVE, ServiceStatus.SUSPENDED)
"""Statuses of services with an `owed_on`; named in the query so that it uses the index."""

_LEAVING = exists().where(
    or_(
        cancellations.c.open_service_id == services.c.id,
        cancellations.c.open_service_id == services.c.parent_id,
    )
)
_HELD = or_(
    exists().where(invoice_lines.c.held_service_id == services.c.id),
    exists().where(order_holds.c.service_id == services.c.id),
)


def count_of(search: str) -> Any:
    """The statement; its values come from `list_parameters`, with `today` and `soon`."""
    return _counts(words=len(search_terms(search)))


def counts_from(rows: Iterable[Sequence[Any]]) -> ServiceCounts:
    """The counts from the statement's rows: of a status, or of an amount that is due."""
    by_status: dict[ServiceStatus, int] = {}
    due: list[DueAmount] = []
    for status, is_overdue, amount, currency, count in rows:
        if status is not None:
            by_status[ServiceStatus(status)] = count
        else:
            money = None if amount is None else Money(amount, currency)
            due.append(DueAmount(bool(is_overdue), money, count))
    return ServiceCounts(by_status, tuple(due))


@cache
def _counts(*, words: int) -> Any:
    status = cast(services.c.status, String)
    by_status: Any = select(
        status, cast(null(), Integer), cast(null(), BigInteger), cast(null(), String), func.count()
    ).group_by(services.c.status)
    return union_all(among(by_status, words=words), _due())


def _due() -> Select[Any]:
    """What can be renewed of what is due, a row for each amount."""
    today, soon = bindparam("today", type_=Date), bindparam("soon", type_=Date)
    is_overdue = case((services.c.owed_on < today, 1), else_=0).label("is_overdue")
    amount, currency = services.c.amount, services.c.currency
    return (
        select(cast(null(), String), is_overdue, amount, currency, func.count())
        .where(
            services.c.client_id == bindparam("client_id"),
            services.c.status.in_(OWED),
            services.c.owed_on <= soon,
            ~_LEAVING,
            ~_HELD,
        )
        .group_by("is_overdue", amount, currency)
    )
