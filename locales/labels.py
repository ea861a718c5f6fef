"""Words for billing's own values: cycles, statuses, prices per cycle, what is not known yet.

Every word is a literal in a translate call, so extraction sees it.
"""

from datetime import date

from markupsafe import Markup

from billing.rules.cycles import BillingCycle, CycleUnit
from billing.rules.money import Money, PartialSum
from billing.rules.services.service import ServiceStatus
from locales.text import Plain
from locales.translator import Translator

STATUS_SIGNS = {
    ServiceStatus.PENDING: "🕓",
    ServiceStatus.ACTIVE: "🟢",
    ServiceStatus.SUSPENDED: "🟠",
    ServiceStatus.TERMINATED: "⚫",
    ServiceStatus.CANCELLED: "⚪",
    ServiceStatus.FRAUD: "⛔",
    ServiceStatus.COMPLETED: "🏁",
}
"""A sign per status, always shown beside its word: colour never carries meaning alone."""


def cycle_label(t: Translator, cycle: BillingCycle) -> Plain:
    """A billing cycle as an adverb: "monthly", "miesięcznie"."""
    match cycle:
        case BillingCycle.WEEKLY:
            return t.plain("weekly")
        case BillingCycle.MONTHLY:
            return t.plain("monthly")
        case BillingCycle.QUARTERLY:
            return t.plain("quarterly")
        case BillingCycle.SEMI_ANNUALLY:
            return t.plain("semi-annually")
        case BillingCycle.ANNUALLY:
            return t.plain("annually")
        case BillingCycle.ONE_TIME:
            return t.plain("one-time")
        case BillingCycle.FREE:
            return t.plain("free of charge")
    return t.text(_counted(t, cycle))


def _counted(t: Translator, cycle: BillingCycle) -> Markup:
    """A cycle without a name of its own: "every 2 weeks"."""
    match cycle.unit:
        case CycleUnit.WEEK:
            return t.n("every {n} week", "every {n} weeks", cycle.count)
        case CycleUnit.MONTH:
            return t.n("every {n} month", "every {n} months", cycle.count)
        case _:
            return t.n("every {n} year", "every {n} years", cycle.count)


def price_or_unknown(t: Translator, price: Money | None) -> Plain:
    """A price, or that it is not known yet."""
    return t.plain("price not known yet") if price is None else t.money(price)


def date_or_unknown(t: Translator, due: date | None) -> Plain:
    """A due date, or that it is not known yet."""
    return t.plain("due date not known yet") if due is None else t.date(due)


def sum_of(t: Translator, amount: PartialSum) -> Plain:
    """A sum: "120,00 zł"; while a part of it is not known, the least that it will be."""
    if not amount.unknown:
        return _exact_or_about(t, amount, t.money(amount.known))
    if not amount.known:
        return price_or_unknown(t, None)
    return t.plain("from {price}", price=t.money(amount.known))


def sum_per_cycle(t: Translator, amount: PartialSum, cycle: BillingCycle) -> Plain:
    """The same with its period: "od 29,00 zł / mies."."""
    known = price_per_cycle(t, amount.known, cycle)
    if not amount.unknown:
        return _exact_or_about(t, amount, known)
    return t.plain("from {price}", price=known) if amount.known else price_or_unknown(t, None)


def _exact_or_about(t: Translator, amount: PartialSum, label: Plain) -> Plain:
    return t.plain("about {price}", price=label) if amount.is_estimate else label


def price_per_cycle(t: Translator, price: Money | None, cycle: BillingCycle) -> Plain:
    """A price with its period: "29,00 zł / mies."; only a word if it is free or not known yet."""
    if price is None or cycle == BillingCycle.FREE:
        return cycle_label(t, cycle) if cycle == BillingCycle.FREE else price_or_unknown(t, None)
    amount = t.money(price)
    match cycle:
        case BillingCycle.WEEKLY:
            return t.plain("{amount} / week", amount=amount)
        case BillingCycle.MONTHLY:
            return t.plain("{amount} / month", amount=amount)
        case BillingCycle.QUARTERLY:
            return t.plain("{amount} / 3 months", amount=amount)
        case BillingCycle.SEMI_ANNUALLY:
            return t.plain("{amount} / 6 months", amount=amount)
        case BillingCycle.ANNUALLY:
            return t.plain("{amount} / year", amount=amount)
        case BillingCycle.ONE_TIME:
            return t.plain("{amount} one-time", amount=amount)
    return Plain(f"{amount} / {t.text(_length(t, cycle))}")


def short_price_per_cycle(t: Translator, price: Money | None, cycle: BillingCycle) -> Plain:
    """The same where a line is narrow: "42,00 zł / kw."."""
    if price is not None and cycle == BillingCycle.QUARTERLY:
        return t.plain("{amount} / 3 mo.", amount=t.money(price))
    if price is not None and cycle == BillingCycle.SEMI_ANNUALLY:
        return t.plain("{amount} / 6 mo.", amount=t.money(price))
    return price_per_cycle(t, price, cycle)


def _length(t: Translator, cycle: BillingCycle) -> Markup:
    """How long a period is: "2 weeks"."""
    match cycle.unit:
        case CycleUnit.WEEK:
            return t.n("{n} week", "{n} weeks", cycle.count)
        case CycleUnit.MONTH:
            return t.n("{n} month", "{n} months", cycle.count)
        case _:
            return t.n("{n} year", "{n} years", cycle.count)


def status_label(t: Translator, status: ServiceStatus) -> Plain:
    """The status of a service as one word."""
    match status:
        case ServiceStatus.PENDING:
            return t.plain("Pending")
        case ServiceStatus.ACTIVE:
            return t.plain("Active")
        case ServiceStatus.SUSPENDED:
            return t.plain("Suspended")
        case ServiceStatus.TERMINATED:
            return t.plain("Terminated")
        case ServiceStatus.CANCELLED:
            return t.plain("Cancelled")
        case ServiceStatus.FRAUD:
            return t.plain("Blocked")
        case ServiceStatus.COMPLETED:
            return t.plain("Completed")


def status_with_sign(t: Translator, status: ServiceStatus) -> Plain:
    """Sign and word of a status: "🟢 Aktywna"."""
    return Plain(f"{STATUS_SIGNS[status]} {status_label(t, status)}")
