"""A Telegram user with their client, as columns and joins of a statement."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, FromClause, Join, and_, func, literal_column, select

from billing.rules.allowed import LOOK_ONLY
from billing.rules.panel.panel_state import PanelState
from billing.views.account import Visitor
from storage.rows import CLIENT, client_from
from storage.tables.accounts import clients, links, users
from storage.tables.running import ONLY_ROW, panel_states

_LINKED = (
    select(func.count())
    .select_from(links)
    .where(links.c.user_id == users.c.id)
    .correlate(users)
    .scalar_subquery()
)
_PANEL = tuple(
    select(column).where(panel_states.c.id == ONLY_ROW).scalar_subquery()
    for column in (panel_states.c.away_since, panel_states.c.changes_read_at)
)
"""What screens say of a connected panel."""

_USER = (users.c.language, users.c.timezone, _LINKED, users.c.unreachable, *_PANEL)
VISITOR = (*_USER, links.c.rights, links.c.proved_at, *CLIENT)
LINK_RIGHTS = len(_USER)
"""The place of the rights of the user's link among these columns; NULL without a link."""


def _qualified(column: Column[Any]) -> ColumnElement[Any]:
    """A column by its full name.

    In a RETURNING for SQLite, SQLAlchemy leaves the names of tables out, also in subqueries.
    """
    return literal_column(f"{column.table.name}.{column.name}", column.type)


CURRENT = _qualified(users.c.client_id)
"""The client for whom the user acts once the statement is done."""


def with_client(users_from: FromClause) -> Join:
    """Join the user of `users_from` with the client for whom they act, if any."""
    current = and_(links.c.user_id == users.c.id, links.c.client_id == users.c.client_id)
    return users_from.outerjoin(links, current).outerjoin(
        clients, clients.c.id == links.c.client_id
    )


def visitor_of(client_id: int | ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    """The same columns without a join, for the RETURNING of what is written to users.

    `client_id` is CURRENT where the statement chooses it.
    """
    user_id, linked_user = _qualified(users.c.id), _qualified(links.c.user_id)
    its_client, its_id = _qualified(links.c.client_id), _qualified(clients.c.id)
    linked = select(func.count()).select_from(links).where(linked_user == user_id)
    rights, proved_at = (
        select(column).where(linked_user == user_id, its_client == client_id)
        for column in (links.c.rights, links.c.proved_at)
    )
    client = (select(c).where(its_id == client_id).scalar_subquery() for c in CLIENT)
    return (
        users.c.language,
        users.c.timezone,
        linked.scalar_subquery(),
        users.c.unreachable,
        *_PANEL,
        rights.scalar_subquery(),
        proved_at.scalar_subquery(),
        *client,
    )


def visitor_from(user_id: int, row: Sequence[Any]) -> Visitor:
    """Make a visitor from the columns of VISITOR, the last in the row."""
    mine = row[-len(VISITOR) :]
    language, timezone, linked, unreachable, away_since, read_at = mine[: len(_USER)]
    rights, proved_at, client_id = mine[LINK_RIGHTS : LINK_RIGHTS + 3]
    client = None
    if client_id is not None:
        client = client_from(mine, rights.allowed if rights else LOOK_ONLY, proved_at)
    panel = PanelState(away_since=away_since, changes_read_at=read_at)
    return Visitor(user_id, client, language, timezone, linked, unreachable, panel)
