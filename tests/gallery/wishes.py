"""Samples of what a user wants of reminders."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from billing.rules.reminders.preferences import Pause, QuietHours, ReminderPreferences
from billing.rules.reminders.stages import DEFAULT_STAGES, ReminderKind
from billing.views.reminders.settings import PausedService, ReminderSettings
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Screen
from handlers.reminders import hours_screens, settings_screens
from locales.translator import Translator
from tests.gallery.reminders import CLIENT, LONG_DOMAIN, LONG_NAME, due
from tests.make import TODAY

ACCOUNT = Origin.ACCOUNT


def paused() -> tuple[PausedService, ...]:
    """Services, each heard of in another way."""
    shop, blog, mail, vps = (
        due(days, id=n, name=f"Hosting {n}", domain=f"strona-{n}.example")
        for n, days in enumerate((-1, 3, 7, 9), start=1)
    )
    on = TODAY + timedelta(days=2)
    return (
        PausedService(shop),
        PausedService(blog, pause=Pause(1001, 2, blog.next_due_date, blog.next_due_date)),
        PausedService(mail, pause=Pause(1001, 3, None, None)),
        PausedService(vps, pause=Pause(1001, 4, vps.next_due_date, on, remind=True)),
    )


def wishes(**changes: Any) -> ReminderSettings:
    """The settings as they come, with a reminder on the next day; choices replace their fields."""
    chosen = {key: changes.pop(key) for key in tuple(changes) if key in CHOICES}
    made = ReminderSettings(
        client=CLIENT,
        preferences=replace(ReminderPreferences(), **chosen),
        stages=DEFAULT_STAGES,
        hour=10,
        offers=True,
        next_at=datetime(2026, 3, 11, 9, 37, tzinfo=UTC),
        services=paused(),
        today=TODAY,
    )
    return replace(made, **changes)


CHOICES = {"on", "hour", "quiet", "stages_off", "kinds_off"}


def many() -> ReminderSettings:
    """More services than fit a page, with names as long as they come."""
    owned = (due(n, id=n, name=LONG_NAME, domain=LONG_DOMAIN) for n in range(1, 40))
    muted = (PausedService(of, pause=Pause(1, of.id, None, None)) for of in owned)
    return wishes(services=tuple(muted))


def _service(number: int, **changes: Any) -> Callable[[Translator], Screen]:
    def draw(t: Translator) -> Screen:
        found = wishes(**changes)
        return settings_screens.service(t, found, found.services[number], Origin.SERVICE)

    return draw


SAMPLES: dict[str, Callable[[Translator], Screen]] = {
    "reminders": lambda t: settings_screens.reminders(t, wishes(), ACCOUNT),
    "reminders, own choices": lambda t: settings_screens.reminders(
        t,
        wishes(
            hour=15, stages_off=(30, 14), quiet=QuietHours(9, 9),
            kinds_off=tuple(ReminderKind), next_at=None,
        ),
        Origin.REMINDER,
    ),
    "reminders, off": lambda t: settings_screens.reminders(t, wishes(on=False), ACCOUNT),
    "days": lambda t: settings_screens.stages(t, wishes(stages_off=(14, -7)), ACCOUNT),
    "hours": lambda t: hours_screens.hours(t, wishes(hour=15), ACCOUNT),
    "hours, all": lambda t: hours_screens.hours(t, wishes(quiet=QuietHours(9, 9)), ACCOUNT),
    "quiet hours": lambda t: hours_screens.quiet_hours(t, wishes(), ACCOUNT),
    "quiet hours, their end": lambda t: hours_screens.quiet_hours(
        t, wishes(), ACCOUNT, ends=True
    ),
    "quiet hours, none": lambda t: hours_screens.quiet_hours(
        t, wishes(quiet=QuietHours(9, 9)), ACCOUNT
    ),
    "kinds": lambda t: settings_screens.kinds(t, wishes(kinds_off=(ReminderKind.OFFER,)), ACCOUNT),
    "kinds, no offers": lambda t: settings_screens.kinds(t, wishes(offers=False), ACCOUNT),
    "services": lambda t: settings_screens.services(t, wishes(), ACCOUNT),
    "services, many": lambda t: settings_screens.services(t, many(), ACCOUNT, 2),
    "services, none": lambda t: settings_screens.services(t, wishes(services=()), ACCOUNT),
    "a service": _service(0),
    "a service, quiet until it is due": _service(1),
    "a service, never": _service(2),
    "a service, put off": _service(3, next_at=None),
}  # fmt: skip
