"""One-time codes that link a user to a client; only hashes are stored."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, distinct, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.views.account import LinkPreview
from storage.locks import lock_name
from storage.statements import CLOCKS_DIFFER
from storage.tables.accounts import clients, link_codes, link_failures

REMEMBERED = timedelta(days=1)
"""How long wrong guesses are kept; no limit on guesses looks back further."""


@dataclass(frozen=True, slots=True)
class SqlLinkCodes:
    """Rows of codes, and of wrong guesses."""

    connection: AsyncConnection

    async def add(self, code_hash: str, client_id: int, *, expires_at: datetime) -> None:
        """Store a fresh code."""
        await self.connection.execute(
            insert(link_codes).values(
                code_hash=code_hash, client_id=client_id, expires_at=expires_at
            )
        )

    async def find(self, code_hash: str, *, now: datetime) -> LinkPreview | None:
        """The client of an unused, unexpired code."""
        query = (
            select(clients.c.id, clients.c.ref, clients.c.name)
            .join(link_codes, link_codes.c.client_id == clients.c.id)
            .where(
                link_codes.c.code_hash == code_hash,
                link_codes.c.used_at.is_(None),
                link_codes.c.expires_at > now,
            )
        )
        row = (await self.connection.execute(query)).first()
        return LinkPreview(*row) if row else None

    async def use(self, code_hash: str, user_id: int, *, now: datetime) -> int | None:
        """Consume a code once and return its client; None if used, expired or unknown."""
        used = await self.connection.execute(
            update(link_codes)
            .where(
                link_codes.c.code_hash == code_hash,
                link_codes.c.used_at.is_(None),
                link_codes.c.expires_at > now,
            )
            .values(used_at=now, used_by=user_id)
            .returning(link_codes.c.client_id)
        )
        client_id: int | None = used.scalar()
        return client_id

    async def used_by(self, code_hash: str, user_id: int) -> int | None:
        """The client to which this code linked this user before; for repeated confirmations."""
        query = select(link_codes.c.client_id).where(
            link_codes.c.code_hash == code_hash, link_codes.c.used_by == user_id
        )
        client_id: int | None = (await self.connection.execute(query)).scalar()
        return client_id

    async def failures(self, user_id: int, *, since: datetime) -> int:
        """Count a user's wrong guesses since then; locks that count until the transaction ends."""
        await lock_name(self.connection, f"guesses of {user_id}")
        query = select(func.count()).where(
            link_failures.c.user_id == user_id, link_failures.c.at >= since
        )
        return (await self.connection.execute(query)).scalar_one()

    async def record_failure(self, user_id: int, *, at: datetime) -> None:
        """Note a wrong guess, and forget the user's old ones."""
        await self.connection.execute(
            delete(link_failures).where(
                link_failures.c.user_id == user_id, link_failures.c.at < at - REMEMBERED
            )
        )
        await self.connection.execute(insert(link_failures).values(user_id=user_id, at=at))

    async def wrong_guesses(self, *, since: datetime, until: datetime) -> tuple[int, int]:
        """The number of wrong guesses in that time, and of the users who made them."""
        users = func.count(distinct(link_failures.c.user_id))
        query = select(func.count(), users).where(link_failures.c.at.between(since, until))
        row = (await self.connection.execute(query)).one()
        return row[0], row[1]

    async def prune(self, *, expired_before: datetime, now: datetime, limit: int) -> int:
        """Delete codes that expired before then and guesses that no limit counts; how many.

        A guess with a future time was noted by a wrong clock, and would lock its user out.
        """
        codes = select(link_codes.c.code_hash).where(link_codes.c.expires_at < expired_before)
        failures, at = select(link_failures.c.id), link_failures.c.at
        pruned = 0
        for table, key, old in (
            (link_codes, link_codes.c.code_hash, codes),
            (link_failures, link_failures.c.id, failures.where(at < now - REMEMBERED)),
            (link_failures, link_failures.c.id, failures.where(at > now + CLOCKS_DIFFER)),
        ):
            some = old.limit(limit).with_for_update(skip_locked=True)
            deleted = await self.connection.execute(delete(table).where(key.in_(some)))
            pruned += deleted.rowcount
        return pruned
