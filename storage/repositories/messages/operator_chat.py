"""Messages for the operator while their chat is closed: they wait behind one note."""

from datetime import UTC, datetime

from sqlalchemy import and_, or_, select, update

from billing.ports.outbox import OPERATOR_CHAT
from billing.rules.reach import ClosedChat
from billing.views.notices.operator import MessagesWaited
from storage.engines.connection import Connection
from storage.notices import from_columns, to_columns
from storage.statements import upsert
from storage.tables.messages import NOBODY, outbox
from storage.tables.states import SendState

FAR = datetime(9999, 12, 31, tzinfo=UTC)
"""The due time of a message that waits for the chat, so that the queue never reads it."""

_note = outbox.alias("note")
_IS_CLOSED = (
    select(_note.c.id)
    .where(
        _note.c.key == OPERATOR_CHAT,
        _note.c.user_id == NOBODY,
        _note.c.state == SendState.WAITING,
    )
    .exists()
)
_NOTE = and_(outbox.c.key == OPERATOR_CHAT, outbox.c.user_id == NOBODY)
MAY_GO = or_(outbox.c.user_id != NOBODY, outbox.c.key == OPERATOR_CHAT, ~_IS_CLOSED)
"""Messages that may be sent: while the chat is closed, only the note of those for it."""

WAITS = (
    outbox.c.state == SendState.WAITING,
    outbox.c.user_id == NOBODY,
    outbox.c.key != OPERATOR_CHAT,
)


async def close(
    connection: Connection, id_: int, why: ClosedChat, *, now: datetime, until: datetime
) -> None:
    """Let a note wait, once, and all others behind it; one in somebody's hand follows later."""
    columns = to_columns(MessagesWaited(why))
    note = upsert(outbox, connection).values(
        key=OPERATOR_CHAT, user_id=NOBODY, **columns, state=SendState.WAITING, due_at=until,
        moved_at=now, attempts=0, added_at=now,
    )  # fmt: skip
    await connection.execute(
        note.on_conflict_do_update(
            index_elements=["key", "user_id"],
            set_={
                name: note.excluded[name]
                for name in (
                    *columns,
                    "state",
                    "due_at",
                    "moved_at",
                    "attempts",
                    "added_at",
                    "finished_at",
                )
            },
            where=outbox.c.state != SendState.WAITING,
        )
    )
    # The note itself was tried. It goes on waiting, and the reason may have changed.
    again = update(outbox).where(_NOTE, outbox.c.id == id_)
    await connection.execute(again.values(**columns, due_at=until))
    rest = or_(outbox.c.due_at <= now, outbox.c.id == id_)
    await connection.execute(update(outbox).where(*WAITS, rest).values(due_at=FAR))


async def release(connection: Connection) -> None:
    """Let all waiting messages be due, in their order."""
    waited = (*WAITS, outbox.c.due_at == FAR)
    await connection.execute(update(outbox).where(*waited).values(due_at=outbox.c.added_at))


async def hurry(connection: Connection, *, unless_before: datetime, now: datetime) -> None:
    """Let the note be due now, unless it is due soon and may be claimed."""
    waits = (_NOTE, outbox.c.state == SendState.WAITING, outbox.c.due_at > unless_before)
    await connection.execute(update(outbox).where(*waits).values(due_at=now))


async def closed(connection: Connection) -> ClosedChat | None:
    """Why the chat is closed, if a note waits."""
    waiting = select(outbox.c.topic, outbox.c.facts).where(
        _NOTE, outbox.c.state == SendState.WAITING
    )
    row = (await connection.execute(waiting)).first()
    note = None if row is None else from_columns(row.topic, row.facts)
    return note.why if isinstance(note, MessagesWaited) else None


async def give_up(connection: Connection, *, before: datetime, now: datetime) -> None:
    """Finish messages that were added before an instant and still wait for the chat."""
    old = (*WAITS, outbox.c.due_at == FAR, outbox.c.added_at < before)
    ended = update(outbox).where(*old)
    await connection.execute(
        ended.values(state=SendState.UNDELIVERABLE, due_at=now, finished_at=now)
    )
