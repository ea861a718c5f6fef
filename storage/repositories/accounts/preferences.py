"""Users' choices about reminders: preferences in the link's row, pauses in rows of their own."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Executable, and_, bindparam, delete, select, tuple_, update

from billing.ports.reminders.preferences import RemindableService, SettingsInputs
from billing.rules.reminders.preferences import Pause, ReminderPreferences
from storage.engines.connection import Connection
from storage.repositories.sales.catalogs import NEWEST, SqlCatalogs
from storage.repositories.services.leaving import ENDS_ON, IS_LEAVING, with_requests
from storage.repositories.services.owned_services import OF_CLIENT
from storage.rows import SERVICE, WIDTH, service_from
from storage.sets import among
from storage.statements import insert_into
from storage.tables.accounts import links
from storage.tables.messages import reminder_pauses
from storage.tables.services import services


@dataclass(frozen=True, slots=True)
class SqlPreferences:
    """Reminder columns of links, and rows of pauses."""

    connection: Connection
    catalogs: SqlCatalogs

    async def save(self, user_id: int, client_id: int, preferences: ReminderPreferences) -> None:
        """Save preferences; without a link nothing happens."""
        await self.connection.execute(
            update(links)
            .where(links.c.user_id == user_id, links.c.client_id == client_id)
            .values(preferences=preferences, reminders_on=preferences.on)
        )

    async def pauses(self, client_ids: Collection[int]) -> tuple[Pause, ...]:
        """All pauses that users have for these clients' services."""
        p = reminder_pauses.c
        query = (
            select(p.user_id, p.service_id, p.due_date, p.until, p.remind)
            .where(among(p.client_id, client_ids))
            .order_by(p.user_id, p.service_id)
        )
        return tuple(Pause(*row) for row in (await self.connection.execute(query)).all())

    async def read_settings_inputs(self, user_id: int, client_id: int) -> SettingsInputs:
        """Their choices, what the client owes on some day, and the catalogue: one statement."""
        p = reminder_pauses.c
        newest = NEWEST.subquery("newest")
        link = and_(links.c.user_id == user_id, links.c.client_id == client_id)
        owed = newest.outerjoin(links, link).outerjoin(
            services, and_(OF_CLIENT, services.c.owed_on.is_not(None))
        )
        query = (
            select(
                *SERVICE, IS_LEAVING, ENDS_ON,
                p.user_id, p.service_id, p.due_date, p.until, p.remind,
                links.c.preferences, links.c.reminders_on, *newest.c,
            )
            .select_from(with_requests(owed))
            .outerjoin(reminder_pauses, and_(p.user_id == user_id, p.service_id == services.c.id))
            .order_by(services.c.owed_on, services.c.id)
        )  # fmt: skip
        rows = (await self.connection.execute(query, {"client_id": client_id})).all()
        *_, options, on, newest_revision = rows[0]
        wishes = None if on is None else replace(options or ReminderPreferences(), on=on)
        return SettingsInputs(
            preferences=wishes,
            owed=tuple(_owed(row) for row in rows if row[0] is not None),
            catalog=await self.catalogs.current_at(newest_revision),
        )

    async def pause(self, client_id: int, pauses: Sequence[Pause]) -> None:
        """Begin pauses; each replaces an earlier one for the same user and service."""
        rows = [
            {"user": one.user_id, "service": one.service_id, "client": client_id,
             "due": one.due_date, "last": one.until, "asks": one.remind}
            for one in sorted(pauses, key=lambda one: (one.user_id, one.service_id))
        ]  # fmt: skip
        if rows:
            await self.connection.execute(_begin(self.connection.dialect.name), rows)

    async def end_pauses(self, user_id: int, client_id: int, service_ids: Collection[int]) -> None:
        """End a user's pauses for these services; missing ones do not matter."""
        p = reminder_pauses.c
        await self.connection.execute(
            delete(reminder_pauses).where(
                p.user_id == user_id, p.client_id == client_id, p.service_id.in_(service_ids)
            )
        )

    async def prune(self, *, before: date, limit: int) -> int:
        """Delete pauses that ended before a day; how many."""
        p = reminder_pauses.c
        place = tuple_(p.user_id, p.service_id)
        old = select(p.user_id, p.service_id).where(p.until < before).limit(limit)
        old = old.with_for_update(skip_locked=True)
        ended = delete(reminder_pauses).where(place.in_(old))
        return (await self.connection.execute(ended)).rowcount


@cache
def _begin(dialect: str) -> Executable:
    """Write a pause if the service is the client's."""
    p = reminder_pauses.c
    of_client = select(
        bindparam("user", type_=p.user_id.type),
        services.c.id,
        services.c.client_id,
        bindparam("due", type_=p.due_date.type),
        bindparam("last", type_=p.until.type),
        bindparam("asks", type_=p.remind.type),
    ).where(services.c.id == bindparam("service"), services.c.client_id + 0 == bindparam("client"))
    columns = ["user_id", "service_id", "client_id", "due_date", "until", "remind"]
    statement = insert_into(reminder_pauses, dialect).from_select(columns, of_client)
    return statement.on_conflict_do_update(
        index_elements=["user_id", "service_id"],
        set_={name: statement.excluded[name] for name in ("due_date", "until", "remind")},
    )


def _owed(row: Sequence[Any]) -> RemindableService:
    cancelling, ends_on, *pause = row[WIDTH : WIDTH + 7]
    paused = Pause(*pause) if pause[0] is not None else None
    return RemindableService(service_from(row), bool(cancelling), paused, ends_on)
