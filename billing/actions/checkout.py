"""From the cart to an invoice, and the start of its payment.

Placing has two steps: `begin` commits the invoice (and, with credit, its payment) in one
transaction; the gateway is asked for the way to pay only afterwards, with none open.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from billing.actions.basis import read_cart_basis
from billing.actions.environment import Environment
from billing.actions.gateways import (
    CREDIT,
    attempt_of,
    gateway_numbered,
    open_payment,
    pay_methods,
    start_payment,
)
from billing.actions.settle import Settler
from billing.ports.outside import PaymentGateway
from billing.ports.work import UnitOfWork
from billing.rules.catalog import Catalog
from billing.rules.errors import CartChangedError, EmptyCartError, NotOfferedError
from billing.rules.invoices import Invoice, InvoiceLine, InvoiceStatus
from billing.rules.money import Money
from billing.rules.payments import Payment
from billing.rules.pricing import quote_cart
from billing.rules.quotes import QuotedCart
from billing.views.account import ClientInfo
from billing.views.payments import Checkout, PayMethod, Placed


@dataclass(frozen=True, slots=True)
class ReviewCheckout:
    """The ways to pay what is in the cart, with exact amounts."""

    env: Environment
    gateways: Sequence[PaymentGateway]

    async def __call__(
        self, client: ClientInfo, language: str, *, use_credit: bool = True
    ) -> Checkout:
        """Price the cart; EmptyCartError when nothing in it can be bought."""
        async with self.env.work.reading() as uow:
            cart, basis = await read_cart_basis(self.env, uow, client, language=language)
        quoted = quote_cart(cart, basis)
        if not quoted.quotes:
            raise EmptyCartError
        methods = pay_methods(
            self.gateways, quoted.totals.gross, client.credit, basis.catalog, use_credit=use_credit
        )
        return Checkout(quoted, methods, client.credit, use_credit)


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """Turn the confirmed cart into an invoice and start paying it; a double tap makes one."""

    env: Environment
    gateways: Sequence[PaymentGateway]
    settler: Settler

    async def __call__(
        self,
        client: ClientInfo,
        language: str,
        *,
        revision: int,
        seal: int,
        gateway_number: int,
        use_credit: bool = True,
        user_id: int | None = None,
    ) -> Placed:
        """Place it; CartChangedError if the cart or its prices are not what was confirmed."""
        gateway = gateway_numbered(self.gateways, gateway_number)
        async with self.env.work.writing() as uow:
            cart, basis = await read_cart_basis(self.env, uow, client, language=language)
            repeated = cart.revision != revision
            if repeated:
                found = await uow.invoices.of_cart(client.id, revision)
                if found is None:
                    raise CartChangedError
                invoice = found
                payment = await attempt_of(uow, invoice, gateway.code)
            else:
                quoted = quote_cart(cart, basis)
                check_seal(quoted, seal)
                method = self._method(gateway, quoted, client, basis.catalog, use_credit)
                problems = {problem.line_id for problem in quoted.problems}
                invoice = await self._add_invoice(uow, quoted, basis.catalog)
                await uow.carts.save(cart, [line for line in cart.lines if line.id in problems])
                invoice, payment = await self._begin(uow, invoice, method, user_id)
                await uow.commit()
        start = await start_payment(gateway, invoice, payment, basis.catalog)
        return Placed(invoice, start, gateway.code, repeated)

    def _method(
        self,
        gateway: PaymentGateway,
        quoted: QuotedCart,
        client: ClientInfo,
        catalog: Catalog,
        use_credit: bool,
    ) -> PayMethod:
        methods = pay_methods(
            [gateway], quoted.totals.gross, client.credit, catalog, use_credit=use_credit
        )
        if not methods:
            raise NotOfferedError("gateway_off")
        return methods[0]

    async def _add_invoice(self, uow: UnitOfWork, quoted: QuotedCart, catalog: Catalog) -> Invoice:
        today = self.env.today()
        draft = Invoice(
            id=0,
            client_id=quoted.client_id,
            number=await uow.invoices.next_number(today),
            status=InvoiceStatus.UNPAID,
            currency=quoted.currency,
            lines=tuple(InvoiceLine(0, quote) for quote in quoted.quotes),
            created_at=self.env.now(),
            expires_on=today + timedelta(days=catalog.policy.invoice_expires_days),
            paid=Money.zero(quoted.currency),
        )
        return await uow.invoices.add(draft, cart_revision=quoted.revision)

    async def _begin(
        self, uow: UnitOfWork, invoice: Invoice, method: PayMethod, user_id: int | None
    ) -> tuple[Invoice, Payment | None]:
        if method.credit_part or not method.due_part:
            invoice = await self.settler.pay_with_credit(
                uow, invoice, method.credit_part, not_user=user_id
            )
        if not invoice.is_open:
            return invoice, None
        return invoice, await open_payment(self.env, uow, invoice, method.gateway)


def check_seal(quoted: QuotedCart, seal: int) -> None:
    """EmptyCartError or CartChangedError unless the quotes are the confirmed ones."""
    if not quoted.quotes:
        raise EmptyCartError
    if quoted.seal != seal:
        raise CartChangedError(total=quoted.totals.gross)


@dataclass(frozen=True, slots=True)
class PayInvoice:
    """Start paying an unpaid invoice, with credit first or alone."""

    env: Environment
    gateways: Sequence[PaymentGateway]
    settler: Settler

    async def __call__(
        self,
        client: ClientInfo,
        *,
        invoice_id: int,
        gateway_number: int,
        user_id: int | None = None,
    ) -> Placed:
        """Begin the payment; InvoiceClosedError when it is not unpaid any more."""
        gateway = gateway_numbered(self.gateways, gateway_number)
        payment = None
        async with self.env.work.writing() as uow:
            invoice = await self.settler.read_open(uow, client.id, invoice_id)
            catalog = await uow.catalogs.current()
            if gateway.code == CREDIT:
                invoice = await self.settler.pay_with_credit(
                    uow, invoice, invoice.balance, not_user=user_id
                )
            else:
                payment = await open_payment(self.env, uow, invoice, gateway.code)
            await uow.commit()
        start = await start_payment(gateway, invoice, payment, catalog)
        return Placed(invoice, start, gateway.code)


@dataclass(frozen=True, slots=True)
class CancelInvoice:
    """Give up an unpaid invoice; what was paid for it becomes credit again."""

    env: Environment
    settler: Settler

    async def __call__(self, client: ClientInfo, invoice_id: int) -> Invoice:
        """Cancel and return it; InvoiceClosedError when it is not unpaid any more."""
        async with self.env.work.writing() as uow:
            invoice = await self.settler.read_open(uow, client.id, invoice_id)
            await self.settler.close(uow, invoice, InvoiceStatus.CANCELLED)
            await uow.commit()
        return replace(invoice, status=InvoiceStatus.CANCELLED)
