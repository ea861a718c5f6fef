"""Reports about reminders for the operator: histories, counts, unreachable clients."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ScalarSelect, and_, case, func, or_, select, tuple_

from billing.ports.reminders.digests import DueDigest
from billing.ports.reminders.preferences import RemindableService
from billing.rules.reach import Unreachable
from billing.rules.reminders.stages import ReminderItem, ReminderReason
from billing.views.reminders.reports import AtRisk, DigestCounts, ItemHistory, Sending
from storage.engines.connection import Connection
from storage.repositories.reminders.reminder_queries import known_items
from storage.repositories.services.leaving import ENDS_ON, IS_LEAVING, with_requests
from storage.rows import SERVICE, WIDTH, reminder_item_from, service_from
from storage.tables.accounts import clients, links, users
from storage.tables.messages import digest_items, digests, reminder_items
from storage.tables.services import services
from storage.tables.states import ItemState, SendState

DEFERRED = "deferred"
LOST = (Unreachable.NEVER_STARTED, Unreachable.BLOCKED, Unreachable.DEACTIVATED)
"""Reasons, the easiest to remove first; that of a client's users is reported."""

_ITEM = (
    reminder_items.c.id,
    reminder_items.c.due_date,
    reminder_items.c.stage,
    reminder_items.c.state,
    reminder_items.c.planned_at,
    reminder_items.c.reason,
)
_SENT = (
    digests.c.user_id,
    digests.c.state,
    digests.c.planned_at,
    digests.c.send_at,
    digests.c.finished_at,
    digests.c.message_id,
    digests.c.reason,
    digests.c.deferrals,
)
_SENDING = (*_SENT, digest_items.c.dropped)


@dataclass(frozen=True, slots=True)
class SqlReminderReports:
    """Reads items and digests."""

    connection: Connection

    async def history(self, service_id: int, *, limit: int) -> tuple[ItemHistory, ...]:
        """The items of one service with their history, newest due date first."""
        i = reminder_items.c
        newest = (
            select(i.id)
            .where(i.service_id == service_id)
            .order_by(i.due_date.desc(), i.planned_at.desc(), i.id.desc())
            .limit(limit)
        )
        query = (
            select(*_ITEM, *_SENDING)
            .outerjoin_from(reminder_items, digest_items, digest_items.c.item_id == i.id)
            .outerjoin(digests, digests.c.id == digest_items.c.digest_id)
            .where(i.id.in_(newest))
            .order_by(i.due_date.desc(), i.planned_at.desc(), i.id.desc(), digests.c.id)
        )
        rows = (await self.connection.execute(query)).all()
        return tuple(_history(list(mine)) for _, mine in groupby(rows, key=lambda row: row[0]))

    async def counts(
        self, days: tuple[date, date], *, since: datetime, until: datetime
    ) -> DigestCounts:
        """The digests of these days that were finished in that time, or wait."""
        d = digests.c
        finished = and_(d.finished_at >= since, d.finished_at < until)
        # It counts state by state, because GROUP BY would sort the days again.
        # Digests that were kept for unreachable users were never sent.
        tried = or_(d.state != SendState.UNDELIVERABLE, d.attempts > 0)
        each = {
            str(state): func.count(case((and_(d.state == state, tried), 1))) for state in SendState
        }
        each[DEFERRED] = func.count(d.deferrals)
        query = select(*each.values()).where(
            d.day.between(*days), or_(d.state == SendState.WAITING, finished)
        )
        numbers = (await self.connection.execute(query)).one()
        return DigestCounts(**dict(zip(each, numbers, strict=True)))

    async def of_day(
        self, day: date, *, client_id: int | None = None, after: int = 0, limit: int
    ) -> tuple[tuple[DueDigest, Sending], ...]:
        """The digests of a day (of that client) with their results, by id.

        Digests of earlier days that still wait go out with them.
        """
        d = digests.c
        late = and_(d.state == SendState.WAITING, d.day < day)
        query = (
            select(d.id, d.client_id, d.day, d.attempts, *_SENT)
            # The sum keeps the index of ids unused, which would read all digests ever sent.
            .where(or_(d.day == day, late), d.id + 0 > after)
            .order_by(d.id + 0)
            .limit(limit)
        )
        if client_id is not None:
            query = query.where(d.client_id == client_id)
        rows = (await self.connection.execute(query)).all()
        return tuple((_due(row), _sending([*row[4:], None])) for row in rows)

    async def left_out(
        self, items: Collection[ReminderItem]
    ) -> Mapping[ReminderItem, ReminderReason]:
        """Of these items, the ones that were planned and that nobody is sent, and why."""
        if not items:
            return {}
        i = reminder_items.c
        nobody = i.state.in_([ItemState.SKIPPED, ItemState.UNDELIVERABLE])
        query = known_items(items).where(nobody).add_columns(i.reason)
        rows = await self.connection.execute(query)
        return {reminder_item_from(row[:-1]): ReminderReason(row[-1]) for row in rows}

    async def owed_by(
        self, client_ids: Collection[int], *, earliest: date, latest: date
    ) -> tuple[RemindableService, ...]:
        """What these clients owe in that window, by date and id."""
        query = (
            select(*SERVICE, IS_LEAVING, ENDS_ON)
            .select_from(with_requests())
            .where(
                services.c.client_id.in_(tuple(client_ids)),
                services.c.owed_on >= earliest,
                services.c.owed_on <= latest,
            )
            .order_by(services.c.owed_on, services.c.id)
        )
        return tuple(
            RemindableService(service_from(row), bool(leaving), ends_on=ends_on)
            for *row, leaving, ends_on in await self.connection.execute(query)
        )

    async def unreachable(
        self, *, earliest: date, latest: date, after: AtRisk | None, limit: int
    ) -> tuple[AtRisk, ...]:
        """Services due in that window whose client has no reachable user, by date."""
        theirs = select(links.c.user_id).where(links.c.client_id == clients.c.id)
        reached = theirs.join(users, users.c.id == links.c.user_id).where(
            users.c.unreachable.is_(None)
        )
        start = (after.service.next_due_date if after else None) or earliest
        query = (
            select(
                *SERVICE, clients.c.ref, clients.c.name, clients.c.email, clients.c.tax_rate,
                _why_lost(),
            )
            .join(clients, clients.c.id == services.c.client_id)
            .where(
                services.c.owed_on >= start, services.c.owed_on <= latest,
                ~reached.correlate(clients).exists(),
            )
            .order_by(services.c.owed_on, services.c.id)
            .limit(limit)
        )  # fmt: skip
        if after is not None:
            last = (after.service.next_due_date, after.service.id)
            query = query.where(tuple_(services.c.owed_on, services.c.id) > last)
        return tuple(_at_risk(row) for row in await self.connection.execute(query))


