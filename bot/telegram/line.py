"""The updates of one person: one is handled, the others wait in order of arrival."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from telegram import Update


@dataclass(slots=True, eq=False)
class Turn:
    """An update that waits; `granted` becomes False when it is left out instead."""

    update: Update
    may_be_left_out: bool
    granted: asyncio.Future[bool] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Line:
    """Grants one turn at a time; its holder calls `leave` when it is over."""

    __slots__ = ("_waiting", "running")

    def __init__(self) -> None:
        self._waiting: deque[Turn] = deque()
        self.running: Update | None = None
        """The update whose turn it is."""

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @property
    def is_idle(self) -> bool:
        """Whether none runs, and then none waits."""
        return self.running is None

    async def turn(self, update: Update, *, may_be_left_out: bool, first: bool) -> bool:
        """Wait for the update's turn, before all others if `first`; return False if left out."""
        if self.running is None:
            self.running = update
            return True
        turn = Turn(update, may_be_left_out)
        if first:
            self._waiting.appendleft(turn)
        else:
            self._waiting.append(turn)
        try:
            return await turn.granted
        except asyncio.CancelledError:
            if self.running is update:
                self.leave()
            elif turn in self._waiting:
                self._waiting.remove(turn)
            raise

    def leave(self) -> None:
        """End the turn; the next one's begins."""
        self.running = None
        while self._waiting and self.running is None:
            turn = self._waiting.popleft()
            if not turn.granted.done():
                self.running = turn.update
                turn.granted.set_result(True)

    def leave_out(self) -> list[Update]:
        """Leave out the waiting updates that may be left out, and return them."""
        turns = [turn for turn in self._waiting if turn.may_be_left_out]
        self._waiting = deque(turn for turn in self._waiting if not turn.may_be_left_out)
        for turn in turns:
            if not turn.granted.done():
                turn.granted.set_result(False)
        return [turn.update for turn in turns]
