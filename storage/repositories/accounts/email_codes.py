"""Codes by e-mail: rows that say who wants one, which are also the queue of what is to be sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from billing.ports.access import EmailCode, EmailCodeCounts, EmailCodeResult
from storage.engines.connection import Connection
from storage.engines.locks import lock_name
from storage.statements import first_due, take
from storage.tables.accounts import email_codes
from storage.tables.states import SendState

_COLUMNS = (
    email_codes.c.id,
    email_codes.c.user_id,
    email_codes.c.email,
    email_codes.c.language,
    email_codes.c.code_hash,
    email_codes.c.asked_at,
    email_codes.c.expires_at,
    email_codes.c.attempts,
    email_codes.c.client_id,
)
_DUE = first_due(email_codes)
_TAKE = take(email_codes).returning(*_COLUMNS)


@dataclass(frozen=True, slots=True)
class SqlEmailCodes:
    """Rows of codes by e-mail."""

    connection: Connection

    async def count(self, user_id: int, email: str, *, since: datetime) -> EmailCodeCounts:
        """How many were asked for since then to link; locks these counts until the end."""
        await lock_name(self.connection, "codes by e-mail")
        c = email_codes.c
        links = c.asked_at >= since, c.client_id.is_(None)
        return await self._count(
            _number(*links, c.user_id == user_id), _number(*links, c.email == email),
            _number(*links),
        )  # fmt: skip

    async def count_for(self, user_id: int, client_id: int, *, since: datetime) -> EmailCodeCounts:
        """The same of those that prove whose the account of a client is."""
        await lock_name(self.connection, "codes by e-mail")
        c = email_codes.c
        proves = c.asked_at >= since, c.client_id == client_id
        for_client = _number(*proves)
        return await self._count(_number(*proves, c.user_id == user_id), for_client, for_client)

    async def _count(self, *numbers: Any) -> EmailCodeCounts:
        return EmailCodeCounts(*(await self.connection.execute(select(*numbers))).one())

    async def newest(
        self, user_id: int, *, now: datetime, client_id: int | None = None
    ) -> EmailCode | None:
        """What the user has asked for last, unless it has expired or could not be sent."""
        c = email_codes.c
        query = (
            select(*_COLUMNS, c.state)
            .where(c.user_id == user_id, c.client_id == client_id)
            .order_by(c.asked_at.desc(), c.id.desc())
            .limit(1)
        )
        row = (await self.connection.execute(query)).first()
        if row is None or row.expires_at <= now or row.state is SendState.FAILED:
            return None
        return _code(row)

    async def add(
        self,
        user_id: int,
        email: str,
        language: str,
        *,
        at: datetime,
        expires_at: datetime,
        client_id: int | None = None,
    ) -> None:
        """Put a code into the queue."""
        values = {
            "user_id": user_id, "email": email, "language": language, "client_id": client_id,
            "state": SendState.WAITING,
            "due_at": at, "moved_at": at, "attempts": 0, "asked_at": at, "expires_at": expires_at,
        }  # fmt: skip
        await self.connection.execute(insert(email_codes).values(values))

    async def has_due(self, now: datetime) -> bool:
        """Whether a code is to be sent by now."""
        return (await self.connection.execute(_DUE, {"now": now})).first() is not None

    async def claim(self, now: datetime, *, lease_until: datetime) -> EmailCode | None:
        """Take one that is due, for one lease."""
        given = {"now": now, "lease_until": lease_until, "most": 1}
        row = (await self.connection.execute(_TAKE, given)).first()
        return None if row is None else _code(row)

    async def set_code(self, row_id: int, code_hash: str, *, expires_at: datetime) -> None:
        """Let a code be the right one, in place of any before it."""
        await self._set(row_id, code_hash=code_hash, expires_at=expires_at)

    async def finish(self, row_id: int, result: EmailCodeResult) -> None:
        """It is not to be sent (again)."""
        await self._set(row_id, state=SendState(result.value))

    async def defer(self, row_id: int, *, until: datetime) -> None:
        """Try again later."""
        await self._set(row_id, due_at=until)

    async def _set(self, row_id: int, **values: object) -> None:
        row = email_codes.c.id == row_id
        await self.connection.execute(update(email_codes).where(row).values(values))

    async def prune(self, *, before: datetime, limit: int) -> int:
        """Delete those that were asked for before then; how many."""
        some = (
            select(email_codes.c.id)
            .where(email_codes.c.asked_at < before)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        deleted = await self.connection.execute(
            delete(email_codes).where(email_codes.c.id.in_(some))
        )
        return deleted.rowcount


def _number(*conditions: ColumnElement[bool]) -> Any:
    was_sent = email_codes.c.state != SendState.FAILED
    rows = select(func.count()).select_from(email_codes)
    return rows.where(*conditions, was_sent).scalar_subquery()


def _code(row: Sequence[Any]) -> EmailCode:
    return EmailCode(*row[: len(_COLUMNS)])
