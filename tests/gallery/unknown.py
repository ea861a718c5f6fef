"""Samples of what is not known yet: the price of a service, or its due date.

Each screen that shows prices or dates of services is drawn with both; `reached_unknown` finds
those that are missing.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from billing.rules.allowed import NOTHING
from billing.rules.cycles import BillingCycle
from billing.rules.payments.invoices import Invoice, InvoiceLine, Outcome
from billing.rules.payments.orders import LineState, OrderLine, OrderState
from billing.rules.services.service import Service
from billing.rules.shop.forecast import Forecast, forecast
from billing.rules.shop.quotes import Quote, QuotedCart
from billing.views.calendar import DueCalendar
from billing.views.cart import CartView
from billing.views.home import DuePayment
from billing.views.payments import Checkout, GatewayName, OrderPage, PayMethod
from billing.views.reminders.settings import PausedService
from billing.views.services import CancellationStatus, CancelWhen
from handlers.buttons import OpenRenewalCycle
from handlers.calendar import screens as calendar_screens
from handlers.cart import screens as cart_screens
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Shown
from handlers.costs import screens as cost_screens
from handlers.menu import screens as menu_screens
from handlers.notices import client
from handlers.notices.operator import messages as operator
from handlers.payments import changed_screens, checkout_screens, cycle_screens, order_screens
from handlers.payments import screens as payment_screens
from handlers.payments.seen_lines import read_seen_lines, seen_line_values
from handlers.reminders import screens as reminder_screens
from handlers.reminders import settings_screens
from handlers.renewals import screens as renewal_screens
from handlers.services import addon_list, changes, page, screens
from locales.translator import Translator
from tests.gallery.calendar import SENDER
from tests.gallery.cart import choice, view
from tests.gallery.menu import CLIENT, home
from tests.gallery.notices import CANCELLATION_ACCEPTED, RECEIPT, SUMMARY, to_client, to_operator
from tests.gallery.panel import bill, deferred, order_page, stated
from tests.gallery.payments import paid
from tests.gallery.reminders import digest, due
from tests.gallery.renewals import choice as renewal_choice
from tests.gallery.renewals import found as renewals
from tests.gallery.services import PLACE, cancellation, listed, shown
from tests.gallery.wishes import ACCOUNT, wishes
from tests.make import (
    NOW,
    TODAY,
    cart,
    known,
    money,
    owned_addon,
    pricing,
    product_line,
    quote,
    renewal_line,
    service,
)

UNPRICED = service(amount=None, first_amount=None)
UNDATED = service(next_due_date=None, due_date_known=False)
NEITHER = replace(UNDATED, id=2, domain="sklep.example", amount=None, first_amount=None)
KNOWN = service(id=7, name="VPS S", domain="vps.example")
ADDON = owned_addon(id=9, amount=None, next_due_date=None, due_date_known=False)
APRIL = date(2026, 4, 1)
AT_RISK = known(SUMMARY.unreachable)
ANY_WAY = PayMethod(money("0"), money("0"), GatewayName("bank", 2))


def in_cart(*owned: Service) -> CartView:
    """A cart that renews these services and orders a new one."""
    lines = (renewal_line(one.id) for one in owned)
    return view(*lines, product_line(), known=pricing(*owned))


def checkout(*owned: Service) -> Checkout:
    """Checkout of that cart; without every price there is no way to pay it yet."""
    return Checkout(in_cart(*owned).quoted_cart, (), money("0"), use_credit=True, tax_rate=2300)


def covered(one: Service) -> Checkout:
    """Checkout of one renewal that credit pays at once."""
    quoted = view(renewal_line(one.id), known=pricing(one)).quoted_cart
    ways = (PayMethod(quoted.gross.known, money("0")),)
    return Checkout(quoted, ways, money("900.00"), use_credit=True, tax_rate=2300)


def changed(t: Translator, before: QuotedCart, after: Checkout) -> Shown:
    """The order as it is now, where it was shown as it was before."""
    seen = read_seen_lines(seen_line_values(before), before.seal)
    return changed_screens.order_changed(t, after, ANY_WAY, seen)


def check_changed(t: Translator, before: QuotedCart, after: Checkout) -> Shown:
    """The same for an order that a panel places."""
    seen = read_seen_lines(seen_line_values(before), before.seal)
    return order_screens.review_changed(t, deferred(after), seen)


def ordered(*quotes: Quote) -> OrderPage:
    """A placed order of these quotes; the panel's proforma says what it comes to."""
    made = order_page(OrderState.PLACED, bill(stated()))
    lines = tuple(OrderLine(quote, LineState.PLACED) for quote in quotes)
    return replace(made, order=replace(made.order, lines=lines))


def year(*owned: Service) -> Forecast:
    """The costs of these services."""
    return forecast(pricing(*owned))


def dates(*owned: Service) -> DueCalendar:
    """The calendar of these services."""
    coming = year(*owned)
    upcoming = tuple(one for one in coming.services if one.dates)
    return DueCalendar("Przykładowy Hosting", NOW, upcoming, (), coming.undated)


def renewed() -> Invoice:
    """A paid proforma that has renewed a service; its new due date is not known."""
    line = InvoiceLine(1, quote(period_from=None, period_to=None), NOW, Outcome.RENEWED)
    return replace(paid(), lines=(line, replace(line, outcome=Outcome.RENEWED_AFTER_MOVE)))


def addons_of(owner: Service, t: Translator) -> Shown:
    """The list of add-ons of a service, one of them like it."""
    like = replace(
        ADDON, amount=owner.amount, next_due_date=owner.next_due_date,
        due_date_known=owner.due_date_known,
    )  # fmt: skip
    return addon_list.addon_list(t, shown(owner, like), Origin.SERVICES)


