"""Holding a lease: a task that one process does for all, such as polling Telegram.

A lease runs out unless it is renewed, so the task goes on elsewhere when its process dies. Whoever
could not renew it stops in time by his own clock, before another may begin. The clocks of several
machines may therefore differ by a few seconds, not by half a minute.
"""

import logging
import os
import socket
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from billing.ports.outside import Clock
from storage.leases import Lease, Leases

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
RENEW_SECONDS = 10


BOOT = Path("/proc/sys/kernel/random/boot_id")


def this_process() -> str:
    """How this process is called in a lease."""
    return f"{this_machine()}:{os.getpid()}"


def this_machine() -> str:
    """A name whose process numbers are ours: many machines are called "localhost" or "debian"."""
    try:
        boot = BOOT.read_text()
    except OSError:
        return socket.gethostname()
    return f"{socket.gethostname()}.{boot[:8]}"


@dataclass(slots=True)
class Holding:
    """One process's hold on the lease of that name."""

    leases: Leases
    clock: Clock
    name: str
    owner: str = field(default_factory=this_process)
    _until: datetime | None = None

    @property
    def is_held(self) -> bool:
        """Whether it is ours, and by our own clock has not run out."""
        return self._until is not None and self.clock.now() < self._until

    async def take(self) -> bool:
        """Take it where it is free, keep it for longer where it is ours; False if another's."""
        was_held, now = self.is_held, self.clock.now()
        if not was_held and not await self._is_to_be_had(now):
            return False
        taken = await self.leases.acquire(self.name, self.owner, now=now, until=now + LEASE)
        self._until = now + LEASE if taken else None
        if taken != was_held:
            log.info("This process is %s the %s", "now" if taken else "no longer", self.name)
        return taken

    async def release(self) -> None:
        """Give it back, so that another need not wait for its end."""
        self._until = None
        await self.leases.release(self.name, self.owner)

    async def holder(self) -> Lease | None:
        """Who took it last."""
        return await self.leases.holder(self.name)

    async def _is_to_be_had(self, now: datetime) -> bool:
        """Whether it is worth to write: all who do not hold it ask this every few seconds."""
        held = await self.holder()
        if held is None or held.owner == self.owner or held.expires_at <= now:
            return True
        if not _has_died(held.owner):
            return False
        # Nobody has to wait for the lease of a process that was killed to run out.
        await self.leases.release(self.name, held.owner)
        return True


def _has_died(owner: str) -> bool:
    """Whether a process of this machine is gone; of others we cannot know."""
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
