"""Bank transfer: the client sees the account, the operator confirms with `panelik paid`."""

from billing.ports.outside import PaymentGateway
from billing.rules.errors import NotOfferedError
from billing.rules.money import Money
from billing.rules.payments.invoices import Invoice
from billing.rules.payments.payment import Payment
from billing.rules.shop.catalog import Catalog
from billing.views.payments import Instructions, PaymentStart


class BankGateway:
    """On for every currency in which the company has an account."""

    code = "bank"
    number = 2

    def offers(self, amount: Money, catalog: Catalog) -> bool:
        """Return whether there is an account for the currency and something to transfer."""
        return amount.minor > 0 and amount.currency in catalog.company.bank_accounts

    async def start(self, invoice: Invoice, payment: Payment, catalog: Catalog) -> PaymentStart:
        """Return the account, the title that identifies the transfer, and the amount."""
        account = catalog.company.bank_accounts.get(payment.amount.currency)
        if account is None:
            raise NotOfferedError("gateway_off")
        return Instructions(
            account,
            title=invoice.number,
            amount=payment.amount,
            tax_id=catalog.company.tax_id,
        )


def bank_gateway() -> PaymentGateway:
    """The gateway, as the port sees it."""
    return BankGateway()
