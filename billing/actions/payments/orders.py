"""Orders that a connected panel places: sent, looked at, given up."""

from dataclasses import dataclass, replace

from billing.actions.environment import Environment
from billing.actions.payments.methods import is_being_paid, is_one_being_paid
from billing.actions.payments.placing import changed, check_seal, review, write_order
from billing.actions.shop.pricing_inputs import read_pricing_inputs
from billing.ports.panel import Panel
from billing.ports.work import UnitOfWork
from billing.rules.errors import BillingError, NotAllowedError, NotFoundError, NotOfferedError
from billing.rules.panel.panel_calls import SLOW_AFTER
from billing.rules.payments.invoices import Born, Invoice
from billing.rules.payments.orders import Order, OrderState
from billing.rules.shop.cart_parts import CartPart, lines_of
from billing.rules.shop.pricing import quote_cart
from billing.views.account import ClientInfo
from billing.views.payments import OrderPage


@dataclass(frozen=True, slots=True)
class SendOrder:
    """Turn the confirmed cart, or a part of it, into an order; a double tap makes one.

    The way to pay is asked once the panel has made the invoices.
    """

    env: Environment
    panel: Panel

    async def __call__(
        self,
        client: ClientInfo,
        language: str,
        *,
        revision: int,
        seal: int,
        part: CartPart | None = None,
    ) -> OrderPage:
        """Send it; CartChangedError if the cart or its prices are not what was confirmed.

        NotOfferedError where invoices are made here: there an order is paid at once.
        BillingError("panel_away").
        """
        self.env.check_pays(client)
        if not self.env.capabilities.deferred:
            raise NotOfferedError("gateway_off")
        async with self.env.work.writing(client.id) as uow:
            cart, pricing = await read_pricing_inputs(self.env, uow, client, language=language)
            quoted_cart = quote_cart(lines_of(cart, part), pricing)
            now = review(self.env, client, quoted_cart, pricing, use_credit=False, part=part)
            order: Order | None
            if cart.revision != revision:
                order = await uow.orders.of_cart(client.id, revision)
                # Another part of the cart may have been ordered at the same revision.
                if order is None or order.seal != seal:
                    raise changed(now)
                return OrderPage(order, await uow.invoices.of_order(client.id, order.id))
            check_seal(now, seal)
            await self.env.check_panel_answers(uow, client)
            order, _ = await write_order(self.env, uow, self.panel, cart, quoted_cart, pricing)
            await uow.commit()
        return OrderPage(order)


@dataclass(frozen=True, slots=True)
class ShowOrder:
    """One order with its invoices."""

    env: Environment

    async def __call__(self, client: ClientInfo, order_id: int) -> OrderPage:
        """Read it; NotFoundError if the client has no such order."""
        async with self.env.work.reading() as uow:
            order = await uow.orders.get(client.id, order_id)
            if order is None:
                raise NotFoundError
            bills = await uow.invoices.of_order(client.id, order_id)
            being_paid = await is_one_being_paid(uow, client.id, bills)
            slow = order.is_under_way and await self._is_slow(uow, order)
            return OrderPage(order, bills, is_being_paid=being_paid, is_slow=slow)

    async def _is_slow(self, uow: UnitOfWork, order: Order) -> bool:
        calls = await uow.panel_calls.open_for_client(order.client_id)
        oldest = [call.created_at for call in calls if call.order_id == order.id][:1]
        return any(self.env.now() - since > SLOW_AFTER for since in oldest)


async def is_being_withdrawn(uow: UnitOfWork, invoice: Invoice) -> bool:
    """Whether a panel has yet to give up the order of this invoice: it cannot be paid then."""
    if invoice.born is not Born.PANEL or invoice.order_id is None:
        return False
    order = await uow.orders.get(invoice.client_id, invoice.order_id)
    return order is not None and order.state is OrderState.WITHDRAWING


async def check_not_under_way(env: Environment, uow: UnitOfWork, invoice: Invoice) -> None:
    """NotAllowedError while the panel withdraws its order, or pays it from the balance there."""
    if await is_being_withdrawn(uow, invoice):
        raise NotAllowedError("order_being_withdrawn")
    if await is_being_paid(env, uow, invoice):
        raise NotAllowedError("invoice_being_paid")


@dataclass(frozen=True, slots=True)
class WithdrawOrder:
    """Give up an order that was placed and of which nothing is paid."""

    env: Environment
    panel: Panel

    async def __call__(self, client: ClientInfo, order_id: int) -> OrderPage:
        """Have it given up; again changes nothing.

        BillingError("order_not_withdrawable") once something is paid, before it is placed, and
        where invoices are made here: there an invoice is cancelled. NotAllowedError while one of
        its invoices is being paid from the balance there. BillingError("panel_away").
        """
        self.env.check_pays(client)
        if not self.env.capabilities.deferred:
            raise BillingError("order_not_withdrawable")
        now = self.env.now()
        async with self.env.work.writing(client.id) as uow:
            order = await uow.orders.get(client.id, order_id)
            if order is None:
                raise NotFoundError
            bills = await uow.invoices.of_order(client.id, order_id)
            if order.state in (OrderState.WITHDRAWING, OrderState.WITHDRAWN):
                return OrderPage(order, bills)
            if not OrderPage(order, bills).is_withdrawable:
                raise BillingError("order_not_withdrawable")
            if await is_one_being_paid(uow, client.id, bills):
                raise NotAllowedError("invoice_being_paid")
            await self.env.check_panel_answers(uow, client)
            order = replace(order, state=OrderState.WITHDRAWING)
            await uow.orders.save(order)
            await self.panel.withdraw(uow, order, now=now)
            await uow.commit()
        return OrderPage(order, bills)
