"""Handing rows over: from our own tables to a panel, and from one client to another."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, insert, select, update

from billing.ports.adopting import KnownClient, Unfinished
from billing.ports.panel_services import ServiceKey
from billing.rules.payments.invoices import HOLDING
from billing.rules.services.service import Service, ServiceStatus
from storage.engines.connection import Connection
from storage.rows import SERVICE, service_from
from storage.tables.accounts import clients, links, users
from storage.tables.messages import reminder_items, reminder_pauses
from storage.tables.sales import invoices
from storage.tables.services import services

_RENAME = update(clients).where(clients.c.id == bindparam("number"))


@dataclass(frozen=True, slots=True)
class SqlAdopting:
    """Rows of clients, links and services."""

    connection: Connection

    async def clients(self) -> tuple[KnownClient, ...]:
        """Everybody."""
        is_linked = exists().where(links.c.client_id == clients.c.id)
        query = select(clients.c.id, clients.c.ref, clients.c.email, is_linked)
        rows = await self.connection.execute(query.order_by(clients.c.id))
        return tuple(
            KnownClient(number, ref, email, bool(is_one)) for number, ref, email, is_one in rows
        )

    async def unfinished(self) -> Unfinished:
        """Whose proformas are open, and who has credit."""
        is_open = and_(
            invoices.c.client_id == clients.c.id, invoices.c.status.in_(sorted(HOLDING))
        )
        owing = select(clients.c.ref).where(exists().where(is_open)).order_by(clients.c.id)
        rich = select(clients.c.ref).where(clients.c.credit > 0).order_by(clients.c.id)
        return Unfinished(
            tuple((await self.connection.execute(owing)).scalars()),
            tuple((await self.connection.execute(rich)).scalars()),
        )

    async def services(self, client_id: int) -> tuple[Service, ...]:
        """All services of a client."""
        query = select(*SERVICE).where(services.c.client_id == client_id)
        rows = await self.connection.execute(query.order_by(services.c.id))
        return tuple(service_from(row) for row in rows)

    async def rename_clients(self, refs: Mapping[int, str]) -> None:
        """Give clients other refs; nobody has the old and the new ones at the same time."""
        for names in ({number: f"renamed {number}" for number in refs}, refs):
            rows = [{"number": number, "ref": ref} for number, ref in names.items()]
            if rows:
                await self.connection.execute(_RENAME, rows)

    async def rename_services(
        self, client_ids: Collection[int], keys: Mapping[int, ServiceKey]
    ) -> int:
        """Give services their ids in the panel, and hide the others; how many these are."""
        theirs = services.c.client_id.in_(tuple(client_ids))
        await self.connection.execute(update(services).where(theirs).values(ref=None))
        rows = [{"number": number, "ref": ref} for number, (_, ref) in keys.items()]
        if rows:
            named = update(services).where(services.c.id == bindparam("number"))
            await self.connection.execute(named, rows)
        gone = update(services).where(theirs, services.c.ref.is_(None), ~services.c.is_hidden)
        hidden = await self.connection.execute(
            gone.values(is_hidden=True, status=ServiceStatus.CANCELLED, suspended_for=None)
        )
        return hidden.rowcount

    async def move_links(self, from_id: int, to_id: int) -> int:
        """Let the users of a client act for another one, with their wishes; how many."""
        c = links.c
        has_both = select(c.user_id).where(c.client_id == to_id)
        theirs = select(links).where(c.client_id == from_id)
        rows = [dict(row) for row in (await self.connection.execute(theirs)).mappings()]
        known = set((await self.connection.execute(has_both)).scalars())
        has_owner = select(c.user_id).where(c.client_id == to_id, c.is_owner)
        is_owned = (await self.connection.execute(has_owner)).first() is not None
        current = update(users).where(
            users.c.client_id == from_id, users.c.id.in_([row["user_id"] for row in rows])
        )
        await self.connection.execute(delete(links).where(c.client_id == from_id))
        new: list[dict[str, Any]] = [
            row | {"client_id": to_id, "is_owner": row["is_owner"] and not is_owned}
            for row in rows
            if row["user_id"] not in known
        ]
        if new:
            await self.connection.execute(insert(links), new)
        await self.connection.execute(current.values(client_id=to_id))
        return len(rows)

    async def move_services(self, from_id: int, to_id: int) -> int:
        """Move services with what users want of their reminders; how many."""
        mine = update(services).where(services.c.client_id == from_id, services.c.ref.is_not(None))
        moved = await self.connection.execute(
            mine.values(client_id=to_id).returning(services.c.id)
        )
        numbers = tuple(moved.scalars())
        for table in (reminder_pauses, reminder_items):
            of_these = table.c.client_id == from_id, table.c.service_id.in_(numbers)
            await self.connection.execute(update(table).where(*of_these).values(client_id=to_id))
        return len(numbers)
