"""Making digests and binding items to them, in batches of clients."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, case, insert, literal, or_, select, tuple_, update

from billing.ports.reminders.items import NewDigest
from storage.engines.connection import Connection
from storage.repositories.reminders.plan_statements import add_digests, bind_items, mark_bound
from storage.sets import among
from storage.tables.messages import digest_items, digests, reminder_items
from storage.tables.states import ItemState, SendState


async def bind(
    connection: Connection, planned: Sequence[NewDigest], *, day: date, at: datetime
) -> None:
    """Insert missing digests and bind their items to unsent digests.

    Items are also bound to digests that are kept for unreachable users, but an item that only
    these contain does not count as bound. An item without a digest goes on waiting, so that none
    is lost between two planners.
    """
    # In one order everywhere: two planners must not wait for each other in a circle.
    planned = sorted(planned, key=lambda one: (one.client_id, one.user_id))
    dialect = connection.dialect
    statement, rows = add_digests(dialect.name)
    made = [(one.client_id, one.user_id, one.send_at, one.undelivered) for one in planned]
    await connection.execute(statement, {**rows.parameters(made, dialect), "day": day, "at": at})
    held = [(one.client_id, one.user_id, item) for one in planned for item in one.item_ids]
    for binding in (bind_items, mark_bound):
        statement, rows = binding(dialect.name)
        await connection.execute(statement, {**rows.parameters(held, dialect), "day": day})


async def adopt(
    connection: Connection,
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
        .where(among(d.client_id, client_ids), d.state == SendState.WAITING, d.day < day, free)
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


async def join(connection: Connection, one: int, other: int, *, at: datetime) -> None:
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
    connection: Connection, user_id: int, *, since: date, day: date | None, now: datetime
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
    connection: Connection, ids: Sequence[int], *, day: date | None, now: datetime
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


async def wait_again(connection: Connection, client_ids: Collection[int]) -> None:
    """Let items of these clients that found no reader wait for a digest again."""
    items = reminder_items.c
    lost = (items.state == ItemState.UNDELIVERABLE, among(items.client_id, client_ids))
    await connection.execute(
        update(reminder_items).where(*lost).values(state=ItemState.WAITING, reason=None)
    )


def belongs(of: Any) -> Any:
    """The condition that a digest is one of these and belongs to that client and user.

    They are given as id, client and user, or as a parameter that is a list of these.
    """
    d = digests.c
    return tuple_(d.id, d.client_id, d.user_id).in_(of)
