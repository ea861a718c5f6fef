"""Words for what every topic names: accounts, services, priced lines, taxes."""

from collections.abc import Iterable, Mapping
from datetime import date

from markupsafe import Markup

from billing.rules.cycles import BillingCycle
from billing.rules.money import PartialSum
from billing.rules.services.service import Placed, Service
from billing.rules.shop.cart import LineKind
from billing.rules.shop.quotes import Amounts, Problem, Quote, QuotedCart
from billing.rules.shop.savings import Saving
from billing.views.account import ClientInfo, LinkPreview
from handlers.chat.screens.widgets import shortened
from locales.labels import cycle_label, date_or_unknown, price_per_cycle, sum_of, sum_per_cycle
from locales.text import Plain
from locales.translator import Translator

ACCOUNT_LIMIT = 60
NAME_LIMIT = 40
"""Longest name or domain in a list; a page of entries must fit one message."""

BUTTON_NAME_LIMIT = 22
WHOLE_LINE, CUT_LINE = 40, 38
"""Characters of a line of text on a phone; one that is cut may be broken at its ellipsis."""

LINE_NAME_LEAST = 18
"""So much of a name stays beside its domain on a line."""

INDENT = Markup("   ")


def account_name(client: LinkPreview | ClientInfo) -> Markup:
    """Whose account, with the company's own number for it."""
    name = shortened(client.name, ACCOUNT_LIMIT)
    return Markup("<b>{}</b> ({})").format(name, client.ref)


def line_limit(name: str, domain: str, taken: int = 0) -> int:
    """The room of a name with its domain on a line that has so many other characters."""
    whole = WHOLE_LINE - taken
    return whole if len(f"{name} · {domain}") <= whole else CUT_LINE - taken


def page_number(t: Translator, page: int, pages: int) -> Plain:
    """Which of several pages this is; `page` counts from 0."""
    return t.plain("page {page} of {pages}", page=page + 1, pages=pages)


def title_of(t: Translator, quote: Quote | Problem) -> Markup:
    """What a line buys, and for which domain or service."""
    parent = quote.parent_name if isinstance(quote, Quote) else ""
    return title_with_domain(t, quote.name, quote.domain, parent)


def service_title(t: Translator, service: Service, parent_name: str = "") -> Markup:
    """A service, or an add-on marked with its service's name."""
    return title_with_domain(t, service.title, service.domain, parent_name)


def placed_title(t: Translator, one: Placed) -> Markup:
    """A service with its domain; an add-on with the service it belongs to."""
    return title_with_domain(t, one.service.title, one.domain, one.parent_name)


def title_with_domain(t: Translator, name: str, domain: str, parent_name: str = "") -> Markup:
    """A bold name with its domain; an add-on with the service it belongs to."""
    if not name:
        return t("<b>A service that is gone</b>")
    bold = Markup("<b>{}</b>").format(shortened(name, NAME_LIMIT))
    where = shortened(domain, NAME_LIMIT)
    if parent_name:
        parent = shortened(parent_name, NAME_LIMIT)
        service = f"{parent}, {where}" if where and where != parent else parent
        return t("{name} · add-on of {service}", name=bold, service=service)
    return Markup("{} · {}").format(bold, where) if where and domain != name else bold


def button_name(quote: Quote | Problem | Service) -> Plain:
    """A name short enough for a button."""
    name = quote.title if isinstance(quote, Service) else quote.name
    return shortened(name, BUTTON_NAME_LIMIT)


def kind_of(t: Translator, kind: LineKind) -> Plain:
    """The kind of a line: renewal, add-on or new product."""
    match kind:
        case LineKind.RENEWAL:
            return t.plain("Renewal")
        case LineKind.ADDON:
            return t.plain("New add-on")
        case LineKind.PRODUCT:
            return t.plain("New service")


def period_of(t: Translator, quote: Quote) -> Plain | None:
    """The dates that a line pays for; None for one-time payments."""
    if quote.period_from is None:
        return date_or_unknown(t, None)
    if quote.period_to is None:
        return None
    if not has_dates(quote):
        return t.plain("from the day it is set up")
    return Plain(f"{t.date(quote.period_from)} – {t.date(quote.period_to)}")


def has_dates(quote: Quote) -> bool:
    """Whether the period is known; a new service's starts when the company sets it up."""
    return quote.kind is not LineKind.PRODUCT and quote.parent_line is None


def price_of(t: Translator, quote: Quote) -> Markup:
    """The price of a line today, with tax and setup fee."""
    price = Markup("<b>{}</b>").format(first_price(t, quote))
    if quote.amounts is not None and quote.amounts.tax:
        price = t("{price} (with tax {tax})", price=price, tax=t.money(quote.amounts.tax))
    if not quote.setup_gross:
        return price
    return t(
        "{price}, {setup} of it setup; then {later}",
        price=price,
        setup=t.money(quote.setup_gross),
        later=price_per_cycle(t, quote.recurring, quote.cycle),
    )


