"""A client's overdue and coming payments, counted by the database in one statement."""

from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.rules.invoices import InvoiceStatus
from billing.rules.services import ServiceStatus
from billing.views.services import DueSummary
from storage.tables.sales import invoices
from storage.tables.services import services

OWED = (ServiceStatus.ACTIVE, ServiceStatus.SUSPENDED)
"""Statuses of services with an `owed_on`; named in the query so that it uses the index."""


async def due_summary(
    connection: AsyncConnection, client_id: int, *, today: date, soon: date
) -> DueSummary:
    """What is overdue, due until `soon` inclusive, or on unpaid invoices."""
    overdue = services.c.owed_on < today
    unpaid = (
        select(func.count())
        .where(invoices.c.client_id == client_id, invoices.c.status == InvoiceStatus.UNPAID)
        .scalar_subquery()
    )
    query = select(
        _count(and_(overdue, services.c.parent_id.is_(None))),
        _count(and_(overdue, services.c.parent_id.is_not(None))),
        _count(services.c.owed_on.between(today, soon)),
        unpaid,
    ).where(services.c.client_id == client_id, services.c.status.in_(OWED))
    row = (await connection.execute(query)).one()
    return DueSummary(*(int(count or 0) for count in row))


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
