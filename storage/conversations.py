"""Where every conversation stands: one row per chat and user, written by single statements.

The values that go in and out belong to the conversations' own package, which storage does not
know: their shapes are said here, and who opens the store says what a row becomes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import bindparam, case, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import Engines
from storage.statements import AnyInsert, upsert
from storage.tables.running import conversations

Row_co = TypeVar("Row_co", covariant=True)

_POSITION = ("step", "draft", "draft_id", "view", "expires_at")
_LOAD = select(
    conversations.c.step,
    conversations.c.draft,
    conversations.c.draft_id,
    conversations.c.view,
    conversations.c.consumed,
    conversations.c.living,
    conversations.c.expires_at,
).where(
    conversations.c.chat_id == bindparam("chat_id"),
    conversations.c.user_id == bindparam("user_id"),
)


class Talk(Protocol):
    """Which conversation."""

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
        """Who waits for typed text."""

    @property
    def draft(self) -> Mapping[str, Any]:
        """What is being made."""

    @property
    def draft_id(self) -> int:
        """Its number."""

    @property
    def view(self) -> Mapping[str, Any]:
        """How lists are looked at."""

    @property
    def expires_at(self) -> datetime:
        """Until when step and draft count."""


class MakeRow(Protocol[Row_co]):
    """What a row becomes; called without arguments where there is no row yet."""

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
        """Make it."""


@dataclass(frozen=True, slots=True)
class SqlConversations(Generic[Row_co]):
    """Rows of conversations; every method is one statement in a transaction of its own."""

    engines: Engines
    make: MakeRow[Row_co]

    async def load(self, talk: Talk) -> Row_co:
        """The row as stored, or a blank one."""
        place = {"chat_id": talk.chat_id, "user_id": talk.user_id}
        async with self.engines.readers.connect() as connection:
            row = (await connection.execute(_LOAD, place)).first()
        return self.make(*row) if row else self.make()

    async def move(self, talk: Talk, position: Position) -> None:
        """Write the position after a tap; insert the row if there is none."""
        async with self.engines.writer.begin() as connection:
            row = _row(connection, talk, consumed=0, **_written(position))
            await connection.execute(
                row.on_conflict_do_update(
                    index_elements=["chat_id", "user_id"],
                    set_={name: row.excluded[name] for name in _POSITION},
                )
            )

    async def consume(self, talk: Talk, message_id: int, position: Position) -> bool:
        """Write the position and the message that was consumed, once.

        False when that message, or a later one, was consumed before; nothing is written then.
        """
        async with self.engines.writer.begin() as connection:
            row = _row(connection, talk, consumed=message_id, **_written(position))
            consumed = await connection.execute(
                row.on_conflict_do_update(
                    index_elements=["chat_id", "user_id"],
                    set_={name: row.excluded[name] for name in (*_POSITION, "consumed")},
                    where=conversations.c.consumed < message_id,
                ).returning(conversations.c.consumed)
            )
            return consumed.scalar() is not None

    async def shown(self, talk: Talk, living: int, *, consumed: int) -> None:
        """Note the message with the current keyboard; `consumed` only ever grows."""
        async with self.engines.writer.begin() as connection:
            row = _row(
                connection, talk, consumed=consumed, living=living,
                draft={}, draft_id=0, view={},
            )  # fmt: skip
            grown = row.excluded.consumed
            most = case((grown > conversations.c.consumed, grown), else_=conversations.c.consumed)
            await connection.execute(
                row.on_conflict_do_update(
                    index_elements=["chat_id", "user_id"],
                    set_={"living": living, "consumed": most},
                )
            )

    async def purge(self, *, before: datetime) -> int:
        """Empty step and draft of rows that expired before; how many."""
        async with self.engines.writer.begin() as connection:
            purged = await connection.execute(
                update(conversations)
                .where(conversations.c.expires_at < before)
                .values(step=None, draft={}, draft_id=0, expires_at=None)
            )
            return purged.rowcount


def _row(connection: AsyncConnection, talk: Talk, **values: Any) -> AnyInsert:
    place = {"chat_id": talk.chat_id, "user_id": talk.user_id}
    return upsert(conversations, connection).values(**place, **values)


def _written(position: Position) -> dict[str, Any]:
    return {
        "step": position.step,
        "draft": dict(position.draft),
        "draft_id": position.draft_id,
        "view": dict(position.view),
        "expires_at": position.expires_at,
    }
