"""Sending digests: claiming for a lease, reading the current contents, marking."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import and_, bindparam, delete, or_, select, update

from billing.ports.reminders.digests import Contents, DigestResult, DueDigest, Reader
from billing.rules.allowed import LOOK_ONLY
from billing.rules.reminders.preferences import ReminderPreferences
from storage.engines.connection import Connection
from storage.repositories.reminders import digest_binding
from storage.repositories.reminders.digest_contents import CONTENTS, contents_from, parameters
from storage.rows import CLIENT, client_from
from storage.statements import first_due, give_back, take
from storage.tables.accounts import clients, links, users
from storage.tables.messages import digest_items, digests, reminder_items
from storage.tables.states import OVER, SendState

_DUE = (
    digests.c.id,
    digests.c.client_id,
    digests.c.user_id,
    digests.c.day,
    digests.c.attempts,
    digests.c.deferrals,
    digests.c.send_at,
)
_FIRST_DUE = first_due(digests)
_TAKE = take(digests).returning(*_DUE)
_READERS = (
    select(
        digests.c.id, digests.c.user_id, users.c.language, users.c.timezone, users.c.client_id,
        links.c.user_id, links.c.preferences, links.c.reminders_on, links.c.rights, *CLIENT,
    )
    .select_from(
        digests.join(clients, clients.c.id == digests.c.client_id)
        .outerjoin(users, users.c.id == digests.c.user_id)
        .outerjoin(
            links,
            and_(
                links.c.user_id == digests.c.user_id, links.c.client_id == digests.c.client_id
            ),
        )
    )
    .where(digests.c.id.in_(bindparam("digests", expanding=True)))
    .order_by(digests.c.id)
)  # fmt: skip
_WAITING = (digests.c.id == bindparam("digest"), digests.c.state == SendState.WAITING)
_FINISH = (
    update(digests)
    .where(*_WAITING)
    .values(
        state=bindparam("to"),
        reason=bindparam("why"),
        bot_id=bindparam("bot"),
        message_id=bindparam("message"),
        finished_at=bindparam("at"),
    )
)
_PUT_OFF = (
    update(digests)
    # A claim counts an attempt: what is put off already, or claimed anew, stays as it is.
    .where(*_WAITING, digests.c.attempts == bindparam("claimed"))
    .values(
        due_at=bindparam("until"),
        attempts=digests.c.attempts - bindparam("uncounted"),
        deferrals=bindparam("all"),
    )
)
_DROP = (
    update(digest_items)
    .where(
        digest_items.c.digest_id == bindparam("digest"),
        digest_items.c.item_id == bindparam("item"),
    )
    .values(dropped=bindparam("why"))
)


@dataclass(frozen=True, slots=True)
class SqlDigests:
    """Rows of digests, from plan to end; `bot_id` is the bot that sends them now."""

    connection: Connection
    bot_id: int

    async def has_due(self, now: datetime) -> bool:
        """Return whether the time of a digest has come."""
        return (await self.connection.execute(_FIRST_DUE, {"now": now})).first() is not None

    async def claim(
        self, now: datetime, *, lease_until: datetime, limit: int
    ) -> tuple[DueDigest, ...]:
        """Take digests whose time has come, for one lease."""
        given = {"now": now, "lease_until": lease_until, "most": limit}
        rows = (await self.connection.execute(_TAKE, given)).all()
        return tuple(sorted((_due(row) for row in rows), key=lambda due: due.id))

    async def give_back(self, now: datetime, *, lease_until: datetime, limit: int) -> int:
        """Let digests that were claimed or deferred by a wrong clock be due again; how many."""
        given_back = give_back(digests, now, lease_until=lease_until, limit=limit)
        return (await self.connection.execute(given_back)).rowcount

    async def readers(self, digest_ids: Collection[int]) -> Mapping[int, Reader]:
        """The readers of these digests, in one statement."""
        readers = {}
        given = {"digests": list(digest_ids)}
        for row in await self.connection.execute(_READERS, given):
            number, user_id, language, zone, acts_for, linked, chosen, on, rights = row[:9]
            wishes = replace(chosen or ReminderPreferences(), on=on) if linked else None
            client = client_from(row, rights.allowed if linked else LOOK_ONLY)
            readers[number] = Reader(user_id, client, language, zone, acts_for, wishes)
        return readers

    async def contents(
        self, digests: Sequence[tuple[int, int, int]], *, also: Collection[int] = ()
    ) -> Contents:
        """The contents of digests (each by its id, client and user), in one statement."""
        rows = await self.connection.execute(CONTENTS, parameters(digests, also))
        return contents_from(rows.all())

    async def record(self, results: Sequence[DigestResult], *, at: datetime) -> None:
        """Keep what became of claimed digests; a second time changes nothing."""
        # In one order everywhere: two processes must not wait for each other in a circle.
        results = sorted(results, key=lambda one: one.digest.id)
        finished = [
            {
                "digest": one.digest.id, "to": SendState(one.status), "why": one.reason,
                "bot": None if one.message_id is None else self.bot_id,
                "message": one.message_id, "at": at,
            }
            for one in results
            if one.deferral is None
        ]  # fmt: skip
        put_off = [
            {
                "digest": one.digest.id, "claimed": one.digest.attempts,
                "until": one.deferral.until,
                "uncounted": int(not one.counts_as_attempt),
                "all": (*one.digest.deferrals, one.deferral),
            }
            for one in results
            if one.deferral is not None
        ]  # fmt: skip
        dropped = [
            {"digest": one.digest.id, "item": item, "why": why}
            for one in results
            for item, why in (one.dropped or {}).items()
        ]
        for statement, rows in ((_FINISH, finished), (_PUT_OFF, put_off), (_DROP, dropped)):
            if rows:
                await self.connection.execute(statement, rows)

    async def adopt_unsent(
        self, client_ids: Collection[int], *, day: date, now: datetime, lease_until: datetime
    ) -> None:
        """Move these clients' unsent digests of earlier days to that day, one for each user."""
        await digest_binding.adopt(
            self.connection, client_ids, day=day, now=now, lease_until=lease_until
        )

    async def revive(self, user_id: int, *, since: date, day: date | None, now: datetime) -> None:
        """Let digests that a user missed since a day wait again, because they can be reached."""
        await digest_binding.revive(self.connection, user_id, since=since, day=day, now=now)
        theirs = select(links.c.client_id).where(links.c.user_id == user_id)
        await self.wait_again((await self.connection.execute(theirs)).scalars().all())

    async def wait_again(self, client_ids: Collection[int]) -> None:
        """Let items of these clients that found no reader wait for a digest again."""
        await digest_binding.wait_again(self.connection, client_ids)

    async def latest(self, client_id: int, user_id: int) -> int | None:
        """The last digest that this user was sent for this client."""
        d = digests.c
        query = (
            select(d.id)
            .where(d.client_id == client_id, d.user_id == user_id, d.state == SendState.SENT)
            .order_by(d.day.desc())
            .limit(1)
        )
        number: int | None = (await self.connection.execute(query)).scalar()
        return number

    async def sent_about(
        self,
        client_id: int,
        user_id: int,
        service_ids: Collection[int],
        invoice_id: int,
        *,
        since: date,
        limit: int,
    ) -> Mapping[DueDigest, int]:
        """A user's last digests since a day about services or an invoice, with their messages.

        This bot cannot change what another bot sent before.
        """
        d, item = digests.c, reminder_items.c
        about = (
            select(digest_items.c.item_id)
            .join(reminder_items, item.id == digest_items.c.item_id)
            .where(
                digest_items.c.digest_id == d.id,
                or_(item.service_id.in_(tuple(service_ids)), item.invoice_id == invoice_id),
            )
            .correlate(digests)
        )
        query = (
            select(*_DUE, d.message_id)
            .where(
                d.user_id == user_id, d.client_id == client_id, d.day >= since,
                d.state == SendState.SENT, d.bot_id == self.bot_id, about.exists(),
            )
            .order_by(d.day.desc())
            .limit(limit)
        )  # fmt: skip
        return {_due(row): row[-1] for row in await self.connection.execute(query)}

    async def prune(self, *, before: datetime, limit: int) -> int:
        """Delete digests that were finished long ago, with their items; how many."""
        d = digests.c
        old = select(d.id).where(d.state.in_(OVER), d.due_at < before).limit(limit)
        old = old.with_for_update(skip_locked=True)
        ids = (await self.connection.execute(old)).scalars().all()
        if ids:
            items = digest_items.c.digest_id.in_(ids)
            await self.connection.execute(delete(digest_items).where(items))
            await self.connection.execute(delete(digests).where(d.id.in_(ids)))
        return len(ids)


def _due(row: Sequence[object]) -> DueDigest:
    number, client_id, user_id, day, attempts, deferrals, at = row[: len(_DUE)]
    return DueDigest(number, client_id, user_id, day, attempts, deferrals or (), at)  # type: ignore[arg-type] # columns of _DUE
