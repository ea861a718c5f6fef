"""The updates that a process has taken from the webhook: each handled once, also when it repeats.

Telegram posts an update again when no answer came in time. Such a repetition waits for the one
that runs, and one of the last thousand that have been handled is accepted at once.
"""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from bot.telegram.echoes import without_echoes
from bot.telegram.gate import PersonGate
from bot.telegram.handling import App, handle
from bot.telegram.money import MoneyInbox, Raw
from bot.telegram.window import REMEMBERED

log = logging.getLogger(__name__)

ANSWER_SECONDS = 50.0
"""Seconds after which a request is answered, whatever its update does: Telegram waits for 60."""

KEEPING_SECONDS = 5.0
"""The same for an update that carries money, which takes one INSERT to keep."""


@dataclass(slots=True, eq=False)
class _Taken:
    """An update under way; `accepted` once Telegram may forget it."""

    seconds: float
    accepted: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class Intake:
    """Hands updates to an application that is started, and those with money to `money`."""

    def __init__(
        self, application: App, *, money: MoneyInbox | None = None, drain_seconds: float = 20.0
    ) -> None:
        self._application = application
        self._money = money
        self._drain_seconds = drain_seconds
        self._taken: dict[int, _Taken] = {}
        self._accepted: dict[int, None] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.is_stopping = False

    async def take(self, raw: dict[str, Any]) -> bool:
        """Handle an update, or keep it if it carries money; False if it has to come again."""
        number = int(raw["update_id"])
        if number in self._accepted:
            return True
        taken = self._taken.get(number) or self._begin(number, raw)
        try:
            async with asyncio.timeout(taken.seconds):
                await taken.ended.wait()
        except TimeoutError:
            log.debug("Update %s takes long: Telegram is to send it again", number)
        return taken.accepted.is_set()

    async def drain(self) -> None:
        """Take no more, and let what is under way finish; what does not comes again."""
        self.is_stopping = True
        if self._tasks:
            _, late = await asyncio.wait(set(self._tasks), timeout=self._drain_seconds)
            if late:
                log.warning(
                    "%s updates were not finished in time; they will come again", len(late)
                )
                for task in late:
                    task.cancel()
                await asyncio.wait(late, timeout=1.0)
        gate = self._application.update_processor
        if isinstance(gate, PersonGate):
            await gate.end_bursts()

    def _begin(self, number: int, raw: dict[str, Any]) -> _Taken:
        if self._money is not None and self._money.carries_money(raw):
            taken = _Taken(KEEPING_SECONDS)
            work = self._receive(number, raw, self._money, taken)
        else:
            taken = _Taken(ANSWER_SECONDS)
            work = self._handle(number, raw, taken)
        self._taken[number] = taken
        task = asyncio.create_task(self._end(number, taken, work), name=f"update {number}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return taken

    async def _end(self, number: int, taken: _Taken, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        finally:
            taken.ended.set()
            self._taken.pop(number, None)

    def _accept(self, number: int, taken: _Taken) -> None:
        taken.accepted.set()
        taken.ended.set()
        self._accepted[number] = None
        while len(self._accepted) > REMEMBERED:
            del self._accepted[next(iter(self._accepted))]

    async def _handle(self, number: int, raw: dict[str, Any], taken: _Taken) -> None:
        """Process one update; it counts as handled unless this task is cancelled."""
        without_echoes({"result": [raw]})
        await handle(self._application, raw)
        self._accept(number, taken)

    async def _receive(self, number: int, raw: Raw, money: MoneyInbox, taken: _Taken) -> None:
        """Accept money as soon as it is kept, whatever happens to it after that."""
        try:
            await money.receive(raw, lambda: self._accept(number, taken))
        except Exception:
            log.exception("Update %s, which carries money, could not be handled", number)
