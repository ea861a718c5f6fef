"""Messages that a wrong clock has moved into the future come back once it is set right.

A claim moves a message to the end of a lease, a delay to its next attempt, both counted from the
time of day. Written while the clock was days ahead, they would keep the message for days.
"""

import logging
from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.rules.lease import LEASE

log = logging.getLogger(__name__)

BATCH = 200
"""Messages of each kind per transaction: nobody waits long for a lock."""


@dataclass(frozen=True, slots=True)
class GiveBackClaims:
    """Let messages of a clock that was ahead be due by the present one; any tick may call it.

    What a process may have in hand at the moment stays so for one lease more. Dates that were
    planned stay: they are days of the calendar.
    """

    env: Environment

    async def __call__(self) -> int:
        """How many messages came back."""
        all_of_them = 0
        while some := await self._some():
            all_of_them += some
        if all_of_them:
            log.warning("%s messages come back: the clock was ahead", all_of_them)
        return all_of_them

    async def _some(self) -> int:
        async with self.env.work.writing() as uow:
            # The time from before a wait for the lock would be behind what others wrote meanwhile.
            now = self.env.now()
            until = now + LEASE
            came_back = await uow.outbox.give_back(now, lease_until=until, limit=BATCH)
            came_back += await uow.digests.give_back(now, lease_until=until, limit=BATCH)
            await uow.commit()
        return came_back
