"""Samples of the due dates for a calendar."""

from collections.abc import Callable
from dataclasses import replace

from billing.rules.services.service import Service, ServiceStatus
from billing.rules.shop.forecast import forecast
from billing.views.calendar import DueCalendar
from handlers.calendar import screens
from handlers.calendar.sender import Sender
from handlers.chat.screens.screen import Shown
from locales.translator import Translator
from tests.gallery.renewals import LONG_DOMAIN, LONG_NAME
from tests.make import NOW, owned_addon, pricing, service

SENDER = Sender(7_000_000_001, "panelik_sandbox_bot")
ENDED = service(id=9, status=ServiceStatus.CANCELLED)


def dates(
    *owned: Service, company: str = "Przykładowy Hosting", ended: tuple[Service, ...] = ()
) -> DueCalendar:
    """The due dates of these services."""
    return DueCalendar(company, NOW, forecast(pricing(*owned)).services, ended)


LONG = service(name=LONG_NAME, domain=LONG_DOMAIN)

SAMPLES: dict[str, Callable[[Translator], Shown]] = {
    "nothing": screens.nothing,
    "one date": lambda t: screens.calendar(t, dates(service()), SENDER),
    "dates": lambda t: screens.calendar(
        t, dates(service(), owned_addon(), ended=(ENDED,)), SENDER
    ),
    "dates, estimates": lambda t: screens.calendar(
        t, replace(dates(service(), owned_addon()), is_estimate=True), SENDER
    ),
    "long names": lambda t: screens.calendar(t, dates(LONG, company=LONG_NAME * 2), SENDER),
    "nothing is due any more": lambda t: screens.calendar(t, dates(ended=(ENDED,)), SENDER),
}
