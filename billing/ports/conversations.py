"""Where a conversation stands: one row per bot, chat and user, kept in the database.

python-telegram-bot's `ConversationHandler` keeps this in the memory of one process; here any
worker continues any conversation after any restart. A step names who waits for typed text; the
row keeps the id of the last message that was consumed, written by the very statement that
advances the step, so a message that Telegram delivers twice is never taken for the next answer.
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
    """Which conversation: a chat and the user in it (the same number in private chats)."""

    chat_id: int
    user_id: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where a conversation stands.

    `step` waits for typed text and `draft` is what is being made (named by `draft_id` in buttons),
    both until `expires_at`; `view` is how lists are looked at (filter, sort, search) and stays;
    `consumed` is the id of the last message taken as input; `living` the message with the current
    keyboard; `forgotten` a step that waited until its time ran out, and nothing came since.
    """

    step: str | None = None
    draft: Draft = field(default_factory=dict)
    draft_id: int = 0
    view: View = field(default_factory=dict)
    consumed: int = 0
    living: int | None = None
    expires_at: datetime | None = None
    forgotten: str | None = None

    def at(self, now: datetime) -> "Conversation":
        """The same without a step or draft whose time has run out; of a step its name is left."""
        if self.expires_at is not None and self.expires_at > now:
            return self
        return Conversation(
            view=self.view, consumed=self.consumed, living=self.living, forgotten=self.step
        )


@dataclass(frozen=True, slots=True)
class Position:
    """What an advance writes: the next step (None: no text is awaited), the draft, the view.

    `living` is the message that has the keyboard from now on, None for the one that has it.
    """

    step: str | None
    draft: Draft
    draft_id: int
    view: View
    expires_at: datetime
    living: int | None = None


class Conversations(Protocol):
    """The store of conversations; every method is one statement in a transaction of its own."""

    async def meet(self, talk: Talk) -> tuple[Visitor, Conversation]:
        """Who speaks, and the row as stored: what every update begins with."""

    async def load(self, talk: Talk) -> Conversation:
        """The row as stored, or a blank `Conversation()`."""

    async def move(self, talk: Talk, position: Position) -> None:
        """Write the position after a tap; insert the row if there is none."""

    async def consume(self, talk: Talk, message_id: int, position: Position) -> bool:
        """Write the position and `consumed` after a typed message, once.

        One conditional upsert `WHERE consumed < message_id`; False when the message was consumed
        before, and then nothing is written.
        """

    async def shown(self, talk: Talk, living: int, *, consumed: int, at: datetime) -> None:
        """Note the message with the current keyboard; `consumed` only ever grows."""

    async def purge(self, *, before: datetime) -> int:
        """Empty the draft of rows that expired before; how many. Their step is left as a trace."""
