"""How the company stands: what came, what is owed to it, and what waits for staff."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from billing.actions.environment import Environment
from billing.ports.work import UnitOfWork
from billing.rules.money import Money
from billing.rules.shop.quotes import price_line
from billing.views.desk import CompanyStanding, OverdueGroup, Tally, ToDo

LAPSES_WITHIN = timedelta(days=3)
"""A proforma that lapses in that time is at risk."""

LONG_OVERDUE = timedelta(days=7)
"""A service that has been overdue for longer is at risk."""


async def read_standing(
    env: Environment, uow: UnitOfWork, *, since: datetime, until: datetime
) -> tuple[Tally, CompanyStanding]:
    """What came in that time, and how things stand now: four statements."""
    today = env.today()
    paid, waiting, expiring = await uow.desk.money(
        since=since, until=until, lapses_by=today + LAPSES_WITHIN
    )
    groups = await uow.desk.overdue(today=today, long_before=today - LONG_OVERDUE)
    return paid, CompanyStanding(
        waiting=waiting,
        expiring=expiring,
        overdue=_tally(env, groups),
        long_overdue=_tally(env, [group for group in groups if group.is_long]),
        todo=await _todo(env, uow),
    )


async def reminder_window(env: Environment, uow: UnitOfWork) -> tuple[date, date]:
    """The first and last due dates of which clients are reminded now."""
    today = env.today()
    before, after = (await uow.catalogs.current()).reminder_horizon
    return today + timedelta(days=after), today + timedelta(days=before)


async def _todo(env: Environment, uow: UnitOfWork) -> ToDo:
    earliest, latest = await reminder_window(env, uow)
    todo = await uow.desk.todo(earliest=earliest, latest=latest)
    # Where the panel decides about orders and requests, they wait there.
    return todo if env.capabilities.sweeps else replace(todo, orders=0, cancellations=0)


def _tally(env: Environment, groups: Iterable[OverdueGroup]) -> Tally:
    """What the groups come to, with tax; a connected panel's amounts are never computed."""
    count = unpriced = 0
    sums: dict[str, int] = defaultdict(int)
    for group in groups:
        count += group.count
        if group.amount is None:
            unpriced += group.count
        else:
            gross = price_line(group.amount, env.taxation_at(group.tax_rate)).gross
            sums[group.currency] += gross.minor * group.count
    if env.capabilities.deferred:
        return Tally(count)
    amounts = tuple(Money(sums[currency], currency) for currency in sorted(sums))
    return Tally(count, tuple(amount for amount in amounts if amount), unpriced)
