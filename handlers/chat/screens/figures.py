"""The company's figures in words: what came, what is owed, what is at risk."""

from collections.abc import Iterator

from markupsafe import Markup

from billing.views.desk import CompanyStanding, Tally
from handlers.chat.screens.widgets import BETWEEN
from locales.translator import Translator


def money_lines(t: Translator, standing: CompanyStanding) -> Iterator[Markup]:
    """What waits to be paid, what is overdue, and what is at risk of both."""
    if n := standing.waiting.count:
        waiting = t.n("⏳ {n} proforma waits to be paid", "⏳ {n} proformas wait to be paid", n)
        yield with_sums(t, waiting, standing.waiting)
    if n := standing.overdue.count:
        overdue = t.n("⚠️ {n} service is overdue", "⚠️ {n} services are overdue", n)
        yield with_sums(t, overdue, standing.overdue)
    at_risk = [
        with_sums(t, words(t, tally.count), tally)
        for tally, words in ((standing.expiring, _lapses), (standing.long_overdue, _long_overdue))
        if tally.count
    ]
    if at_risk:
        yield t("<b>At risk</b>")
        yield from at_risk


def paid_line(t: Translator, title: Markup, paid: Tally) -> Markup:
    """What came, after a title that says when: "Paid today: 3 · €24.00 · PLN 120.00"."""
    return with_sums(t, Markup("💰 {}: {}").format(title, paid.count), paid)


def with_sums(t: Translator, words: Markup, tally: Tally) -> Markup:
    """The words with what the tally comes to, as far as that is known."""
    sums = BETWEEN.join(t.money(amount) for amount in tally.sums)
    line = Markup("{}{}<b>{}</b>").format(words, BETWEEN, sums) if sums else words
    if not tally.unpriced:
        return line
    n = tally.unpriced
    unpriced = t.n("and {n} price not known yet", "and {n} prices not known yet", n)
    return Markup("{} {}").format(line, unpriced)


def _lapses(t: Translator, n: int) -> Markup:
    return t.n("· {n} proforma lapses within 3 days", "· {n} proformas lapse within 3 days", n)


def _long_overdue(t: Translator, n: int) -> Markup:
    return t.n(
        "· {n} service overdue for more than a week",
        "· {n} services overdue for more than a week",
        n,
    )
