"""Reminders that were sent and that a payment has outdated, drawn as they are to be read now."""

from dataclasses import dataclass
from datetime import timedelta

from billing.actions.environment import Environment
from billing.actions.reminders.read import read_digests
from billing.ports.outbox import Outgoing, SentDigest
from billing.ports.work import UnitOfWork

REDRAWN_FOR = timedelta(days=14)
"""Reminders that are older are left as they are: nobody looks at them any more."""

MOST_REDRAWN = 5
"""So many edits at once a chat takes without making its person's taps wait."""


@dataclass(frozen=True, slots=True)
class RedrawPaid:
    """Draw the user's last reminders of what the invoice has paid."""

    env: Environment

    async def __call__(
        self, uow: UnitOfWork, outgoing: Outgoing, invoice_id: int
    ) -> tuple[SentDigest, ...]:
        """The reminders with the numbers of their messages; none when all is too old."""
        client_id, user_id = outgoing.client_id or 0, outgoing.user_id or 0
        read = await uow.invoices.get_with_catalog(client_id, invoice_id)
        if read is None:
            return ()
        paid, catalog = read
        since = self.env.today() - REDRAWN_FOR
        message_ids = await uow.digests.sent_about(
            client_id, user_id, paid, since=since, limit=MOST_REDRAWN
        )
        if not message_ids:
            return ()
        drawn_digests = await read_digests(self.env, uow, catalog, list(message_ids), sent=True)
        return tuple(
            SentDigest(drawing.digest, message_id)
            for due, message_id in message_ids.items()
            if (drawing := drawn_digests.get(due.id)) and drawing.digest
        )
