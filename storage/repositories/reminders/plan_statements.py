"""Statements that write a page of a plan at once: items, digests, and which holds which."""

from functools import cache
from typing import Any

from sqlalchemy import (
    Executable,
    Integer,
    Select,
    bindparam,
    case,
    literal,
    null,
    select,
    true,
    update,
)

from storage.sets import RowSet, row_set
from storage.statements import insert_into
from storage.tables.messages import digest_items, digests, reminder_items
from storage.tables.states import NOT_WAITING, ItemState, SendState


@cache
def add_items(dialect: str) -> tuple[Executable, RowSet]:
    """Insert absent items, planned `at` an instant; those with a reason are skipped."""
    i = reminder_items.c
    names = "service_id", "invoice_id", "client_id", "due_date", "stage", "reason"
    rows = row_set(dialect, **{name: i[name].type for name in names})
    state = case(
        (rows.table.c.reason.is_(None), literal(ItemState.WAITING, i.state.type)),
        else_=literal(ItemState.SKIPPED, i.state.type),
    )
    added = select(*rows.table.c, state, bindparam("at", type_=i.planned_at.type)).where(true())
    columns = [*names, i.state.name, i.planned_at.name]
    statement = insert_into(reminder_items, dialect).from_select(columns, added)
    return statement.on_conflict_do_nothing(), rows


@cache
def add_digests(dialect: str) -> tuple[Executable, RowSet]:
    """Insert the digests of a `day` that are absent, planned `at` an instant.

    One with a reason is kept as not delivered.
    """
    d = digests.c
    names = "client_id", "user_id", "send_at", "reason"
    rows = row_set(dialect, **{name: d[name].type for name in names})
    row, at = rows.table.c, bindparam("at", type_=d.planned_at.type)
    is_sent = row.reason.is_(None)
    values: dict[str, Any] = {
        **{name: row[name] for name in names},
        "day": bindparam("day", type_=d.day.type),
        "due_at": row.send_at,
        "attempts": literal(0, Integer),
        "planned_at": at,
        "state": case(
            (is_sent, literal(SendState.WAITING, d.state.type)),
            else_=literal(SendState.UNDELIVERABLE, d.state.type),
        ),
        "finished_at": case((is_sent, null()), else_=at),
    }
    added = select(*values.values()).where(true())
    statement = insert_into(digests, dialect).from_select(list(values), added)
    return statement.on_conflict_do_nothing(index_elements=["client_id", "day", "user_id"]), rows


@cache
def bind_items(dialect: str) -> tuple[Executable, RowSet]:
    """Put items into the digests of their client and user of a `day` that are not sent yet."""
    rows, held = _held(dialect, SendState.WAITING, SendState.UNDELIVERABLE)
    columns = [digest_items.c.digest_id, digest_items.c.item_id]
    statement = insert_into(digest_items, dialect).from_select(columns, held)
    return statement.on_conflict_do_nothing(), rows


@cache
def mark_bound(dialect: str) -> tuple[Executable, RowSet]:
    """Let waiting items wait no longer that such a digest will be sent with.

    One that only digests of unreachable users contain goes on waiting.
    """
    items = reminder_items.c
    rows, held = _held(dialect, SendState.WAITING)
    sent_with = select(held.subquery("sent").c.item_id)
    statement = (
        update(reminder_items)
        .where(items.id.in_(sent_with), items.state.not_in(NOT_WAITING))
        .values(state=ItemState.BOUND)
    )
    return statement, rows


def _held(dialect: str, *states: SendState) -> tuple[RowSet, Select[Any]]:
    """Items with the digest of a `day` of their client and user, if it is in such a state."""
    d, item_id = digests.c, digest_items.c.item_id.type
    rows = row_set(dialect, client_id=d.client_id.type, user_id=d.user_id.type, item_id=item_id)
    row = rows.table.c
    # Looked up row by row: of a table that was empty until now, a join would read all.
    digest = (
        select(d.id)
        .where(
            d.client_id == row.client_id,
            d.day == bindparam("day", type_=d.day.type),
            d.user_id == row.user_id,
            d.state.in_(states),
        )
        .correlate(rows.table)
        .scalar_subquery()
    )
    held = select(digest.label("digest_id"), row.item_id).subquery("held")
    return rows, select(*held.c).where(held.c.digest_id.is_not(None))
