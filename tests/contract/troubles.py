"""What goes wrong with calls to the stand-in, by their number."""

import asyncio
from collections.abc import Callable
from enum import StrEnum

from bot.sandbox.errors import ApiError, DroppedError
from bot.sandbox.faults import Faults
from bot.sandbox.panels.fossbilling.api import PanelApi

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

    def __init__(self, api: PanelApi) -> None:
        super().__init__()
        self.api = api
        self.calls: list[str] = []
        self.writes: list[str] = []
        self.running: dict[asyncio.Task[object], tuple[int, int]] = {}
        """Calls that are under way: their numbers, and the clients that they write for."""
        self.most_at_once = 0
        """The most writes that were under way for one client."""
        self.at: dict[int, Trouble] = {}
        self.first: dict[str, Trouble] = {}
        """The same for the next call of a name."""
        self.met: list[tuple[int, Trouble]] = []
        """Those that have happened."""
        self.instead: dict[str, Callable[[], None]] = {}
        """What happens there just before a call of a name."""
        self.is_down = False
        self.victim: asyncio.Task[int] | None = None

    def begin(self) -> None:
        """Count calls from here on."""
        self.calls.clear()
        self.writes.clear()
        self.most_at_once = 0

    async def before(self, method: str) -> None:
        self.calls.append(method)
        if self.is_down:
            raise DroppedError(method)
        number = len(self.calls) - 1
        if method in self.instead:
            self.instead.pop(method)()
        if method in self.first:
            self.at[number] = self.first.pop(method)
        trouble = self.at.get(number)
        if trouble in (Trouble.CUT, Trouble.KILLED_BEFORE):
            self._meet(number, trouble)
            raise DroppedError(method)
        self._begins(method, number)
        await super().before(method)

    async def after(self, method: str) -> None:
        number, client = self.running.pop(_task())
        if client:
            self.writes.append(method.removeprefix("admin/"))
        trouble = self.at.get(number)
        if trouble is not None:
            self._meet(number, trouble)
            if trouble is Trouble.UNCLEAR:
                raise ApiError(502, "Bad Gateway")
            raise DroppedError(method)
        await super().after(method)

    def is_write(self, method: str) -> bool:
        """Whether a call changes something there."""
        return method.removeprefix("admin/") in WRITES

    def _begins(self, method: str, number: int) -> None:
        self.running = {task: one for task, one in self.running.items() if not task.done()}
        client = self._client(method) if self.is_write(method) else 0
        self.running[_task()] = number, client
        if client:
            at_once = sum(one == client for _, one in self.running.values())
            self.most_at_once = max(self.most_at_once, at_once)

    def _client(self, method: str) -> int:
        """For whom the latest call writes."""
        values, world = self.api.calls[-1][1], self.api.world
        if "client_id" in values:
            return int(values["client_id"])
        number = int(values["id"])
        if "order/" in method or method.endswith("/renewal_invoice"):
            return world.order(number).client_id
        return world.invoice(number).client_id if "invoice/" in method else number

    def _meet(self, number: int, trouble: Trouble) -> None:
        self.met.append((number, trouble))
        if trouble.value.startswith("killed") and self.victim is not None:
            self.victim.cancel()


def _task() -> asyncio.Task[object]:
    task = asyncio.current_task()
    assert task is not None
    return task
