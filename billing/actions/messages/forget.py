"""Forgetting what nobody will ask about any more: old messages, codes, people who left."""

from dataclasses import dataclass
from datetime import timedelta

from billing.actions.environment import Environment

REMINDERS = timedelta(days=400)
"""A year and a bit: what was said about a yearly service the last time can be looked up."""

MESSAGES = timedelta(days=90)
NOTICES = timedelta(days=30)
"""Of money that was booked or put aside: as they came, with the names in them."""

CODES = timedelta(days=30)
"""After it expired, a code that is tried once more is told from one that never was."""

EMAIL_CODES = timedelta(days=1)
"""No limit on them looks back further; they hold addresses that may be nobody's of ours."""

CATALOGUES = timedelta(days=90)
CATALOGUES_KEPT = 10
"""The newest, however old: what was changed by mistake can be looked up."""

CONVERSATIONS = timedelta(days=180)
"""Of its last use. It holds nothing that anybody would miss: which question waited, how lists are
looked at. Telegram repeats a message for a day, and reminders are drawn anew for two weeks."""

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
            count = await uow.digests.prune(before=now - REMINDERS, limit=BATCH)
            count += await uow.reminders.prune(before=today - REMINDERS, limit=BATCH)
            count += await uow.outbox.prune(before=now - MESSAGES, limit=BATCH)
            count += await uow.inbox.prune(before=now - NOTICES, limit=BATCH)
            count += await uow.preferences.prune(before=today - PAUSES, limit=BATCH)
            count += await uow.link_codes.prune(expired_before=now - CODES, now=now, limit=BATCH)
            count += await uow.email_codes.prune(before=now - EMAIL_CODES, limit=BATCH)
            count += await uow.catalogs.prune(
                before=now - CATALOGUES, keep=CATALOGUES_KEPT, limit=BATCH
            )
            count += await uow.strangers.prune(before=today - CONVERSATIONS, limit=BATCH)
            await uow.outbox.give_up_for_operator(before=now - REMINDERS, now=now)
            await uow.commit()
        return count
