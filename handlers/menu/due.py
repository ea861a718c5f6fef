"""What home says of payments: what is overdue or due soon, and the buttons that pay it."""

from collections.abc import Iterator

from markupsafe import Markup

from billing.views.home import DuePayment, DueSummary, Home
from handlers.buttons import OpenInvoice, OpenInvoices, PayDue
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Row, Style
from handlers.chat.screens.widgets import bold_with_domain, lines
from handlers.chat.screens.wording import LINE_NAME_LEAST, facts, line_limit
from locales.labels import price_or_unknown, sum_of
from locales.translator import Translator

MOST = 3
"""So many payments are named; the others are counted."""


def summary(t: Translator, overview: Home) -> tuple[Markup, ...]:
    """Lines about overdue and coming payments, or one line that nothing is due."""
    due_lines = (
        *_counts(t, overview),
        *_payments(t, overview),
        *_proformas(t, overview),
        *_cart(t, overview),
    )
    if due_lines:
        return due_lines
    return (t("✅ Nothing is due within {days} days.", days=overview.soon_days),)


def _counts(t: Translator, overview: Home) -> Iterator[Markup]:
    now = overview.due
    yield from _overdue(t, now)
    if n := now.due_soon:
        yield t.n(
            "⏳ {n} payment due within {days} days",
            "⏳ {n} payments due within {days} days",
            n,
            days=overview.soon_days,
        )


def _overdue(t: Translator, now: DueSummary) -> Iterator[Markup]:
    if n := now.services_overdue:
        yield t.n("⚠️ {n} service overdue", "⚠️ {n} services overdue", n)
    if n := now.addons_overdue:
        yield t.n("⚠️ {n} add-on overdue", "⚠️ {n} add-ons overdue", n)


def _payments(t: Translator, overview: Home) -> Iterator[Markup]:
    """The most urgent ones by name, and how many more there are."""
    for one in overview.payments[:MOST]:
        yield _entry(t, one, overview)
    if (left := len(overview.payments) - MOST) > 0:
        yield t.n("… and {n} more", "… and {n} more", left)


def _entry(t: Translator, one: DuePayment, overview: Home) -> Markup:
    """Which, when and how much, short: a phone's screen has to hold three with the menu.

    What is on a proforma is never of a price that is not known: the proforma says it.
    """
    sign = "⚠️" if one.due_date < overview.today else "⏳"
    name, limit = one.service.title, line_limit(one.service.title, one.domain, len(f"{sign} "))
    title = bold_with_domain(name, one.domain, limit, least=LINE_NAME_LEAST)
    price = None
    if one.gross is not None or not one.on_proforma:
        price = Markup("<b>{}</b>").format(price_or_unknown(t, one.gross))
    on_proforma = t.plain("🧾 on a proforma") if one.on_proforma else None
    return lines(
        Markup("{} {}").format(sign, title), facts(t.date(one.due_date), price, on_proforma)
    )


def _proformas(t: Translator, overview: Home) -> Iterator[Markup]:
    if n := overview.left_to_pay.count:
        yield t.n("🧾 {n} proforma to pay", "🧾 {n} proformas to pay", n)


def _cart(t: Translator, overview: Home) -> Iterator[Markup]:
    if n := overview.cart_lines:
        yield t.n("🛒 {n} item in the cart", "🛒 {n} items in the cart", n)


def pay_rows(t: Translator, overview: Home) -> tuple[Row, ...]:
    """What is not on a proforma yet is one step, each open proforma another."""
    return (*_renew_row(t, overview), *_proforma_row(t, overview))


def _renew_row(t: Translator, overview: Home) -> tuple[Row, ...]:
    """Pay exactly what is overdue; where nothing is, what is due soon."""
    total = overview.pressing_total
    if total is None:
        return ()
    amount = sum_of(t, total)
    if overview.overdue:
        label = t.plain("Pay overdue · {amount}", amount=amount)
        return ((Button(label, PayDue(), Style.SUCCESS),),)
    label = t.plain("Pay what is due soon · {amount}", amount=amount)
    return ((Button(label, PayDue(soon=True), Style.SUCCESS),),)


def _proforma_row(t: Translator, overview: Home) -> tuple[Row, ...]:
    """One is opened at once, with its ways to pay; of several, the list."""
    left = overview.left_to_pay
    if not left.count or left.balance is None or left.newest is None:
        return ()
    amount = t.money(left.balance)
    if left.count == 1:
        pay = OpenInvoice(left.newest, origin=Origin.HOME)
        return ((Button(t.plain("🧾 Pay the proforma · {amount}", amount=amount), pay),),)
    label = t.plain("🧾 Pay proformas · {amount}", amount=amount)
    return ((Button(label, OpenInvoices()),),)
