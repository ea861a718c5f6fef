"""Telegram users and the clients they are linked to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, delete, func, literal, select, update
from sqlalchemy.sql.dml import ReturningInsert

from billing.rules.access.rights import Rights
from billing.rules.reach import Unreachable
from billing.views.account import LinkPreview, Reach, Visitor
from storage.engines.connection import Connection
from storage.engines.locks import lock_rows
from storage.statements import AnyInsert, upsert
from storage.tables.accounts import clients, links, users
from storage.visitors import CURRENT, LINK_RIGHTS, VISITOR, visitor_from, visitor_of, with_client

_VISITOR = (
    select(*VISITOR).select_from(with_client(users)).where(users.c.id == bindparam("user_id"))
)


@dataclass(frozen=True, slots=True)
class SqlUsers:
    """Rows of users and links."""

    connection: Connection

    async def visitor(self, user_id: int) -> Visitor:
        """The user with their current client, in one statement; unknown users are visitors too."""
        row = (await self.connection.execute(_VISITOR, {"user_id": user_id})).first()
        return Visitor(user_id) if row is None else visitor_from(user_id, row)

    async def linked_clients(self, user_id: int) -> tuple[LinkPreview, ...]:
        """The clients this user may act for."""
        query = (
            select(clients.c.id, clients.c.ref, clients.c.name, links.c.rights)
            .join(links, links.c.client_id == clients.c.id)
            .where(links.c.user_id == user_id)
            .order_by(links.c.linked_at, clients.c.id)
        )
        return tuple(LinkPreview(*row) for row in await self.connection.execute(query))

    async def reach(self, client_id: int) -> Reach:
        """Whether any user of a client can be written to."""
        reachable = func.count(case((users.c.unreachable.is_(None), 1)))
        query = (
            select(func.count(), reachable)
            .select_from(links.join(users, users.c.id == links.c.user_id))
            .where(links.c.client_id == client_id)
        )
        linked, reached = (await self.connection.execute(query)).one()
        if not linked:
            return Reach.NOBODY_LINKED
        return Reach.REACHED if reached else Reach.UNREACHABLE

    async def link(
        self,
        user_id: int,
        client_id: int,
        *,
        at: datetime,
        rights: Rights = Rights.EVERYTHING,
        name: str = "",
        proves: bool = True,
    ) -> Visitor:
        """Link a user to a client and make it their current one.

        The first user of a client is its owner and has all rights. A repetition changes of a link
        only when it was proved, which it does where it `proves`.
        """
        user = upsert(users, self.connection).values(id=user_id, client_id=client_id)
        row = (
            await self.connection.execute(
                user.on_conflict_do_update(
                    index_elements=["id"], set_={"client_id": client_id}
                ).returning(*visitor_of(client_id))
            )
        ).one()
        is_first = ~select(links.c.user_id).where(links.c.client_id == client_id).exists()
        joined = upsert(links, self.connection).values(
            user_id=user_id,
            client_id=client_id,
            reminders_on=True,
            linked_at=at,
            proved_at=at if proves else None,
            rights=case((is_first, literal(Rights.EVERYTHING, links.c.rights.type)), else_=rights),
            is_owner=is_first,
            name=name,
        )
        link = await self.connection.execute(_or_prove(joined))
        return _with_link(visitor_from(user_id, row), row, *link.one())

    async def prove(self, user_id: int, client_id: int, *, at: datetime) -> Visitor:
        """Note that a user has proved that a client's account is theirs; the visitor then."""
        link = links.c.user_id == user_id, links.c.client_id == client_id
        await self.connection.execute(update(links).where(*link).values(proved_at=at))
        return await self.visitor(user_id)

    async def unlink(self, user_id: int, client_id: int) -> Visitor:
        """Remove a link and return the user then; another linked client becomes current."""
        await lock_rows(self.connection, users, [user_id])
        await self.connection.execute(
            delete(links).where(links.c.user_id == user_id, links.c.client_id == client_id)
        )
        other = (
            select(links.c.client_id)
            .where(links.c.user_id == user_id)
            .order_by(links.c.linked_at, links.c.client_id)
            .limit(1)
            .scalar_subquery()
        )
        is_current = users.c.client_id == client_id
        left = await self.connection.execute(
            update(users)
            .where(users.c.id == user_id)
            .values(client_id=case((is_current, other), else_=users.c.client_id))
            .returning(*visitor_of(CURRENT))
        )
        row = left.first()
        return Visitor(user_id) if row is None else visitor_from(user_id, row)

    async def switch(self, user_id: int, client_id: int) -> Visitor | None:
        """Make a linked client the current one; None if it is not linked."""
        await lock_rows(self.connection, users, [user_id])
        is_linked = (
            select(links.c.client_id)
            .where(links.c.user_id == user_id, links.c.client_id == client_id)
            .exists()
        )
        switched = await self.connection.execute(
            update(users)
            .where(users.c.id == user_id, is_linked)
            .values(client_id=client_id)
            .returning(*visitor_of(client_id))
        )
        row = switched.first()
        return None if row is None else visitor_from(user_id, row)

    async def set_language(self, user_id: int, language: str | None) -> None:
        """The user's own choice, None to follow the client's."""
        await self._set(user_id, language=language)

    async def set_timezone(self, user_id: int, timezone: str | None) -> None:
        """The user's own choice, None to follow the client's."""
        await self._set(user_id, timezone=timezone)

    async def set_unreachable(self, user_id: int, why: Unreachable | None) -> None:
        """Keep why a user cannot be reached (None: they can); ignored for unknown users."""
        await self.connection.execute(
            update(users).where(users.c.id == user_id).values(unreachable=why)
        )

    async def _set(self, user_id: int, **values: Any) -> None:
        """Write these columns of a user, known or not."""
        statement = upsert(users, self.connection).values(id=user_id, **values)
        await self.connection.execute(
            statement.on_conflict_do_update(index_elements=["id"], set_=values)
        )


def _or_prove(joined: AnyInsert) -> ReturningInsert[tuple[Rights, datetime | None]]:
    """Of a link that there is, only when it was proved changes."""
    proved = func.coalesce(joined.excluded.proved_at, links.c.proved_at)
    return joined.on_conflict_do_update(
        index_elements=["user_id", "client_id"], set_={"proved_at": proved}
    ).returning(links.c.rights, links.c.proved_at)


def _with_link(
    visitor: Visitor, row: Sequence[Any], rights: Rights, proved_at: datetime | None
) -> Visitor:
    """The visitor as read before their link was written, with it."""
    had_link = row[LINK_RIGHTS] is not None
    assert visitor.client is not None  # noqa: S101 - the statement has set it
    return replace(
        visitor,
        client=replace(visitor.client, rights=rights.allowed, proved_at=proved_at),
        linked=visitor.linked if had_link else visitor.linked + 1,
    )
