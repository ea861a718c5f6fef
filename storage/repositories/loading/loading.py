"""Bulk loading: compares batches of rows with the stored ones and writes only differences.

The caller uses one write transaction for the whole load, so that nothing changes in between.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import RowMapping, bindparam, func, select, update

from billing.ports.loading import Replacing, ServiceDifferences, ServicesWritten, StateChange
from billing.rules.errors import BillingError
from billing.rules.loading.differences import ClientRow, Known, KnownService, ServiceRow
from billing.rules.loading.loaded_state import Difference
from billing.rules.payments.invoices import Invoice, InvoiceStatus
from billing.rules.services.service import ServiceKind
from billing.rules.shop.catalog import Catalog
from storage.engines.connection import Connection
from storage.engines.locks import LOAD, lock_name, lock_rows
from storage.repositories.loading.loaded_states import judge, state_in
from storage.repositories.loading.loading_rows import (
    LOADED,
    NEW,
    add_clients,
    add_services,
    described_anew,
    described_client,
    differs,
    new_service,
    shown_value,
)
from storage.repositories.loading.loading_updates import Update, update_services
from storage.repositories.sales.invoice_rows import INVOICES, invoices_from
from storage.tables.accounts import clients
from storage.tables.sales import invoices
from storage.tables.services import services

_parent = services.alias("parent")

_SERVICE = ServiceKind.SERVICE
_Key = tuple[ServiceKind, str]


@dataclass(frozen=True, slots=True)
class SqlLoading:
    """Rows of clients and services, many at a time."""

    connection: Connection

    async def begin(self) -> None:
        """Wait until no other load runs, because there is one at a time."""
        await lock_name(self.connection, LOAD)

    async def read_known(self, catalog: Catalog) -> Known:
        """What earlier loads stored, by the company's ids."""
        query = select(services.c.product_id).distinct()
        sold_ids = frozenset((await self.connection.execute(query)).scalars())
        known_clients = await self.connection.execute(select(clients.c.ref, clients.c.currency))
        known_services = await self.connection.execute(
            select(services.c.ref, clients.c.ref, _parent.c.ref)
            .join(clients, clients.c.id == services.c.client_id)
            .outerjoin(_parent, _parent.c.id == services.c.parent_id)
            .where(services.c.ref.is_not(None))
        )
        return Known(
            products={(p.kind, p.ref): p.id for p in catalog.products if p.id in sold_ids},
            clients=dict(known_clients.all()),
            services={
                ref: KnownService(client, parent or "") for ref, client, parent in known_services
            },
        )

    async def differing_clients(self, rows: Sequence[ClientRow]) -> list[ClientRow]:
        """The clients that `upsert_clients` would insert or update."""
        stored = await self._stored_clients(rows)
        return [row for row in rows if differs(stored.get(row.ref), described_client(row))]

    async def differing_services(
        self, rows: Sequence[ServiceRow], *, replacing: Replacing
    ) -> ServiceDifferences:
        """Those that `upsert_services` would insert or update, and those that it would leave."""
        stored = await self._stored_rows(rows)
        writes, left = [], list[tuple[str, Difference]]()
        for row in rows:
            if (there := stored.get((row.kind, row.ref))) is None:
                writes.append(row)
                continue
            verdict = judge(row, there, replacing)
            if verdict.columns or described_anew(row, there):
                writes.append(row)
            if verdict.is_left:
                left.append((row.ref, verdict.difference))
        changed_there, sold_here = (
            tuple(ref for ref, why in left if why is kind)
            for kind in (Difference.CHANGED_THERE, Difference.SOLD_HERE)
        )
        return ServiceDifferences(tuple(writes), changed_there, sold_here)

    async def upsert_clients(self, rows: Sequence[ClientRow], *, at: datetime) -> int:
        """Insert or update descriptive fields; credit and telegram ids only at the first load.

        Returns how many rows were new or changed.
        """
        stored = await self._stored_clients(rows)
        new = [row for row in rows if row.ref not in stored]
        changed = []
        for row in rows:
            if (there := stored.get(row.ref)) is not None:
                description = described_client(row)
                if differs(there, description):
                    changed.append({"number": there["id"]} | description)
        if changed:
            statement = update(clients).where(clients.c.id == bindparam("number"))
            await self.connection.execute(statement, changed)
        await add_clients(self.connection, new, at=at)
        return len(new) + len(changed)

    async def upsert_services(
        self, rows: Sequence[ServiceRow], *, today: date, replacing: Replacing
    ) -> ServicesWritten:
        """Insert or update descriptive fields; billing state as `replacing` says.

        A parent is in the database or earlier in `rows` of this or a former call. BillingError
        for an id that is known under another kind.
        """
        owners = await self._client_ids(rows)
        await lock_rows(self.connection, clients, owners.values())
        stored = await self._stored_rows(rows)
        new = [row for row in rows if (row.kind, row.ref) not in stored]
        for kind in (_SERVICE, ServiceKind.ADDON):
            await self._add([row for row in new if row.kind is kind], owners, today=today)
        updates = [
            Update.of(row, there, replacing)
            for row in rows
            if (there := stored.get((row.kind, row.ref))) is not None
        ]
        await update_services(self.connection, updates)
        return ServicesWritten(
            len(new) + sum(one.is_visible for one in updates),
            tuple(one.restated for one in updates if one.restated is not None),
            tuple(one.ref for one in updates if one.is_kept_sale),
        )

    async def _add(
        self, rows: Sequence[ServiceRow], owners: Mapping[str, int], *, today: date
    ) -> None:
        """Insert new services of one kind, whose parents are stored."""
        if not rows:
            return
        parents = await self._parent_ids(rows)
        values = [
            new_service(row) | {
                "client_id": owners[row.client],
                "parent_id": parents[row.parent] if row.parent else None,
                "loaded_on": today,
            }
            for row in rows
        ]  # fmt: skip
        statement, added = add_services(self.connection.dialect.name)
        rows_added = [[one[name] for name in NEW] for one in values]
        await self.connection.execute(
            statement, added.parameters(rows_added, self.connection.dialect)
        )

    async def state_changes(self, rows: Sequence[ServiceRow]) -> AsyncIterator[StateChange]:
        """Where the billing state of stored services differs, old and new."""
        stored = await self._stored_rows(rows)
        for row in rows:
            if (there := stored.get((row.kind, row.ref))) is None:
                continue
            here = state_in(there)
            folder = row.state_over(here)
            if here == folder:
                continue
            is_sale = judge(row, there, Replacing()).difference is Difference.SOLD_HERE
            for field in fields(here):
                old, new = getattr(here, field.name), getattr(folder, field.name)
                if old != new:
                    was, becomes = (shown_value(field.name, value, row) for value in (old, new))
                    yield StateChange(row.ref, field.name, was, becomes, is_sale)

    async def open_invoices(self, client_ids: Collection[int]) -> tuple[Invoice, ...]:
        """The unpaid invoices of these clients, with their lines."""
        unpaid = INVOICES.where(
            invoices.c.client_id.in_(client_ids), invoices.c.status == InvoiceStatus.UNPAID
        )
        return invoices_from((await self.connection.execute(unpaid)).all())

    async def currencies(self) -> Mapping[str, int]:
        """The number of clients by currency."""
        query = select(clients.c.currency, func.count()).group_by(clients.c.currency)
        return dict((await self.connection.execute(query)).all())

    async def _stored_clients(self, rows: Sequence[ClientRow]) -> dict[str, RowMapping]:
        query = select(clients).where(clients.c.ref.in_([row.ref for row in rows]))
        return {row["ref"]: row for row in (await self.connection.execute(query)).mappings()}

    async def _stored_rows(self, rows: Sequence[ServiceRow]) -> dict[_Key, RowMapping]:
        """What is stored of these rows."""
        query = select(*LOADED).where(services.c.ref.in_([row.ref for row in rows]))
        rows_found = (await self.connection.execute(query)).mappings()
        stored = {(row["kind"], row["ref"]): row for row in rows_found}
        for row in rows:
            _refuse_another_kind(row, stored)
        return stored

    async def _parent_ids(self, rows: Sequence[ServiceRow]) -> Mapping[str, int]:
        refs = {row.parent for row in rows if row.parent}
        if not refs:
            return {}
        query = select(services.c.ref, services.c.id).where(
            services.c.ref.in_(refs), services.c.kind == _SERVICE
        )
        return dict((await self.connection.execute(query)).all())

    async def _client_ids(self, rows: Sequence[ServiceRow]) -> Mapping[str, int]:
        refs = {row.client for row in rows}
        query = select(clients.c.ref, clients.c.id).where(clients.c.ref.in_(refs))
        return dict((await self.connection.execute(query)).all())


def _refuse_another_kind(row: ServiceRow, stored: Collection[_Key]) -> None:
    """BillingError if the id stands for something else here; it would be overwritten."""
    if (row.kind, row.ref) in stored:
        return
    for kind in ServiceKind:
        if (kind, row.ref) in stored:
            raise BillingError("id_of_another_kind", ref=row.ref, known=kind, loaded=row.kind)
