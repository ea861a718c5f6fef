"""The Bot API in this process: strict as Telegram, with nothing between the call and its effect.

The server puts HTTP in front of it, and tests put it behind the bot's own HTTP client, so both use
the same implementation.
"""

import inspect
import time
from collections.abc import Callable
from datetime import datetime

from bot.sandbox.clock import Clock, SandboxClock
from bot.sandbox.errors import ApiError, Json
from bot.sandbox.methods.parameters import read, require
from bot.sandbox.methods.table import METHODS
from bot.sandbox.people import Profile
from bot.sandbox.state import World
from bot.sandbox.visitor import Visitor

TOKEN = "7000000001:SANDBOX-TOKEN-OPENS-NOTHING-ANYWHERE-00"  # noqa: S105 - invented, opens nothing
_KEPT_CALLS = 2_000

Call = tuple[str, Json]
"""A method and its parameters as they were read."""


class BotApi:
    """A Bot API server without HTTP.

    `clock` dates messages; `stopwatch` counts the seconds that taps and updates live, so moving
    the clock makes nothing too old. `calls` keeps the latest calls, the refused ones too, and
    leaves getUpdates out.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        token: str = TOKEN,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self.clock: Clock = clock or SandboxClock()
        self.token = token
        self.world = World(self.clock, stopwatch)
        self.faults = self.world.faults
        self.updates = self.world.updates
        self.calls: list[Call] = []

    async def call(self, method: str, params: Json) -> Json:
        """Carry out a method and return Telegram's answer, refusals included.

        Values may be of their own type or strings, as in a form. Raises DroppedError when a
        fault loses the answer.
        """
        try:
            result = await self._carry_out(method, params)
        except ApiError as error:
            return error.body()
        await self.faults.after(method)
        return {"ok": True, "result": result}

    async def _carry_out(self, method: str, params: Json) -> object:
        entry = METHODS.get(method)
        if entry is None:
            self._record(method, params)
            raise ApiError(404, "Not Found: method not found")
        values = read(entry.takes, params)
        if method != "getUpdates":
            self._record(method, values)
        await self.faults.before(method)
        require(entry.needs, values)
        result = entry.run(self.world, values)
        return await result if inspect.isawaitable(result) else result

    def _record(self, method: str, params: Json) -> None:
        self.calls.append((method, params))
        if len(self.calls) > _KEPT_CALLS:
            del self.calls[: _KEPT_CALLS // 2]

    def called(self, method: str) -> list[Json]:
        """Return the parameters of the latest calls of a method, oldest first."""
        return [params for name, params in self.calls if name == method]

    def visitor(self, user_id: int, chat_id: int | None = None) -> Visitor:
        """Return an object that acts for a person in their private chat, or in another one."""
        return Visitor(self.world, user_id, chat_id)

    def add_person(self, person: Profile) -> None:
        """Let one more person exist."""
        self.world.people[person.id] = person

    def meet(self, user_id: int) -> None:
        """Let the bot write to a person who has not written yet."""
        self.world.chat(user_id)

    def now(self) -> datetime:
        """Return the instant by the sandbox's clock."""
        return self.clock.now()

    def close(self) -> None:
        """End all waiting, so that a server can stop."""
        self.world.close()
