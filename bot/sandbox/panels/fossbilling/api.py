"""The panel in this process: what a call meets between HTTP and its effect."""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.clock import Clock, SandboxClock
from bot.sandbox.faults import Faults
from bot.sandbox.panels.fossbilling.callers import ROLES, caller_of
from bot.sandbox.panels.fossbilling.errors import Json, PanelError, no_such_call
from bot.sandbox.panels.fossbilling.journal import Journal
from bot.sandbox.panels.fossbilling.limits import RateLimit
from bot.sandbox.panels.fossbilling.methods.table import METHODS, MODULES, Method
from bot.sandbox.panels.fossbilling.parameters import Parameters
from bot.sandbox.panels.fossbilling.seed import Data
from bot.sandbox.panels.fossbilling.traps import Traps
from bot.sandbox.panels.fossbilling.world import Pause, World

ADMIN_TOKEN = "FOSSBILLING-STANDIN-OPENS-NOTHING"  # noqa: S105 - invented, opens nothing
KEPT_CALLS = 2_000
_UTC = ZoneInfo("UTC")
_WHILE_UPDATED = frozenset({"system/update_finalization_status"})


class PanelApi:
    """A FOSSBilling 0.8.5 without HTTP.

    `faults` slow calls down, lose answers or refuse; `limit` is the hour's rate limit. Where
    `allowed_ips` has addresses, any other one is refused whatever it asks. With `maintenance`,
    guests and clients are refused and staff are not; with `update_pending`, staff are. `denied`
    holds what the staff member may not use: a module such as `activity`, or a right such as
    `order.manage`. `calls` keeps the latest calls that reached a method, `journal` all of them, to
    be read by people. `sessions` counts the rows that calls without a cookie leave in the panel's
    database. It starts from the recorded state unless `data` is given. `breakage` is the name of a
    state for people.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        traps: Traps | None = None,
        zone: ZoneInfo = _UTC,
        pause: Pause | None = None,
        data: Data | None = None,
    ) -> None:
        self.clock: Clock = clock or SandboxClock()
        self.world = World(self.clock, traps=traps or Traps(), zone=zone, data=data)
        self.journal = Journal(self.clock)
        self.breakage = "whole"
        if pause is not None:
            self.world.pause = pause
        self.faults = Faults()
        self.limit = RateLimit(lambda: self.clock.now().timestamp())
        self.allowed_ips: set[str] = set()
        self.maintenance = False
        self.update_pending = False
        self.denied: set[str] = set()
        self.calls: list[tuple[str, Json]] = []
        self.sessions = 0
        self._one_at_a_time = asyncio.Lock()

    async def call(self, path: str, values: Json, *, authorization: str, address: str) -> Any:
        """Carry out `role/module/method` and return its result.

        `authorization` is the header of that name, `address` the caller's IP address. Raises
        PanelError for refusals, and what a fault raises.
        """
        with self.journal.call(path, values):
            return await self._call(path, values, authorization=authorization, address=address)

    async def _call(self, path: str, values: Json, *, authorization: str, address: str) -> Any:
        role, name = _split(path)
        if self.allowed_ips and address not in self.allowed_ips:
            raise PanelError("Unauthorized IP", 1002, status=401)
        self.limit.take(address, role)
        if self.maintenance and role != "admin":
            raise PanelError("The system is currently under maintenance", 503, status=503)
        caller = caller_of(self.world, role, authorization=authorization, admin_token=ADMIN_TOKEN)
        if self.update_pending and role == "admin" and name not in _WHILE_UPDATED:
            raise PanelError("FOSSBilling update finalization is pending.", 503, status=503)
        method = _find(role, name)
        if role == "admin":
            self._check_right(name.split("/")[0], method.permission)
        self._record(path, values)
        await self.faults.before(path)
        async with self._turn():
            result = await method.run(self.world, Parameters(values, self.world.traps), caller)
        await self.faults.after(path)
        return result

    def _turn(self) -> AbstractAsyncContextManager[object]:
        """Let calls run beside each other, or one after the other when that trap is off."""
        parallel = self.world.traps.parallel_doubles
        return nullcontext() if parallel else self._one_at_a_time

    def _check_right(self, module: str, permission: str) -> None:
        if module in self.denied:
            raise PanelError(f"You do not have access to the {module} module", 725)
        right = f"{module}.{permission}"
        if right in self.denied:
            reason = f'You need the "{right}" permission to perform this action'
            raise PanelError(reason, 403, status=403)

    def _record(self, path: str, values: Json) -> None:
        self.calls.append((path, values))
        if len(self.calls) > KEPT_CALLS:
            del self.calls[: KEPT_CALLS // 2]


def _split(path: str) -> tuple[str, str]:
    """Return the role and `module/method`; refuse what is no call."""
    role, _, name = path.partition("/")
    module, _, method = name.partition("/")
    if role not in ROLES or not module or not method or "/" in method:
        raise PanelError(f"Unknown API call {path}", 879, status=400)
    return role, name


def _find(role: str, name: str) -> Method:
    module = name.split("/", maxsplit=1)[0]
    if module not in MODULES:
        raise PanelError(f"FOSSBilling module {module} is not installed/activated", 715)
    if name not in METHODS[role]:
        raise no_such_call(role, name)
    return METHODS[role][name]
