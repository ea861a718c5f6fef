"""A client at a glance, for the people of the operator's chat."""

from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.actions.messages.recipient import FindRecipient
from billing.actions.services.home import ShowHome
from billing.rules.services import ServiceStatus
from billing.views.staff import ClientCard

PROFORMAS = 5
"""So many open proformas are named, the newest."""


@dataclass(frozen=True, slots=True)
class ShowClientCard:
    """Who they are, what they have, and what they owe."""

    env: Environment
    find_recipient: FindRecipient
    show_home: ShowHome

    async def __call__(self, client_id: int) -> ClientCard:
        """Read it; NotFoundError if there is no such client."""
        recipient = await self.find_recipient(client_id)
        home = await self.show_home(recipient.client)
        today = self.env.today()
        async with self.env.work.reading() as uow:
            counts = await uow.services.counts(client_id, search="", today=today, soon=today)
            proformas = await uow.invoices.page(client_id, is_open=True, limit=PROFORMAS, offset=0)
        by_status = ((status, counts.by_status.get(status, 0)) for status in ServiceStatus)
        return ClientCard(
            recipient=recipient,
            counts=tuple((status, count) for status, count in by_status if count),
            home=home,
            proformas=proformas,
        )
