"""Making digests and binding items to them, in batches of clients."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, case, insert, literal, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.ports.reminders.items import NewDigest
from storage.statements import upsert
from storage.tables.messages import digest_items, digests, reminder_items
from storage.tables.states import ItemState, SendState


async def bind(
    connection: AsyncConnection, planned: Sequence[NewDigest], *, day: date, at: datetime
) -> None:
    """Insert missing digests and bind their items to unsent digests.

    Items are also bound to digests that are kept for unreachable users, but an item that only
    these contain does not count as bound. An item without a digest goes on waiting, so that none
    is lost between two planners.
    """
    planned = sorted(planned, key=_place)
    statement = upsert(digests, connection).on_conflict_do_nothing(
        index_elements=["client_id", "day", "user_id"]
    )
    await connection.execute(statement, [_row(one, day=day, at=at) for one in planned])
    ids = await _open(connection, {one.client_id for one in planned}, day=day)
    pairs = [
        {"digest_id": ids[_place(one)][0], "item_id": item_id}
        for one in planned
        if _place(one) in ids
        for item_id in one.item_ids
    ]
    if not pairs:
        return
    await connection.execute(upsert(digest_items, connection).on_conflict_do_nothing(), pairs)
    to_send = {id_ for id_, state in ids.values() if state is SendState.WAITING}
    bound = {pair["item_id"] for pair in pairs if pair["digest_id"] in to_send}
    items = reminder_items.c
    await connection.execute(
        update(reminder_items)
        .where(items.id.in_(sorted(bound)), items.state == ItemState.WAITING)
        .values(state=ItemState.BOUND)
    )


def _place(one: NewDigest) -> tuple[int, int]:
    return one.client_id, one.user_id


def _row(one: NewDigest, *, day: date, at: datetime) -> dict[str, Any]:
    lost = one.undelivered
    return {
        "client_id": one.client_id, "user_id": one.user_id, "day": day,
        "send_at": one.send_at, "due_at": one.send_at, "attempts": 0, "planned_at": at,
        "state": SendState.UNDELIVERABLE if lost else SendState.WAITING,
        "finished_at": at if lost else None, "reason": lost,
    }  # fmt: skip


async def _open(
    connection: AsyncConnection, client_ids: Collection[int], *, day: date
) -> dict[tuple[int, int], tuple[int, SendState]]:
    """The unsent digests of these clients on a day, by client and user."""
    d = digests.c
    unsent = SendState.WAITING, SendState.UNDELIVERABLE
    query = select(d.client_id, d.user_id, d.id, d.state).where(
        d.client_id.in_(sorted(client_ids)), d.day == day, d.state.in_(unsent)
    )
    rows = await connection.execute(query)
    return {(client, user): (id_, state) for client, user, id_, state in rows}


async def adopt(
    connection: AsyncConnection,
    client_ids: Collection[int],
    *,
    day: date,
    now: datetime,
    lease_until: datetime,
) -> None:
    """Move unsent digests of earlier days to that day; a user's second one joins the first.

    A claimed row is due again at the end of its lease. So a row that was tried before and is due
    before the end of the longest lease may be claimed by a process now.
    """
    d = digests.c
    free = or_(d.attempts == 0, d.due_at <= now, d.due_at > lease_until)
    unsent = (
        select(d.id, d.client_id, d.user_id)
        .where(d.client_id.in_(tuple(client_ids)), d.state == SendState.WAITING, d.day < day, free)
        .order_by(d.due_at, d.id)
    )
    digest_ids: dict[tuple[int, int], int] = {}
    for id_, client_id, user_id in (await connection.execute(unsent)).all():
        first = digest_ids.setdefault((client_id, user_id), id_)
        if first != id_:
            await join(connection, id_, first, at=now)
    if digest_ids:
        ids = tuple(digest_ids.values())
        await connection.execute(update(digests).where(d.id.in_(ids)).values(day=day))


async def join(connection: AsyncConnection, one: int, other: int, *, at: datetime) -> None:
    """Move the items of a digest to another one."""
    items = digest_items.c
    theirs = select(items.item_id).where(items.digest_id == other)
    moved_items = select(literal(other), items.item_id).where(
        items.digest_id == one, items.item_id.not_in(theirs)
    )
    await connection.execute(
        insert(digest_items).from_select(["digest_id", "item_id"], moved_items)
    )
    await connection.execute(
        update(digests).where(digests.c.id == one).values(state=SendState.VOID, finished_at=at)
    )


async def revive(
    connection: AsyncConnection, user_id: int, *, since: date, day: date | None, now: datetime
) -> None:
    """Join a user's undelivered digests since a day into one for each client, due at once.

    It moves to the `day` if that has none yet. If the newest digest was delivered, the user has
    got a message since, and nothing is repeated. If the newest is unsent, it takes all items.
    """
    d = digests.c
    query = (
        select(d.id, d.client_id, d.state)
        .where(d.user_id == user_id, d.day >= since, d.state != SendState.VOID)
        .order_by(d.day.desc())
    )
    newest: dict[int, int | None] = {}
    again: list[int] = []
    for id_, client_id, state in (await connection.execute(query)).all():
        lost = state == SendState.UNDELIVERABLE
        if client_id not in newest:
            newest[client_id] = id_ if lost or state == SendState.WAITING else None
            again += [id_] if lost else []
        elif lost and (first := newest[client_id]) is not None:
            await join(connection, id_, first, at=now)
    if again:
        await _send_again(connection, again, day=day, now=now)


async def _send_again(
    connection: AsyncConnection, ids: Sequence[int], *, day: date | None, now: datetime
) -> None:
    """Let undelivered digests wait to be sent, and bind their items."""
    d = digests.c
    other = digests.alias("other")
    other_exists = (
        select(other.c.id)
        .where(other.c.client_id == d.client_id, other.c.user_id == d.user_id, other.c.day == day)
        .correlate(digests)
        .exists()
    )
    when = d.day if day is None else case((and_(d.day < day, ~other_exists), day), else_=d.day)
    await connection.execute(
        update(digests)
        .where(d.id.in_(ids))
        .values(
            state=SendState.WAITING, day=when, due_at=now, moved_at=now, attempts=0,
            finished_at=None, reason=None,
        )
    )  # fmt: skip
    item_ids = select(digest_items.c.item_id).where(digest_items.c.digest_id.in_(ids))
    items = reminder_items.c
    await connection.execute(
        update(reminder_items)
        .where(items.id.in_(item_ids), items.state == ItemState.UNDELIVERABLE)
        .values(state=ItemState.BOUND, reason=None)
    )


async def wait_again(connection: AsyncConnection, client_ids: Collection[int]) -> None:
    """Let items of these clients that found no reader wait for a digest again."""
    items = reminder_items.c
    lost = (items.state == ItemState.UNDELIVERABLE, items.client_id.in_(tuple(client_ids)))
    await connection.execute(
        update(reminder_items).where(*lost).values(state=ItemState.WAITING, reason=None)
    )


def belongs(of: Sequence[tuple[int, int, int]]) -> Any:
    """The condition that a digest is one of these and belongs to that client and user."""
    d = digests.c
    return tuple_(d.id, d.client_id, d.user_id).in_(of)
