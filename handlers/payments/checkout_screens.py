"""Checkout: how to pay, and everything once more before it counts."""

from markupsafe import Markup

from billing.rules.shop.quotes import Quote
from billing.views.payments import Checkout, PayMethod
from handlers.button_values import number_of_gateway
from handlers.buttons import ConfirmCheckout, OpenCart, OpenCheckout, PlaceOrder, back_to
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Row, Screen, Style
from handlers.chat.screens.widgets import back, lines, pager
from handlers.chat.screens.wording import (
    afterwards,
    cart_totals,
    facts,
    first_price,
    kind_of,
    period_of,
    title_of,
)
from handlers.payments.words import credit_switch, way_to_pay, your_credit
from locales.text import Plain
from locales.translator import Translator

PAGE_SIZE = 10
MOST_NAMES = 5


def choose(t: Translator, checkout: Checkout, origin: Origin = Origin.CART) -> Screen:
    """The ways to pay, each with its exact amount."""
    cart = checkout.quoted_cart
    how = t("How would you like to pay?")
    if cart.gross.unknown:
        how = t("You can choose how to pay once we know the full price.")
    elif not cart.is_complete:
        how = t("You can choose how to pay once we know the due date.")
    elif not checkout.methods:
        how = t("There is no way to pay this here at the moment. Please contact us.")
    elif cart.gross.is_nothing:
        how = t("There is nothing to pay for this.")
    return Screen(
        lines(
            t("💳 <b>Payment</b>"),
            "",
            *_what(t, checkout),
            *cart_totals(t, cart, checkout.tax_rate),
            your_credit(t, checkout.credit),
            "",
            how,
        ),
        (
            *((_method(t, method, checkout, origin),) for method in checkout.methods),
            *_credit_row(t, checkout, origin),
            *_ways_back(t, origin),
        ),
    )


def _ways_back(t: Translator, origin: Origin) -> tuple[Row, ...]:
    leave = back(t, back_to(origin))
    if origin is Origin.CART:
        return ((leave,),)
    return ((Button(t.plain("Cart"), OpenCart()), leave),)


def _method(t: Translator, method: PayMethod, checkout: Checkout, origin: Origin) -> Button:
    if checkout.quoted_cart.gross.is_nothing:
        label = t.plain("Continue free of charge")
    else:
        amount = method.due_part or method.credit_part
        label = Plain(f"{way_to_pay(t, method)} · {t.money(amount)}")
    gateway = number_of_gateway(method.gateway)
    if method.gateway is None and pays_at_once(checkout):
        place = place_button(checkout, method, origin)
        credit = t.money(method.credit_part)
        order = t.plain("Order and pay {amount} from your credit", amount=credit)
        return Button(order, place, Style.SUCCESS)
    action = ConfirmCheckout(gateway, checkout.use_credit, origin, part=checkout.part)
    return Button(label, action, Style.PRIMARY)


def pays_at_once(checkout: Checkout) -> bool:
    """Whether the ways to pay already show all that a confirmation would.

    One line that credit covers: the screen has it with its price, and the button orders it.
    """
    alone = any(method.gateway is None and method.credit_part for method in checkout.methods)
    return alone and len(checkout.quoted_cart.quotes) == 1


def _what(t: Translator, checkout: Checkout) -> tuple[Markup | str, ...]:
    """What is paid for: of a few lines each, of many how many."""
    quotes = checkout.quoted_cart.quotes
    if pays_at_once(checkout):
        return (entry(t, quotes[0], 1), "")
    n = len(quotes)
    if checkout.part is None:
        return (t.n("{n} item in the cart", "{n} items in the cart", n),)
    names = [Markup("• {}").format(title_of(t, quote)) for quote in quotes[:MOST_NAMES]]
    more = n - len(names)
    rest = (t.n("… and {n} more", "… and {n} more", more),) if more else ()
    return (*names, *rest, "")


