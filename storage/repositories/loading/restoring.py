"""Changes to a restored copy of the database, and what it contains."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Column, Table, func, or_, select, text, update

from billing.rules.money import Money
from billing.rules.payments.invoices import InvoiceStatus
from billing.views.restoring import CopyContents, Restore, UnpaidProforma, UnsentMessage
from billing.views.services import CancellationStatus
from storage.engines.connection import Connection
from storage.engines.locks import lock_name
from storage.repositories.services.service_orders import pending_orders
from storage.statements import upsert
from storage.tables.accounts import clients, link_codes
from storage.tables.messages import NOBODY, digests, outbox
from storage.tables.running import conversations, kept_settings
from storage.tables.sales import invoice_numbers, invoices, payments
from storage.tables.schema import schema
from storage.tables.services import cancellations, services
from storage.tables.states import SendState
from storage.tables.tasks import tasks
from storage.types import UTCDateTime

NOTED = "restored"
"""The key of the last restore that was noted."""

TO_COME = ("due_at", "send_at", "expires_at")
"""Columns of planned instants, which do not show when a row was written."""

NUMBERED: tuple[Table, ...] = (services, cancellations, invoices, payments, tasks)
"""Tables whose ids appear in messages: in buttons and in the operator's commands."""


@dataclass(frozen=True, slots=True)
class SqlRestoring:
    """Rows of every table whose contents clients or the operator have seen."""

    connection: Connection

    async def lock(self) -> None:
        """Let nobody else do this until the transaction ends."""
        await lock_name(self.connection, "panelik restored")

    async def read_restore(self) -> Restore | None:
        """The last restore that was noted."""
        query = select(kept_settings.c.value).where(kept_settings.c.key == NOTED)
        value: str | None = (await self.connection.execute(query)).scalar()
        if value is None:
            return None
        copy_of, noted_at = json.loads(value)
        return Restore(
            None if copy_of is None else datetime.fromisoformat(copy_of),
            datetime.fromisoformat(noted_at),
        )

    async def note(self, restore: Restore) -> None:
        """Note a restore, replacing the previous one."""
        copy_of = None if restore.copy_of is None else restore.copy_of.isoformat()
        value = json.dumps([copy_of, restore.noted_at.isoformat()])
        row = upsert(kept_settings, self.connection).values(key=NOTED, value=value)
        await self.connection.execute(
            row.on_conflict_do_update(index_elements=["key"], set_={"value": row.excluded.value})
        )

    async def newest(self, *, now: datetime) -> datetime | None:
        """The newest instant in the database at which something happened."""
        instants = [
            (await self.connection.execute(select(func.max(column)).where(column <= now))).scalar()
            for column in _instants()
        ]
        return max((instant for instant in instants if instant is not None), default=None)

    async def end_codes(self, *, at: datetime) -> tuple[str, ...]:
        """End the usable link codes; return the refs of their clients."""
        is_open = (link_codes.c.used_at.is_(None), link_codes.c.expires_at > at)
        query = (
            select(clients.c.ref)
            .join(link_codes, link_codes.c.client_id == clients.c.id)
            .where(*is_open)
            .order_by(clients.c.ref)
        )
        refs = (await self.connection.execute(query)).scalars().all()
        await self.connection.execute(update(link_codes).where(*is_open).values(expires_at=at))
        return tuple(refs)

    async def forget_drafts(self) -> int:
        """Forget questions that wait for an answer, and drafts; how many."""
        c = conversations.c
        forgotten = await self.connection.execute(
            update(conversations)
            .where(or_(c.step.is_not(None), c.draft_id != 0))
            .values(step=None, draft={}, draft_id=0, expires_at=None)
        )
        return forgotten.rowcount

    async def give_up_messages(self, *, at: datetime) -> tuple[UnsentMessage, ...]:
        """Give up waiting messages to clients; the operator's messages stay."""
        waiting = (outbox.c.state == SendState.WAITING, outbox.c.user_id != NOBODY)
        query = (
            select(outbox.c.topic, clients.c.ref)
            .outerjoin(clients, clients.c.id == outbox.c.client_id)
            .where(*waiting)
            .order_by(outbox.c.id)
        )
        rows = (await self.connection.execute(query)).all()
        given_up = update(outbox).where(*waiting).values(state=SendState.VOID, finished_at=at)
        await self.connection.execute(given_up)
        return tuple(UnsentMessage(str(topic), ref or "") for topic, ref in rows)

    async def skip_numbers(self, month: date, *, by: int) -> None:
        """Raise all counters by so much, so that no number is given twice."""
        row = upsert(invoice_numbers, self.connection).values(month=month, last=by)
        await self.connection.execute(
            row.on_conflict_do_update(
                index_elements=["month"], set_={"last": invoice_numbers.c.last + by}
            )
        )
        for table in NUMBERED:
            await self._skip_ids(table, by)

    async def _skip_ids(self, table: Table, by: int) -> None:
        if self.connection.dialect.name == "postgresql":
            sequence = func.pg_get_serial_sequence(table.name, "id")
            next_value = func.setval(sequence, func.nextval(sequence) + by)
            await self.connection.execute(select(next_value))
            return
        # A table has a row here as soon as something was inserted into it.
        values = {"by": by, "name": table.name}
        moved_on = text("UPDATE sqlite_sequence SET seq = seq + :by WHERE name = :name")
        if not (await self.connection.execute(moved_on, values)).rowcount:
            statement = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :by)")
            await self.connection.execute(statement, values)

    async def contents(self, *, limit: int) -> CopyContents:
        """What waits in the copy; it names so many unpaid proformas, the first to expire first."""
        unpaid = invoices.c.status == InvoiceStatus.UNPAID
        query = (
            select(
                invoices.c.number, clients.c.ref, invoices.c.gross - invoices.c.paid,
                invoices.c.currency,
            )
            .join(clients, clients.c.id == invoices.c.client_id)
            .where(unpaid)
            .order_by(invoices.c.expires_on, invoices.c.id)
            .limit(limit)
        )  # fmt: skip
        rows = (await self.connection.execute(query)).all()
        waits = outbox.c.state == SendState.WAITING
        requested = cancellations.c.status == CancellationStatus.REQUESTED
        return CopyContents(
            unpaid=tuple(
                UnpaidProforma(number, ref, Money(max(left, 0), currency))
                for number, ref, left, currency in rows
            ),
            all_unpaid=await self._count(invoices, unpaid),
            orders=len(await pending_orders(self.connection)),
            requests=await self._count(cancellations, requested),
            tasks=await self._count(tasks, tasks.c.done_at.is_(None)),
            digests=await self._count(digests, digests.c.state == SendState.WAITING),
            to_operator=await self._count(outbox, waits & (outbox.c.user_id == NOBODY)),
        )

    async def _count(self, table: Table, condition: object) -> int:
        query = select(func.count()).select_from(table).where(condition)  # type: ignore[arg-type] # a condition
        count: int = (await self.connection.execute(query)).scalar_one()
        return count


def _instants() -> Iterator[Column[datetime]]:
    """The columns of every table with the instant of an event."""
    for table in schema.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, UTCDateTime) and column.name not in TO_COME:
                yield column
