"""Renewals: the list of offers."""

from markupsafe import Markup

from billing.rules.shop.quotes import Quote
from billing.views.cart import RenewalList, RenewalOffer
from handlers.buttons import (
    AddAllDueSoon,
    AddRenewal,
    OpenCart,
    OpenCheckout,
    OpenNotRenewable,
    OpenOrder,
    OpenRenewalCycles,
    OpenRenewals,
    OpenServices,
    RemoveRenewal,
    back_to,
)
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Row, Screen, Style
from handlers.chat.screens.widgets import arrows, back, bold_with_domain, lines
from handlers.chat.screens.wording import (
    LINE_NAME_LEAST,
    facts,
    line_limit,
    page_number,
    payment_label,
    soon,
    tax_hint,
)
from handlers.renewals.names import short_names
from handlers.renewals.refusals import finish_rows, short_list
from locales.labels import (
    date_or_unknown,
    price_or_unknown,
    sum_of,
)
from locales.text import Plain
from locales.translator import Translator

NUMBER = len("1. ")


def renewals(t: Translator, renewal_list: RenewalList, origin: Origin = Origin.SERVICES) -> Screen:
    """The offers, most urgent first, each with a button that puts it into the cart or out."""
    page, offers = renewal_list.offers.number, renewal_list.offers.items
    pages = renewal_list.offers.pages
    tails = {offer.number: _amount(t, offer) for offer in offers}
    names = short_names(offers, {n: f"☐ {tail}" for n, tail in tails.items()})
    labels = {n: Plain(f"{name}{tails[n]}") for n, name in names.items()}
    turning = arrows(page, pages, lambda p: OpenRenewals(p, origin))
    return Screen(
        lines(
            _header(t, page, pages),
            "",
            *(_offer(t, offer, renewal_list) for offer in offers),
            *_hints(t, renewal_list),
            *(() if offers else short_list(t, renewal_list)),
            *_in_cart(t, renewal_list),
        ),
        (
            *(_toggle_row(offer, labels[offer.number], page, origin) for offer in offers),
            *_due_soon_row(t, renewal_list, page, origin),
            *finish_rows(t, renewal_list),
            *_look_row(t, renewal_list, page, origin),
            *_pay_row(t, renewal_list),
            *_empty_rows(t, renewal_list),
            (
                back(t, back_to(origin)),
                *turning,
                _cart_button(t, renewal_list, is_short=len(turning) > 1),
            ),
        ),
        is_of_panel=True,
    )


def _header(t: Translator, page: int, pages: int) -> Markup:
    title = t("🔄 <b>Renew services</b>")
    return title if pages == 1 else Markup("{} · {}").format(title, page_number(t, page, pages))


def _offer(t: Translator, offer: RenewalOffer, renewal_list: RenewalList) -> Markup:
    quote, end = offer.quote, offer.quote.period_to or offer.quote.period_from
    due = _due(t, offer, renewal_list)
    dates = due if end is None else Markup("{} → <b>{}</b>").format(due, t.date(end))
    return lines(Markup("{}. {}").format(offer.number, _title(quote)), facts(dates))


def _title(quote: Quote) -> Markup:
    """What is renewed on one line; an add-on has the domain of its service."""
    where = quote.domain or quote.parent_name
    return bold_with_domain(
        quote.name, where, line_limit(quote.name, where, NUMBER), least=LINE_NAME_LEAST
    )


def _due(t: Translator, offer: RenewalOffer, renewal_list: RenewalList) -> Markup:
    """The due date, marked if overdue or soon, or that it is not known."""
    day = offer.quote.due_date or offer.quote.period_from
    if day is None:
        return Markup.escape(date_or_unknown(t, day))
    days = offer.service.days_left(renewal_list.today) or 0
    if days < 0:
        return Markup("⚠️ {}").format(t.date(day))
    due = t("{date} ({days})", date=t.date(day), days=t.in_days(days))
    return soon(due) if days <= renewal_list.soon_days else due


