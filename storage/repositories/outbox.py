"""Messages that must go out once: one row per recipient, taken for a lease."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.ports.outbox import Notification, Outgoing
from storage.statements import give_back, take, upsert
from storage.tables.accounts import clients, links, users
from storage.tables.messages import NOBODY, outbox
from storage.tables.states import OVER, SendState

_OUTGOING = (
    select(
        outbox.c.id,
        outbox.c.user_id,
        outbox.c.topic,
        outbox.c.facts,
        outbox.c.attempts,
        outbox.c.client_id,
        users.c.language.label("user_language"),
        clients.c.language.label("client_language"),
        users.c.timezone.label("user_timezone"),
        clients.c.timezone.label("client_timezone"),
    )
    .outerjoin(users, users.c.id == outbox.c.user_id)
    .outerjoin(clients, clients.c.id == outbox.c.client_id)
    .order_by(outbox.c.id)
)


@dataclass(frozen=True, slots=True)
class SqlOutbox:
    """Rows of the outbox."""

    connection: AsyncConnection

    async def add(self, notifications: Sequence[Notification], *, at: datetime) -> None:
        """One row per recipient, absent ones only."""
        of_clients = {
            note.client_id
            for note in notifications
            if note.client_id is not None and note.user_id is None
        }
        recipients = await self._recipients(of_clients) if of_clients else {}
        rows = [
            {
                "key": note.key, "user_id": user_id, "client_id": note.client_id,
                "topic": note.topic, "facts": dict(note.facts), "state": SendState.WAITING,
                "due_at": at, "moved_at": at, "attempts": 0, "added_at": at,
            }
            for note in notifications
            for user_id in _users_of(note, recipients)
            if user_id != note.not_user
        ]  # fmt: skip
        if rows:
            added = upsert(outbox, self.connection).on_conflict_do_nothing(
                index_elements=["key", "user_id"]
            )
            await self.connection.execute(added, rows)

    async def has(self, key: str) -> bool:
        """Whether that message was added before."""
        asked = select(outbox.c.id).where(outbox.c.key == key).limit(1)
        return (await self.connection.execute(asked)).first() is not None

    async def claim(
        self, now: datetime, *, lease_until: datetime, limit: int
    ) -> tuple[Outgoing, ...]:
        """Take what is due, for one lease."""
        taken = await self.connection.execute(
            take(outbox, now, lease_until=lease_until, limit=limit).returning(outbox.c.id)
        )
        ids = taken.scalars().all()
        if not ids:
            return ()
        rows = await self.connection.execute(_OUTGOING.where(outbox.c.id.in_(ids)))
        return tuple(
            Outgoing(
                id=row.id,
                user_id=row.user_id if row.user_id != NOBODY else None,
                topic=row.topic,
                facts=row.facts,
                languages=tuple(filter(None, (row.user_language, row.client_language))),
                timezone=row.user_timezone or row.client_timezone or "",
                attempts=row.attempts,
                client_id=row.client_id,
            )
            for row in rows
        )

    async def give_back(self, now: datetime, *, lease_until: datetime, limit: int) -> int:
        """Let what was added or claimed while the clock was ahead be due again; how many."""
        given_back = give_back(outbox, now, lease_until=lease_until, limit=limit)
        return (await self.connection.execute(given_back)).rowcount

    async def finish(self, outgoing_id: int, *, status: str, at: datetime) -> None:
        """sent, void, undeliverable or failed."""
        await self.connection.execute(
            update(outbox)
            .where(outbox.c.id == outgoing_id, outbox.c.state == SendState.WAITING)
            .values(state=SendState(status), finished_at=at)
        )

    async def defer(self, outgoing_id: int, *, until: datetime) -> None:
        """Try again later."""
        await self.connection.execute(
            update(outbox)
            .where(outbox.c.id == outgoing_id, outbox.c.state == SendState.WAITING)
            .values(due_at=until)
        )

    async def prune(self, *, before: datetime, limit: int) -> int:
        """Delete messages that were finished long ago; how many."""
        o = outbox.c
        old = select(o.id).where(o.state.in_(OVER), o.due_at < before).limit(limit)
        old = old.with_for_update(skip_locked=True)
        return (await self.connection.execute(delete(outbox).where(o.id.in_(old)))).rowcount

    async def _recipients(self, client_ids: set[int]) -> Mapping[int, Sequence[int]]:
        """The users of clients who can be reached."""
        asked = (
            select(links.c.client_id, links.c.user_id)
            .join(users, and_(users.c.id == links.c.user_id, users.c.blocked.is_(False)))
            .where(links.c.client_id.in_(client_ids))
            .order_by(links.c.user_id)
        )
        found: dict[int, list[int]] = {}
        for client_id, user_id in await self.connection.execute(asked):
            found.setdefault(client_id, []).append(user_id)
        return found


def _users_of(note: Notification, recipients: Mapping[int, Sequence[int]]) -> Sequence[int]:
    if note.user_id is not None:
        return (note.user_id,)
    return (NOBODY,) if note.client_id is None else recipients.get(note.client_id, ())
