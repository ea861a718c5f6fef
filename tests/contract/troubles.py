"""What goes wrong with calls to the stand-in, by their number."""

import asyncio
from enum import StrEnum

from bot.sandbox.errors import ApiError, DroppedError
from bot.sandbox.faults import Faults

WRITES = (
    "order/create", "order/update", "order/activate", "order/cancel", "order/delete",
    "invoice/prepare", "invoice/update", "invoice/renewal_invoice", "invoice/mark_as_paid",
    "invoice/pay_with_credits", "client/balance_add_funds",
)  # fmt: skip


class Trouble(StrEnum):
    """What goes wrong with one call."""

    CUT = "cut"
    """It never arrives."""
    LOST = "lost"
    """It is done, and the answer is lost."""
    UNCLEAR = "unclear"
    """It is done, and a proxy answers with an error."""
    KILLED_BEFORE = "killed_before"
    """We are killed before it takes effect; it does not."""
    KILLED_AFTER = "killed_after"
    """We are killed after it has taken effect."""


class Troubles(Faults):
    """Faults by the number of the call; `writes` are those that have taken effect, in turn."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []
        self.writes: list[str] = []
        self.running: dict[str, int] = {}
        self.most_at_once = 0
        self.at: dict[int, Trouble] = {}
        self.met: list[tuple[int, Trouble]] = []
        """Those that have happened."""
        self.is_down = False
        self.victim: asyncio.Task[object] | None = None

    def begin(self) -> None:
        """Count calls from here on."""
        self.calls.clear()
        self.writes.clear()
        self.most_at_once = 0

    async def before(self, method: str) -> None:
        self.calls.append(method)
        if self.is_down:
            raise DroppedError(method)
        trouble = self.at.get(len(self.calls) - 1)
        if trouble in (Trouble.CUT, Trouble.KILLED_BEFORE):
            self.met.append((len(self.calls) - 1, trouble))
            if trouble is Trouble.KILLED_BEFORE:
                self._kill()
            raise DroppedError(method)
        if self.is_write(method):
            self.running[method] = len(self.calls) - 1
            self.most_at_once = max(self.most_at_once, len(self.running))
        await super().before(method)

    async def after(self, method: str) -> None:
        number = self.running.pop(method, None)
        if number is None:
            number = len(self.calls) - 1
        else:
            self.writes.append(method.removeprefix("admin/"))
        trouble = self.at.get(number)
        if trouble is not None:
            self.met.append((number, trouble))
        if trouble is Trouble.LOST:
            raise DroppedError(method)
        if trouble is Trouble.UNCLEAR:
            raise ApiError(502, "Bad Gateway")
        if trouble is Trouble.KILLED_AFTER:
            self._kill()
            raise DroppedError(method)
        await super().after(method)

    def is_write(self, method: str) -> bool:
        """Whether a call changes something there."""
        return method.removeprefix("admin/") in WRITES

    def _kill(self) -> None:
        if self.victim is not None:
            self.victim.cancel()