def _hints(t: Translator, renewal_list: RenewalList) -> tuple[str | Markup, ...]:
    if not renewal_list.offers.count:
        return (t("There is nothing to renew at the moment."),)
    is_estimate = renewal_list.is_estimate and renewal_list.has_dates
    if renewal_list.cart_lines and not is_estimate:
        return ()
    hint = t("<i>Current due date → due date after renewal.</i>")
    if is_estimate:
        hint = t("<i>Current due date → estimated due date after renewal.</i>")
    if not renewal_list.has_dates:
        hint = t("<i>You will see the new due date here once we know it.</i>")
    if renewal_list.cart_lines:
        return ("", hint)
    tax = tax_hint(t, renewal_list.tax_rate)
    return ("", hint) if tax is None else ("", hint, tax)


def _in_cart(t: Translator, renewal_list: RenewalList) -> tuple[str | Markup, ...]:
    if not renewal_list.cart_lines:
        return ()
    total = Markup("<b>{}</b>").format(sum_of(t, renewal_list.cart_total))
    return (
        "",
        t.n(
            "🛒 {n} item in the cart: {total}",
            "🛒 {n} items in the cart: {total}",
            renewal_list.cart_lines,
            total=total,
        ),
    )


def _amount(t: Translator, offer: RenewalOffer) -> str:
    """What stands on the button after the name."""
    return f" · {price_or_unknown(t, offer.quote.gross)}"


def _toggle_row(offer: RenewalOffer, label: Plain, page: int, origin: Origin) -> Row:
    service = offer.service.id
    if offer.in_cart:
        return (Button(Plain(f"☑ {label}"), RemoveRenewal(service, page, origin)),)
    return (Button(Plain(f"☐ {label}"), AddRenewal(service, page, origin)),)


def _due_soon_row(
    t: Translator, renewal_list: RenewalList, page: int, origin: Origin
) -> tuple[Row, ...]:
    if not renewal_list.due_soon:
        return ()
    label = t.plain(
        "Overdue and due in 30 days ({n}) · {total}",
        n=renewal_list.due_soon,
        total=sum_of(t, renewal_list.due_soon_total),
    )
    return ((Button(label, AddAllDueSoon(page, origin)),),)


def _look_row(
    t: Translator, renewal_list: RenewalList, page: int, origin: Origin
) -> tuple[Row, ...]:
    """The ways to other cycles, and to what cannot be renewed now."""
    buttons: list[Button] = []
    if renewal_list.has_other_cycles:
        buttons.append(Button(t.plain("⇄ Another period"), OpenRenewalCycles(page, origin)))
    if renewal_list.refused.count:
        label = t.plain("Not now ({n})", n=renewal_list.refused.count)
        buttons.append(Button(label, OpenNotRenewable(0, origin)))
    return (tuple(buttons),) if buttons else ()


def _pay_row(t: Translator, renewal_list: RenewalList) -> tuple[Row, ...]:
    if not renewal_list.cart_lines:
        return ()
    pay = payment_label(t, renewal_list.cart_total)
    return ((Button(pay, OpenCheckout(origin=Origin.RENEWALS), Style.SUCCESS),),)


def _cart_button(t: Translator, renewal_list: RenewalList, *, is_short: bool) -> Button:
    n = renewal_list.cart_lines
    label = t.plain("Cart ({n})", n=n) if n else t.plain("Cart")
    if is_short and n:
        label = Plain(f"🛒 {t.number(n)}")
    return Button(label, OpenCart(origin=Origin.RENEWALS))


def _empty_rows(t: Translator, renewal_list: RenewalList) -> tuple[Row, ...]:
    if renewal_list.offers.count:
        return ()
    services = Button(t.plain("Services"), OpenServices())
    if not renewal_list.allowed.order:
        return ((services,),)
    return ((services, Button(t.plain("Place a new order"), OpenOrder(origin=Origin.RENEWALS))),)
