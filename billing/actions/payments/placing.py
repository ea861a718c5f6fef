"""The pieces of placing an order: the confirmed cart, the way to pay, the invoice to write."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from billing.actions.payments.methods import pay_methods
from billing.ports.outside import PaymentGateway
from billing.rules.cart import Cart, CartLine
from billing.rules.catalog import Catalog
from billing.rules.errors import (
    BillingError,
    CartChangedError,
    EmptyCartError,
    NotAllowedError,
    NotOfferedError,
)
from billing.rules.invoices import Invoice, InvoiceLine, InvoiceStatus
from billing.rules.money import Money
from billing.rules.pricing_inputs import PricingInputs
from billing.rules.quotes import QuotedCart, Unavailable
from billing.views.payments import Checkout, PayMethod


def review(
    quoted_cart: QuotedCart,
    pricing: PricingInputs,
    credit: Money,
    gateways: Iterable[PaymentGateway],
    *,
    use_credit: bool,
) -> Checkout:
    """The ways to pay a quoted cart, with exact amounts; none while one of them is not known."""
    due = quoted_cart.gross.whole
    methods: tuple[PayMethod, ...] = ()
    if due is not None:
        methods = pay_methods(gateways, due, credit, pricing.catalog, use_credit=use_credit)
    return Checkout(quoted_cart, methods, credit, use_credit, tax_rate=pricing.taxation.rate)


def check_seal(now: Checkout, seal: int) -> None:
    """CartChangedError unless the quotes are the confirmed ones; `nothing_to_pay` for none."""
    if not now.quoted.quotes:
        raise nothing_to_pay(now.quoted)
    if now.quoted.seal != seal:
        raise changed(now)


def nothing_to_pay(quoted: QuotedCart) -> BillingError:
    """The refusal of a cart with nothing that can be bought: it is empty, or not allowed."""
    if any(problem.reason is Unavailable.ORDER_NOT_ALLOWED for problem in quoted.problems):
        return NotAllowedError(str(Unavailable.ORDER_NOT_ALLOWED))
    return EmptyCartError()


def changed(now: Checkout) -> CartChangedError:
    """The refusal of what was confirmed, with what there is to confirm by now."""
    if not now.quoted.quotes:
        return CartChangedError()
    return CartChangedError(total=now.quoted.gross.whole, checkout=now)


def chosen_method(
    gateway: PaymentGateway,
    due: Money,
    credit: Money,
    catalog: Catalog,
    *,
    use_credit: bool,
) -> PayMethod:
    """What credit and the gateway each take; NotOfferedError when it cannot take the rest."""
    for method in pay_methods([gateway], due, credit, catalog, use_credit=use_credit):
        return method
    raise NotOfferedError("gateway_off")


def draft_invoice(
    quoted_cart: QuotedCart, pricing: PricingInputs, *, number: str, now: datetime
) -> Invoice:
    """The snapshot of a quoted cart, not stored yet.

    NotOfferedError while a price or a period in it is not known: an invoice says both.
    """
    if not all(quote.is_complete for quote in quoted_cart.quotes):
        raise NotOfferedError("not_known_yet")
    return Invoice(
        id=0,
        client_id=quoted_cart.client_id,
        number=number,
        status=InvoiceStatus.UNPAID,
        currency=quoted_cart.currency,
        lines=tuple(InvoiceLine(0, quote) for quote in quoted_cart.quotes),
        created_at=now,
        expires_on=pricing.today + timedelta(days=pricing.catalog.policy.invoice_expires_days),
        paid=Money.zero(quoted_cart.currency),
    )


def left_over(cart: Cart, quoted_cart: QuotedCart) -> list[CartLine]:
    """The lines that could not be bought: they stay in the cart, with their reason."""
    problems = {problem.line_id for problem in quoted_cart.problems}
    return [line for line in cart.lines if line.id in problems]
