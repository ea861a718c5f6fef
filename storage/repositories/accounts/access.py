"""The users of an account: their rights, who owns it, and how their access ends."""

from dataclasses import dataclass

from sqlalchemy import delete, select, update

from billing.rules.access.rights import AccountUser, AccountUsers, Rights
from billing.views.access import AccountOfEmail, UnlinkedClient
from billing.views.account import LinkPreview
from storage.engines.connection import Connection
from storage.engines.locks import lock_rows
from storage.tables.accounts import clients, links, users
from storage.tables.running import conversations

_USER = (
    links.c.user_id,
    links.c.name,
    links.c.linked_at,
    links.c.rights,
    links.c.is_owner,
)


@dataclass(frozen=True, slots=True)
class SqlAccess:
    """Rows of links, as the users of one client."""

    connection: Connection

    async def users(self, client_id: int) -> AccountUsers:
        """The users of a client, those who have been linked longest first."""
        query = (
            select(*_USER)
            .where(links.c.client_id == client_id)
            .order_by(links.c.linked_at, links.c.user_id)
        )
        rows = await self.connection.execute(query)
        return AccountUsers(tuple(AccountUser(*row) for row in rows))

    async def set_rights(self, client_id: int, user_id: int, rights: Rights) -> None:
        """Give a user of a client other rights."""
        await self.connection.execute(
            update(links)
            .where(links.c.client_id == client_id, links.c.user_id == user_id)
            .values(rights=rights)
        )

    async def hand_over(self, client_id: int, user_id: int) -> None:
        """Make a user of a client its owner, with all rights, in place of the present one."""
        # The index of owners knows one for each client, at any moment.
        await self.connection.execute(
            update(links)
            .where(links.c.client_id == client_id, links.c.is_owner)
            .values(is_owner=False)
        )
        await self.connection.execute(
            update(links)
            .where(links.c.client_id == client_id, links.c.user_id == user_id)
            .values(is_owner=True, rights=Rights.EVERYTHING)
        )

    async def promote(self, client_id: int) -> int | None:
        """Where there is no owner, make the one of the longest-linked user; return them."""
        c, other = links.c, links.alias()
        longest = (
            select(other.c.user_id)
            .where(other.c.client_id == client_id)
            .order_by(other.c.linked_at, other.c.user_id)
            .limit(1)
            .scalar_subquery()
        )
        owner = links.alias()
        has_owner = select(owner.c.user_id).where(owner.c.client_id == client_id, owner.c.is_owner)
        promoted = await self.connection.execute(
            update(links)
            .where(c.client_id == client_id, c.user_id == longest, ~has_owner.exists())
            .values(is_owner=True, rights=Rights.EVERYTHING)
            .returning(c.user_id)
        )
        user_id: int | None = promoted.scalar()
        return user_id

    async def remove(self, client_id: int, user_id: int, *, by: int) -> AccountUsers:
        """End a link from outside, with what its user was being asked for.

        Return the user as they were, and the one who removes them if they are linked; nobody
        where there was no link.
        """
        await lock_rows(self.connection, users, [user_id])
        remover = links.alias()
        is_remover = remover.c.client_id == client_id, remover.c.user_id == by
        theirs = (
            select(remover.c[column.name]).where(*is_remover).scalar_subquery() for column in _USER
        )
        removed = await self.connection.execute(
            delete(links)
            .where(links.c.client_id == client_id, links.c.user_id == user_id)
            .returning(*_USER, *theirs)
        )
        row = removed.first()
        if row is None:
            return AccountUsers(())
        await self._forget(client_id, user_id)
        both = (row[: len(_USER)], row[len(_USER) :])
        return AccountUsers(tuple(AccountUser(*one) for one in both if one[0] is not None))

    async def _forget(self, client_id: int, user_id: int) -> None:
        """Let a user act for another client, if they acted for this one, and end their step."""
        other = (
            select(links.c.client_id)
            .where(links.c.user_id == user_id)
            .order_by(links.c.linked_at, links.c.client_id)
            .limit(1)
            .scalar_subquery()
        )
        await self.connection.execute(
            update(users)
            .where(users.c.id == user_id, users.c.client_id == client_id)
            .values(client_id=other)
        )
        await self.connection.execute(
            update(conversations)
            .where(conversations.c.user_id == user_id)
            .values(step=None, draft={}, draft_id=0, expires_at=None)
        )

    async def with_email(self, email: str) -> tuple[AccountOfEmail, ...]:
        """The clients with an address, by the company's own id."""
        c = clients.c
        columns = (c.id, c.ref, c.name, c.email, c.is_closed)
        query = select(*columns).where(c.email_key == email).order_by(c.ref)
        rows = (await self.connection.execute(query)).all() if email else ()
        return tuple(
            AccountOfEmail(
                LinkPreview(row.id, row.ref, row.name, is_closed=row.is_closed), row.email
            )
            for row in rows
        )

    async def address_of(self, client_id: int) -> str:
        """The e-mail address of a client, "" where there is none."""
        query = select(clients.c.email).where(clients.c.id == client_id)
        return (await self.connection.execute(query)).scalar() or ""

    async def unlinked(self) -> tuple[UnlinkedClient, ...]:
        """The clients without any user, by the company's own id."""
        c = clients.c
        query = (
            select(c.id, c.ref, c.name, c.email, c.language)
            .where(
                ~select(links.c.user_id).where(links.c.client_id == c.id).exists(),
                ~c.is_closed,
            )
            .order_by(c.ref)
        )
        rows = await self.connection.execute(query)
        return tuple(UnlinkedClient(*row) for row in rows)
