"""How far a connected panel was read: its one row, and columns of clients."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, or_, select, update

from billing.rules.money import Money
from billing.rules.panel.panel_state import CLOCKS_APART, PanelState
from storage.engines.connection import Connection
from storage.statements import upsert
from storage.tables.accounts import clients, links
from storage.tables.running import ONLY_ROW, panel_states

_STATE = (
    panel_states.c.cursor,
    panel_states.c.changes_read_at,
    panel_states.c.everything_read_at,
    panel_states.c.away_since,
    panel_states.c.away_told_at,
)
_THE_ROW = panel_states.c.id == ONLY_ROW
_PRESENT = {"away_since": None, "away_told_at": None}


@dataclass(frozen=True, slots=True)
class SqlPanelStates:
    """The row of the panel, and when its clients were read."""

    connection: Connection

    async def get(self) -> PanelState:
        """The state; an empty one before anything was read."""
        row = (await self.connection.execute(select(*_STATE).where(_THE_ROW))).one_or_none()
        return PanelState(*row) if row else PanelState()

    async def changes_read(self, cursor: str, *, at: datetime) -> None:
        """Note how far the change feed was read, and that all before `at` is marked."""
        await self._write(cursor=cursor, changes_read_at=at)

    async def everything_read(self, at: datetime | None) -> None:
        """Note when the last full reading began; None when one is due."""
        await self._write(everything_read_at=at)

    async def away(self, *, at: datetime) -> bool:
        """Note that the panel does not answer; False if that is known already."""
        row = {"id": ONLY_ROW, "cursor": "", "away_since": at}
        statement = upsert(panel_states, self.connection).values(row)
        statement = statement.on_conflict_do_update(
            index_elements=["id"],
            set_={"away_since": at},
            where=panel_states.c.away_since.is_(None),
        )
        noted = await self.connection.execute(statement.returning(panel_states.c.id))
        return noted.first() is not None

    async def answered(self) -> PanelState | None:
        """Note that it answers again; the state before, None if it was not away."""
        before = await self.get()
        if not before.is_away:
            return None
        is_away = panel_states.c.away_since.is_not(None)
        statement = update(panel_states).where(_THE_ROW, is_away).values(_PRESENT)
        noted = await self.connection.execute(statement.returning(panel_states.c.id))
        return before if noted.first() else None

    async def away_told(self, *, at: datetime) -> None:
        """Note that the operator knows."""
        await self._write(away_told_at=at)

    async def mark_stale(self, refs: Collection[str], *, at: datetime) -> int:
        """Note of clients that the mirror has that they have changed there; how many."""
        if not refs:
            return 0
        statement = (
            update(clients)
            .where(clients.c.ref.in_(tuple(refs)), _was_tried())
            .values(stale_since=at)
            .returning(clients.c.id)
        )
        return len((await self.connection.execute(statement)).all())

    async def see(
        self,
        client_id: int,
        *,
        at: datetime,
        is_closed: bool,
        balance: Money | None,
        now: datetime,
    ) -> bool:
        """Note a reading that began then; False if a later one is known already."""
        return await self._tried(
            client_id, at, now,
            seen_at=at,
            unread_at=None,
            unread="",
            is_closed=is_closed,
            balance=None if balance is None else balance.minor,
        )  # fmt: skip

    async def unread(self, client_id: int, *, at: datetime, rows: str, now: datetime) -> bool:
        """Note a reading of which rows could not be read; False if a later one is known."""
        return await self._tried(client_id, at, now, unread_at=at, unread=rows)

    async def _tried(self, client_id: int, at: datetime, now: datetime, **values: Any) -> bool:
        """Note a reading that began then, and that what the feed said before is done with."""
        seen_at, stale_since = clients.c.seen_at, clients.c.stale_since
        is_newer = or_(seen_at.is_(None), seen_at <= at, _is_ahead(seen_at, now))
        is_stale = and_(stale_since > at, ~_is_ahead(stale_since, now))
        statement = (
            update(clients)
            .where(clients.c.id == client_id, is_newer)
            .values(stale_since=case((is_stale, stale_since)), **values)
            .returning(clients.c.id)
        )
        return (await self.connection.execute(statement)).first() is not None

    async def unread_clients(self, *, limit: int) -> Sequence[tuple[str, str]]:
        """Clients of whom a row cannot be read, by their refs, with those rows in words."""
        query = select(clients.c.ref, clients.c.unread).where(clients.c.unread_at.is_not(None))
        rows = await self.connection.execute(query.order_by(clients.c.unread_at).limit(limit))
        return [(row.ref, row.unread) for row in rows]

    async def stale(self, *, linked: bool, limit: int) -> tuple[int, ...]:
        """Clients that have changed and were not read since, the longest known first."""
        query = select(clients.c.id).where(clients.c.stale_since.is_not(None), *_linked(linked))
        query = query.order_by(clients.c.stale_since, clients.c.id).limit(limit)
        return tuple((await self.connection.execute(query)).scalars())

    async def unseen(self, *, linked: bool, after: int, limit: int) -> tuple[tuple[int, str], ...]:
        """Clients that were never read, with their refs there, in the order of their ids."""
        return await self._page(after, limit, ~_was_tried(), *_linked(linked))

    async def not_read_since(
        self, before: datetime, now: datetime, *, linked: bool, after: int, limit: int
    ) -> tuple[tuple[int, str], ...]:
        """The same of those who were read, but not since an instant, or by a clock ahead."""
        tried_at = case(
            (clients.c.unread_at.is_not(None), clients.c.unread_at), else_=clients.c.seen_at
        )
        is_old = or_(tried_at < before, _is_ahead(tried_at, now))
        return await self._page(after, limit, is_old, *_linked(linked))

    async def claim(self, client_id: int, now: datetime, *, until: datetime) -> bool:
        """Take the right to read a client until then; False while somebody has it."""
        c = clients.c.reading_until
        # A time that a clock has written which was ahead counts as past.
        is_free = or_(c.is_(None), c <= now, c > until)
        statement = update(clients).where(clients.c.id == client_id, is_free)
        statement = statement.values(reading_until=until).returning(clients.c.id)
        return (await self.connection.execute(statement)).first() is not None

    async def release(self, client_id: int) -> None:
        """Give it back."""
        mine = update(clients).where(clients.c.id == client_id)
        await self.connection.execute(mine.values(reading_until=None))

    async def _page(
        self, after: int, limit: int, *where: ColumnElement[bool]
    ) -> tuple[tuple[int, str], ...]:
        query = select(clients.c.id, clients.c.ref).where(clients.c.id > after, *where)
        rows = await self.connection.execute(query.order_by(clients.c.id).limit(limit))
        return tuple((row.id, row.ref) for row in rows)

    async def _write(self, **values: Any) -> None:
        row = {"id": ONLY_ROW, "cursor": ""} | values
        statement = upsert(panel_states, self.connection).values(row)
        await self.connection.execute(
            statement.on_conflict_do_update(index_elements=["id"], set_=values)
        )


def _is_ahead(at: ColumnElement[Any], now: datetime) -> ColumnElement[bool]:
    """The condition that a time is later than any clock that is right can have written."""
    return at > now + CLOCKS_APART


def _was_tried() -> ColumnElement[bool]:
    """The condition that a client was read, even where that could not be kept."""
    return or_(clients.c.seen_at.is_not(None), clients.c.unread_at.is_not(None))


def _linked(only: bool) -> tuple[ColumnElement[bool], ...]:
    """The condition that some user acts for the client, where only those are meant."""
    return (exists().where(links.c.client_id == clients.c.id),) if only else ()
