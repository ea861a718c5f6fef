"""Samples of the costs: the year, a month, what is overdue, by service."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from billing.rules.cycles import BillingCycle
from billing.rules.services.service import Service
from billing.rules.shop.forecast import Forecast, forecast
from billing.rules.shop.quotes import Taxation
from handlers.chat.screens.screen import Screen
from handlers.costs import screens
from locales.translator import Translator
from tests.gallery.renewals import LONG_DOMAIN, LONG_NAME
from tests.make import TODAY, money, owned_addon, pricing, service

APRIL = date(2026, 4, 1)


def found(*owned: Service, **changes: Any) -> Forecast:
    """The year of these services."""
    return forecast(pricing(*owned, **changes))


def usual() -> Forecast:
    """A few of everything: overdue, monthly, yearly, later than the year."""
    return found(
        service(),
        owned_addon(),
        service(id=3, name="Domena .pl", domain="anna-przyklad.pl", amount=money("59.00"),
                cycle=BillingCycle.ANNUALLY, next_due_date=TODAY - timedelta(days=3)),
        service(id=4, name="VPS Wiatr", domain="vps.example", amount=money("300.00"),
                cycle=BillingCycle.QUARTERLY, next_due_date=date(2026, 5, 31)),
        service(id=5, name="Certyfikat SSL", domain="sklep.example", amount=money("199.00"),
                cycle=BillingCycle.BIENNIALLY, next_due_date=TODAY + timedelta(days=500)),
    )  # fmt: skip


def many() -> Forecast:
    """More than one page of everything, with names and amounts as long as they come."""
    owned = [
        service(id=n, name=LONG_NAME, domain=LONG_DOMAIN, amount=money("123456.78"),
                next_due_date=TODAY - timedelta(days=10 - n))
        for n in range(1, 20)
    ]  # fmt: skip
    addons = [owned_addon(id=100 + n, parent_id=n, name=LONG_NAME) for n in range(1, 20)]
    return found(*owned, *addons)


SAMPLES: dict[str, Callable[[Translator], Screen]] = {
    "costs, nothing": lambda t: screens.costs(t, found()),
    "costs, one service without tax": lambda t: screens.costs(
        t, found(service(), taxation=Taxation(0, included=False))
    ),
    "costs": lambda t: screens.costs(t, usual()),
    "costs, estimates": lambda t: screens.costs(t, replace(usual(), is_estimate=True)),
    "costs, much": lambda t: screens.costs(t, many()),
    "costs, later than the year": lambda t: screens.costs(
        t,
        found(service(cycle=BillingCycle.BIENNIALLY, next_due_date=TODAY + timedelta(days=500))),
    ),
    "month": lambda t: screens.month_costs(t, usual(), APRIL),
    "month, many and long": lambda t: screens.month_costs(t, many(), APRIL),
    "month, last page": lambda t: screens.month_costs(t, many(), APRIL, 99),
    "overdue": lambda t: screens.overdue_costs(t, usual()),
    "overdue, many and long": lambda t: screens.overdue_costs(t, many()),
    "by service": lambda t: screens.service_costs(t, usual()),
    "by service, many and long": lambda t: screens.service_costs(t, many()),
    "by service, nothing": lambda t: screens.service_costs(t, found()),
}
