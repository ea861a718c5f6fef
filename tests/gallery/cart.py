"""Samples of the cart."""

from collections.abc import Callable
from dataclasses import replace

from billing.rules.allowed import NOTHING
from billing.rules.cycles import BillingCycle
from billing.rules.shop.cart import Cart, CartLine
from billing.rules.shop.existing_orders import ExistingOrders, Namesake, UnpaidLine
from billing.rules.shop.pricing import quote_cart
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import Quote, Taxation
from billing.rules.shop.savings import CyclePrice, savings
from billing.views.cart import CartView, CycleChoice
from handlers.buttons import RestoreLine
from handlers.cart import screens
from handlers.chat.screens.screen import Screen
from locales.translator import Translator
from tests.gallery.renewals import LONG_DOMAIN, LONG_NAME
from tests.make import (
    TODAY,
    VAT,
    addon,
    addon_line,
    cart,
    catalog,
    money,
    prices,
    pricing,
    product,
    product_line,
    renewal_line,
    service,
)

FREE = Taxation(0, included=False)


def view(
    *lines: CartLine,
    known: PricingInputs | None = None,
    taxation: Taxation = VAT,
    credit: str = "0",
) -> CartView:
    """A cart of these lines on one service (or on what is `known`), every cycle to choose."""
    in_cart = numbered(*lines)
    known = replace(known or pricing(service()), taxation=taxation)
    return CartView(
        cart=in_cart,
        quoted_cart=quote_cart(in_cart, known),
        credit=money(credit),
        prices_include_tax=taxation.included,
        today=TODAY,
        tax_rate=taxation.rate,
        allowed=known.allowed,
        changeable=frozenset(line.id for line in in_cart.lines),
    )


def numbered(*lines: CartLine) -> Cart:
    """A cart whose lines have the numbers of their places."""
    return cart(*(replace(line, id=place) for place, line in enumerate(lines, start=1)))


def shop() -> PricingInputs:
    """A catalogue with a setup fee, on one service."""
    fee = addon(prices=prices("10.00", setup="20.00"))
    return pricing(service(), catalog=catalog(product(), fee))


def mixed() -> CartView:
    """A renewal, an add-on, a new product with an add-on of its own, and two problems."""
    return view(
        renewal_line(1),
        addon_line(1),
        product_line(),
        addon_line(None, parent_line=3, cycle=BillingCycle.ANNUALLY),
        renewal_line(99),
        product_line("withdrawn"),
        known=shop(),
        credit="20.00",
    )


def on_proforma() -> CartView:
    """A renewal that is on an unpaid proforma already."""
    return view(renewal_line(1), known=replace(pricing(service()), on_invoice={1: 5}))


def ending(endings: tuple[str, ...]) -> CartView:
    """A domain with an ending that its product does not take any more, and a renewal."""
    taken = product(name={"pl": "Domena", "en": "Domain"}, domain_endings=endings)
    known = pricing(service(), catalog=catalog(taken))
    return view(product_line(name=LONG_DOMAIN), renewal_line(1), known=known)


def ordered() -> CartView:
    """A new service and an add-on that an unpaid proforma has, and a domain that is in use."""
    bought = view(product_line(), addon_line(1), known=shop()).quoted_cart.quotes
    lines = tuple(UnpaidLine(7, "PRO-202611-00042-7391", quote) for quote in bought)
    orders = ExistingOrders(lines, (Namesake("anna.example", "start"),))
    again = product_line(name="anna.example")
    return view(
        product_line(), addon_line(1), again, known=replace(shop(), existing_orders=orders)
    )


def full(count: int, name: str = "Hosting", domain: str = "anna.example") -> CartView:
    """So many renewals."""
    owned = [service(id=n, name=name, domain=domain) for n in range(1, count + 1)]
    return view(*(renewal_line(one.id) for one in owned), known=pricing(*owned))


def estimated() -> CartView:
    """Two renewals whose sum a connected panel will say."""
    owned = (service(id=1), service(id=2, domain="sklep.example"))
    known = replace(pricing(*owned), is_estimate=True)
    return view(renewal_line(1), renewal_line(2), known=known)


def choice(shown: CartView, place: int = 0) -> CycleChoice:
    """The cycles of one line, at three prices."""
    quote: Quote = shown.quoted_cart.quotes[place]
    cycles = (BillingCycle.MONTHLY, BillingCycle.QUARTERLY, BillingCycle.ANNUALLY)
    price, none = quote.gross or money("1.00"), money("0")
    saved = savings([CyclePrice(cycle, price, none) for cycle in cycles])
    return CycleChoice(quote, tuple((cycle, quote.gross) for cycle in cycles), saved, 2300)


def not_allowed(*lines: CartLine) -> CartView:
    """A cart of these lines where nothing but renewing is allowed."""
    return view(*lines, known=replace(shop(), allowed=NOTHING))


SAMPLES: dict[str, Callable[[Translator], Screen]] = {
    "cart, empty": lambda t: screens.cart(t, view()),
    "cart, empty and nothing allowed": lambda t: screens.cart(t, not_allowed()),
    "cart, orders not allowed": lambda t: screens.cart(
        t, not_allowed(renewal_line(), product_line(), addon_line(1))
    ),
    "cart, something removed": lambda t: screens.cart(t, mixed(), undo=RestoreLine(7)),
    "cart, the last line removed": lambda t: screens.cart(t, view(), undo=RestoreLine(7)),
    "cart, one line": lambda t: screens.cart(t, view(renewal_line())),
    "cart, beside a connected panel": lambda t: screens.cart(t, estimated()),
    "cart, no tax": lambda t: screens.cart(t, view(renewal_line(), taxation=FREE)),
    "cart, every kind of line": lambda t: screens.cart(t, mixed()),
    "cart, on a proforma": lambda t: screens.cart(t, on_proforma()),
    "cart, wrong ending": lambda t: screens.cart(t, ending(("com",))),
    "cart, wrong ending, many others": lambda t: screens.cart(
        t, ending(tuple(f"końcówka{n}.pl" for n in range(50)))
    ),
    "cart, on a proforma or in use": lambda t: screens.cart(t, ordered()),
    "cart, many pages": lambda t: screens.cart(t, full(100), 5),
    "cart, long names": lambda t: screens.cart(t, full(60, LONG_NAME, LONG_DOMAIN)),
    "cart, long names, last page": lambda t: screens.cart(t, full(60, LONG_NAME, LONG_DOMAIN), 9),
    "cart line": lambda t: screens.line(t, choice(view(renewal_line()))),
    "cart line with a setup fee": lambda t: screens.line(t, choice(mixed(), 1)),
    "empty the cart?": lambda t: screens.ask_empty(t, mixed()),
}
