"""Making digests and binding what waits to them, in whole batches of clients."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import upsert
from storage.tables.messages import digest_items, digests, reminder_items
from storage.tables.states import ItemState, SendState


def digest_rows(
    client_id: int, user_id: int, *, day: date, send_at: datetime, at: datetime
) -> dict[str, Any]:
    """The columns of a new digest that waits for its time."""
    return {
        "client_id": client_id,
        "user_id": user_id,
        "day": day,
        "send_at": send_at,
        "due_at": send_at,
        "state": SendState.WAITING,
        "attempts": 0,
        "planned_at": at,
        "finished_at": None,
    }


async def bind(
    connection: AsyncConnection,
    rows: Sequence[dict[str, Any]],
    *,
    day: date,
    to: SendState,
    become: ItemState,
) -> None:
    """Insert absent digests, bind their clients' waiting items to those in state `to`.

    An item that found no such digest goes on waiting: it may not be lost between two planners.
    """
    if not rows:
        return
    client_ids = tuple({row["client_id"] for row in rows})
    added = upsert(digests, connection).on_conflict_do_nothing(
        index_elements=["client_id", "day", "user_id"]
    )
    await connection.execute(added, list(rows))
    waiting = (
        reminder_items.c.client_id.in_(client_ids),
        reminder_items.c.state == ItemState.WAITING,
    )
    pairs = (
        select(digests.c.id, reminder_items.c.id)
        .join(reminder_items, reminder_items.c.client_id == digests.c.client_id)
        .where(*waiting, digests.c.day == day, digests.c.state == to)
    )
    bound = upsert(digest_items, connection).from_select(["digest_id", "item_id"], pairs)
    await connection.execute(bound.on_conflict_do_nothing())
    is_bound = (
        select(digest_items.c.item_id)
        .where(digest_items.c.item_id == reminder_items.c.id)
        .correlate(reminder_items)
        .exists()
    )
    await connection.execute(update(reminder_items).where(*waiting, is_bound).values(state=become))


async def adopt(
    connection: AsyncConnection,
    client_ids: Collection[int],
    *,
    day: date,
    now: datetime,
    lease_until: datetime,
) -> None:
    """Make unsent digests of earlier days that day's; a user's second joins his first.

    A claimed row is due again at the end of its lease: what is due between now and the end of the
    longest lease, and was tried before, may be in somebody's hand.
    """
    d = digests.c
    free = or_(d.attempts == 0, d.due_at <= now, d.due_at > lease_until)
    unsent = (
        select(d.id, d.client_id, d.user_id)
        .where(d.client_id.in_(tuple(client_ids)), d.state == SendState.WAITING, d.day < day, free)
        .order_by(d.due_at, d.id)
    )
    kept: dict[tuple[int, int], int] = {}
    for id_, client_id, user_id in (await connection.execute(unsent)).all():
        first = kept.setdefault((client_id, user_id), id_)
        if first != id_:
            await _join(connection, id_, first, at=now)
    if kept:
        ids = tuple(kept.values())
        await connection.execute(update(digests).where(d.id.in_(ids)).values(day=day))


async def _join(connection: AsyncConnection, one: int, other: int, *, at: datetime) -> None:
    """Let another digest say what one would have said."""
    items = digest_items.c
    theirs = select(items.item_id).where(items.digest_id == other)
    moved = select(literal(other), items.item_id).where(
        items.digest_id == one, items.item_id.not_in(theirs)
    )
    await connection.execute(insert(digest_items).from_select(["digest_id", "item_id"], moved))
    await connection.execute(
        update(digests).where(digests.c.id == one).values(state=SendState.VOID, finished_at=at)
    )
