"""What the operator asks about reminders: histories, counts, who cannot be reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.rules.reminders import ReminderReason
from billing.views.reminder_reports import AtRisk, ItemHistory, Sending
from storage.rows import SERVICE, WIDTH, service_from
from storage.tables.accounts import clients, links, users
from storage.tables.messages import digest_items, digests, reminder_items
from storage.tables.services import services

DEFERRED = "deferred"

_ITEM = (
    reminder_items.c.id,
    reminder_items.c.due_date,
    reminder_items.c.stage,
    reminder_items.c.state,
    reminder_items.c.planned_at,
    reminder_items.c.reason,
)
_SENDING = (
    digests.c.user_id,
    digests.c.state,
    digests.c.planned_at,
    digests.c.send_at,
    digests.c.finished_at,
    digests.c.message_id,
    digests.c.reason,
    digest_items.c.dropped,
    digests.c.deferrals,
)


@dataclass(frozen=True, slots=True)
class SqlReminderReports:
    """Rows of items and digests, to be read only."""

    connection: AsyncConnection

    async def history(self, service_id: int, *, limit: int) -> tuple[ItemHistory, ...]:
        """The items of one service with what became of them, newest due date first."""
        i = reminder_items.c
        newest = (
            select(i.id)
            .where(i.service_id == service_id)
            .order_by(i.due_date.desc(), i.planned_at.desc(), i.id.desc())
            .limit(limit)
        )
        asked = (
            select(*_ITEM, *_SENDING)
            .outerjoin_from(reminder_items, digest_items, digest_items.c.item_id == i.id)
            .outerjoin(digests, digests.c.id == digest_items.c.digest_id)
            .where(i.id.in_(newest))
            .order_by(i.due_date.desc(), i.planned_at.desc(), i.id.desc(), digests.c.id)
        )
        rows = (await self.connection.execute(asked)).all()
        return tuple(_history(list(mine)) for _, mine in groupby(rows, key=lambda row: row[0]))

    async def counts(self, day: date) -> Mapping[str, int]:
        """The digests of a day by state, and under "deferred" those that were put off."""
        d = digests.c
        asked = (
            select(d.state, func.count(), func.count(d.deferrals))
            .where(d.day == day)
            .group_by(d.state)
        )
        rows = (await self.connection.execute(asked)).all()
        found = {str(state): number for state, number, _ in rows}
        return found | {DEFERRED: sum(deferred for *_, deferred in rows)}

    async def unreachable(
        self, *, earliest: date, latest: date, after: AtRisk | None, limit: int
    ) -> tuple[AtRisk, ...]:
        """Services due in that window whose client has nobody who can be written to, by date."""
        theirs = select(links.c.user_id).where(links.c.client_id == clients.c.id)
        reached = theirs.join(users, users.c.id == links.c.user_id).where(
            users.c.blocked.is_(False)
        )
        start = (after.service.next_due_date if after else None) or earliest
        asked = (
            select(
                *SERVICE, clients.c.ref, clients.c.name, clients.c.email, clients.c.tax_rate,
                theirs.correlate(clients).exists(),
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
            asked = asked.where(tuple_(services.c.owed_on, services.c.id) > last)
        return tuple(_at_risk(row) for row in await self.connection.execute(asked))


def _at_risk(row: Sequence[Any]) -> AtRisk:
    ref, name, email, tax_rate, linked = row[WIDTH:]
    why = ReminderReason.BLOCKED if linked else ReminderReason.NOBODY_LINKED
    return AtRisk(service_from(row), ref, name, email, tax_rate, why)


def _history(rows: Sequence[Sequence[Any]]) -> ItemHistory:
    number, due_date, stage, state, planned_at, reason = rows[0][: len(_ITEM)]
    sendings = (_sending(row[len(_ITEM) :]) for row in rows if row[len(_ITEM)] is not None)
    return ItemHistory(
        number, due_date, stage, str(state), planned_at, _reason(reason), tuple(sendings)
    )


def _sending(row: Sequence[Any]) -> Sending:
    user_id, state, planned_at, send_at, finished_at, message_id, reason, dropped, deferrals = row
    put_off = ((d.at, d.until, d.reason) for d in deferrals or ())
    return Sending(
        user_id, str(state), planned_at, send_at, finished_at, message_id,
        _reason(reason), _reason(dropped), tuple(put_off),
    )  # fmt: skip


def _reason(value: str | None) -> ReminderReason | None:
    return None if value is None else ReminderReason(value)
