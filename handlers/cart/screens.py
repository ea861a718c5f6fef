"""The cart: its lines and their problems, the totals, the cycles of a line."""

from markupsafe import Markup

from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.shop.quotes import Problem, Quote
from billing.views.cart import CartView, CycleChoice
from handlers.buttons import (
    AskEmptyCart,
    ChangeCycle,
    EmptyCart,
    OpenAddons,
    OpenCart,
    OpenCheckout,
    OpenInvoice,
    OpenLine,
    OpenOrder,
    OpenRenewals,
    RemoveLine,
    RestoreLine,
    back_to,
)
from handlers.chat.screens.errors import reason
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Row, Screen, Style
from handlers.chat.screens.widgets import back, lines, pager, rows_of
from handlers.chat.screens.wording import (
    afterwards,
    cart_totals,
    facts,
    kind_of,
    payment_label,
    period_of,
    price_of,
    saving_hint,
    tax_hint,
    title_of,
    with_saving,
)
from locales.labels import cycle_label, price_or_unknown
from locales.text import Plain
from locales.translator import Translator

PAGE_SIZE = 6


def cart(
    t: Translator,
    view: CartView,
    page: int = 0,
    origin: Origin = Origin.HOME,
    *,
    undo: RestoreLine | None = None,
) -> Screen:
    """The lines with their prices, lines that cannot be bought last, and the totals.

    `undo` puts back what has just been removed.
    """
    entries: tuple[Quote | Problem, ...] = (*view.quoted_cart.quotes, *view.quoted_cart.problems)
    if not entries:
        return _empty(t, view, origin, undo)
    pages = -(-len(entries) // PAGE_SIZE)
    page = min(page, pages - 1)
    page_entries = list(enumerate(entries, start=1))[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
    return Screen(
        lines(
            t("🛒 <b>Cart</b>"),
            "",
            *(_entry(t, entry, number) for number, entry in page_entries),
            *_totals(t, view),
        ),
        (
            *_undo_row(t, undo),
            *(_row(t, view, entry, number, page, origin) for number, entry in page_entries),
            *pager(t, page, pages, lambda p: OpenCart(p, origin)),
            *_pay_row(t, view),
            (
                Button(t.plain("Renew services"), OpenRenewals(0, Origin.CART)),
                Button(t.plain("Empty the cart"), AskEmptyCart(origin), Style.DANGER),
            ),
            (back(t, back_to(origin)),),
        ),
    )


def _entry(t: Translator, entry: Quote | Problem, number: int) -> Markup:
    title = Markup("{}. {}").format(number, title_of(t, entry))
    if isinstance(entry, Problem):
        return lines(Markup("⚠️ {}").format(title), facts(_why(t, entry)))
    return lines(
        title, facts(kind_of(t, entry.kind), period_of(t, entry)), facts(price_of(t, entry))
    )


def _why(t: Translator, problem: Problem) -> Plain:
    code = problem.refusal or problem.reason
    about = {
        "opens_on": problem.opens_on,
        "number": problem.number,
        "text": problem.domain,
        "name": problem.domain,
        "endings": problem.endings,
    }
    return reason(t, code, about)


def _totals(t: Translator, view: CartView) -> tuple[str | Markup | None, ...]:
    quoted = view.quoted_cart
    if not quoted.quotes:
        return ("", t("Nothing in the cart can be bought now."))
    credit = t("Your credit: {amount}", amount=t.money(view.credit)) if view.credit else None
    return (
        "",
        *cart_totals(t, quoted, view.tax_rate),
        afterwards(t, quoted.recurring),
        credit,
    )


def _row(
    t: Translator, view: CartView, entry: Quote | Problem, number: int, page: int, origin: Origin
) -> Row:
    remove = Button(
        t.plain("✕ Remove {number}", number=number),
        RemoveLine(entry.line_id, page, origin),
    )
    if isinstance(entry, Problem):
        if entry.invoice_id is None:
            return (remove,)
        finish = OpenInvoice(entry.invoice_id, origin=Origin.CART)
        return (Button(t.plain("Finish payment"), finish), remove)
    if entry.line_id not in view.changeable:
        return (remove,)
    label = Plain(f"⇄ {number} · {cycle_label(t, entry.cycle)}")
    return (Button(label, OpenLine(entry.line_id, page, origin)), remove)


def _pay_row(t: Translator, view: CartView) -> tuple[Row, ...]:
    if not view.quoted_cart.quotes:
        return ()
    label = payment_label(t, view.quoted_cart.gross)
    return ((Button(label, OpenCheckout(), Style.SUCCESS),),)


def _undo_row(t: Translator, undo: RestoreLine | None) -> tuple[Row, ...]:
    return () if undo is None else ((Button(t.plain("↩ Undo"), undo),),)


def _empty(t: Translator, view: CartView, origin: Origin, undo: RestoreLine | None) -> Screen:
    order: tuple[Row, ...] = ()
    text = t("The cart is empty. What you want to renew waits here until you pay.")
    if view.allowed.order:
        text = t("The cart is empty. What you want to renew or order waits here until you pay.")
        order = (
            (Button(t.plain("Place a new order"), OpenOrder(origin=Origin.CART)),),
            (Button(t.plain("Browse available add-ons"), OpenAddons(origin=Origin.CART)),),
        )
    return Screen(
        lines(
            t("🛒 <b>Cart</b>"),
            "",
            text,
        ),
        (
            *_undo_row(t, undo),
            (Button(t.plain("Renew services"), OpenRenewals(0, Origin.CART), Style.PRIMARY),),
            *order,
            (back(t, back_to(origin)),),
        ),
    )


def line(
    t: Translator, choice: CycleChoice, page: int = 0, origin: Origin = Origin.HOME
) -> Screen:
    """The cycles that a line of the cart may have, with their prices."""
    quote = choice.line
    return Screen(
        lines(
            Markup("🛒 {}").format(title_of(t, quote)),
            "",
            facts(kind_of(t, quote.kind), period_of(t, quote)),
            t("The first payment includes the setup fee.") if quote.setup_gross else None,
            tax_hint(t, choice.tax_rate),
            saving_hint(t, choice.savings, choice.shortest),
            "",
            t("<i>Choose how often to pay:</i>"),
        ),
        (
            *rows_of(
                (
                    Button(
                        _cycle_label(t, choice, cycle, price),
                        ChangeCycle(quote.line_id, cycle, page, origin),
                    )
                    for cycle, price in choice.choices
                ),
                1,
            ),
            (back(t, OpenCart(page, origin)),),
        ),
    )


def _cycle_label(
    t: Translator, choice: CycleChoice, cycle: BillingCycle, price: Money | None
) -> Plain:
    sign = "✓ " if cycle == choice.line.cycle else ""
    label = Plain(f"{sign}{cycle_label(t, cycle)} · {price_or_unknown(t, price)}")
    return with_saving(t, label, choice.savings.get(cycle))


def ask_empty(t: Translator, view: CartView, origin: Origin = Origin.HOME) -> Screen:
    """The question whether to empty the cart."""
    n = len(view.cart.lines)
    return Screen(
        lines(
            t("🛒 <b>Empty the cart?</b>"),
            "",
            t.n("{n} item will be removed.", "{n} items will be removed.", n),
        ),
        (
            (
                Button(
                    t.plain("Yes, empty it"), EmptyCart(view.cart.revision, origin), Style.DANGER
                ),
            ),
            (back(t, OpenCart(0, origin)),),
        ),
    )
