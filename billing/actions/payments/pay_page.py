"""The page on the web from which a client goes on to the panel's page of an invoice."""

from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.actions.payments.methods import is_being_paid
from billing.actions.payments.orders import is_being_withdrawn
from billing.rules.errors import NotFoundError
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.payments.pay_links import is_web_address, read_token
from billing.views.pay_page import PayPage


@dataclass(frozen=True, slots=True)
class ShowPayPage:
    """What the page of a token shows, as it is now. Whoever has the token may see it."""

    env: Environment

    async def __call__(self, token: str) -> PayPage:
        """Read it; NotFoundError for a token that is not ours, or of an invoice that is gone."""
        named = read_token(token)
        if named is None:
            raise NotFoundError
        async with self.env.work.reading() as uow:
            invoice = await uow.invoices.by_id(named.id)
            if invoice is None or not self.env.pay_pages.is_for(named, invoice):
                raise NotFoundError
            if invoice.status is InvoiceStatus.DRAFT:
                raise NotFoundError
            client = await uow.clients.get(invoice.client_id)
            if client is None:
                raise NotFoundError
            catalog = await uow.catalogs.current()
            withdrawing = await is_being_withdrawn(uow, invoice)
            being_paid = await is_being_paid(self.env, uow, invoice)
        is_free = invoice.is_open and not (withdrawing or being_paid)
        may_pay = is_free and not client.is_closed and is_web_address(invoice.address)
        return PayPage(
            invoice,
            catalog.company.name,
            client.language,
            is_being_withdrawn=withdrawing,
            is_being_paid=being_paid,
            is_closed=client.is_closed,
            address=invoice.address if may_pay and self.env.capabilities.pays_there else "",
        )
