"""Staff have seen the money for a proforma on the company's account."""

from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.actions.payments.transfer import RecordTransfer
from billing.rules.audit import Actor
from billing.rules.errors import NotFoundError
from billing.views.payments import PaymentResult


@dataclass(frozen=True, slots=True)
class MarkPaid:
    """Record a transfer of the whole balance."""

    env: Environment
    record: RecordTransfer

    async def __call__(
        self, client_id: int, invoice_id: int, *, seal: int, by: Actor
    ) -> PaymentResult:
        """Record it once, however often it is asked for.

        BillingError("amount_changed") if another balance is due than the one with that seal,
        InvoiceClosedError for a proforma that is not open any more and was not paid by transfer.
        """
        async with self.env.work.reading() as uow:
            invoice = await uow.invoices.by_id(invoice_id)
        if invoice is None or invoice.client_id != client_id:
            raise NotFoundError("no_such_invoice", number=str(invoice_id))
        # The seal tells a second transfer of the same amount from a second tap.
        return await self.record(invoice.number, by=by, again=True, seal=seal)
