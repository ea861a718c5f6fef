"""Making digests and binding items to them, in whole batches of clients."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, insert, literal, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.ports.reminders import NewDigest
from storage.statements import upsert
from storage.tables.messages import digest_items, digests, reminder_items
from storage.tables.states import ItemState, SendState


async def bind(
    connection: AsyncConnection, planned: Sequence[NewDigest], *, day: date, at: datetime
) -> None:
    """Insert absent digests and bind their items to those that are still to be sent.

    An item that found no such digest goes on waiting: it may not be lost between two planners.
    """
    rows = [_row(one, day=day, at=at) for one in sorted(planned, key=_place)]
    added = upsert(digests, connection).on_conflict_do_nothing(
        index_elements=["client_id", "day", "user_id"]
    )
    await connection.execute(added, rows)
    ids = await _waiting(connection, {one.client_id for one in planned}, day=day)
    pairs = [
        {"digest_id": ids[_place(one)], "item_id": item_id}
        for one in sorted(planned, key=_place)
        if _place(one) in ids
        for item_id in one.item_ids
    ]
    if not pairs:
        return
    await connection.execute(upsert(digest_items, connection).on_conflict_do_nothing(), pairs)
    items = reminder_items.c
    bound = sorted({pair["item_id"] for pair in pairs})
    await connection.execute(
        update(reminder_items)
        .where(items.id.in_(bound), items.state == ItemState.WAITING)
        .values(state=ItemState.BOUND)
    )


def _place(one: NewDigest) -> tuple[int, int]:
    return one.client_id, one.user_id


def _row(one: NewDigest, *, day: date, at: datetime) -> dict[str, Any]:
    return {
        "client_id": one.client_id, "user_id": one.user_id, "day": day,
        "send_at": one.send_at, "due_at": one.send_at, "state": SendState.WAITING,
        "attempts": 0, "planned_at": at,
    }  # fmt: skip


async def _waiting(
    connection: AsyncConnection, client_ids: Collection[int], *, day: date
) -> dict[tuple[int, int], int]:
    """The ids of these clients' unsent digests of a day, by client and user."""
    d = digests.c
    asked = select(d.client_id, d.user_id, d.id).where(
        d.client_id.in_(sorted(client_ids)), d.day == day, d.state == SendState.WAITING
    )
    return {(client, user): id_ for client, user, id_ in await connection.execute(asked)}


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
            await join(connection, id_, first, at=now)
    if kept:
        ids = tuple(kept.values())
        await connection.execute(update(digests).where(d.id.in_(ids)).values(day=day))


async def join(connection: AsyncConnection, one: int, other: int, *, at: datetime) -> None:
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


async def revive(
    connection: AsyncConnection, user_id: int, *, since: date, day: date, now: datetime
) -> None:
    """A user's undelivered digests since a day become one of the day for each client.

    Where his newest one was delivered, he has been written to since: nothing is repeated.
    """
    d = digests.c
    asked = (
        select(d.id, d.client_id, d.state)
        .where(d.user_id == user_id, d.day >= since)
        .order_by(d.day.desc())
    )
    newest: dict[int, int | None] = {}
    for id_, client_id, state in (await connection.execute(asked)).all():
        lost = state == SendState.UNDELIVERABLE
        first = newest.setdefault(client_id, id_ if lost else None)
        if lost and first is not None and first != id_:
            await join(connection, id_, first, at=now)
    again = [id_ for id_ in newest.values() if id_ is not None]
    if again:
        await connection.execute(
            update(digests)
            .where(d.id.in_(again))
            .values(
                state=SendState.WAITING,
                day=case((d.day < day, day), else_=d.day),
                due_at=now,
                moved_at=now,
                attempts=0,
                finished_at=None,
                reason=None,
            )
        )


async def wait_again(connection: AsyncConnection, client_ids: Collection[int]) -> None:
    """What found no reader of these clients waits for a digest again."""
    items = reminder_items.c
    lost = (items.state == ItemState.UNDELIVERABLE, items.client_id.in_(tuple(client_ids)))
    await connection.execute(
        update(reminder_items).where(*lost).values(state=ItemState.WAITING, reason=None)
    )


def belongs(of: Sequence[tuple[int, int, int]]) -> Any:
    """Whether a digest is one of these, and that client's and user's."""
    d = digests.c
    return tuple_(d.id, d.client_id, d.user_id).in_(of)