def first_price(t: Translator, quote: Quote) -> Plain:
    """The gross price today; with its cycle if later periods cost the same."""
    if quote.setup_gross and quote.gross is not None:
        return t.money(quote.gross)
    return price_per_cycle(t, quote.gross, quote.cycle)


def facts(*parts: Plain | Markup | None) -> Markup:
    """An indented line of facts; those that are None are left out."""
    return INDENT + Markup(" · ").join(part for part in parts if part)


def totals(t: Translator, amounts: Amounts, tax_rate: int | None = None) -> tuple[Markup, ...]:
    """Net and tax, if there is a tax, and the total; `rate` is in basis points."""
    whole = t("<b>Total: {gross}</b>", gross=t.money(amounts.gross))
    if not amounts.tax:
        return (whole,)
    net, tax = t.money(amounts.net), t.money(amounts.tax)
    if tax_rate:
        split = t("Net {net}, tax {rate}: {tax}", net=net, rate=t.percent(tax_rate), tax=tax)
    else:
        split = t("Net {net}, tax: {tax}", net=net, tax=tax)
    return (split, whole)


def cart_totals(t: Translator, cart: QuotedCart, tax_rate: int) -> tuple[Markup, ...]:
    """The totals of a cart; while prices in it are not known, the least, and when they come.

    Where sums are estimates, so are the dates that what is bought will have.
    """
    whole = t("<b>Total: {gross}</b>", gross=sum_of(t, cart.gross))
    dates: tuple[Markup, ...] = ()
    if cart.is_estimate and any(quote.period_to and has_dates(quote) for quote in cart.quotes):
        dates = (t("<i>The dates are estimates, too.</i>"),)
    if not cart.gross.unknown and cart.is_estimate:
        return whole, t("<i>The exact amount comes with the proforma.</i>"), *dates
    if not cart.gross.unknown:
        return totals(t, cart.totals, tax_rate)
    return (
        whole,
        t.n(
            "<i>{n} price is not known yet; you will see it after ordering.</i>",
            "<i>{n} prices are not known yet; you will see them after ordering.</i>",
            cart.gross.unknown,
        ),
        *dates,
    )


def payment_label(t: Translator, total: PartialSum) -> Plain:
    """The button that leads to the payment of a cart; its amount is left out if not known."""
    if not total.known:
        return t.plain("Continue free of charge") if total.is_nothing else t.plain("Payment")
    return t.plain("Pay {amount}", amount=sum_of(t, total))


def overdue_since(t: Translator, due: date, days: int) -> Markup:
    """A due date that has passed, and for how many `days`."""
    late = t.n("{n} day", "{n} days", days)
    return t("⚠️ <b>overdue</b> since {date} ({days})", date=t.date(due), days=late)


def soon(when: Markup) -> Markup:
    """A date that is near, marked; nothing else bears this sign."""
    return Markup("⏳ {}").format(when)


def with_saving(t: Translator, label: Plain, saving: Saving | None) -> Plain:
    """The label of a cycle with what it saves: "annually · 290,00 zł · −16%"."""
    if saving is None or not saving.percent:
        return label
    return Plain(f"{label} · −{t.percent(saving.percent * 100)}")


def saving_hint(
    t: Translator, savings: Mapping[BillingCycle, Saving], shortest: BillingCycle
) -> Markup | None:
    """A line that says what the savings on the buttons are compared with."""
    if not any(saving.percent for saving in savings.values()):
        return None
    cycle = cycle_label(t, shortest)
    return t("<i>In percent: what you save against paying {cycle}.</i>", cycle=cycle)


def tax_hint(t: Translator, rate: int) -> Markup | None:
    """A line that prices include the tax; None without tax. `rate` is in basis points."""
    return t("<i>Prices include {rate} tax.</i>", rate=t.percent(rate)) if rate else None


def afterwards(
    t: Translator, recurring: Iterable[tuple[BillingCycle, PartialSum]]
) -> Markup | None:
    """The recurring amounts after this payment, by cycle; None if there are none."""
    prices = [
        sum_per_cycle(t, amount, cycle) for cycle, amount in recurring if not amount.is_nothing
    ]
    return t("Afterwards: {prices}", prices=" + ".join(prices)) if prices else None


def estimate_hint(t: Translator) -> Markup:
    """What stands below amounts and dates that another panel computes."""
    return t("<i>These are estimates: the exact amounts and dates come with each proforma.</i>")
