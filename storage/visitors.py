"""A Telegram user with their client, as columns and joins of a statement."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Join, and_, func, select

from billing.views.account import Visitor
from storage.rows import CLIENT, client_from
from storage.tables.accounts import clients, links, users

_LINKED = (
    select(func.count())
    .select_from(links)
    .where(links.c.user_id == users.c.id)
    .correlate(users)
    .scalar_subquery()
)
_USER = (users.c.language, users.c.timezone, _LINKED, users.c.unreachable)
VISITOR = (*_USER, *CLIENT)


def with_client(users_from: FromClause) -> Join:
    """Join the user of `users_from` with the client for whom they act, if any."""
    current = and_(links.c.user_id == users.c.id, links.c.client_id == users.c.client_id)
    return users_from.outerjoin(links, current).outerjoin(
        clients, clients.c.id == links.c.client_id
    )


def visitor_of(client_id: int) -> tuple[ColumnElement[Any], ...]:
    """The same columns without a join, for the RETURNING of an UPDATE of users."""
    theirs = (select(c).where(clients.c.id == client_id).scalar_subquery() for c in CLIENT)
    return (*_USER, *theirs)


def visitor_from(user_id: int, row: Sequence[Any]) -> Visitor:
    """Make a visitor from the columns of VISITOR, the last in the row."""
    mine = row[-len(VISITOR) :]
    language, timezone, linked, unreachable, client_id = mine[: len(_USER) + 1]
    client = client_from(mine) if client_id is not None else None
    return Visitor(user_id, client, language, timezone, linked, unreachable)
