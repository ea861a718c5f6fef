"""Looking at invoices and the credit's history, and the sweep that expires what is late."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from billing.actions.environment import Environment
from billing.actions.payments.methods import is_being_paid, pay_methods
from billing.actions.payments.orders import is_being_withdrawn
from billing.actions.payments.settle import Settler
from billing.ports.outbox import Notification
from billing.ports.outside import PaymentGateway
from billing.ports.work import UnitOfWork
from billing.rules.errors import NotAllowedError, NotFoundError
from billing.rules.money import Money
from billing.rules.payments.invoices import Invoice, InvoiceStatus
from billing.rules.shop.catalog import Company
from billing.views.account import ClientInfo
from billing.views.credit import CreditHistory
from billing.views.notices.money import InvoiceExpired
from billing.views.payments import (
    InvoiceList,
    InvoicePage,
    OrderSummary,
    Party,
    PayMethod,
)

PAGE_SIZE = 8
LAST_PAGE = 10**9
"""No list is that long: a forged button must not ask for a number that no database can count."""

BATCH = 100

MOST_ORDERS = 5
"""Orders under way that the list of invoices leads to."""


@dataclass(frozen=True, slots=True)
class ListInvoices:
    """One page of a client's open or past invoices."""

    env: Environment

    async def __call__(self, client: ClientInfo, *, is_open: bool, page: int = 0) -> InvoiceList:
        """Read the page, newest first; a page past the end becomes the last one."""
        async with self.env.work.reading() as uow:
            unpaid, past = await uow.invoices.counts(client.id)
            count = unpaid if is_open else past
            page = min(max(page, 0), max(0, count - 1) // PAGE_SIZE)
            rows = await uow.invoices.page(
                client.id, is_open=is_open, limit=PAGE_SIZE, offset=page * PAGE_SIZE
            )
            orders: tuple[OrderSummary, ...] = ()
            if is_open and self.env.capabilities.deferred:
                orders = await uow.orders.under_way(client.id, MOST_ORDERS)
        others = past if is_open else unpaid
        credit = self.env.credit_of(client)
        return InvoiceList(is_open, page, count, PAGE_SIZE, rows, credit, others, orders)


@dataclass(frozen=True, slots=True)
class ShowInvoice:
    """One invoice with the ways to pay what is left of it."""

    env: Environment
    gateways: Sequence[PaymentGateway]

    async def __call__(
        self, client: ClientInfo, invoice_id: int, *, use_credit: bool = False
    ) -> InvoicePage:
        """Read it; NotFoundError if the client has no such invoice."""
        async with self.env.work.reading() as uow:
            return await self.read(uow, client, invoice_id, use_credit=use_credit)

    async def read(
        self, uow: UnitOfWork, client: ClientInfo, invoice_id: int, *, use_credit: bool = False
    ) -> InvoicePage:
        """The same within a transaction."""
        read = await uow.invoices.get_with_catalog(client.id, invoice_id)
        if read is None:
            raise NotFoundError
        invoice, catalog = read
        withdrawing = await is_being_withdrawn(uow, invoice)
        methods: tuple[PayMethod, ...] = ()
        pay_address, balance = "", None
        being_paid = await is_being_paid(self.env, uow, invoice)
        if invoice.is_open and not (withdrawing or being_paid):
            pay_address = self.env.pay_address(client, invoice)
            balance = self.env.balance_of(client)
            methods = pay_methods(
                self.gateways,
                invoice.balance,
                self.env.credit_for(client, invoice),
                catalog,
                use_credit=use_credit,
            )
        page = invoice_page(self.env, client, invoice, catalog.company)
        return replace(
            page,
            methods=methods,
            use_credit=use_credit,
            is_being_withdrawn=withdrawing,
            is_being_paid=being_paid,
            pay_address=pay_address,
            balance=balance,
        )


def invoice_page(
    env: Environment, client: ClientInfo, invoice: Invoice, company: Company
) -> InvoicePage:
    """An invoice with who sells and who buys, and no way to pay it."""
    seller = Party(company.name, company.tax_id, company.address)
    buyer = Party(client.name, client.tax_id)
    return InvoicePage(invoice, (), env.today(), env.credit_for(client, invoice), seller, buyer)


@dataclass(frozen=True, slots=True)
class ShowCredit:
    """The credit and its movements."""

    env: Environment

    async def __call__(self, client: ClientInfo, page: int = 0) -> CreditHistory:
        """Read one page, newest first; empty past the end.

        NotAllowedError where clients have no credit.
        """
        if not self.env.capabilities.credit:
            raise NotAllowedError("no_credit")
        page = min(max(page, 0), LAST_PAGE)
        async with self.env.work.reading() as uow:
            movements = await uow.clients.movements(
                client.id, limit=PAGE_SIZE + 1, offset=page * PAGE_SIZE
            )
        return CreditHistory(
            client.credit, movements[:PAGE_SIZE], page, len(movements) > PAGE_SIZE
        )


@dataclass(frozen=True, slots=True)
class ExpireInvoices:
    """Expire unpaid invoices past their date; a tick may call it at any time.

    A panel that does not leave sweeps to us closes its invoices itself.
    """

    env: Environment
    settler: Settler

    async def __call__(self) -> int:
        """Expire what is due and return how many."""
        if not self.env.capabilities.sweeps:
            return 0
        async with self.env.work.reading() as uow:
            late = await uow.invoices.expired(self.env.today(), limit=BATCH)
        return sum([await self._expire(invoice) for invoice in late])

    async def _expire(self, late: Invoice) -> bool:
        """Expire one as it stands by now; False if it was paid or closed meanwhile."""
        async with self.env.work.writing(late.client_id) as uow:
            invoice = await uow.invoices.by_id(late.id)
            if invoice is None or not invoice.is_open:
                return False
            released = await self.settler.close(uow, invoice, InvoiceStatus.EXPIRED)
            note = _expiry_notice(invoice, released, is_credit=self.env.capabilities.credit)
            await uow.outbox.add([note], at=self.env.now())
            await uow.commit()
        return True


def _expiry_notice(invoice: Invoice, released: Money, *, is_credit: bool) -> Notification:
    expired = InvoiceExpired(invoice.id, invoice.number, released, is_credit=is_credit)
    return Notification(f"expired:{invoice.number}", expired, client_id=invoice.client_id)
