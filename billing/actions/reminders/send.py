"""Sending reminders: as things stand at that moment, within the recipient's hours.

A window of messages is on its way at any time; while they are, others are marked and the next
ones claimed. One that takes long, or fails, holds up nobody but itself.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from billing.actions.environment import Environment
from billing.actions.messages.attempts import ATTEMPTS, GIVEN_UP, final_status, retry_delay
from billing.actions.messages.window import always, noted_down, send_in_window
from billing.actions.reminders.digest import DrawnDigest
from billing.actions.reminders.read import read_digests
from billing.actions.reminders.stale import wait_until, without_sums
from billing.ports.outside import Delivery, Notifier
from billing.ports.reminders.digests import Deferral, DigestResult, DueDigest
from billing.ports.work import UnavailableError
from billing.rules.lease import LEASE
from billing.rules.reminders.hours import next_open
from billing.rules.reminders.stages import ReminderReason
from billing.views.reminders.digests import Digest

log = logging.getLogger(__name__)

Sending = asyncio.Task[DigestResult | None]


@dataclass(frozen=True, slots=True)
class SendDigests:
    """Send the digests whose time has come; `in_flight` at once, so many a crash may repeat."""

    env: Environment
    notifier: Callable[[], Notifier]
    in_flight: int = 4

    async def __call__(self, may_go_on: Callable[[], bool] = always) -> int:
        """Send until nothing is due, and return how many were claimed.

        `may_go_on` is asked before each claim: the right to send may be lost. On a day that is
        not planned yet nothing is sent.
        """
        async with self.env.work.reading() as uow:
            if not await uow.digests.has_due(self.env.now()):
                return 0
        return await send_in_window(
            self._turn, size=self.in_flight, together=(self.in_flight + 1) // 2,
            may_go_on=may_go_on,
        )  # fmt: skip

    async def _turn(self, ended: Iterable[Sending], room: int) -> set[Sending]:
        """Note down what has ended, and begin others if there is room."""
        results = [result for task in ended if (result := task.result()) is not None]
        try:
            due_digests, until = await self._write(results, room)
        except UnavailableError:
            if not results:
                raise
            # The right to send may be lost by the time the database is back: nothing is begun.
            await noted_down(lambda: self._write(results, 0))
            return set()
        drawn_digests = await self._draw(due_digests) if due_digests else {}
        return {
            asyncio.create_task(self._send(due, drawn_digests.get(due.id), until))
            for due in due_digests
        }

    async def _write(
        self, results: Sequence[DigestResult], room: int
    ) -> tuple[Sequence[DueDigest], datetime]:
        """Record and claim in one transaction: what waits for the disk is the commit."""
        now = self.env.now()
        until = now + LEASE
        due_digests: Sequence[DueDigest] = ()
        unreachable = {
            result.digest.user_id: result.unreachable for result in results if result.unreachable
        }
        async with self.env.work.writing() as uow:
            if results:
                await uow.digests.record(results, at=now)
            for user_id in sorted(unreachable):
                await uow.users.set_unreachable(user_id, unreachable[user_id])
            if room and await uow.reminders.is_planned(self.env.today()):
                due_digests = await uow.digests.claim(now, lease_until=until, limit=room)
            await uow.commit()
        return due_digests, until

    async def _draw(self, due_digests: Sequence[DueDigest]) -> Mapping[int, DrawnDigest]:
        """What they say by now; one that cannot be read must not hold up the others."""
        try:
            async with self.env.work.reading() as uow:
                catalog = await uow.catalogs.current()
                return await read_digests(self.env, uow, catalog, due_digests)
        except UnavailableError:
            raise  # it is no fault of the reminders, which come back when their claims end
        except Exception:
            if len(due_digests) == 1:
                log.exception("reminder %s cannot be read", due_digests[0].id)
                return {}
        drawn_digests: dict[int, DrawnDigest] = {}
        for due in due_digests:
            drawn_digests |= await self._draw([due])
        return drawn_digests

    async def _send(
        self, due: DueDigest, drawn_digest: DrawnDigest | None, until: datetime
    ) -> DigestResult | None:
        now = self.env.now()
        if now >= until:
            # This process stood still for minutes: the message is another's by now.
            return None
        if drawn_digest is None or due.attempts > ATTEMPTS:
            return _result(due, drawn_digest or DrawnDigest(None), GIVEN_UP, now)
        digest, dropped = drawn_digest.digest, drawn_digest.dropped
        if digest is None:
            reason = next(iter(dropped.values()), ReminderReason.ENDED)
            return DigestResult(due, "void", reason=reason, dropped=dropped)
        zone = self.env.zone(digest.timezone)
        open_at = next_open(due.client_id, zone, now, drawn_digest.quiet)
        if open_at > now:
            deferral = Deferral(now, open_at, ReminderReason.QUIET_HOURS)
            return DigestResult(due, deferral=deferral, counts_as_attempt=False)
        as_of = drawn_digest.as_of
        look_at = wait_until(due, as_of, now)
        if look_at is not None:
            deferral = Deferral(now, look_at, ReminderReason.PANEL_AWAY)
            return DigestResult(due, deferral=deferral, counts_as_attempt=False)
        if as_of is not None:
            rest = without_sums(digest, as_of)
            if rest is None:
                return DigestResult(due, "void", reason=ReminderReason.PANEL_AWAY, dropped=dropped)
            digest = rest
        return _result(due, drawn_digest, await self._deliver(digest), self.env.now())

    async def _deliver(self, digest: Digest) -> Delivery:
        try:
            return await self.notifier().digest(digest)
        except Exception:
            log.exception("reminder %s could not be sent; it is tried again", digest.id)
            return Delivery(retry_after=0, answered=False)


def _result(
    due: DueDigest, drawn_digest: DrawnDigest, delivery: Delivery, now: datetime
) -> DigestResult:
    if delivery.retry_after is not None and due.attempts < ATTEMPTS:
        delay = retry_delay(due.attempts, delivery.retry_after)
        answered = delivery.answered
        reason = ReminderReason.ASKED_TO_WAIT if answered else ReminderReason.NO_ANSWER
        return DigestResult(due, deferral=Deferral(now, now + delay, reason))
    return DigestResult(
        due,
        final_status(delivery),
        message_id=delivery.message_id,
        reason=_failure(delivery),
        dropped=drawn_digest.dropped,
        unreachable=delivery.unreachable,
    )


def _failure(delivery: Delivery) -> ReminderReason | None:
    if delivery.message_id is not None:
        return None
    if delivery.unreachable is not None:
        return ReminderReason(delivery.unreachable)
    gave_up = delivery.retry_after is not None
    return ReminderReason.GIVEN_UP if gave_up else ReminderReason.REFUSED
