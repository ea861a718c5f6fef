"""One who taps and types while the statements of every update are kept."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from billing.ports.conversations import Conversation, Position, Talk
from bot.sandbox.people import Profile
from handlers.chat.screens.codec import Payload, encode
from handlers.services import naming
from tests.person import Person
from tests.statements import Statements, counting
from tests.tapping.account import EWA, Account

ELSEWHERE = 10**9
"""The number of a message further down, which has the keyboard."""

STALE = ("przycisk był nieaktualny", "Coś poszło nie tak")
"""What the bot says instead of doing what a button says."""


@dataclass(frozen=True, slots=True)
class Step:
    """What was done, and what it cost."""

    name: str
    what: type[Any]
    statements: Statements


@dataclass(slots=True)
class Meter:
    """A person whose updates are counted.

    `interrupts`: before every tap a step waits for text, and another message has the keyboard;
    the tap then has to end the one and to take over the other.
    """

    account: Account
    interrupts: bool
    steps: list[Step] = field(default_factory=list)
    person: Person = field(init=False)

    def __post_init__(self) -> None:
        self.person = Person(self.account.world.driver, Profile(EWA, "Ewa", language_code="pl"))

    async def taps(self, payload: Payload, name: str = "", *, is_stale: bool = False) -> None:
        """Tap a button with that payload on the newest message."""
        if self.interrupts:
            await self._interrupt()
        with counting(self.account.world.core.database) as statements:
            await self.person.forges(encode(payload))
        seen = f"{self.person.toast} {self.person.screen}"
        assert is_stale == any(word in seen for word in STALE), f"{payload}: {seen}"
        what = type(payload)
        self.steps.append(Step(f"{what.__name__} {name}".strip(), what, statements))

    async def types(self, text: str, name: str = "") -> None:
        """Write a text or a command."""
        with counting(self.account.world.core.database) as statements:
            await self.person.sends(text)
        assert not any(word in self.person.screen for word in STALE), self.person.screen
        self.steps.append(Step(name or text, str, statements))

    async def conversation(self) -> Conversation:
        """Where the conversation stands."""
        return await self.account.world.core.database.conversations.load(Talk(EWA, EWA))

    async def draft(self) -> int:
        """The number of the draft."""
        return (await self.conversation()).draft_id

    async def _interrupt(self) -> None:
        kept, now = await self.conversation(), self.account.world.clock.now()
        waiting = Position(
            naming.NAME, kept.draft, kept.draft_id, kept.view, now + timedelta(days=1), ELSEWHERE
        )
        await self.account.world.core.database.conversations.move(Talk(EWA, EWA), waiting)