def place_button(checkout: Checkout, method: PayMethod, origin: Origin) -> PlaceOrder:
    """The button's payload that orders exactly what is shown."""
    cart, gateway = checkout.quoted_cart, number_of_gateway(method.gateway)
    return PlaceOrder(
        cart.revision, cart.seal, gateway, checkout.use_credit, origin, checkout.part
    )


def _credit_row(t: Translator, checkout: Checkout, origin: Origin) -> tuple[Row, ...]:
    due = checkout.quoted_cart.gross.whole
    other = OpenCheckout(not checkout.use_credit, origin, checkout.part)
    if due is None or not checkout.methods:
        return ()
    return credit_switch(t, checkout.credit, due, other, used=checkout.use_credit)


def confirm(
    t: Translator,
    checkout: Checkout,
    method: PayMethod,
    page: int = 0,
    origin: Origin = Origin.CART,
) -> Screen:
    """Every line and the exact amount, once more before it counts."""
    quotes, gateway = checkout.quoted_cart.quotes, number_of_gateway(method.gateway)
    page, pages, numbered = page_of(quotes, page)
    return Screen(
        lines(
            t("💳 <b>Please check your order</b>"),
            "",
            *(entry(t, quote, number) for number, quote in numbered),
            "",
            *amounts(t, checkout, method),
        ),
        (
            *pager(
                t,
                page,
                pages,
                lambda p: ConfirmCheckout(gateway, checkout.use_credit, origin, p, checkout.part),
            ),
            *order_rows(t, checkout, method, origin),
        ),
    )


def page_of(quotes: tuple[Quote, ...], page: int) -> tuple[int, int, list[tuple[int, Quote]]]:
    """The page there is, how many there are, and its lines with their numbers."""
    pages = max(1, -(-len(quotes) // PAGE_SIZE))
    page = min(page, pages - 1)
    numbered = list(enumerate(quotes, start=1))[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
    return page, pages, numbered


def entry(t: Translator, quote: Quote, number: int) -> Markup:
    """A line as it stands in the order."""
    price = Markup("<b>{}</b>").format(first_price(t, quote))
    what = facts(kind_of(t, quote.kind), period_of(t, quote))
    return lines(Markup("{}. {}").format(number, title_of(t, quote)), what, facts(price))


def amounts(t: Translator, checkout: Checkout, method: PayMethod) -> tuple[Markup | None, ...]:
    """The totals, and where the money comes from."""
    cart = checkout.quoted_cart
    return (
        *cart_totals(t, cart, checkout.tax_rate),
        *_sources(t, checkout, method),
        afterwards(t, cart.recurring),
    )


def _sources(t: Translator, checkout: Checkout, method: PayMethod) -> tuple[Markup, ...]:
    if checkout.quoted_cart.gross.unknown:
        return ()
    way = t("{way}: <b>{due}</b>", way=way_to_pay(t, method), due=t.money(method.due_part))
    if method.credit_part and method.due_part:
        return (t("From your credit: {credit}", credit=t.money(method.credit_part)), way)
    if method.credit_part and checkout.credit is not None:
        left = t.money(checkout.credit - method.credit_part)
        return (t("Paid from your credit; {left} stays.", left=left),)
    return (way,) if method.due_part else ()


def order_rows(
    t: Translator, checkout: Checkout, method: PayMethod, origin: Origin
) -> tuple[Row, ...]:
    """The button that orders exactly what is shown, and the ways back."""
    cart = checkout.quoted_cart
    label = t.plain("Order and pay {amount}", amount=t.money(cart.totals.gross))
    if cart.gross.unknown:
        label = t.plain("Place the order")
    elif cart.gross.is_nothing:
        label = t.plain("Order free of charge")
    place = place_button(checkout, method, origin)
    return (
        (Button(label, place, Style.SUCCESS),),
        (
            Button(t.plain("Cart"), OpenCart()),
            back(t, OpenCheckout(checkout.use_credit, origin, checkout.part)),
        ),
    )
