"""The client's own credit: checkout debits it itself, so this gateway starts nothing."""

from billing.ports.outside import PaymentGateway
from billing.rules.catalog import Catalog
from billing.rules.invoices import Invoice
from billing.rules.money import Money
from billing.rules.payments import Payment
from billing.views.payments import Done, PaymentStart


class CreditGateway:
    """Always on: the money is already here."""

    code = "credit"
    number = 1

    def offers(self, amount: Money, catalog: Catalog) -> bool:  # noqa: ARG002 - the port's shape
        """Return True: checkout itself checks whether credit covers the amount."""
        return True

    async def start(self, invoice: Invoice, payment: Payment, catalog: Catalog) -> PaymentStart:  # noqa: ARG002 - the port's shape
        """Nothing more to do."""
        return Done()


def credit_gateway() -> PaymentGateway:
    """The gateway, as the port sees it."""
    return CreditGateway()
