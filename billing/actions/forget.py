"""Forgetting what nobody will ask about any more: old reminders, messages and pauses."""

from dataclasses import dataclass
from datetime import timedelta

from billing.actions.environment import Environment

REMINDERS = timedelta(days=400)
"""A year and a bit: what was said about a yearly service the last time can be looked up."""

MESSAGES = timedelta(days=90)
PAUSES = timedelta(days=60)
"""Longer than a reminder that was asked for may be late."""

BATCH = 200
"""Rows of each kind per call: nobody waits long for a lock."""


@dataclass(frozen=True, slots=True)
class ForgetOld:
    """Delete a few of each kind, at every tick until nothing old is left."""

    env: Environment

    async def __call__(self) -> int:
        """How many rows went."""
        now, today = self.env.now(), self.env.today()
        async with self.env.work.writing() as uow:
            gone = await uow.digests.prune(before=now - REMINDERS, limit=BATCH)
            gone += await uow.reminders.prune(before=today - REMINDERS, limit=BATCH)
            gone += await uow.outbox.prune(before=now - MESSAGES, limit=BATCH)
            gone += await uow.preferences.prune(before=today - PAUSES, limit=BATCH)
            await uow.outbox.give_up_for_operator(before=now - REMINDERS, now=now)
            await uow.commit()
        return gone
