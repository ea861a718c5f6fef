"""Withdrawing unsent plans that were made while the clock was ahead."""

from datetime import date, datetime

from sqlalchemy import Select, delete, select, update

from storage.engines.connection import Connection
from storage.tables.messages import digest_items, digests, reminder_items
from storage.tables.states import ItemState, SendState


async def withdraw_plans(
    connection: Connection, *, after: date, planned_after: datetime, due_from: date
) -> int:
    """Delete unsent digests of later days and items planned in the future; how many.

    Items that were planned before and only moved to such a day wait for a digest again.
    """
    d, items, bound = digests.c, reminder_items.c, digest_items.c
    unsent = select(d.id).where(d.day > after, d.state == SendState.WAITING, d.attempts == 0)
    await connection.execute(
        update(reminder_items)
        .where(
            items.id.in_(select(bound.item_id).where(bound.digest_id.in_(unsent))),
            items.state == ItemState.BOUND,
            ~_elsewhere(unsent).exists(),
        )
        .values(state=ItemState.WAITING)
    )
    await connection.execute(delete(digest_items).where(bound.digest_id.in_(unsent)))
    withdrawn = await connection.execute(delete(digests).where(d.id.in_(unsent)))
    of_an_item = select(bound.item_id).where(bound.item_id == items.id)
    never_told = await connection.execute(
        delete(reminder_items).where(
            items.due_date >= due_from, items.planned_at > planned_after, ~of_an_item.exists()
        )
    )
    return withdrawn.rowcount + never_told.rowcount


def _elsewhere(unsent: Select[tuple[int]]) -> Select[tuple[int]]:
    """Other digests with the same item."""
    bound = digest_items.c
    return select(bound.item_id).where(
        bound.item_id == reminder_items.c.id, bound.digest_id.not_in(unsent)
    )