SCREENS: dict[str, Callable[[Service, Translator], Shown]] = {
    "list": lambda one, t: screens.services(t, listed(one, KNOWN, NEITHER)),
    "list, buttons open menus": lambda one, t: screens.menus(t, listed(one, KNOWN, NEITHER)),
    "page": lambda one, t: page.service(t, shown(one, ADDON), PLACE),
    "menu of actions": lambda one, t: page.menu(t, shown(one)),
    "all add-ons": addons_of,
    "cancel: when": lambda one, t: changes.ask_when(t, shown(one), PLACE),
    "cancel: sure?": lambda one, t: changes.confirm(
        t, shown(one), CancelWhen.PERIOD_END, "", draft=9, place=PLACE
    ),
    "renewals": lambda one, t: renewal_screens.renewals(
        t, renewals(one, KNOWN, in_cart=cart(renewal_line(one.id), renewal_line(7)))
    ),
    "renewals, nothing else": lambda one, t: renewal_screens.renewals(
        t, renewals(one, in_cart=cart(renewal_line(one.id)))
    ),
    "cart": lambda one, t: cart_screens.cart(t, in_cart(one)),
    "cart, nothing else": lambda one, t: cart_screens.cart(
        t, view(renewal_line(one.id), known=pricing(one))
    ),
    "cart line": lambda one, t: cart_screens.line(t, choice(in_cart(one))),
    "another cycle": lambda one, t: cycle_screens.renewal_cycles(
        t, renewal_choice(one), OpenRenewalCycle(one.id)
    ),
    "pay how?": lambda one, t: checkout_screens.choose(t, checkout(one)),
    "confirm": lambda one, t: checkout_screens.confirm(t, checkout(one), ANY_WAY),
    "changed": lambda one, t: changed(t, in_cart(service()).quoted_cart, checkout(one)),
    "changed, known now": lambda one, t: changed(t, in_cart(one).quoted_cart, checkout(service())),
    "check": lambda one, t: order_screens.review(t, deferred(checkout(one))),
    "check, changed": lambda one, t: check_changed(
        t, in_cart(service()).quoted_cart, checkout(one)
    ),
    "order": lambda one, t: order_screens.order(t, ordered(*in_cart(one).quoted_cart.quotes)),
    "costs": lambda one, t: cost_screens.costs(t, year(one, KNOWN, NEITHER)),
    "costs, nothing else": lambda one, t: cost_screens.costs(t, year(one)),
    "month": lambda one, t: cost_screens.month_costs(t, year(one, KNOWN), APRIL),
    "by service": lambda one, t: cost_screens.service_costs(t, year(one, KNOWN, NEITHER)),
    "calendar": lambda one, t: calendar_screens.calendar(t, dates(one, KNOWN), SENDER),
    "reminders of a service": lambda one, t: settings_screens.service(
        t, wishes(services=(PausedService(one),)), PausedService(one), ACCOUNT
    ),
    "reminders of services": lambda one, t: settings_screens.services(
        t, wishes(services=(PausedService(one), PausedService(KNOWN))), ACCOUNT
    ),
    "reminder": lambda one, t: reminder_screens.digest(
        t, digest(one, due(3, id=7), in_cart=cart(renewal_line(one.id)))
    ),
}

SAMPLES: dict[str, Callable[[Translator], Shown]] = {
    **{f"{name}, price": partial(draw, UNPRICED) for name, draw in SCREENS.items()},
    **{f"{name}, date": partial(draw, UNDATED) for name, draw in SCREENS.items()},
    "page, price, nothing allowed": lambda t: page.service(
        t, shown(UNPRICED, allowed=NOTHING), PLACE
    ),
    "home, price": lambda t: menu_screens.home(
        t,
        CLIENT,
        home(
            payments=(DuePayment(UNPRICED, None, TODAY, None, can_pay=False, on_proforma=False),)
        ),
    ),
    "pay how? credit covers it, date": lambda t: checkout_screens.choose(t, covered(UNDATED)),
    "overdue, price": lambda t: cost_screens.overdue_costs(
        t, year(due(-3, amount=None), due(-1, id=7))
    ),
    "reminder of one, price": lambda t: reminder_screens.digest(t, digest(due(3, amount=None))),
    "page, paid once, price": lambda t: page.service(
        t, shown(replace(UNPRICED, cycle=BillingCycle.ONE_TIME, next_due_date=None)), PLACE
    ),
    "nothing for a calendar, date": lambda t: calendar_screens.nothing(t, 2),
    "cancellation asked for, date": lambda t: changes.cancellation_requested(
        t, cancellation(effective_on=None), PLACE
    ),
    "page, cancellation asked for, date": lambda t: page.service(
        t, shown(UNDATED, cancellation=cancellation(effective_on=None)), PLACE
    ),
    "page, cancellation accepted, date": lambda t: page.service(
        t,
        shown(
            UNDATED,
            cancellation=cancellation(effective_on=None, status=CancellationStatus.ACCEPTED),
        ),
        PLACE,
    ),
    "cancellation accepted, date": lambda t: client.client_notice(
        t, to_client(replace(CANCELLATION_ACCEPTED, effective_on=None))
    ),
    "receipt for others, date": lambda t: client.client_notice(
        t, to_client(RECEIPT, invoice=renewed())
    ),
    "receipt, date": lambda t: payment_screens.receipt(t, renewed()),
    "operator, summary, price": lambda t: operator.operator_notice(
        t, to_operator(replace(SUMMARY, unreachable=replace(AT_RISK, unpriced=2)))
    ),
    "operator, summary, no price known": lambda t: operator.operator_notice(
        t, to_operator(replace(SUMMARY, unreachable=replace(AT_RISK, at_risk=(), unpriced=2)))
    ),
}
