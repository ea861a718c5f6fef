"""The order is not what it was when the client saw it: old → new, to be confirmed again."""

from collections.abc import Iterator

from markupsafe import Markup

from billing.rules.money import PartialSum
from billing.rules.shop.quotes import Quote
from billing.views.payments import Checkout, PayMethod
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Screen
from handlers.chat.screens.widgets import lines, shortened
from handlers.chat.screens.wording import NAME_LIMIT, facts, has_dates
from handlers.payments.checkout_screens import PAGE_SIZE, amounts, entry, order_rows
from handlers.payments.seen_lines import SeenLine, SeenLines
from locales.labels import price_or_unknown, sum_of
from locales.translator import Translator


def order_changed(
    t: Translator,
    checkout: Checkout,
    method: PayMethod,
    before: SeenLines | None,
    origin: Origin = Origin.CART,
) -> Screen:
    """What was shown → what it is now, and the button that orders it like that."""
    return Screen(
        lines(
            *what_changed(t, checkout, before),
            *amounts(t, checkout, method),
            "",
            t("Nothing has been ordered yet. Do you confirm the changed order?"),
        ),
        order_rows(t, checkout, method, origin),
    )


def what_changed(
    t: Translator, checkout: Checkout, before: SeenLines | None
) -> tuple[Markup | str | None, ...]:
    """The heading, and what was shown → what it is now; of a long order only what differs."""
    gross = checkout.quoted_cart.gross
    total = before.total(checkout.quoted_cart) if before else gross
    return (
        t("⚠️ <b>The order has changed since you saw it</b>"),
        "",
        *_entries(t, checkout, before),
        *_absent_lines(t, checkout, before),
        "",
        _before(t, total, gross) if total != gross else None,
    )


def differs(t: Translator, checkout: Checkout, before: SeenLines | None) -> bool:
    """Whether there is anything to show; the start of a new service moves with every day."""
    if before is None or _absent_lines(t, checkout, before):
        return True
    return any(any(_changes(t, quote, before)) for quote in checkout.quoted_cart.quotes)


def _entries(t: Translator, checkout: Checkout, before: SeenLines | None) -> list[Markup]:
    quotes = checkout.quoted_cart.quotes
    compared = [
        (number, quote, list(_changes(t, quote, before)))
        for number, quote in enumerate(quotes, start=1)
    ]
    if len(quotes) > PAGE_SIZE:
        compared = [row for row in compared if row[2]][:PAGE_SIZE]
    return [
        lines(entry(t, quote, number), *(facts(Markup("⚠️ {}").format(c)) for c in changes))
        for number, quote, changes in compared
    ]


def _changes(t: Translator, quote: Quote, before: SeenLines | None) -> Iterator[Markup]:
    if before is None:
        return
    old_line = before.lines.get(quote.line_id)
    if old_line is None:
        yield t("new in the cart")
    else:
        yield from _differences(t, quote, old_line)


def _differences(t: Translator, quote: Quote, before: SeenLine) -> Iterator[Markup]:
    gross, was = quote.gross, before.price(quote.setup.currency)
    if was != gross:
        old, new = price_or_unknown(t, was), price_or_unknown(t, gross)
        yield t("price: {old} → <b>{new}</b>", old=old, new=new)
    if before.until and quote.period_to and before.until != quote.period_to and has_dates(quote):
        old, new = t.date(before.until), t.date(quote.period_to)
        yield t("paid until: {old} → <b>{new}</b>", old=old, new=new)


def _absent_lines(t: Translator, checkout: Checkout, before: SeenLines | None) -> list[Markup]:
    here = {quote.line_id for quote in checkout.quoted_cart.quotes}
    old_lines = before.lines if before else {}
    absent_lines = [line for line_id, line in old_lines.items() if line_id not in here]
    return [
        t("⚠️ no longer in it: <b>{name}</b>", name=shortened(line.name, NAME_LIMIT))
        for line in absent_lines[:PAGE_SIZE]
    ]


def _before(t: Translator, old: PartialSum, new: PartialSum) -> Markup:
    return t("Before: {old} → now: <b>{new}</b>", old=sum_of(t, old), new=sum_of(t, new))
