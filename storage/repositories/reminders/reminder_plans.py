"""How far reminders are planned, read together in one statement."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Executable, literal, null, select, union_all

from billing.ports.reminders.plans import ReminderPlan, WaitingDigest
from storage.engines.connection import Connection
from storage.repositories.reminders.reminders import PLANNED
from storage.rows import REMINDER_ITEM, reminder_item_from
from storage.tables.messages import digest_items, digests, reminder_items
from storage.tables.running import kept_settings
from storage.tables.states import ItemState, SendState

WAITING_DIGEST, ITEM, DAY_DIGEST, PLANNED_DAY = range(4)
"""What a row is: an item in a digest that waits, an item in none, a client who has a digest of the
day, the day that is planned."""


@dataclass(frozen=True, slots=True)
class SqlReminderPlans:
    """Rows of digests that wait and of items, to be read only."""

    connection: Connection

    async def read(self, client_ids: Collection[int], day: date) -> ReminderPlan:
        """The plan of these clients, in one statement."""
        rows = (await self.connection.execute(_plan(tuple(client_ids), day))).all()
        return ReminderPlan(
            is_day_planned=any(r.kind == PLANNED_DAY and r.stage == day.isoformat() for r in rows),
            clients_with_digest=frozenset(r.client_id for r in rows if r.kind == DAY_DIGEST),
            digests=tuple(_digests([row for row in rows if row.kind == WAITING_DIGEST])),
            items=tuple(reminder_item_from(row) for row in rows if row.kind == ITEM),
        )


def _plan(client_ids: Sequence[int], day: date) -> Executable:
    d, i = digests.c, reminder_items.c
    in_digests = (
        select(
            literal(WAITING_DIGEST).label("kind"), d.id, d.user_id, d.due_at, d.send_at,
            d.attempts, *REMINDER_ITEM,
        )
        .join(digest_items, digest_items.c.digest_id == d.id)
        .join(reminder_items, i.id == digest_items.c.item_id)
        .where(d.client_id.in_(client_ids), d.state == SendState.WAITING)
    )  # fmt: skip
    items = select(literal(ITEM), *[null()] * 5, *REMINDER_ITEM).where(
        i.state == ItemState.WAITING, i.client_id.in_(client_ids)
    )
    # In the columns of an item: the client of a digest, and the day in place of a stage.
    of_day = select(literal(DAY_DIGEST), *[null()] * 5, d.client_id, *[null()] * 4).where(
        d.client_id.in_(client_ids), d.day == day
    )
    planned_day = select(
        literal(PLANNED_DAY), *[null()] * 7, kept_settings.c.value, *[null()] * 2
    ).where(kept_settings.c.key == PLANNED)
    return union_all(in_digests, items, of_day, planned_day)


def _digests(rows: Sequence[Any]) -> list[WaitingDigest]:
    by_id = attrgetter("id")
    digests_with_items = []
    for _, group in groupby(sorted(rows, key=by_id), key=by_id):
        first, *others = group
        items = tuple(reminder_item_from(row) for row in (first, *others))
        digests_with_items.append(
            WaitingDigest(
                first.user_id, first.client_id, first.due_at, first.send_at, first.attempts, items
            )
        )
    return digests_with_items
