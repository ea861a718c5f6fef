"""A conversation that is printed and checked: each act says what it should show."""

from collections.abc import Callable
from textwrap import indent
from typing import Literal

from bot.sandbox.talk.driver import UnexpectedError
from bot.sandbox.talk.person import Person
from locales.text import legible

Say = Callable[[str], None]
"""Prints one or more lines."""

_INDENT = "    "
_GAP = "⋮"


class TourError(Exception):
    """A step that did not show what it should; the text says which, and shows the screen."""


class Transcript:
    """One person's acts; each prints what was done and what the bot showed after it.

    If a screen changed in place, only what is new is printed.
    """

    def __init__(self, person: Person, say: Say) -> None:
        self._person = person
        self._say = say
        self._shown = ""
        self._step = ""

    async def sends(self, text: str, *, sees: tuple[str, ...] = ()) -> str:
        """Write a message and return the screen that follows."""
        self._begin(f"{self._person.name}: {text}")
        try:
            await self._person.sends(text)
            return self._check(sees)
        except UnexpectedError as error:
            raise self._failed(error) from error

    async def taps(
        self, label: str, *, beside: str = "", note: str = "", sees: tuple[str, ...] = ()
    ) -> str:
        """Tap a button and return the screen; the bot must say `note`, if only on the screen."""
        where = f" beside [{beside}]" if beside else ""
        self._begin(f"{self._person.name} taps [{label}]{where}")
        try:
            await self._person.taps(label, beside=beside)
            if toast := self._person.toast:
                self._say(f"{_INDENT}(→ {toast})")
            # A bot that takes longer than a second writes its note above the screen.
            _compare(note, self._person.toast or self._person.screen)
            return self._check(sees)
        except UnexpectedError as error:
            raise self._failed(error) from error

    async def pays(
        self, outcome: Literal["pay", "fail"] = "pay", *, ends: str, sees: tuple[str, ...] = ()
    ) -> str:
        """Pay the newest invoice; it must end "paid", "failed" or "refused"."""
        declined = ", but the card is declined" if outcome == "fail" else ""
        self._begin(f"{self._person.name} pays the invoice{declined}")
        try:
            state = await self._person.pays(outcome)
            self._say(f"{_INDENT}(→ {state})")
            _compare(ends, state)
            # A payment is confirmed before its receipt is on its way.
            await self._person.waits_for(*sees)
            return self._check(sees)
        except UnexpectedError as error:
            raise self._failed(error) from error

    async def waits_for(self, *texts: str) -> str:
        """Wait for something that comes unasked, and return the screen."""
        self._begin(f"{self._person.name} waits")
        try:
            await self._person.waits_for(*texts)
            return self._check(texts)
        except UnexpectedError as error:
            raise self._failed(error) from error

    async def looks_for(self, text: str) -> bool:
        """Whether the newest message, also one that came unasked, has this text."""
        await self._person.looks()
        return self.shows(text)

    def shows(self, text: str) -> bool:
        """Whether the newest message has this text."""
        return legible(text) in self._person.screen

    def expects(self, value: object, what: str) -> None:
        """Fail the step unless the condition holds."""
        if not value:
            raise self._failed(UnexpectedError(f"{what} is missing on:\n{self._person.screen}"))

    def _begin(self, step: str) -> None:
        self._step = step
        self._say(f"\n{step}")

    def _check(self, sees: tuple[str, ...]) -> str:
        screen = self._person.screen
        if screen != self._shown:
            self._say(f"  {self._person.bot}:")
            self._say(indent(_news(self._shown, screen), _INDENT))
        self._shown = screen
        self._person.sees(*sees)
        return screen

    def _failed(self, error: UnexpectedError) -> TourError:
        return TourError(f"This step went wrong: {self._step}\n{error}")


def _compare(expected: str, answer: str) -> None:
    if expected not in answer:
        raise UnexpectedError(f"The answer is {answer!r}, not {expected!r}.")


def _news(before: str, after: str) -> str:
    """Return the new lines if most are old, else all lines."""
    old, lines = set(before.splitlines()), after.splitlines()
    if sum(line in old for line in lines) * 2 < len(lines):
        return after
    news: list[str] = []
    for line in lines:
        if line not in old:
            news.append(line)
        elif not news or news[-1] != _GAP:
            news.append(_GAP)
    return "\n".join(news)
