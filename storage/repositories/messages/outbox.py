"""Messages that must go out once: one row per recipient, claimed for a lease."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, delete, literal, select, update

from billing.ports.outbox import PART_PAID_KEY, Notification, Outgoing, SentReceipt
from billing.rules.reach import ClosedChat
from billing.views.notices.money import PartPaid
from storage.engines.connection import Connection
from storage.notices import from_columns, to_columns
from storage.repositories.messages import operator_chat
from storage.repositories.messages.outgoing import OUTGOING, outgoing_from
from storage.statements import first_due, give_back, take, upsert
from storage.tables.accounts import links, users
from storage.tables.messages import NOBODY, outbox
from storage.tables.sales import payments
from storage.tables.states import OVER, SendState

_FIRST_DUE = first_due(outbox, only=operator_chat.MAY_GO)
_TAKE = take(outbox, only=operator_chat.MAY_GO).returning(outbox.c.id)

OPERATOR = ((NOBODY, SendState.WAITING),)
"""The recipient of a message without a client, and its state."""


@dataclass(frozen=True, slots=True)
class SqlOutbox:
    """Rows of the outbox; `bot_id` is the bot that sends them now."""

    connection: Connection
    bot_id: int

    async def add(self, notifications: Sequence[Notification], *, at: datetime) -> None:
        """Add one row per recipient; existing ones stay.

        For an unreachable user the message is kept as undeliverable until they come back.
        """
        of_clients = {
            note.client_id
            for note in notifications
            if note.client_id is not None and note.user_id is None
        }
        recipients = await self._recipients(of_clients) if of_clients else {}
        rows = [
            {
                "key": note.key, "user_id": user_id, "client_id": note.client_id,
                **to_columns(note.notice), "state": state,
                "due_at": at, "moved_at": at, "attempts": 0, "added_at": at,
                "finished_at": None if state is SendState.WAITING else at,
            }
            for note in notifications
            for user_id, state in _recipients_of(note, recipients)
            if user_id != note.not_user
        ]  # fmt: skip
        if rows:
            statement = upsert(outbox, self.connection).on_conflict_do_nothing(
                index_elements=["key", "user_id"]
            )
            await self.connection.execute(statement, rows)

    async def add_for_users(self, note: Notification, *, at: datetime) -> None:
        """Add a row for each user of a client, in one statement; existing ones stay."""
        is_reached = users.c.unreachable.is_(None)
        state, values = outbox.c.state.type, to_columns(note.notice)
        columns: dict[str, ColumnElement[Any]] = {
            "key": literal(note.key, outbox.c.key.type),
            "user_id": links.c.user_id,
            "client_id": links.c.client_id,
            "topic": literal(values["topic"], outbox.c.topic.type),
            "facts": literal(values["facts"], outbox.c.facts.type),
            "state": case(
                (is_reached, literal(SendState.WAITING, state)),
                else_=literal(SendState.UNDELIVERABLE, state),
            ),
            "due_at": literal(at, outbox.c.due_at.type),
            "moved_at": literal(at, outbox.c.moved_at.type),
            "attempts": literal(0, outbox.c.attempts.type),
            "added_at": literal(at, outbox.c.added_at.type),
            "finished_at": case((~is_reached, literal(at, outbox.c.finished_at.type))),
        }
        recipients = (
            select(*columns.values())
            .join_from(links, users, users.c.id == links.c.user_id)
            .where(links.c.client_id == note.client_id, links.c.user_id != (note.not_user or 0))
        )
        added = upsert(outbox, self.connection).from_select(list(columns), recipients)
        await self.connection.execute(
            added.on_conflict_do_nothing(index_elements=["key", "user_id"])
        )

    async def has(self, key: str) -> bool:
        """Return whether that message was added before."""
        query = select(outbox.c.id).where(outbox.c.key == key).limit(1)
        return (await self.connection.execute(query)).first() is not None

    async def has_due(self, now: datetime) -> bool:
        """Return whether a message is due."""
        return (await self.connection.execute(_FIRST_DUE, {"now": now})).first() is not None

    async def claim(
        self, now: datetime, *, lease_until: datetime, limit: int
    ) -> tuple[Outgoing, ...]:
        """Claim due messages for one lease."""
        given = {"now": now, "lease_until": lease_until, "most": limit}
        ids = (await self.connection.execute(_TAKE, given)).scalars().all()
        if not ids:
            return ()
        rows = await self.connection.execute(OUTGOING.where(outbox.c.id.in_(ids)))
        return tuple(outgoing_from(row) for row in rows)

    async def close_chat(
        self, outgoing_id: int, why: ClosedChat, *, now: datetime, until: datetime
    ) -> None:
        """Keep the operator's messages behind a note due at an instant."""
        await operator_chat.close(self.connection, outgoing_id, why, now=now, until=until)

    async def open_chat(self) -> None:
        """Let the operator's messages be due again, in their order."""
        await operator_chat.release(self.connection)

    async def try_chat(self, *, now: datetime, lease_until: datetime) -> None:
        """Let the note be due now, unless a process may have claimed it."""
        await operator_chat.hurry(self.connection, unless_before=lease_until, now=now)

    async def closed_chat(self) -> ClosedChat | None:
        """The reason why the operator's chat is closed; None if it is not known to be."""
        return await operator_chat.closed(self.connection)

    async def for_operator(self, *, limit: int) -> tuple[Outgoing, ...]:
        """The messages that wait for the operator, oldest first, without the note."""
        waiting = OUTGOING.order_by(None).where(*operator_chat.WAITS)
        waiting = waiting.order_by(outbox.c.added_at, outbox.c.id).limit(limit)
        return tuple(outgoing_from(row) for row in await self.connection.execute(waiting))

    async def to_operator(self, outgoing_id: int) -> Outgoing | None:
        """One message to the operator, also one that was sent; None if there is none."""
        query = OUTGOING.where(outbox.c.id == outgoing_id, outbox.c.user_id == NOBODY)
        row = (await self.connection.execute(query)).first()
        return None if row is None else outgoing_from(row)

    async def give_up_for_operator(self, *, before: datetime, now: datetime) -> None:
        """Finish messages for the operator that were added before an instant as undeliverable."""
        await operator_chat.give_up(self.connection, before=before, now=now)

    async def give_back(self, now: datetime, *, lease_until: datetime, limit: int) -> int:
        """Let messages that were added or claimed by a wrong clock be due again; how many."""
        given_back = give_back(outbox, now, lease_until=lease_until, limit=limit)
        return (await self.connection.execute(given_back)).rowcount

    async def finish(
        self, outgoing_id: int, *, status: str, at: datetime, message_id: int | None = None
    ) -> None:
        """Finish a message: sent (as `message_id` if it may be edited later), or not."""
        await self.connection.execute(
            update(outbox)
            .where(outbox.c.id == outgoing_id, outbox.c.state == SendState.WAITING)
            .values(
                state=SendState(status),
                finished_at=at,
                message_id=message_id,
                bot_id=None if message_id is None else self.bot_id,
            )
        )

    async def part_receipts(
        self, user_id: int, invoice_id: int, *, limit: int
    ) -> tuple[SentReceipt, ...]:
        """What this bot told a user of parts paid of an invoice, the newest first."""
        keys = select(literal(PART_PAID_KEY).concat(cast(payments.c.id, String))).where(
            payments.c.invoice_id == invoice_id
        )
        query = (
            select(outbox.c.id, outbox.c.topic, outbox.c.facts, outbox.c.message_id)
            .where(
                outbox.c.key.in_(keys),
                outbox.c.user_id == user_id,
                outbox.c.bot_id == self.bot_id,
            )
        )  # fmt: skip
        # They are few: the payments of one invoice.
        rows = sorted(await self.connection.execute(query), key=lambda row: -row.id)
        return tuple(
            SentReceipt(notice, row.message_id)
            for row in rows[:limit]
            if isinstance(notice := from_columns(row.topic, row.facts), PartPaid)
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

    async def revive(self, user_id: int, *, since: datetime, now: datetime) -> None:
        """Let messages that a user missed since then wait again, because they can be reached."""
        o = outbox.c
        await self.connection.execute(
            update(outbox)
            .where(
                # A finished message is due no earlier than it was added.
                o.state == SendState.UNDELIVERABLE, o.due_at >= since, o.added_at >= since,
                o.user_id == user_id,
            )
            .values(
                state=SendState.WAITING, due_at=now, moved_at=now, attempts=0, finished_at=None
            )
        )  # fmt: skip

    async def _recipients(
        self, client_ids: set[int]
    ) -> Mapping[int, Sequence[tuple[int, SendState]]]:
        """The users of clients, and the state of a message to each."""
        query = (
            select(links.c.client_id, links.c.user_id, users.c.unreachable)
            .join(users, users.c.id == links.c.user_id)
            .where(links.c.client_id.in_(client_ids))
            .order_by(links.c.user_id)
        )
        recipients: dict[int, list[tuple[int, SendState]]] = {}
        for client_id, user_id, lost in await self.connection.execute(query):
            state = SendState.UNDELIVERABLE if lost else SendState.WAITING
            recipients.setdefault(client_id, []).append((user_id, state))
        return recipients


def _recipients_of(
    note: Notification, recipients: Mapping[int, Sequence[tuple[int, SendState]]]
) -> Sequence[tuple[int, SendState]]:
    if note.user_id is not None:
        return ((note.user_id, SendState.WAITING),)
    return OPERATOR if note.client_id is None else recipients.get(note.client_id, ())
