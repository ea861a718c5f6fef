"""Faults on demand: failures on the way to Telegram, for the next calls of a method."""

import asyncio
from dataclasses import dataclass

from bot.sandbox.errors import ApiError, DroppedError, SandboxError

KINDS = ("429", "500", "502", "403", "cut", "drop", "late", "delay", "duplicate", "hasty")
EVERY_METHOD = "*"
_OF_UPDATES = ("duplicate", "hasty")
"""These are about what Telegram delivers, whatever the method."""


@dataclass(slots=True)
class Fault:
    """A fault of the next `count` calls of `method`; a count of None means until cleared.

    - `429` refuses with `retry_after` seconds; `500` and `502` fail before anything happened.
    - `403` answers as if the person had blocked the bot.
    - `cut` breaks the connection before the call takes effect, `drop` in the middle of the answer.
    - `late` carries the call out at once and breaks the connection `delay_ms` milliseconds later,
      so that whoever has no more patience than that runs into a time-out.
    - `delay` carries out the call `delay_ms` milliseconds later.
    - `duplicate`, whatever the method, delivers the next updates twice.
    - `hasty`, whatever the method, gives up the next posts to a webhook after `delay_ms`
      milliseconds, as Telegram does after a minute, and posts again; the first may still run.
    """

    method: str
    kind: str
    count: int | None = 1
    retry_after: int = 1
    delay_ms: int = 50

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise SandboxError(f"no such fault: {self.kind}; there are {', '.join(KINDS)}")


class Faults:
    """The faults still to come."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Add a fault."""
        self._faults.append(fault)

    def clear(self) -> None:
        """Remove all faults."""
        self._faults.clear()

    async def before(self, method: str) -> None:
        """Delay or refuse a call that has not taken effect yet."""
        if not self._faults:
            return
        if slow := self._use(method, "delay"):
            await asyncio.sleep(slow.delay_ms / 1000)
        if self._use(method, "cut"):
            raise DroppedError(method)
        if flood := self._use(method, "429"):
            seconds = flood.retry_after
            text = f"Too Many Requests: retry after {seconds}"
            raise ApiError(429, text, retry_after=seconds)
        if self._use(method, "500"):
            raise ApiError(500, "Internal Server Error")
        if self._use(method, "502"):
            raise ApiError(502, "Bad Gateway")
        if self._use(method, "403"):
            raise ApiError(403, "Forbidden: bot was blocked by the user")

    async def after(self, method: str) -> None:
        """Lose the answer of a call that has taken effect."""
        if not self._faults:
            return
        if late := self._use(method, "late"):
            await asyncio.sleep(late.delay_ms / 1000)
            raise DroppedError(method)
        if self._use(method, "drop"):
            raise DroppedError(method)

    def duplicates(self) -> bool:
        """Return whether the next update is to be delivered twice."""
        return bool(self._faults) and self._use(EVERY_METHOD, "duplicate") is not None

    def patience(self) -> float | None:
        """Return the seconds after which the next post is given up, unless it is answered."""
        hasty = self._use(EVERY_METHOD, "hasty") if self._faults else None
        return None if hasty is None else hasty.delay_ms / 1000

    def _use(self, method: str, kind: str) -> Fault | None:
        for fault in self._faults:
            if fault.kind == kind and (kind in _OF_UPDATES or fault.method in {method, "*"}):
                if fault.count is not None:
                    fault.count -= 1
                    if fault.count <= 0:
                        self._faults.remove(fault)
                return fault
        return None
