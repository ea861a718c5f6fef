"""The state of every conversation: one row per bot, chat and user, by single statements.

The values belong to the package of conversations, which storage does not import. So this module
defines their shapes, and the caller that opens the store passes the type of a row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import bindparam, select, tuple_, update

from billing.views.account import Visitor
from storage.conversation_statements import LOAD, MEET, ROW, consume, move, shown
from storage.engine import Engines
from storage.tables.running import conversations
from storage.visitors import visitor_from

Row_co = TypeVar("Row_co", covariant=True)

_KEY = (conversations.c.bot_id, conversations.c.chat_id, conversations.c.user_id)
_EXPIRED = (
    select(*_KEY)
    .where(conversations.c.expires_at < bindparam("before"))
    # Two processes would wait for each other's rows, so each leaves out the other's locked rows.
    .with_for_update(skip_locked=True)
)


class Talk(Protocol):
    """The key of a conversation."""

    @property
    def chat_id(self) -> int:
        """The chat."""

    @property
    def user_id(self) -> int:
        """The user in it."""


class Position(Protocol):
    """What is written when a conversation advances."""

    @property
    def step(self) -> str | None:
        """The step that waits for typed text."""

    @property
    def draft(self) -> Mapping[str, Any]:
        """The draft that is being made."""

    @property
    def draft_id(self) -> int:
        """The draft's number."""

    @property
    def view(self) -> Mapping[str, Any]:
        """Filter, sort and search of lists."""

    @property
    def expires_at(self) -> datetime:
        """The end of step and draft."""

    @property
    def living(self) -> int | None:
        """The message that has the keyboard from now on; None leaves it as it is."""


class MakeRow(Protocol[Row_co]):
    """Makes the value of a row; called without arguments if there is no row yet."""

    def __call__(
        self,
        step: str | None = ...,
        draft: Mapping[str, Any] = ...,
        draft_id: int = ...,
        view: Mapping[str, Any] = ...,
        consumed: int = ...,
        living: int | None = ...,
        expires_at: datetime | None = ...,
    ) -> Row_co:
        """Make the value."""


@dataclass(frozen=True, slots=True)
class SqlConversations(Generic[Row_co]):
    """Rows of one bot's conversations; every method is one statement in its own transaction."""

    engines: Engines
    bot_id: int
    make: MakeRow[Row_co]

    async def meet(self, talk: Talk) -> tuple[Visitor, Row_co]:
        """Read the visitor and the row (or a blank one) in one statement, for every update."""
        async with self.engines.single.connect() as connection:
            row = (await connection.execute(MEET, self._place(talk))).one()
        mine = row[: len(ROW)]
        has_row = row.draft_id is not None
        return visitor_from(talk.user_id, row), self.make(*mine) if has_row else self.make()

    async def load(self, talk: Talk) -> Row_co:
        """The row as stored, or a blank one."""
        async with self.engines.single.connect() as connection:
            row = (await connection.execute(LOAD, self._place(talk))).first()
        return self.make(*row) if row else self.make()

    async def move(self, talk: Talk, position: Position) -> None:
        """Write the position after a tap; insert the row if there is none."""
        async with self.engines.writer.begin() as connection:
            values = self._written(talk, position) | {"consumed": 0}
            await connection.execute(move(connection.dialect.name), values)

    async def consume(self, talk: Talk, message_id: int, position: Position) -> bool:
        """Write the position and the message that was consumed, once.

        False, with nothing written, if that message or a later one was consumed before.
        """
        async with self.engines.writer.begin() as connection:
            values = self._written(talk, position) | {"consumed": message_id}
            consumed = await connection.execute(consume(connection.dialect.name), values)
            return consumed.scalar() is not None

    async def shown(self, talk: Talk, living: int, *, consumed: int, at: datetime) -> None:
        """Note the message with the current keyboard; `consumed` only grows."""
        values = self._place(talk) | {
            "living": living, "consumed": consumed, "draft": {}, "draft_id": 0, "view": {},
            "used_on": at.date(),
        }  # fmt: skip
        async with self.engines.writer.begin() as connection:
            await connection.execute(shown(connection.dialect.name), values)

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

    def _written(self, talk: Talk, position: Position) -> dict[str, Any]:
        return self._place(talk) | {
            "step": position.step,
            "draft": dict(position.draft),
            "draft_id": position.draft_id,
            "view": dict(position.view),
            "expires_at": position.expires_at,
            # A step waits for some hours, which hardly changes the day on which all is forgotten.
            "used_on": position.expires_at.date(),
            "living": position.living,
        }
