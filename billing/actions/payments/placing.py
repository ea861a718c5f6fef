"""The pieces of placing an order: the confirmed cart, the way to pay, the order to write."""

from collections.abc import Iterable
from datetime import timedelta

from billing.actions.environment import Environment
from billing.actions.payments.methods import pay_methods
from billing.ports.outside import PaymentGateway
from billing.ports.panel import Applied, InvoiceTerms, Owed, Panel
from billing.ports.work import UnitOfWork
from billing.rules.errors import (
    BillingError,
    CartChangedError,
    EmptyCartError,
    NotAllowedError,
    NotOfferedError,
)
from billing.rules.money import Money
from billing.rules.payments.invoices import Invoice
from billing.rules.payments.orders import LineState, Order, OrderLine, OrderState
from billing.rules.shop.cart import Cart, CartLine
from billing.rules.shop.cart_parts import CartPart
from billing.rules.shop.catalog import Catalog
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import QuotedCart, Unavailable
from billing.views.account import ClientInfo
from billing.views.payments import Checkout, PayMethod


def review(
    env: Environment,
    client: ClientInfo,
    quoted_cart: QuotedCart,
    pricing: PricingInputs,
    *,
    gateways: Iterable[PaymentGateway] = (),
    use_credit: bool,
    part: CartPart | None = None,
) -> Checkout:
    """The ways to pay a quoted cart, or the quoted part of one, with exact amounts.

    There are none while a price or a period is not known, and where a panel places the order
    first.
    """
    due, credit, capabilities = quoted_cart.gross.whole, env.credit_of(client), env.capabilities
    methods: tuple[PayMethod, ...] = ()
    if due is not None and quoted_cart.is_complete and not capabilities.deferred:
        methods = pay_methods(gateways, due, credit, pricing.catalog, use_credit=use_credit)
    return Checkout(
        quoted_cart,
        methods,
        credit,
        use_credit,
        tax_rate=pricing.taxation.rate,
        is_deferred=capabilities.deferred,
        spends_balance=capabilities.spends_balance,
        part=part,
        balance=client.balance if capabilities.spends_balance else None,
    )


def check_seal(now: Checkout, seal: int) -> None:
    """CartChangedError unless the quotes are the confirmed ones; `nothing_to_pay` for none."""
    if not now.quoted_cart.quotes:
        raise nothing_to_pay(now.quoted_cart)
    if now.quoted_cart.seal != seal:
        raise changed(now)


def nothing_to_pay(quoted: QuotedCart) -> BillingError:
    """The refusal of a cart with nothing that can be bought: it is empty, or not allowed."""
    if any(problem.reason is Unavailable.ORDER_NOT_ALLOWED for problem in quoted.problems):
        return NotAllowedError(str(Unavailable.ORDER_NOT_ALLOWED))
    return EmptyCartError()


def changed(now: Checkout) -> CartChangedError:
    """The refusal of what was confirmed, with what there is to confirm by now."""
    if not now.quoted_cart.quotes:
        return CartChangedError()
    return CartChangedError(total=now.quoted_cart.gross.whole, checkout=now)


def chosen_method(
    gateway: PaymentGateway | None,
    due: Money,
    credit: Money | None,
    catalog: Catalog,
    *,
    use_credit: bool,
) -> PayMethod:
    """What credit and the gateway each take; NotOfferedError when they cannot pay it so."""
    gateways = () if gateway is None else (gateway,)
    for method in pay_methods(gateways, due, credit, catalog, use_credit=use_credit):
        if (method.gateway is None) is (gateway is None):
            return method
    raise NotOfferedError("gateway_off")


async def write_order(
    env: Environment,
    uow: UnitOfWork,
    panel: Panel,
    cart: Cart,
    quoted_cart: QuotedCart,
    pricing: PricingInputs,
) -> tuple[Order, Applied[Invoice] | Owed]:
    """Write the order of the quoted lines and hand it to the panel; the cart keeps the rest.

    NotOfferedError while a price or a period in it is not known, where the invoice is made at
    once: an invoice says both.
    """
    if not panel.capabilities.deferred and not quoted_cart.is_complete:
        raise NotOfferedError("not_known_yet")
    now = env.now()
    state = OrderState.PLACING if panel.capabilities.deferred else OrderState.PLACED
    line_state = LineState.WAITING if panel.capabilities.deferred else LineState.PLACED
    order = await uow.orders.add(
        Order(
            id=0,
            client_id=quoted_cart.client_id,
            cart_revision=cart.revision,
            state=state,
            currency=quoted_cart.currency,
            seal=quoted_cart.seal,
            total=quoted_cart.totals.gross,
            lines=tuple(OrderLine(quote, line_state) for quote in quoted_cart.quotes),
            created_at=now,
        )
    )
    days = pricing.catalog.policy.invoice_expires_days
    terms = InvoiceTerms(pricing.today, pricing.today + timedelta(days=days), env.digits())
    placing = await panel.place(uow, order, terms, now=now)
    await uow.carts.save(cart, left_over(cart, quoted_cart))
    return order, placing


def left_over(cart: Cart, quoted_cart: QuotedCart) -> list[CartLine]:
    """The lines that were not ordered: of another part, or such as cannot be bought now."""
    ordered = {quote.line_id for quote in quoted_cart.quotes}
    return [line for line in cart.lines if line.id not in ordered]
