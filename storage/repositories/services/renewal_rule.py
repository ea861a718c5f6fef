"""The rule of renewals as a condition of queries.

`billing.rules.shop.renewals` is the rule; a test compares the two for invented clients.
"""

from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    FromClause,
    and_,
    bindparam,
    case,
    literal_column,
    or_,
    select,
)

from billing.rules.cycles import BillingCycle
from billing.rules.services.service import LIVE, ServiceStatus, SuspendedFor
from storage.repositories.services.owned_services import (
    NOT_PAYABLE,
    OF_CLIENT,
    ORDERED,
    WITH_INVOICE,
)
from storage.sets import among_named
from storage.tables.sales import invoices
from storage.tables.services import cancellations, services
from storage.types import CycleName, by_code_points

_NEVER_RENEWED = (BillingCycle.ONE_TIME, BillingCycle.FREE)
_PARENT, _LEAVING = services.alias("parent"), cancellations.alias("leaving")
YES: ColumnElement[int] = literal_column("1")
NO: ColumnElement[int] = literal_column("0")


def cycle_name(place: int) -> str:
    """The parameter of a cycle that is not always open."""
    return f"cycle{place}"


def last_day(place: int) -> str:
    """The parameter of the last due date that is open for that cycle."""
    return f"last_day{place}"


def judge(windows: int) -> CTE:
    """Each service of the client that may appear, and whether it can be renewed now."""
    is_apart = among_named(services.c.id, "offered")
    is_offered = or_(is_apart, _can_be_renewed(windows))
    is_payable = and_(invoices.c.id.is_not(None), invoices.c.status.not_in(NOT_PAYABLE), ~ORDERED)
    title = case((services.c.label != "", services.c.label), else_=services.c.name)
    return (
        select(
            services.c.id,
            services.c.product_id,
            services.c.cycle,
            services.c.amount,
            services.c.currency,
            services.c.due_date_known,
            services.c.next_due_date,
            by_code_points(title).label("title"),
            case((is_offered, YES), else_=NO).label("is_offered"),
            case((is_apart, YES), else_=NO).label("is_apart"),
            case((is_payable, invoices.c.id)).label("invoice_id"),
            (invoices.c.gross - invoices.c.paid).label("balance"),
        )
        .select_from(
            WITH_INVOICE.outerjoin(_PARENT, _PARENT.c.id == services.c.parent_id).outerjoin(
                _LEAVING, _LEAVING.c.open_service_id == services.c.parent_id
            )
        )
        .where(OF_CLIENT, services.c.status.in_(sorted(LIVE)))
        .cte("judged")
    )


def _can_be_renewed(windows: int) -> ColumnElement[bool]:
    return and_(
        services.c.currency == bindparam("currency"),
        _is_owed(services),
        _costs(services),
        or_(~services.c.due_date_known, services.c.next_due_date <= _last_open_day(windows)),
        invoices.c.id.is_(None),
        ~ORDERED,
        cancellations.c.id.is_(None),
        or_(services.c.parent_id.is_(None), and_(_carries(_PARENT), _LEAVING.c.id.is_(None))),
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
