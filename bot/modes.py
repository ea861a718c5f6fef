"""The two ways in which updates come, and the right of a process to receive them.

Telegram posts updates to a webhook, or lets one process poll. Never both: while a webhook is set,
Telegram refuses a poll. Any number of processes may take posts on one PostgreSQL database; on a
SQLite file one process receives.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from bot.app import Core
from bot.lease import LEASE, ProcessLease, has_died, this_process

POLLER = "poller"
WEBHOOK = "webhook "
"""How the names of the webhook processes' leases begin: each process has one of its own."""


class Mode(StrEnum):
    """How updates come."""

    POLLING = "polling"
    WEBHOOK = "webhook"


class AlreadyReceivingError(Exception):
    """Another process receives the updates; the text says which and what to do."""


@dataclass(frozen=True, slots=True)
class RightToReceive:
    """A lease of this process, which is worth something while no other one speaks against it."""

    core: Core
    mode: Mode
    own: ProcessLease

    async def take(self) -> str | None:
        """Take or renew it; return why this process may not receive, or None if it may."""
        if not await self.own.take():
            lease = await self.own.holder()
            whose = lease.owner if lease else "another process"
            return (
                f"Another Panelik ({whose}) is running on this database. Stop it first; if it has "
                f"crashed, try again in {LEASE.seconds} seconds. To have more of them, start them "
                "with `panelik work`."
            )
        if self.mode is Mode.WEBHOOK and (poller := await self._poller()):
            return (
                f"Another Panelik ({poller}) polls for this database. Stop it before you start "
                "one with a webhook."
            )
        if others := await self._others():
            return self._refusal(", ".join(others))
        return None

    def _refusal(self, whose: str) -> str:
        if self.mode is Mode.POLLING:
            return (
                f"Another Panelik ({whose}) takes a webhook's posts for this database. Stop it "
                "before you start one that polls, or start this one with `--mode webhook` too."
            )
        return (
            f"Another Panelik ({whose}) takes the webhook's posts already, and a SQLite file "
            "serves one such process. Stop it first; to have more of them, use PostgreSQL "
            "(docs/going-live.md)."
        )

    async def _poller(self) -> str | None:
        leases, now = self.core.database.leases, self.core.clock.now()
        lease = await leases.holder(POLLER, now=now)
        if lease is None or not lease.left or has_died(lease.owner):
            return None
        return lease.owner

    async def _others(self) -> list[str]:
        """Return the webhook processes beside which this one may not receive."""
        if self.mode is Mode.WEBHOOK and not self.core.database.is_one_file:
            return []
        leases, now = self.core.database.leases, self.core.clock.now()
        others = await leases.of_kind(WEBHOOK, now=now)
        return [
            lease.owner
            for lease in others
            if lease.owner != self.own.owner and not has_died(lease.owner)
        ]


@asynccontextmanager
async def receiving(core: Core, mode: Mode) -> AsyncIterator[RightToReceive]:
    """Hold the right to receive inside the block; AlreadyReceivingError if another has it."""
    own = ProcessLease(core.database.leases, core.clock, _lease_name(mode))
    right = RightToReceive(core, mode, own)
    try:
        if refusal := await core.outage.through(right.take):
            raise AlreadyReceivingError(refusal)
        yield right
    finally:
        await own.release()


def _lease_name(mode: Mode) -> str:
    """Return a name that fits its column: a process's own name may be longer."""
    if mode is Mode.POLLING:
        return POLLER
    return WEBHOOK + sha256(this_process().encode()).hexdigest()[:16]
