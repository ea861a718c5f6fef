"""Finding a client, a service or a proforma among all clients."""

from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.rules.names import visible
from billing.views.desk import DeskHits, FoundInvoice

EACH = 5
"""Most hits of a kind that are listed."""

SHORTEST_NUMBER = 4
"""Characters of a text that may be the beginning of a proforma's number."""


@dataclass(frozen=True, slots=True)
class FindAnywhere:
    """Clients, services and proformas that bear every word of a text."""

    env: Environment

    async def __call__(self, text: str) -> DeskHits:
        """Search: three statements. What is found is not looked at yet."""
        text = visible(text)
        if not any(map(str.isalnum, text)):
            return DeskHits(text)
        invoices: tuple[FoundInvoice, ...] = ()
        async with self.env.work.reading() as uow:
            clients = await uow.desk_search.clients(text, limit=EACH + 1)
            services = await uow.desk_search.services(text, limit=EACH + 1)
            if " " not in text and len(text) >= SHORTEST_NUMBER:
                invoices = await uow.desk_search.invoices(text, limit=EACH + 1)
        is_cut = max(len(clients), len(services), len(invoices)) > EACH
        return DeskHits(text, clients[:EACH], services[:EACH], invoices[:EACH], is_cut=is_cut)
