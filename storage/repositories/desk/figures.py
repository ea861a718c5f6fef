"""Counts and sums over all clients, for staff."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, case, func, literal, or_, select
from sqlalchemy import union_all as union

from billing.rules.money import Money
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.payments.payment import PaymentStatus
from billing.rules.services.service import ServiceStatus
from billing.views.account import Reach
from billing.views.desk import FoundClient, OverdueGroup, Tally, ToDo
from billing.views.page import Part
from billing.views.seen_client import ClientFigures
from billing.views.services import CancellationStatus
from storage.engines.connection import Connection
from storage.repositories.panel.panel_calls import NEEDS_SOMEONE
from storage.repositories.services.leaving import IS_LEAVING, with_requests
from storage.repositories.tasks import count_of_tasks
from storage.tables.accounts import clients, links, users
from storage.tables.inbox import unplaced_money
from storage.tables.sales import invoices, payments
from storage.tables.services import cancellations, services

PAID, OPEN = "paid", "open"
LEFT = invoices.c.gross - invoices.c.paid
_parent = services.alias("parent")


@dataclass(frozen=True, slots=True)
class SqlDesk:
    """Reads what all clients owe, and what waits."""

    connection: Connection

    async def money(
        self, *, since: datetime, until: datetime, lapses_by: date
    ) -> tuple[Tally, Tally, Tally]:
        """What came, what is open, and what of that lapses soon: one statement."""
        came = payments.c.paid_at >= since, payments.c.paid_at < until
        paid = (
            select(
                literal(PAID), payments.c.currency, func.count(), func.sum(payments.c.amount),
                literal(0), literal(0),
            )
            .where(payments.c.status == PaymentStatus.PAID, *came)
            .group_by(payments.c.currency)
        )  # fmt: skip
        lapses = invoices.c.expires_on <= lapses_by
        unpaid = (
            select(
                literal(OPEN), invoices.c.currency, func.count(), func.sum(LEFT),
                func.count(case((lapses, 1))), func.sum(case((lapses, LEFT), else_=0)),
            )
            .where(invoices.c.status == InvoiceStatus.UNPAID)
            .group_by(invoices.c.currency)
        )  # fmt: skip
        rows = (await self.connection.execute(union(paid, unpaid))).all()
        came_in = [row[1:4] for row in rows if row[0] == PAID]
        waiting = [row[1:4] for row in rows if row[0] == OPEN]
        expiring = [(row[1], *row[4:6]) for row in rows if row[0] == OPEN]
        return _tally(came_in), _tally(waiting), _tally(expiring)

    async def overdue(self, *, today: date, long_before: date) -> tuple[OverdueGroup, ...]:
        """Services past their due date, those of one price together."""
        is_long = case((services.c.owed_on < long_before, 1), else_=0)
        price = services.c.amount, services.c.currency, clients.c.tax_rate
        query = (
            select(is_long, *price, func.count())
            .select_from(with_requests().join(clients, clients.c.id == services.c.client_id))
            .where(services.c.owed_on < today, ~IS_LEAVING)
            .group_by(is_long, *price)
        )
        return tuple(
            OverdueGroup(
                bool(long), None if amount is None else Money(amount, currency),
                currency, tax_rate, count,
            )
            for long, amount, currency, tax_rate, count in await self.connection.execute(query)
        )  # fmt: skip

    async def todo(self, *, earliest: date, latest: date) -> ToDo:
        """How much waits for staff: one statement."""
        query = select(
            _orders(),
            _count(cancellations.c.status == CancellationStatus.REQUESTED),
            _count(unplaced_money.c.is_open.is_(True)),
            _count(NEEDS_SOMEONE),
            unreachable_count(earliest, latest),
            count_of_tasks(),
        )
        return ToDo(*(await self.connection.execute(query)).one())

    async def unreachable(
        self, part: Part, *, earliest: date, latest: date
    ) -> tuple[FoundClient, ...]:
        """The clients whom no reminder reaches."""
        query = (
            select(clients.c.id, clients.c.ref, clients.c.name)
            .where(clients.c.id.in_(owing_unreached(earliest, latest)))
            .order_by(clients.c.id)
            .limit(part.limit)
            .offset(part.offset)
        )
        return tuple(FoundClient(*row) for row in await self.connection.execute(query))

    async def client(self, client_id: int) -> ClientFigures:
        """Users and services of a client, counted in one statement."""
        by_status = (
            func.count(case((services.c.status == status, 1))) for status in ServiceStatus
        )
        joined = select(links.c.user_id).where(links.c.client_id == client_id)
        reached = joined.join(users, users.c.id == links.c.user_id).where(
            users.c.unreachable.is_(None)
        )
        query = select(joined.exists(), reached.exists(), *by_status).where(
            services.c.client_id == client_id,
            services.c.parent_id.is_(None),
            ~services.c.is_hidden,
        )
        is_linked, is_reached, *counts = (await self.connection.execute(query)).one()
        reach = Reach.REACHED if is_reached else Reach.UNREACHABLE
        numbers = zip(ServiceStatus, counts, strict=True)
        return ClientFigures(
            reach if is_linked else Reach.NOBODY_LINKED,
            {status: count for status, count in numbers if count},
        )


def _orders() -> ScalarSelect[Any]:
    """Pending services; an add-on that waits with its service is decided together with it."""
    apart = or_(_parent.c.id.is_(None), _parent.c.status != ServiceStatus.PENDING)
    return (
        select(func.count())
        .select_from(services.outerjoin(_parent, _parent.c.id == services.c.parent_id))
        .where(services.c.status == ServiceStatus.PENDING, apart)
        .scalar_subquery()
    )


def _count(condition: ColumnElement[bool]) -> ScalarSelect[Any]:
    return select(func.count()).where(condition).scalar_subquery()


def owing_unreached(earliest: date, latest: date) -> Any:
    """The ids of clients who owe something in that window and have no user to be reached."""
    owing = (
        select(services.c.client_id)
        .distinct()
        .select_from(with_requests())
        .where(services.c.owed_on.between(earliest, latest), ~IS_LEAVING)
        .subquery("owing")
    )
    reached = (
        select(links.c.user_id)
        .join(users, users.c.id == links.c.user_id)
        .where(links.c.client_id == owing.c.client_id, users.c.unreachable.is_(None))
        .correlate(owing)
    )
    return select(owing.c.client_id).where(~reached.exists())


def unreachable_count(earliest: date, latest: date) -> ScalarSelect[Any]:
    """How many they are."""
    unreached = owing_unreached(earliest, latest).subquery("unreached")
    return select(func.count()).select_from(unreached).scalar_subquery()


def _tally(rows: Iterable[Sequence[Any]]) -> Tally:
    """Rows of currency, count and sum as one value; currencies without any are left out."""
    known = sorted((currency, int(count), int(total or 0)) for currency, count, total in rows)
    sums = tuple(Money(total, currency) for currency, _, total in known if total)
    return Tally(sum(count for _, count, _ in known), sums)
