"""Hand-written stand-ins for what we do not own, or own elsewhere."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from billing.ports.conversations import Conversation, Position, Talk
from billing.views.account import Visitor

MORNING = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)


class StillClock:
    """A clock that moves only when told to."""

    def __init__(self, now: datetime = MORNING) -> None:
        self._now = now
        self._passed = timedelta()

    def now(self) -> datetime:
        return self._now

    def advance(self, delta: timedelta) -> None:
        """Let time pass."""
        self._now += delta
        self._passed += delta

    def set(self, by: timedelta) -> None:
        """Set the clock ahead or back; no time passes."""
        self._now += by

    def seconds(self) -> float:
        """Of a clock beside it that cannot be set."""
        return self._passed.total_seconds()


class MemoryConversations:
    """Conversations in a dictionary; `writes` names what was called, in order."""

    def __init__(self, identify: Callable[[int], Awaitable[Visitor]]) -> None:
        self.identify = identify
        self.rows: dict[Talk, Conversation] = {}
        self.writes: list[str] = []

    async def load_with_visitor(self, talk: Talk) -> tuple[Visitor, Conversation]:
        return await self.identify(talk.user_id), await self.load(talk)

    async def load(self, talk: Talk) -> Conversation:
        return self.rows.get(talk, Conversation())

    async def move(self, talk: Talk, position: Position) -> None:
        self.writes.append("move")
        self._put(talk, position)

    async def consume(self, talk: Talk, message_id: int, position: Position) -> bool:
        self.writes.append("consume")
        if self.rows.get(talk, Conversation()).consumed >= message_id:
            return False
        self._put(talk, position)
        self.rows[talk] = replace(self.rows[talk], consumed=message_id)
        return True

    async def note_keyboard(
        self,
        talk: Talk,
        keyboard_id: int,
        *,
        consumed: int,
        at: datetime,  # noqa: ARG002 - nothing is forgotten here
    ) -> None:
        self.writes.append("shown")
        row = self.rows.get(talk, Conversation())
        self.rows[talk] = replace(
            row,
            keyboard_id=keyboard_id,
            consumed=max(row.consumed, consumed),
            answered=max(row.answered, consumed),
        )

    async def purge(self, *, before: datetime) -> int:
        gone = [
            talk for talk, row in self.rows.items() if row.expires_at and row.expires_at < before
        ]
        for talk in gone:
            row = self.rows[talk]
            self.rows[talk] = replace(row, draft={}, draft_id=0, expires_at=None)
        return len(gone)

    def _put(self, talk: Talk, position: Position) -> None:
        row = self.rows.get(talk, Conversation())
        self.rows[talk] = replace(
            row,
            step=position.step,
            draft=position.draft,
            draft_id=position.draft_id,
            view=position.view,
            expires_at=position.expires_at,
            keyboard_id=position.keyboard_id or row.keyboard_id,
            answered=max(row.answered, position.answered),
        )
