"""From the cart to an invoice, and the start of its payment.

Placing has two steps: the first commits the invoice (and, with credit, its payment) in one
transaction; the gateway is asked for the way to pay only afterwards, with none open.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from billing.actions.environment import Environment
from billing.actions.payments.invoices import invoice_page
from billing.actions.payments.methods import (
    gateway_numbered,
    new_payment,
    open_payment,
    start_payment,
)
from billing.actions.payments.orders import check_not_under_way
from billing.actions.payments.placing import (
    changed,
    check_seal,
    chosen_method,
    nothing_to_pay,
    review,
    write_order,
)
from billing.actions.payments.settle import Settler
from billing.actions.shop.pricing_inputs import read_pricing_inputs
from billing.ports.outside import PaymentGateway
from billing.ports.panel import Applied
from billing.ports.work import UnitOfWork
from billing.rules.errors import CartChangedError, NotAllowedError, NotOfferedError
from billing.rules.payments.invoices import Born, Invoice, InvoiceStatus
from billing.rules.payments.payment import Payment
from billing.rules.shop.cart import Cart
from billing.rules.shop.cart_parts import CartPart, lines_of
from billing.rules.shop.pricing import quote_cart
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import QuotedCart
from billing.views.account import ClientInfo
from billing.views.payments import Checkout, InvoicePage, PayMethod, Placed


@dataclass(frozen=True, slots=True)
class ReviewCheckout:
    """The ways to pay what is in the cart, or a part of it, with exact amounts."""

    env: Environment
    gateways: Sequence[PaymentGateway]

    async def __call__(
        self,
        client: ClientInfo,
        language: str,
        *,
        use_credit: bool = True,
        part: CartPart | None = None,
    ) -> Checkout:
        """Price it; EmptyCartError or NotAllowedError when nothing in it can be bought."""
        self.env.allowed(client).check_pay()
        async with self.env.work.reading() as uow:
            cart, pricing = await read_pricing_inputs(self.env, uow, client, language=language)
        quoted_cart = quote_cart(lines_of(cart, part), pricing)
        if not quoted_cart.quotes:
            raise nothing_to_pay(quoted_cart)
        return review(
            self.env, client, quoted_cart, pricing, gateways=self.gateways,
            use_credit=use_credit, part=part,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """Turn the confirmed cart, or a part of it, into an invoice and start paying it.

    A double tap makes one invoice.
    """

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
        gateway_number: int | None,
        use_credit: bool = True,
        user_id: int | None = None,
        part: CartPart | None = None,
    ) -> Placed:
        """Place it; CartChangedError if the cart or its prices are not what was confirmed.

        Without a gateway credit alone pays. What it costs by now comes with the error as
        `checkout`. NotAllowedError if all it holds are orders that the client may not place, or
        for a user who may not pay. NotOfferedError where the panel makes the invoices: then an
        order is sent first, and paid after that.
        """
        gateway = gateway_numbered(self.gateways, gateway_number)
        self.env.check_pays(client)
        async with self.env.work.writing(client.id) as uow:
            cart, pricing = await read_pricing_inputs(self.env, uow, client, language=language)
            quoted_cart = quote_cart(lines_of(cart, part), pricing)
            now = review(
                self.env, client, quoted_cart, pricing, gateways=self.gateways,
                use_credit=use_credit, part=part,
            )  # fmt: skip
            if repeated := cart.revision != revision:
                invoice, payment = await self._again(uow, now, gateway, revision, seal)
            else:
                check_seal(now, seal)
                due, catalog = quoted_cart.totals.gross, pricing.catalog
                method = chosen_method(gateway, due, now.credit, catalog, use_credit=use_credit)
                invoice = await self._write(uow, cart, quoted_cart, pricing)
                invoice, payment = await self._begin(uow, invoice, method, user_id)
            await uow.commit()
        start = await start_payment(gateway, invoice, payment, pricing.catalog)
        return Placed(invoice, start, repeated)

    async def _write(
        self, uow: UnitOfWork, cart: Cart, quoted_cart: QuotedCart, pricing: PricingInputs
    ) -> Invoice:
        panel = self.settler.panel
        _, placing = await write_order(self.env, uow, panel, cart, quoted_cart, pricing)
        if not isinstance(placing, Applied):
            raise NotOfferedError("pay_after_placing")
        return placing.value

    async def _again(
        self,
        uow: UnitOfWork,
        now: Checkout,
        gateway: PaymentGateway | None,
        revision: int,
        seal: int,
    ) -> tuple[Invoice, Payment | None]:
        """What those lines at that revision became, and the attempt to pay what is left of it.

        Another part of the cart may have been ordered at the same revision: the seal tells them
        apart. Credit is not taken a second time: the invoice shows what can be done.
        """
        bills = await uow.invoices.of_cart(now.quoted_cart.client_id, revision, seal)
        if not bills:
            raise changed(now)
        invoice = bills[0]
        if not invoice.is_open or gateway is None:
            return invoice, None
        return invoice, await open_payment(self.env, uow, invoice, gateway.code)

    async def _begin(
        self, uow: UnitOfWork, invoice: Invoice, method: PayMethod, user_id: int | None
    ) -> tuple[Invoice, Payment | None]:
        if method.credit_part or not method.due_part:
            invoice = await self.settler.pay_with_credit(
                uow, invoice, method.credit_part, not_user=user_id
            )
        if not invoice.is_open or method.gateway is None:
            return invoice, None
        return invoice, await new_payment(self.env, uow, invoice, method.gateway.code)


@dataclass(frozen=True, slots=True)
class PayInvoice:
    """Start paying what is left of an unpaid invoice; credit pays all or a part of it at once."""

    env: Environment
    gateways: Sequence[PaymentGateway]
    settler: Settler

    async def __call__(
        self,
        client: ClientInfo,
        *,
        invoice_id: int,
        gateway_number: int | None,
        use_credit: bool = False,
        user_id: int | None = None,
        seal: int | None = None,
    ) -> Placed:
        """Begin the payment; InvoiceClosedError when it is not unpaid any more.

        Without a gateway credit alone pays; InsufficientCreditError where it does not cover it.
        NotAllowedError("order_being_withdrawn") while its order is, and ("invoice_being_paid")
        while it is from the balance in the panel. With the `seal` of what the client saw,
        CartChangedError("invoice_changed") where something else is left by now.
        """
        gateway = gateway_numbered(self.gateways, gateway_number)
        payment = None
        self.env.check_pays(client)
        async with self.env.work.writing(client.id) as uow:
            invoice, catalog = await self.settler.read_open(uow, client.id, invoice_id)
            await check_not_under_way(self.env, uow, invoice)
            if seal not in (None, invoice.seal):
                raise CartChangedError("invoice_changed")
            part = invoice.balance
            if gateway is not None:
                due, credit = invoice.balance, self.env.credit_for(client, invoice)
                method = chosen_method(gateway, due, credit, catalog, use_credit=use_credit)
                part = method.credit_part
            if part:
                invoice = await self.settler.pay_with_credit(uow, invoice, part, not_user=user_id)
            if gateway is not None:
                payment = await open_payment(self.env, uow, invoice, gateway.code)
            await uow.commit()
        start = await start_payment(gateway, invoice, payment, catalog)
        return Placed(invoice, start)


@dataclass(frozen=True, slots=True)
class CancelInvoice:
    """Give up an unpaid invoice; what was paid for it goes back to the client."""

    env: Environment
    settler: Settler

    async def __call__(self, client: ClientInfo, invoice_id: int) -> InvoicePage:
        """Cancel and return it; InvoiceClosedError when it is not unpaid any more.

        NotAllowedError for one that a panel owns: there an order is withdrawn.
        """
        self.env.allowed(client).check_pay()
        async with self.env.work.writing(client.id) as uow:
            invoice, catalog = await self.settler.read_open(uow, client.id, invoice_id)
            if invoice.born is Born.PANEL:
                raise NotAllowedError("invoice_not_cancellable")
            await self.settler.close(uow, invoice, InvoiceStatus.CANCELLED)
            await uow.commit()
        cancelled = replace(invoice, status=InvoiceStatus.CANCELLED)
        return invoice_page(self.env, client, cancelled, catalog.company)
