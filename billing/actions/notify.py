"""Sending the outbox: claimed in one transaction, sent with none open, marked in another."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from billing.actions.environment import Environment
from billing.ports.outbox import Outgoing
from billing.ports.outside import Delivery, Notifier

LEASE = timedelta(seconds=60)
"""How long a claimed message belongs to its process before another may take it."""

ATTEMPTS = 8
BACKOFF = timedelta(seconds=30)


def retry_delay(attempts: int, asked_seconds: float) -> timedelta:
    """The provider's own wish or a doubling pause, whichever is longer, at most an hour."""
    doubled = BACKOFF * (1 << min(attempts, 7))
    return min(max(timedelta(seconds=asked_seconds), doubled), timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class SendOutbox:
    """Send what must go out once; `notifier` is asked for late, the bot starts after billing."""

    env: Environment
    notifier: Callable[[], Notifier]
    in_flight: int = 4

    async def __call__(self) -> int:
        """Send what is due and return how many were claimed."""
        now = self.env.now()
        async with self.env.work.writing() as uow:
            claimed = await uow.outbox.claim(now, lease_until=now + LEASE, limit=self.in_flight)
            await uow.commit()
        await asyncio.gather(*(self._send(outgoing) for outgoing in claimed))
        return len(claimed)

    async def _send(self, outgoing: Outgoing) -> None:
        delivery = await self.notifier().notify(outgoing)
        now = self.env.now()
        async with self.env.work.writing() as uow:
            if delivery.retry_after is not None and outgoing.attempts < ATTEMPTS:
                pause = retry_delay(outgoing.attempts, delivery.retry_after)
                await uow.outbox.defer(outgoing.id, until=now + pause)
            else:
                await uow.outbox.finish(outgoing.id, status=final_status(delivery), at=now)
            await uow.commit()


def final_status(delivery: Delivery) -> str:
    """The word kept with a message that will not be tried again."""
    if delivery.message_id is not None:
        return "sent"
    return "failed" if delivery.retry_after is not None else "undeliverable"
