"""Where every conversation stands: one row per bot, chat and user, by single statements."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, tuple_, update

from billing.ports.conversations import Conversation, Position, Talk
from billing.views.account import Visitor
from storage.conversation_statements import (
    LOAD,
    LOAD_WITH_VISITOR,
    ROW,
    consume,
    move,
    note_keyboard,
)
from storage.engines.engine import Engines
from storage.tables.running import conversations
from storage.visitors import visitor_from

_KEY = (conversations.c.bot_id, conversations.c.chat_id, conversations.c.user_id)
_EXPIRED = (
    select(*_KEY)
    .where(conversations.c.expires_at < bindparam("before"))
    # Two processes would wait for each other's rows, so each leaves out the other's locked rows.
    .with_for_update(skip_locked=True)
)


@dataclass(frozen=True, slots=True)
class SqlConversations:
    """Rows of one bot's conversations; every method is one statement, committed on its own."""

    engines: Engines
    bot_id: int

    async def load_with_visitor(self, talk: Talk) -> tuple[Visitor, Conversation]:
        """Who speaks, and the row as stored or a blank one: one statement for every update."""
        async with self.engines.single.connect() as connection:
            row = (await connection.execute(LOAD_WITH_VISITOR, self._place(talk))).one()
        mine = row[: len(ROW)]
        has_row = row.draft_id is not None
        return visitor_from(talk.user_id, row), Conversation(*mine) if has_row else Conversation()

    async def load(self, talk: Talk) -> Conversation:
        """The row as stored, or a blank one."""
        async with self.engines.single.connect() as connection:
            row = (await connection.execute(LOAD, self._place(talk))).first()
        return Conversation(*row) if row else Conversation()

    async def move(self, talk: Talk, position: Position) -> None:
        """Write the position after a tap; insert the row if there is none."""
        async with self.engines.single_writer.connect() as connection:
            values = self._values(talk, position) | {"consumed": 0}
            await connection.execute(move(connection.dialect.name), values)

    async def consume(self, talk: Talk, message_id: int, position: Position) -> bool:
        """Write the position and the message that was consumed, once.

        False, with nothing written, if that message or a later one was consumed before.
        """
        async with self.engines.single_writer.connect() as connection:
            values = self._values(talk, position) | {"consumed": message_id}
            consumed = await connection.execute(consume(connection.dialect.name), values)
            return consumed.scalar() is not None

    async def note_keyboard(
        self, talk: Talk, keyboard_id: int, *, consumed: int, at: datetime
    ) -> None:
        """Note the message with the current keyboard; `consumed` only grows."""
        values = self._place(talk) | {
            "keyboard_id": keyboard_id, "consumed": consumed, "answered": consumed,
            "draft": {}, "draft_id": 0, "view": {}, "used_on": at.date(),
        }  # fmt: skip
        async with self.engines.single_writer.connect() as connection:
            await connection.execute(note_keyboard(connection.dialect.name), values)

    async def purge(self, *, before: datetime) -> int:
        """Empty the draft of rows that expired before; return how many.

        The name of their step stays, so that a late answer is recognised.
        """
        async with self.engines.writer.begin() as connection:
            purged = await connection.execute(
                update(conversations)
                .where(tuple_(*_KEY).in_(_EXPIRED))
                .values(draft={}, draft_id=0, expires_at=None),
                {"before": before},
            )
            return purged.rowcount

    def _place(self, talk: Talk) -> dict[str, Any]:
        return {"bot_id": self.bot_id, "chat_id": talk.chat_id, "user_id": talk.user_id}

    def _values(self, talk: Talk, position: Position) -> dict[str, Any]:
        return self._place(talk) | {
            "step": position.step,
            "draft": dict(position.draft),
            "draft_id": position.draft_id,
            "view": dict(position.view),
            "expires_at": position.expires_at,
            # A step waits for some hours, which hardly changes the day on which all is forgotten.
            "used_on": position.expires_at.date(),
            "keyboard_id": position.keyboard_id,
            "answered": position.answered,
        }
