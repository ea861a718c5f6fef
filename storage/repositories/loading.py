"""Bulk loading: a batch of rows is compared with what is stored, and only differences are written.

The caller holds one write transaction for the whole load, so that nothing moves in between.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.ports.loading import StateChange
from billing.rules.loading import ClientRow, Known, KnownService, ServiceRow
from storage.locks import LOAD, lock_name, lock_rows
from storage.repositories.loading_rows import (
    add_clients,
    described_client,
    described_service,
    shown,
    state_of,
)
from storage.tables.accounts import clients
from storage.tables.services import services

_parent = services.alias("parent")


@dataclass(frozen=True, slots=True)
class SqlLoading:
    """Rows of clients and services, many at a time."""

    connection: AsyncConnection

    async def begin(self) -> None:
        """Wait until no other load is under way: there is one at a time."""
        await lock_name(self.connection, LOAD)

    async def known(self) -> Known:
        """What earlier loads brought, by the company's ids."""
        products = await self.connection.execute(select(services.c.product_id).distinct())
        known_clients = await self.connection.execute(select(clients.c.ref, clients.c.currency))
        known_services = await self.connection.execute(
            select(services.c.ref, clients.c.ref, _parent.c.ref)
            .join(clients, clients.c.id == services.c.client_id)
            .outerjoin(_parent, _parent.c.id == services.c.parent_id)
            .where(services.c.ref.is_not(None))
        )
        return Known(
            products=frozenset(products.scalars()),
            clients=dict(known_clients.all()),
            services={
                ref: KnownService(client, parent or "") for ref, client, parent in known_services
            },
        )

    async def news_of_clients(self, rows: Sequence[ClientRow]) -> list[ClientRow]:
        """Those that `upsert_clients` would insert or update."""
        stored = await self._stored_clients(rows)
        return [row for row in rows if _differs(stored.get(row.ref), described_client(row))]

    async def news_of_services(
        self, rows: Sequence[ServiceRow], *, replace_state: bool
    ) -> list[ServiceRow]:
        """Those that `upsert_services` would insert or update."""
        stored = await self._stored([row.ref for row in rows])
        return [
            row
            for row in rows
            if (there := stored.get(row.ref)) is None
            or _differs(there, described_service(row, label=there["label"]))
            or (replace_state and _differs(there, state_of(row)))
        ]

    async def upsert_clients(self, rows: Sequence[ClientRow], *, at: datetime) -> int:
        """Insert or update descriptive fields; credit and telegram ids at first load only.

        Returns how many rows were new or changed.
        """
        stored = await self._stored_clients(rows)
        new = [row for row in rows if row.ref not in stored]
        changed = []
        for row in rows:
            if (there := stored.get(row.ref)) is not None:
                loaded = described_client(row)
                if _differs(there, loaded):
                    changed.append({"number": there["id"]} | loaded)
        if changed:
            known = update(clients).where(clients.c.id == bindparam("number"))
            await self.connection.execute(known, changed)
        await add_clients(self.connection, new, at=at)
        return len(new) + len(changed)

    async def upsert_services(
        self, rows: Sequence[ServiceRow], *, today: date, replace_state: bool
    ) -> int:
        """Insert or update descriptive fields; billing state only with `replace_state`.

        A parent is in the database or earlier in `rows` of this or a former call. Returns how many
        rows were new or changed.
        """
        owners = await self._client_ids(rows)
        await lock_rows(self.connection, clients, owners.values())
        stored = await self._stored([row.ref for row in rows] + [row.parent for row in rows])
        ids = {ref: row["id"] for ref, row in stored.items()}
        new = [row for row in rows if row.ref not in stored]
        for addons in (False, True):
            fresh = [row for row in new if bool(row.parent) is addons]
            ids |= await self._add(fresh, owners, ids, today=today)
        changed = []
        for row in rows:
            if (there := stored.get(row.ref)) is not None:
                loaded = described_service(row, label=there["label"])
                if replace_state:
                    loaded |= state_of(row)
                if _differs(there, loaded):
                    changed.append({"number": there["id"]} | loaded)
        if changed:
            known = update(services).where(services.c.id == bindparam("number"))
            await self.connection.execute(known, changed)
        return len(new) + len(changed)

    async def _add(
        self,
        rows: Sequence[ServiceRow],
        owners: Mapping[str, int],
        ids: Mapping[str, int],
        *,
        today: date,
    ) -> dict[str, int]:
        """Insert new services; their ids by ref."""
        if not rows:
            return {}
        added = insert(services).returning(services.c.ref, services.c.id)
        made = [
            described_service(row, label="")
            | state_of(row)
            | {"ref": row.ref, "client_id": owners[row.client], "label": "", "loaded_on": today}
            | {"parent_id": ids[row.parent] if row.parent else None}
            for row in rows
        ]
        return dict((await self.connection.execute(added, made)).all())

    async def state_changes(self, rows: Sequence[ServiceRow]) -> AsyncIterator[StateChange]:
        """What `replace_state` would change, old and new."""
        stored = await self._stored([row.ref for row in rows])
        for row in rows:
            there = stored.get(row.ref)
            if there is None:
                continue
            for name, new in state_of(row).items():
                old = there[name]
                if old != new:
                    yield StateChange(row.ref, name, shown(name, old, row), shown(name, new, row))

    async def _stored_clients(self, rows: Sequence[ClientRow]) -> dict[str, RowMapping]:
        asked = select(clients).where(clients.c.ref.in_([row.ref for row in rows]))
        return {row["ref"]: row for row in (await self.connection.execute(asked)).mappings()}

    async def _stored(self, refs: Sequence[str]) -> dict[str, RowMapping]:
        asked = select(services).where(services.c.ref.in_({ref for ref in refs if ref}))
        return {row["ref"]: row for row in (await self.connection.execute(asked)).mappings()}

    async def _client_ids(self, rows: Sequence[ServiceRow]) -> Mapping[str, int]:
        refs = {row.client for row in rows}
        asked = select(clients.c.ref, clients.c.id).where(clients.c.ref.in_(refs))
        return dict((await self.connection.execute(asked)).all())


def _differs(stored: RowMapping | None, loaded: Mapping[str, Any]) -> bool:
    """Whether a row is new or has other values than those of the folder."""
    return stored is None or any(stored[name] != value for name, value in loaded.items())
