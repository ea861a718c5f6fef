"""Reminder items and digests: both exist before anything is sent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.ports.reminders import DigestRow, DueDigest, PlannedItem, Recipient
from billing.rules.services import Service
from storage.repositories.digests import adopt, bind, digest_rows
from storage.repositories.owned_services import OWNED_WIDTH, of_digest, owned_from
from storage.repositories.reminder_queries import (
    being_cancelled,
    owed_between,
    readers_of,
    waiting_for_digest,
)
from storage.rows import service_from
from storage.statements import take, upsert
from storage.tables.messages import NOBODY, digests, reminder_items
from storage.tables.running import kept_settings
from storage.tables.states import ItemState, SendState

PLANNED = "reminders planned"
"""The key of the day whose items were planned last."""


@dataclass(frozen=True, slots=True)
class SqlReminders:
    """Rows of reminder items and digests."""

    connection: AsyncConnection

    async def is_planned(self, day: date) -> bool:
        """Whether the items of that day were planned already."""
        asked = select(kept_settings.c.value).where(kept_settings.c.key == PLANNED)
        return (await self.connection.execute(asked)).scalar() == day.isoformat()

    async def mark_planned(self, day: date) -> None:
        """Note that they were."""
        noted = upsert(kept_settings, self.connection).values(key=PLANNED, value=day.isoformat())
        await self.connection.execute(
            noted.on_conflict_do_update(
                index_elements=["key"], set_={"value": noted.excluded.value}
            )
        )

    async def forget_plan(self) -> None:
        """Plan again at the next tick: services have changed in bulk."""
        await self.connection.execute(delete(kept_settings).where(kept_settings.c.key == PLANNED))

    async def candidates(
        self, *, earliest: date, latest: date, after: Service | None, limit: int
    ) -> tuple[Service, ...]:
        """Services that are owed, with a due date in that window, by due date and id.

        `after` is the last one of the page before, as it was read then.
        """
        asked = owed_between(earliest, latest, after=after, limit=limit)
        return tuple(service_from(row) for row in await self.connection.execute(asked))

    async def opens_on(self, service_ids: Collection[int]) -> frozenset[int]:
        """Of these, the ones with an open cancellation (own or the parent's): never reminded."""
        found = await self.connection.execute(being_cancelled(service_ids))
        return frozenset(found.scalars())

    async def known_stages(self, planned: Sequence[Service]) -> frozenset[tuple[int, date, str]]:
        """Items that exist for these services and due dates (and for later ones)."""
        dues = [service.next_due_date for service in planned if service.next_due_date]
        if not dues:
            return frozenset()
        items = reminder_items.c
        asked = select(items.service_id, items.due_date, items.stage).where(
            items.service_id.in_([service.id for service in planned]), items.due_date >= min(dues)
        )
        return frozenset(await self.connection.execute(asked))

    async def add_items(self, items: Sequence[PlannedItem], *, at: datetime) -> None:
        """Insert the absent ones."""
        rows = [
            {
                "service_id": item.service_id, "client_id": item.client_id,
                "due_date": item.due_date, "stage": item.stage, "planned_at": at,
                "state": ItemState.SKIPPED if item.skipped else ItemState.WAITING,
            }
            for item in items
        ]  # fmt: skip
        if rows:
            added = upsert(reminder_items, self.connection).on_conflict_do_nothing(
                index_elements=["service_id", "due_date", "stage"]
            )
            await self.connection.execute(added, rows)

    async def clients_waiting(self, day: date, *, limit: int) -> tuple[int, ...]:
        """Clients with unsent, unskipped items who have no digest of that day yet."""
        found = await self.connection.execute(waiting_for_digest(day, limit=limit))
        return tuple(found.scalars())

    async def recipients(self, client_ids: Collection[int]) -> tuple[Recipient, ...]:
        """Their linked users with reminders on who have not blocked the bot."""
        found = await self.connection.execute(readers_of(client_ids))
        return tuple(
            Recipient(client_id, user_id, own or theirs)
            for client_id, user_id, own, theirs in found
        )

    async def add_digests(
        self, planned: Sequence[tuple[Recipient, datetime]], *, day: date, at: datetime
    ) -> None:
        """Insert the absent digests (unique by client, day, user) and bind the waiting items."""
        rows = [
            digest_rows(who.client_id, who.user_id, day=day, send_at=send_at, at=at)
            for who, send_at in planned
        ]
        await bind(self.connection, rows, day=day, to=SendState.WAITING, become=ItemState.BOUND)

    async def adopt_unsent(
        self, client_ids: Collection[int], *, day: date, now: datetime, lease_until: datetime
    ) -> None:
        """Make these clients' unsent digests of earlier days that day's, one for each user."""
        await adopt(self.connection, client_ids, day=day, now=now, lease_until=lease_until)

    async def note_undeliverable(
        self, client_ids: Collection[int], *, day: date, at: datetime
    ) -> None:
        """Nobody to send to: keep it for the operator."""
        state = SendState.UNDELIVERABLE
        rows = [
            digest_rows(client_id, NOBODY, day=day, send_at=at, at=at)
            | {"state": state, "finished_at": at}
            for client_id in client_ids
        ]
        await bind(self.connection, rows, day=day, to=state, become=ItemState.UNDELIVERABLE)

    async def claim(
        self, now: datetime, *, lease_until: datetime, limit: int
    ) -> tuple[DueDigest, ...]:
        """Take digests whose time has come, for one lease."""
        d = digests.c
        taken = take(digests, now, lease_until=lease_until, limit=limit)
        rows = await self.connection.execute(
            taken.returning(d.id, d.client_id, d.user_id, d.day, d.attempts)
        )
        return tuple(DueDigest(*row) for row in sorted(rows))

    async def items_of(
        self, client_id: int, digest_id: int, user_id: int, *, also: Collection[int] = ()
    ) -> tuple[DigestRow, ...]:
        """What a user's digest says, and of which services `also` to know: one statement."""
        asked = of_digest(client_id, digest_id, user_id, also=also)
        rows = await self.connection.execute(asked)
        return tuple((owned_from(row), *row[OWNED_WIDTH:]) for row in rows)

    async def finish(
        self, digest_id: int, *, status: str, at: datetime, message_id: int | None = None
    ) -> None:
        """sent, void, undeliverable or failed."""
        await self.connection.execute(
            update(digests)
            .where(digests.c.id == digest_id, digests.c.state == SendState.WAITING)
            .values(state=SendState(status), finished_at=at, message_id=message_id)
        )

    async def defer(self, digest_id: int, *, until: datetime) -> None:
        """Try again later."""
        await self.connection.execute(
            update(digests)
            .where(digests.c.id == digest_id, digests.c.state == SendState.WAITING)
            .values(due_at=until)
        )

    async def postpone(self, digest_id: int, *, until: datetime) -> None:
        """Wait for the hours in which one may be written to: no attempt was made."""
        await self.connection.execute(
            update(digests)
            .where(digests.c.id == digest_id, digests.c.state == SendState.WAITING)
            .values(due_at=until, attempts=digests.c.attempts - 1)
        )

    async def latest(self, client_id: int, user_id: int) -> int | None:
        """The last digest that this user was sent for this client."""
        d = digests.c
        asked = (
            select(d.id)
            .where(d.client_id == client_id, d.user_id == user_id, d.state == SendState.SENT)
            .order_by(d.day.desc())
            .limit(1)
        )
        found: int | None = (await self.connection.execute(asked)).scalar()
        return found

    async def waiting(self, *, limit: int) -> tuple[tuple[DueDigest, datetime], ...]:
        """The digests that are to be sent next, and when."""
        d = digests.c
        asked = (
            select(d.id, d.client_id, d.user_id, d.day, d.attempts, d.due_at)
            .where(d.state == SendState.WAITING)
            .order_by(d.due_at)
            .limit(limit)
        )
        rows = await self.connection.execute(asked)
        return tuple((DueDigest(*row[:5]), row[5]) for row in rows)
