"""Telegram's own invoice with a provider's token; off unless the operator sets one.

Telegram's terms ask that digital goods and services be sold for Stars only; whether hosting counts
is the operator's question, so the application warns about it at start.
"""

from billing.ports.outside import PaymentGateway
from billing.rules.money import Money
from billing.rules.payments.invoices import Invoice
from billing.rules.payments.payload import write_payload
from billing.rules.payments.payment import Payment
from billing.rules.shop.catalog import Catalog
from billing.views.payments import PaymentStart, TelegramInvoice

CODE = "telegram"


class TelegramGateway:
    """Takes any positive amount; Telegram refuses amounts outside the provider's limits."""

    code = CODE
    number = 3

    def offers(self, amount: Money, catalog: Catalog) -> bool:  # noqa: ARG002 - the port's shape
        """Whether there is something to pay."""
        return amount.minor > 0

    async def start(self, invoice: Invoice, payment: Payment, catalog: Catalog) -> PaymentStart:  # noqa: ARG002 - the port's shape
        """The invoice to send; its payload names this one attempt and the proforma."""
        return TelegramInvoice(write_payload(payment.id, invoice), payment.amount, invoice.number)


def telegram_gateway() -> PaymentGateway:
    """The gateway, as the port sees it."""
    return TelegramGateway()
