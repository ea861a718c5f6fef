"""The port for spans: turns and calls as a tracing system sees them."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from bot.turns import Turn

Ended = Callable[[str], object]
"""Takes the outcome of a call."""


class Spans(Protocol):
    """Makes spans of what happens inside a block."""

    def turn(self, turn: Turn, name: str) -> AbstractContextManager[None]:
        """One update or tick."""

    def call(self, method: str) -> AbstractContextManager[Ended]:
        """One attempt to call the Bot API."""


class NoSpans:
    """Nobody wants spans."""

    def turn(self, _turn: Turn, _name: str) -> AbstractContextManager[None]:
        """Do nothing."""
        return nullcontext()

    def call(self, _method: str) -> AbstractContextManager[Ended]:
        """Do nothing."""
        return nullcontext(str)
