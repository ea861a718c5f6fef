"""Samples of the renewals: the list, one renewal, what cannot be renewed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from billing.rules.allowed import NOTHING
from billing.rules.cycles import BillingCycle
from billing.rules.services.service import Service, ServiceStatus, SuspendedFor
from billing.rules.shop.cart import Cart
from billing.rules.shop.catalog import Policy
from billing.rules.shop.pricing import quote_line
from billing.rules.shop.quotes import Quote
from billing.rules.shop.renewal_prices import renewal_cycles
from billing.rules.shop.savings import CyclePrice, savings
from billing.views.cart import CycleChoice, RenewalList
from handlers.chat.screens.screen import Screen
from handlers.renewals import cycle_list, refusals, screens
from locales.translator import Translator
from tests.make import TODAY, cart, catalog, money, owned_addon, pricing, renewal_line, service
from tests.renewal_rule import renewal_list

LONG_NAME = "Hosting Premium Business Unlimited Professional Extra <2026> & Co. " * 2
LONG_DOMAIN = f"{'bardzo-dluga-nazwa-' * 6}.example"
POLICY = Policy(opens_days_before={BillingCycle.ANNUALLY: 30})


def services(count: int, **changes: object) -> list[Service]:
    """So many services, due three days apart, the first of them overdue."""
    return [
        service(
            **{
                "id": number,
                "name": f"Hosting {number}",
                "domain": f"strona{number}.example",
                "amount": money("29.00") * number,
                "next_due_date": TODAY + timedelta(days=3 * number - 5),
            }
            | changes
        )
        for number in range(1, count + 1)
    ]


def found(
    *owned: Service,
    in_cart: Cart | None = None,
    on_invoice: int | None = None,
    page: int = 0,
    refused_page: int = 0,
) -> RenewalList:
    """The list of these services; the one `on_invoice` is on an unpaid proforma."""
    known = pricing(*owned, catalog=catalog(policy=POLICY))
    if on_invoice is not None:
        known = replace(known, on_invoice={on_invoice: 5}, balances={5: money("230.00")})
    return renewal_list(in_cart or cart(), known, page, refused_page=refused_page)


def mixed(page: int = 0) -> RenewalList:
    """Everything that can happen on one page."""
    return found(
        *services(7),
        owned_addon(id=20, next_due_date=TODAY + timedelta(days=1)),
        service(id=30, name="VPS", domain="vps.example", cycle=BillingCycle.ANNUALLY,
                next_due_date=TODAY + timedelta(days=200)),
        service(id=31, name="Blog", domain="blog.example", status=ServiceStatus.SUSPENDED,
                suspended_for=SuspendedFor.ABUSE),
        service(id=32, name="Sklep", domain="sklep.example"),
        in_cart=cart(renewal_line(1), renewal_line(20, cycle=BillingCycle.QUARTERLY)),
        on_invoice=32,
        page=page,
    )  # fmt: skip


def many_refused(count: int = 30, page: int = 0) -> RenewalList:
    """Nothing can be renewed yet."""
    late = {"cycle": BillingCycle.ANNUALLY, "next_due_date": TODAY + timedelta(days=200)}
    return found(*services(count, **late), on_invoice=10, refused_page=page)


def long_names() -> RenewalList:
    """A full page of names and reasons as long as they come."""
    named = {"name": LONG_NAME, "domain": LONG_DOMAIN}
    offered = services(6, **named)
    addons = [
        owned_addon(id=50 + n, parent_id=n, **named, next_due_date=TODAY) for n in range(1, 7)
    ]
    gone = [
        service(
            id=80 + n, **named, cycle=BillingCycle.ANNUALLY,
            next_due_date=TODAY + timedelta(days=200),
        )
        for n in range(8)
    ]  # fmt: skip
    return found(*offered, *addons, *gone, in_cart=cart(renewal_line(50 + 1)))


def choice(owned: Service, *, in_cart: bool = False) -> CycleChoice:
    """The cycles one service can be renewed for."""
    known = pricing(owned)
    line = renewal_line(owned.id, id=4 if in_cart else 0, cycle=owned.cycle)
    quotes = [
        quote_line(replace(line, cycle=cycle), known)
        for cycle in renewal_cycles(owned, known.catalog)
    ]
    priced = tuple((q.cycle, q.gross) for q in quotes if isinstance(q, Quote))
    now = quote_line(line, known)
    assert isinstance(now, Quote)
    prices = [
        CyclePrice(q.cycle, q.recurring, q.setup_gross)
        for q in quotes
        if isinstance(q, Quote) and q.recurring
    ]
    return CycleChoice(now, priced, savings(prices), known.taxation.rate)


STANDS = pricing(service(), cancelling=frozenset({1}), allowed=NOTHING)
"""A service whose cancellation was requested, and which the client cannot withdraw."""

SAMPLES: dict[str, Callable[[Translator], Screen]] = {
    "renewals, another period": lambda t: cycle_list.choose_cycle(t, found(*services(9), page=1)),
    "renewals, another period, nothing there": lambda t: cycle_list.choose_cycle(t, found()),
    "renewals, nothing there": lambda t: screens.renewals(t, found()),
    "renewals, nothing there nor allowed": lambda t: screens.renewals(
        t, replace(found(), allowed=NOTHING)
    ),
    "renewals, one cancelled but nothing allowed": lambda t: screens.renewals(
        t, renewal_list(cart(), STANDS)
    ),
    "renewals, one": lambda t: screens.renewals(t, found(service())),
    "renewals, a full page": lambda t: screens.renewals(t, mixed()),
    "renewals, last page": lambda t: screens.renewals(t, mixed(9)),
    "renewals, long names": lambda t: screens.renewals(t, long_names()),
    "renewals, only refusals": lambda t: screens.renewals(t, many_refused()),
    "not renewable, many": lambda t: refusals.not_renewable(t, many_refused()),
    "not renewable, last page": lambda t: refusals.not_renewable(t, many_refused(page=3)),
    "not renewable, long names": lambda t: refusals.not_renewable(t, long_names()),
    "not renewable, nothing": lambda t: refusals.not_renewable(t, found(service())),
}
