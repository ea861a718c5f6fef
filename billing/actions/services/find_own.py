"""Finding what is one's own by the name it has outside: in links and in the company's mails."""

from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.rules.errors import NotFoundError
from billing.views.account import ClientInfo


@dataclass(frozen=True, slots=True)
class FindOwnService:
    """A service or add-on of a client by the company's id, or by ours where it has none."""

    env: Environment

    async def __call__(self, client: ClientInfo, name: str) -> int:
        """Its number; NotFoundError if the client has no such service."""
        async with self.env.work.reading() as uow:
            number = await uow.services.own(client.id, name)
        if number is None:
            raise NotFoundError("no_such_service")
        return number


@dataclass(frozen=True, slots=True)
class FindOwnInvoice:
    """A proforma of a client by its number."""

    env: Environment

    async def __call__(self, client: ClientInfo, number: str) -> int:
        """Its id; NotFoundError if the client has no such proforma."""
        async with self.env.work.reading() as uow:
            invoice_id = await uow.invoices.own(client.id, number)
        if invoice_id is None:
            raise NotFoundError("no_such_invoice")
        return invoice_id
