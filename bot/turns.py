"""A turn: an update or a tick that is being worked on.

Log lines and numbers belong to the turn in which they come about. It is found through a context
variable, so handlers, actions and storage need not pass it along: a task that is started within a
turn belongs to it too.
"""

import secrets
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """How a turn ended: well, with an error, cut off by a time limit or a stop, or not begun."""

    DONE = "done"
    FAILED = "failed"
    CUT_OFF = "cut_off"
    LEFT_OUT = "left_out"


@dataclass(slots=True)
class Turn:
    """One update or tick; `id` is in every line that is logged about it.

    `kind` is one of a few words, never what somebody wrote. What `private` returns is hidden in
    every line of the turn. `statements` are SQL statements.
    """

    id: str
    kind: str
    private: Callable[[], Collection[str]] = tuple
    outcome: Outcome = Outcome.LEFT_OUT
    statements: int = 0
    is_answered: bool = False
    begun_at: float = field(default_factory=time.perf_counter)

    @property
    def seconds(self) -> float:
        """Seconds since it came."""
        return time.perf_counter() - self.begun_at


_CURRENT: ContextVar[Turn | None] = ContextVar("turn", default=None)


def current_turn() -> Turn | None:
    """Return the turn to which the running code belongs, if any."""
    return _CURRENT.get()


@contextmanager
def within(turn: Turn) -> Iterator[Turn]:
    """Let everything inside the block belong to a turn."""
    token = _CURRENT.set(turn)
    try:
        yield turn
    finally:
        _CURRENT.reset(token)


def note_failure() -> None:
    """Note that the turn has failed, where its error is answered and goes no further."""
    turn = _CURRENT.get()
    if turn is not None and turn.outcome is not Outcome.CUT_OFF:
        turn.outcome = Outcome.FAILED


def note_statement() -> None:
    """Count one SQL statement for the turn."""
    turn = _CURRENT.get()
    if turn is not None:
        turn.statements += 1


def random_id() -> str:
    """Make a short id for a turn that has no number of its own."""
    return secrets.token_hex(4)
