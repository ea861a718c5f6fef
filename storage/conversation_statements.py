"""The statements on the table of conversations, each built once.

Every update begins with `LOAD_WITH_VISITOR` and ends with one of the others, so they have to be
quick.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Executable,
    and_,
    bindparam,
    case,
    func,
    select,
)

from storage.statements import AnyInsert, insert_into
from storage.tables.accounts import users
from storage.tables.running import conversations
from storage.visitors import VISITOR, with_client

_KEY = ("bot_id", "chat_id", "user_id")
_POSITION = ("step", "draft", "draft_id", "view", "expires_at", "used_on")
ROW = (
    conversations.c.step,
    conversations.c.draft,
    conversations.c.draft_id,
    conversations.c.view,
    conversations.c.consumed,
    conversations.c.keyboard_id,
    conversations.c.expires_at,
    conversations.c.answered,
)
_PLACE = {name: bindparam(name, type_=BigInteger) for name in _KEY}
LOAD = select(*ROW).where(*(conversations.c[name] == given for name, given in _PLACE.items()))
_TALK = select(*(given.label(name) for name, given in _PLACE.items())).subquery("talk")
LOAD_WITH_VISITOR = select(*ROW, *VISITOR).select_from(
    with_client(_TALK.outerjoin(users, users.c.id == _TALK.c.user_id)).outerjoin(
        conversations,
        and_(*(conversations.c[name] == _TALK.c[name] for name in _KEY)),
    )
)
"""The conversation's row, if there is one, and then the visitor's columns."""


@cache
def move(dialect: str) -> Executable:
    """Write a position after a tap."""
    row = insert_into(conversations, dialect)
    return row.on_conflict_do_update(index_elements=_KEY, set_=_position(row))


@cache
def consume(dialect: str) -> Executable:
    """Write position and consumed message; returns no row if the message was consumed before."""
    row = insert_into(conversations, dialect)
    return row.on_conflict_do_update(
        index_elements=_KEY,
        set_=_position(row) | {"consumed": row.excluded.consumed},
        where=conversations.c.consumed < row.excluded.consumed,
    ).returning(conversations.c.consumed)


@cache
def note_keyboard(dialect: str) -> Executable:
    """Write which message has the keyboard; consumed and answered messages only grow."""
    row = insert_into(conversations, dialect)
    return row.on_conflict_do_update(
        index_elements=_KEY,
        set_={
            "keyboard_id": row.excluded.keyboard_id,
            "consumed": _most(row, "consumed"),
            "answered": _most(row, "answered"),
            "used_on": row.excluded.used_on,
        },
    )


def _position(row: AnyInsert) -> dict[str, ColumnElement[Any]]:
    keyboard_id = func.coalesce(row.excluded.keyboard_id, conversations.c.keyboard_id)
    return {name: row.excluded[name] for name in _POSITION} | {
        "keyboard_id": keyboard_id,
        "answered": _most(row, "answered"),
    }


def _most(row: AnyInsert, name: str) -> ColumnElement[Any]:
    before, now = conversations.c[name], row.excluded[name]
    return case((now > before, now), else_=before)
