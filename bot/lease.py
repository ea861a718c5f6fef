"""Taking a lease: a task that one process does for all, such as polling Telegram.

A lease runs out unless it is renewed, so another process takes over the task when one dies. A
process that could not renew its lease stops before another may begin: it measures the time it has
left by a clock that nobody sets, from the moment at which it asked for the lease.
"""

import asyncio
import logging
import os
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from billing.ports.outside import Clock
from billing.ports.work import UnavailableError
from bot.clock import Seconds, steady_seconds
from storage.leases import Lease, Leases

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
RENEW_SECONDS = 10
RELEASE_SECONDS = 5


BOOT = Path("/proc/sys/kernel/random/boot_id")
PROCESS_IDS = Path("/proc/self/ns/pid")
"""Names the namespace of process ids; each container has one, and all may have the same host."""


def this_process() -> str:
    """Return this process's name in a lease."""
    return f"{this_machine()}:{os.getpid()}"


def this_machine() -> str:
    """Return the host's name, and what tells apart the many that are called "debian".

    Containers with one host name are machines of their own, because each counts its processes
    from 1: two of them would take each other for themselves, or for dead.
    """
    try:
        where = f"{BOOT.read_text()} {PROCESS_IDS.readlink()}"
    except OSError:
        return socket.gethostname()
    return f"{socket.gethostname()}.{sha256(where.encode()).hexdigest()[:8]}"


@dataclass(slots=True)
class ProcessLease:
    """The lease of that name as one process takes and renews it.

    `clock` is the time of all processes on the database, unless the database has its own.
    """

    leases: Leases
    clock: Clock
    name: str
    owner: str = field(default_factory=this_process)
    steady: Seconds = steady_seconds
    _until: float | None = None

    @property
    def is_ours(self) -> bool:
        """Whether it is ours and has not run out, whatever became of the machine's time."""
        return self._until is not None and self.steady() < self._until

    async def take(self) -> bool:
        """Take it where it is free, keep it for longer where it is ours; False if another's."""
        was_ours, now = self.is_ours, self.clock.now()
        if not was_ours and not await self._may_be_free(now):
            return False
        asked_at = self.steady()
        is_ours = await self.leases.acquire(self.name, self.owner, now=now, length=LEASE)
        self._until = asked_at + LEASE.total_seconds() if is_ours else None
        if is_ours != was_ours:
            log.info("This process is %s the %s", "now" if is_ours else "no longer", self.name)
        return is_ours

    async def release(self) -> None:
        """Give the lease back, so that others need not wait for its end.

        It ends by itself if the database is away.
        """
        self._until = None
        with suppress(UnavailableError, TimeoutError):
            async with asyncio.timeout(RELEASE_SECONDS):
                await self.leases.release(self.name, self.owner)

    async def holder(self) -> Lease | None:
        """Return the lease as the process that took it last has left it."""
        return await self.leases.holder(self.name, now=self.clock.now())

    async def _may_be_free(self, now: datetime) -> bool:
        """Whether it is worth a write: every other process asks this every few seconds."""
        lease = await self.holder()
        if lease is None or lease.owner == self.owner or not lease.left:
            return True
        if has_died(lease.owner):
            # Nobody has to wait for the lease of a process that was killed to run out.
            await self.leases.release(self.name, lease.owner)
            return True
        if lease.left > LEASE and await self.leases.shorten(self.name, now=now, length=LEASE):
            log.warning(
                "%s was to be the %s for another %s: the clock must have been wrong. It now has "
                "%s s to say that it is still there",
                lease.owner, self.name, lease.left, LEASE.seconds,
            )  # fmt: skip
        return False


def has_died(owner: str) -> bool:
    """Return whether the owner was a process of this machine and is gone."""
    machine, _, number = owner.rpartition(":")
    if machine != this_machine():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
