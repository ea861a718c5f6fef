"""Reminder items and their digests; both exist before anything is sent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update

from billing.ports.reminders.items import (
    DueService,
    NewDigest,
    OpenProforma,
    PlannedItems,
    Recipient,
    StoredItem,
    Window,
)
from billing.ports.reminders.preferences import RemindableService
from billing.rules.reminders.preferences import ReminderPreferences
from billing.rules.reminders.stages import ReminderItem, ReminderKind, ReminderReason, snooze_stage
from storage.engines.connection import Connection
from storage.engines.locks import PLANNING, lock_name
from storage.repositories.reminders import reminder_queries as queries
from storage.repositories.reminders.digest_binding import bind
from storage.repositories.reminders.plan_statements import add_items
from storage.repositories.reminders.plan_withdrawal import withdraw_plans
from storage.rows import reminder_item_from, service_from
from storage.sets import among
from storage.statements import upsert
from storage.tables.messages import reminder_items
from storage.tables.running import kept_settings
from storage.tables.states import NOT_WAITING, ItemState

PLANNED = "reminders planned"
"""The key of the day whose items were planned last."""

_USUAL = ReminderPreferences()
_PLANNED_DAY = select(kept_settings.c.value).where(kept_settings.c.key == PLANNED)


@dataclass(frozen=True, slots=True)
class SqlReminders:
    """Rows of reminder items, and of digests while they are planned."""

    connection: Connection

    async def lock_planning(self) -> None:
        """Let nobody else write plans until the transaction ends."""
        await lock_name(self.connection, PLANNING)

    async def is_planned(self, day: date) -> bool:
        """Return whether the items of that day were planned already."""
        return (await self.connection.execute(_PLANNED_DAY)).scalar() == day.isoformat()

    async def mark_planned(self, day: date) -> None:
        """Note that the items of that day were planned."""
        statement = upsert(kept_settings, self.connection).values(
            key=PLANNED, value=day.isoformat()
        )
        await self.connection.execute(
            statement.on_conflict_do_update(
                index_elements=["key"], set_={"value": statement.excluded.value}
            )
        )

    async def forget_plan(self) -> None:
        """Plan again at the next tick, because many services have changed."""
        await self.connection.execute(delete(kept_settings).where(kept_settings.c.key == PLANNED))

    async def withdraw_plans(self, *, after: date, planned_after: datetime, due_from: date) -> int:
        """Delete unsent digests of later days and items planned in the future; how many."""
        return await withdraw_plans(
            self.connection, after=after, planned_after=planned_after, due_from=due_from
        )

    async def candidates(
        self, window: Window, *, after: DueService | None, limit: int
    ) -> tuple[DueService, ...]:
        """Owed services with a due date in that window, by due date and id."""
        query = queries.owed_between(window, after=after, limit=limit)
        return tuple(DueService(*row) for row in (await self.connection.execute(query)).all())

    async def expiring(
        self, window: Window, *, after: OpenProforma | None, limit: int
    ) -> tuple[OpenProforma, ...]:
        """Unpaid proformas that expire in that window, by that day and id."""
        query = queries.expiring_between(window, after=after, limit=limit)
        return tuple(OpenProforma(*row) for row in await self.connection.execute(query))

    async def snoozed(
        self, window: Window, *, after: ReminderItem | None, limit: int
    ) -> tuple[ReminderItem, ...]:
        """Reminders that users asked for on a day in that window, of what is still owed so."""
        query = queries.asked_between(window, after=after, limit=limit)
        return tuple(
            ReminderItem(client_id, due_date, snooze_stage(until), service_id)
            for client_id, due_date, until, service_id in await self.connection.execute(query)
        )

    async def cancelling(self, service_ids: Collection[int]) -> tuple[RemindableService, ...]:
        """Of these, the ones with an open cancellation (own or the parent's)."""
        rows = await self.connection.execute(queries.being_cancelled(service_ids))
        return tuple(
            RemindableService(service_from(row), cancelling=True, ends_on=ends_on)
            for *row, ends_on in rows
        )

    async def find_existing(self, items: Collection[ReminderItem]) -> frozenset[ReminderItem]:
        """Items that exist for these subjects and due dates (and for later ones)."""
        if not items:
            return frozenset()
        rows = (await self.connection.execute(queries.known_items(items))).all()
        return frozenset(reminder_item_from(row) for row in rows)

    async def add_items(self, items: PlannedItems, *, at: datetime) -> None:
        """Insert the absent ones."""
        # In one order everywhere: two planners must not wait for each other in a circle.
        rows = [
            (i.service_id, i.invoice_id, i.client_id, i.due_date, i.stage, items[i])
            for i in sorted(items, key=_place)
        ]
        if rows:
            dialect = self.connection.dialect
            statement, row_set = add_items(dialect.name)
            parameters = row_set.parameters(rows, dialect)
            await self.connection.execute(statement, {**parameters, "at": at})

    async def clients_waiting(self, day: date, *, limit: int, after: int = 0) -> tuple[int, ...]:
        """A page of clients with waiting items and without a digest of that day."""
        query = queries.waiting_for_digest(day, after=after, limit=limit)
        rows = await self.connection.execute(query)
        return tuple(rows.scalars())

    async def newly_linked(self, *, since: datetime) -> tuple[int, ...]:
        """Clients to whom a user was linked since then, with items that had no reader before."""
        rows = await self.connection.execute(queries.newly_linked(since))
        return tuple(set(rows.scalars()))

    async def waiting_items(self, client_ids: Collection[int]) -> tuple[StoredItem, ...]:
        """Their items that wait for a digest."""
        rows = (await self.connection.execute(queries.waiting_items(client_ids))).all()
        return tuple(_stored_item(row) for row in rows)

    async def recipients(self, client_ids: Collection[int]) -> tuple[Recipient, ...]:
        """Every user linked to them, also unreachable ones and those without reminders."""
        rows = (await self.connection.execute(queries.linked_to(client_ids))).all()
        return tuple(
            Recipient(client_id, user_id, own or theirs, _wishes(chosen, on=on), unreachable)
            for client_id, user_id, own, theirs, chosen, on, unreachable in rows
        )

    async def add_digests(self, planned: Sequence[NewDigest], *, day: date, at: datetime) -> None:
        """Insert missing digests (unique by client, day, user) and bind their items."""
        if planned:
            await bind(self.connection, planned, day=day, at=at)

    async def leave_out(
        self, item_ids: Collection[int], reason: ReminderReason, *, undeliverable: bool = False
    ) -> None:
        """Skip these waiting items, with the reason."""
        if not item_ids:
            return
        items = reminder_items.c
        state = ItemState.UNDELIVERABLE if undeliverable else ItemState.SKIPPED
        await self.connection.execute(
            update(reminder_items)
            .where(among(items.id, item_ids), items.state.not_in(NOT_WAITING))
            .values(state=state, reason=reason)
        )

    async def prune(self, *, before: date, limit: int) -> int:
        """Delete items of long past due dates that are in no digest any more; how many."""
        old = queries.forgotten_items(before, limit=limit)
        deleted = await self.connection.execute(
            delete(reminder_items).where(reminder_items.c.id.in_(old))
        )
        return deleted.rowcount


def _wishes(chosen: ReminderPreferences | None, *, on: bool) -> ReminderPreferences:
    wishes = chosen or _USUAL
    return wishes if wishes.on == on else replace(wishes, on=on)


def _place(item: ReminderItem) -> tuple[int, int, date, str]:
    return item.service_id or 0, item.invoice_id or 0, item.due_date, item.stage


def _stored_item(row: Sequence[Any]) -> StoredItem:
    number, parent_id, *_ = row
    item = reminder_item_from(row)
    kind = ReminderKind.SERVICE if parent_id is None else ReminderKind.ADDON
    return StoredItem(number, item, kind if item.service_id else ReminderKind.PROFORMA)
