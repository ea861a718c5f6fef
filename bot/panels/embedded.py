"""The default panel: our own tables own the services, and the billing rules move dates."""

from datetime import date, datetime

from billing.ports.panel import Applied, Capabilities, InvoiceTerms, Owed, Panel
from billing.ports.work import UnitOfWork
from billing.rules.errors import NotOfferedError
from billing.rules.money import Money
from billing.rules.payments.invoices import Invoice, InvoiceLine, InvoiceStatus
from billing.rules.payments.orders import Order
from billing.rules.payments.payment import Payment
from billing.rules.payments.tasks import AppliedLine
from billing.rules.shop.quotes import sum_of
from billing.views.services import Cancellation
from bot.panels.paid_lines import apply_lines

NAME = "embedded"


class EmbeddedPanel:
    """Applies paid lines at once, in the transaction that marks the invoice paid."""

    @property
    def name(self) -> str:
        """What `PANELIK_PANEL` calls it."""
        return NAME

    async def identity(self) -> str:
        """Return "": the database itself is the panel."""
        return ""

    @property
    def capabilities(self) -> Capabilities:
        """Everything can be done here."""
        return Capabilities()

    async def place(
        self, uow: UnitOfWork, order: Order, terms: InvoiceTerms, *, now: datetime
    ) -> Applied[Invoice]:
        """Make the invoice: an immutable snapshot of the order."""
        number = await uow.invoices.next_number(terms.today, terms.digits)
        invoice = Invoice(
            id=0,
            client_id=order.client_id,
            number=number,
            status=InvoiceStatus.UNPAID,
            currency=order.currency,
            lines=tuple(InvoiceLine(0, quote) for quote in order.quotes),
            created_at=now,
            expires_on=terms.expires_on,
            paid=Money.zero(order.currency),
            totals=sum_of(order.quotes, order.currency),
            order_id=order.id,
        )
        return Applied(await uow.invoices.add(invoice))

    async def record_payment(
        self,
        uow: UnitOfWork,  # noqa: ARG002 - the port's
        invoice: Invoice,  # noqa: ARG002
        payment: Payment,  # noqa: ARG002
        amount: Money,  # noqa: ARG002
        *,
        now: datetime,  # noqa: ARG002
    ) -> Applied[None]:
        """Nothing: the invoices are ours."""
        return Applied(None)

    async def pay_balance(
        self,
        uow: UnitOfWork,  # noqa: ARG002 - the port's
        invoice: Invoice,  # noqa: ARG002
        *,
        now: datetime,  # noqa: ARG002
    ) -> Owed:
        """Refuse: the balance is credit here, and pays as a part of a payment."""
        raise NotOfferedError("gateway_off")

    async def add_balance(
        self,
        uow: UnitOfWork,  # noqa: ARG002 - the port's
        client_id: int,  # noqa: ARG002
        amount: Money,  # noqa: ARG002
        *,
        unplaced_id: int,  # noqa: ARG002
        now: datetime,  # noqa: ARG002
    ) -> Owed:
        """Refuse: the balance is credit here."""
        raise NotOfferedError("gateway_off")

    async def withdraw(
        self,
        uow: UnitOfWork,  # noqa: ARG002 - the port's
        order: Order,  # noqa: ARG002
        *,
        now: datetime,  # noqa: ARG002
    ) -> Applied[None]:
        """Nothing: here an order is given up by cancelling its invoice."""
        return Applied(None)

    async def cancel(
        self,
        uow: UnitOfWork,  # noqa: ARG002 - the port's
        request: Cancellation,  # noqa: ARG002
        *,
        now: datetime,  # noqa: ARG002
    ) -> Applied[None]:
        """Nothing: the operator decides about the request here."""
        return Applied(None)

    async def keep(
        self,
        uow: UnitOfWork,  # noqa: ARG002 - the port's
        request: Cancellation,  # noqa: ARG002
        *,
        now: datetime,  # noqa: ARG002
    ) -> Applied[None]:
        """Nothing: the request is kept here only."""
        return Applied(None)

    async def settle(
        self, uow: UnitOfWork, invoice: Invoice, *, now: datetime, today: date
    ) -> Applied[tuple[AppliedLine, ...]]:
        """Renew, activate and create, each line once; what cannot be delivered becomes credit."""
        return Applied(await apply_lines(uow, invoice, now=now, today=today))


def panel() -> Panel:
    """The panel, as the port sees it."""
    return EmbeddedPanel()
