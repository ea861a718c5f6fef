"""The state of a conversation: one row per bot, chat and user, kept in the database.

python-telegram-bot's `ConversationHandler` keeps it in the memory of one process; here any process
continues any conversation after any restart. A step names the question that waits for typed text.
The row keeps the id of the last consumed message, written by the same statement that advances the
step, so a message that Telegram delivers twice is never taken for the next answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from billing.views.account import Visitor

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]
View = Mapping[str, Json]
Draft = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Talk:
    """The key of a conversation: chat and user (the same number in private chats)."""

    chat_id: int
    user_id: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """The state of a conversation.

    `step` waits for typed text, and `draft` is what is being made (buttons name it by `draft_id`),
    both until `expires_at`. `view` is the filter, sort and search of lists, and stays. `consumed`
    is the id of the last message taken as input, `keyboard_id` of that with the current keyboard,
    `answered` of the last typed one that got its screen. `forgotten` is a step that expired, as
    long as nothing has come since.
    """

    step: str | None = None
    draft: Draft = field(default_factory=dict)
    draft_id: int = 0
    view: View = field(default_factory=dict)
    consumed: int = 0
    keyboard_id: int | None = None
    expires_at: datetime | None = None
    answered: int = 0
    forgotten: str | None = None

    def at(self, now: datetime) -> "Conversation":
        """The state at an instant: without an expired step or draft, except the step's name."""
        if self.expires_at is not None and self.expires_at > now:
            return self
        return Conversation(
            view=self.view,
            consumed=self.consumed,
            keyboard_id=self.keyboard_id,
            answered=self.answered,
            forgotten=self.step,
        )


@dataclass(frozen=True, slots=True)
class Position:
    """What an advance writes: the next step (None: no text is awaited), the draft, the view.

    `keyboard_id` is the message that has the keyboard from now on; None leaves it as it is.
    `answered` is the typed message whose screen that is, if any.
    """

    step: str | None
    draft: Draft
    draft_id: int
    view: View
    expires_at: datetime
    keyboard_id: int | None = None
    answered: int = 0


class Conversations(Protocol):
    """The store of conversations; every method is one statement in a transaction of its own."""

    async def load_with_visitor(self, talk: Talk) -> tuple[Visitor, Conversation]:
        """Read the visitor and the stored row, as every update does first."""

    async def load(self, talk: Talk) -> Conversation:
        """The row as stored, or a blank `Conversation()`."""

    async def move(self, talk: Talk, position: Position) -> None:
        """Write the position after a tap; insert the row if there is none."""

    async def consume(self, talk: Talk, message_id: int, position: Position) -> bool:
        """Write the position and `consumed` after a typed message, once.

        One conditional upsert `WHERE consumed < message_id`; False, with nothing written, if the
        message was consumed before.
        """

    async def note_keyboard(
        self, talk: Talk, keyboard_id: int, *, consumed: int, at: datetime
    ) -> None:
        """Note the message with the current keyboard; `consumed` only grows."""

    async def purge(self, *, before: datetime) -> int:
        """Empty the draft of rows that expired before; how many. Their step is left as a trace."""
