"""Reminders that were sent and that a payment has outdated, drawn as they are to be read now."""

from dataclasses import dataclass
from datetime import timedelta

from billing.actions.environment import Environment
from billing.actions.reminders.read import read_digests
from billing.ports.outbox import Outgoing, SentDigest
from billing.ports.work import UnitOfWork
from billing.views.notices.money import ReminderUpdate

REDRAWN_FOR = timedelta(days=14)
"""Reminders that are older are left as they are: nobody looks at them any more."""

MOST_REDRAWN = 5
"""So many edits at once a chat takes without making its person's taps wait."""


@dataclass(frozen=True, slots=True)
class RedrawPaid:
    """Draw the user's last reminders of what was paid, or has changed in its panel."""

    env: Environment

    async def __call__(
        self, uow: UnitOfWork, outgoing: Outgoing, update: ReminderUpdate
    ) -> tuple[SentDigest, ...]:
        """The reminders with the numbers of their messages; none when all is too old."""
        client_id, user_id = outgoing.client_id or 0, outgoing.user_id or 0
        service_ids = update.service_ids
        if update.invoice_id:
            read = await uow.invoices.get_with_catalog(client_id, update.invoice_id)
            if read is None:
                return ()
            paid, catalog = read
            service_ids += paid.renewed
        else:
            catalog = await uow.catalogs.current()
        since = self.env.today() - REDRAWN_FOR
        message_ids = await uow.digests.sent_about(
            client_id, user_id, service_ids, update.invoice_id, since=since, limit=MOST_REDRAWN
        )
        if not message_ids:
            return ()
        drawn_digests = await read_digests(self.env, uow, catalog, list(message_ids), sent=True)
        return tuple(
            SentDigest(drawing.digest, message_id)
            for due, message_id in message_ids.items()
            if (drawing := drawn_digests.get(due.id)) and drawing.digest
        )
