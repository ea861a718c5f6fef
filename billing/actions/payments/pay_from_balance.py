"""Paying a panel's invoice from the client's balance there: all of it or nothing."""

from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.actions.payments.invoices import ShowInvoice
from billing.actions.payments.orders import is_being_withdrawn
from billing.ports.panel import Panel
from billing.rules.errors import (
    BillingError,
    CartChangedError,
    NotAllowedError,
    NotFoundError,
    NotOfferedError,
)
from billing.rules.payments.invoices import Born, InvoiceStatus, check_transition
from billing.views.account import ClientInfo
from billing.views.payments import InvoicePage


@dataclass(frozen=True, slots=True)
class PayFromBalance:
    """Have the panel pay an invoice from the client's balance; a second tap changes nothing."""

    env: Environment
    panel: Panel
    show: ShowInvoice

    async def __call__(self, client: ClientInfo, *, invoice_id: int, seal: int) -> InvoicePage:
        """Begin it; `seal` is that of the invoice as the client saw it.

        InvoiceClosedError when it is not unpaid any more, CartChangedError("invoice_changed")
        where something else is left by now, BillingError("balance_too_low") where the balance
        does not cover it or is not known, NotOfferedError where balances pay nothing, or where a
        part is paid, NotAllowedError("order_being_withdrawn") while its order is,
        BillingError("panel_away"), FreshCodeNeededError.
        """
        self.env.check_pays(client)
        async with self.env.work.writing(client.id) as uow:
            invoice = await uow.invoices.get(client.id, invoice_id)
            if invoice is None or invoice.status is InvoiceStatus.DRAFT:
                raise NotFoundError
            if invoice.born is not Born.PANEL:
                raise NotOfferedError("gateway_off")
            check_transition(invoice, InvoiceStatus.PAID)
            if await is_being_withdrawn(uow, invoice):
                raise NotAllowedError("order_being_withdrawn")
            page = await self.show.read(uow, client, invoice_id)
            if page.is_being_paid:
                return page
            if not self.env.capabilities.pays_balance:
                raise NotOfferedError("gateway_off")
            if seal != invoice.seal:
                raise CartChangedError("invoice_changed")
            if invoice.paid:
                raise NotOfferedError("gateway_off")
            if not page.balance_pays:
                raise BillingError("balance_too_low")
            await self.env.check_panel_answers(uow, client)
            await self.panel.pay_balance(uow, invoice, now=self.env.now())
            page = await self.show.read(uow, client, invoice_id)
            await uow.commit()
        return page
