"""The coming reminders of clients, read in one statement."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Executable, literal, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.ports.outlook import OnItsWay, Outlook
from billing.ports.reminders import PlannedItem
from storage.repositories.reminders import PLANNED
from storage.tables.messages import digest_items, digests, reminder_items
from storage.tables.running import kept_settings
from storage.tables.states import ItemState, SendState

MESSAGE, ITEM, DIGEST, DAY = range(4)
"""Kinds of rows: an item in a message, one without, a client's digest, the planned day."""


@dataclass(frozen=True, slots=True)
class SqlOutlooks:
    """Reads waiting digests and items."""

    connection: AsyncConnection

    async def of(self, client_ids: Collection[int], day: date) -> Outlook:
        """Read the outlook of these clients in one statement."""
        rows = (await self.connection.execute(_everything(tuple(client_ids), day))).all()
        return Outlook(
            is_planned=any(row.kind == DAY and row.stage == day.isoformat() for row in rows),
            with_digest=frozenset(row.client_id for row in rows if row.kind == DIGEST),
            messages=tuple(_messages([row for row in rows if row.kind == MESSAGE])),
            waiting=tuple(_item(row) for row in rows if row.kind == ITEM),
        )


def _everything(client_ids: Sequence[int], day: date) -> Executable:
    d, i = digests.c, reminder_items.c
    item = (i.service_id, i.invoice_id, i.due_date, i.stage)
    messages = (
        select(
            literal(MESSAGE).label("kind"), d.client_id, d.id, d.user_id, d.due_at, d.send_at,
            d.attempts, *item,
        )
        .join(digest_items, digest_items.c.digest_id == d.id)
        .join(reminder_items, i.id == digest_items.c.item_id)
        .where(d.client_id.in_(client_ids), d.state == SendState.WAITING)
    )  # fmt: skip
    items = select(literal(ITEM), i.client_id, *[null()] * 5, *item).where(
        i.state == ItemState.WAITING, i.client_id.in_(client_ids)
    )
    of_day = select(literal(DIGEST), d.client_id, *[null()] * 9).where(
        d.client_id.in_(client_ids), d.day == day
    )
    planned = select(literal(DAY), *[null()] * 9, kept_settings.c.value).where(
        kept_settings.c.key == PLANNED
    )
    return union_all(messages, items, of_day, planned)


def _messages(rows: Sequence[Any]) -> list[OnItsWay]:
    found = []
    for _, mine in groupby(sorted(rows, key=_id), key=_id):
        first, *rest = mine
        items = tuple(_item(row) for row in (first, *rest))
        found.append(
            OnItsWay(
                first.user_id, first.client_id, first.due_at, first.send_at, first.attempts, items
            )
        )
    return found


def _id(row: Any) -> int:
    number: int = row.id
    return number


def _item(row: Any) -> PlannedItem:
    return PlannedItem(row.client_id, row.due_date, row.stage, row.service_id, row.invoice_id)
