"""One-time codes that link a user to a client; only hashes are stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, distinct, func, insert, or_, select, update

from billing.ports.access import NewCode, UsedCode
from billing.views.account import LinkPreview
from storage.engines.connection import Connection
from storage.engines.locks import lock_name
from storage.statements import CLOCKS_DIFFER, upsert
from storage.tables.accounts import clients, link_codes, link_failures, links

REMEMBERED = timedelta(days=1)
"""How long wrong guesses are kept; no limit on guesses looks back further."""

INVITED_BY_OWNER = and_(
    links.c.user_id == link_codes.c.invited_by,
    links.c.client_id == link_codes.c.client_id,
    links.c.is_owner,
)
_MAY_LINK = or_(
    link_codes.c.invited_by.is_(None),
    select(links.c.user_id).where(INVITED_BY_OWNER).correlate(link_codes).exists(),
)
"""An invitation links only as long as the one who invites is the owner."""


@dataclass(frozen=True, slots=True)
class SqlLinkCodes:
    """Rows of codes, and of wrong guesses."""

    connection: Connection

    async def invitations(self, client_id: int, *, now: datetime) -> int:
        """How many invitations of a client's owner are open."""
        query = (
            select(func.count())
            .select_from(link_codes.join(links, INVITED_BY_OWNER))
            .where(
                link_codes.c.client_id == client_id,
                link_codes.c.used_at.is_(None),
                link_codes.c.expires_at > now,
            )
        )
        count: int = (await self.connection.execute(query)).scalar_one()
        return count

    async def withdraw_invitations(self, client_id: int) -> None:
        """End the open invitations of a client."""
        still_open = select(link_codes.c.code_hash).where(
            link_codes.c.client_id == client_id,
            link_codes.c.invited_by.is_not(None),
            link_codes.c.used_at.is_(None),
        )
        # One that is being used has its own lock, whose holder waits for that of the client.
        free = still_open.with_for_update(skip_locked=True)
        await self.connection.execute(delete(link_codes).where(link_codes.c.code_hash.in_(free)))

    async def add(self, codes: Sequence[NewCode]) -> None:
        """Store fresh codes."""
        if codes:
            await self.connection.execute(insert(link_codes), [_row(code) for code in codes])

    async def add_absent(self, codes: Sequence[NewCode]) -> None:
        """Store codes that follow from something else; those that are there stay as they are."""
        rows = upsert(link_codes, self.connection).values([_row(code) for code in codes])
        await self.connection.execute(rows.on_conflict_do_nothing())

    async def find(self, code_hash: str, *, now: datetime) -> LinkPreview | None:
        """The client of an unused, unexpired code."""
        query = (
            select(
                clients.c.id, clients.c.ref, clients.c.name, link_codes.c.rights,
                clients.c.is_closed,
            )
            .join(link_codes, link_codes.c.client_id == clients.c.id)
            .where(
                link_codes.c.code_hash == code_hash,
                link_codes.c.used_at.is_(None),
                link_codes.c.expires_at > now,
                _MAY_LINK,
            )
        )  # fmt: skip
        row = (await self.connection.execute(query)).first()
        return LinkPreview(*row) if row else None

    async def use(self, code_hash: str, user_id: int, *, now: datetime) -> UsedCode | None:
        """Consume a code once and return its client and rights; None if it is no good."""
        used = await self.connection.execute(
            update(link_codes)
            .where(
                link_codes.c.code_hash == code_hash,
                link_codes.c.used_at.is_(None),
                link_codes.c.expires_at > now,
                _MAY_LINK,
            )
            .values(used_at=now, used_by=user_id)
            .returning(link_codes.c.client_id, link_codes.c.rights, link_codes.c.invited_by)
        )
        row = used.first()
        if row is None:
            return None
        return UsedCode(row.client_id, row.rights, row.invited_by is not None)

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
        count: int = (await self.connection.execute(query)).scalar_one()
        return count

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


def _row(code: NewCode) -> dict[str, object]:
    return {
        "code_hash": code.code_hash,
        "client_id": code.client_id,
        "expires_at": code.expires_at,
        "rights": code.rights,
        "invited_by": code.invited_by,
    }