def _why_lost() -> ScalarSelect[Any]:
    """The index in `LOST` of the easiest reason; NULL without a user."""
    places = case({lost: place for place, lost in enumerate(LOST)}, value=users.c.unreachable)
    return (
        select(func.min(places))
        .select_from(links.join(users, users.c.id == links.c.user_id))
        .where(links.c.client_id == clients.c.id)
        .correlate(clients)
        .scalar_subquery()
    )


def _at_risk(row: Sequence[Any]) -> AtRisk:
    ref, name, email, tax_rate, place = row[WIDTH:]
    why = ReminderReason.NOBODY_LINKED if place is None else ReminderReason(LOST[place])
    return AtRisk(service_from(row), ref, name, email, tax_rate, why)


def _history(rows: Sequence[Sequence[Any]]) -> ItemHistory:
    number, due_date, stage, state, planned_at, reason = rows[0][: len(_ITEM)]
    sendings = (_sending(row[len(_ITEM) :]) for row in rows if row[len(_ITEM)] is not None)
    return ItemHistory(
        number, due_date, stage, str(state), planned_at, _reason(reason), tuple(sendings)
    )


def _sending(row: Sequence[Any]) -> Sending:
    user_id, state, planned_at, send_at, finished_at, message_id, reason, deferrals, dropped = row
    put_off = ((d.at, d.until, d.reason) for d in deferrals or ())
    return Sending(
        user_id, str(state), planned_at, send_at, finished_at, message_id,
        _reason(reason), _reason(dropped), tuple(put_off),
    )  # fmt: skip


def _due(row: Sequence[Any]) -> DueDigest:
    number, client_id, day, attempts, user_id, _, _, send_at, *_, deferrals = row
    return DueDigest(number, client_id, user_id, day, attempts, deferrals or (), send_at)


def _reason(value: str | None) -> ReminderReason | None:
    return None if value is None else ReminderReason(value)
