"""A client's overdue and coming payments, counted by the database in one statement."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.rules.invoices import InvoiceStatus
from billing.rules.money import Money
from billing.rules.services import ServiceStatus
from billing.views.home import DueSummary
from storage.tables.sales import invoices
from storage.tables.services import services

OWED = (ServiceStatus.ACTIVE, ServiceStatus.SUSPENDED)
"""Statuses of services with an `owed_on`; named in the query so that it uses the index."""


async def due_summary(
    connection: AsyncConnection, client_id: int, *, today: date, soon: date
) -> DueSummary:
    """What is overdue, due until `soon` inclusive, or on unpaid invoices."""
    overdue = services.c.owed_on < today
    left = invoices.c.gross - invoices.c.paid
    unpaid = (func.count(), func.sum(left), func.max(invoices.c.id), func.max(invoices.c.currency))
    query = select(
        _count(and_(overdue, services.c.parent_id.is_(None))),
        _count(and_(overdue, services.c.parent_id.is_not(None))),
        _count(services.c.owed_on.between(today, soon)),
        *(_of_unpaid(value, client_id) for value in unpaid),
    ).where(services.c.client_id == client_id, services.c.status.in_(OWED))
    *counts, balance, newest, currency = (await connection.execute(query)).one()
    services_late, addons_late, coming, proformas = (int(count or 0) for count in counts)
    return DueSummary(
        services_late,
        addons_late,
        coming,
        proformas,
        unpaid_balance=None if balance is None else Money(int(balance), currency),
        unpaid_invoice=newest,
    )


def _of_unpaid(value: ColumnElement[Any], client_id: int) -> ScalarSelect[Any]:
    of_client, unpaid = invoices.c.client_id == client_id, InvoiceStatus.UNPAID
    return select(value).where(of_client, invoices.c.status == unpaid).scalar_subquery()


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
