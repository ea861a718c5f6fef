"""What screens say of prices and due dates that are not known yet, found by drawing samples.

A screen that is given services or quotes and shows a price (or a date) must have a sample in which
that price (date) is not known, and must say so there.
"""

import inspect
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from types import CodeType, FrameType
from typing import Any, get_args, get_type_hints

from markupsafe import Markup

from billing.rules.money import Money
from billing.rules.services.service import Service
from billing.rules.shop.quotes import Quote
from billing.views.calendar import DueCalendar
from locales.text import Plain
from locales.translator import Translator
from tests.gallery.reached import screen_functions
from tests.gallery.samples import ZONE, Sample


class Unknown(Enum):
    """What may not be known yet of a service or a quote."""

    PRICE = "price"
    DATE = "date"


WORDS = {
    Unknown.PRICE: frozenset(
        {
            "price not known yet",
            "Price: not known yet",
            "<i>{n} price is not known yet; you will see it after ordering.</i>",
        }
    ),
    Unknown.DATE: frozenset(
        {
            "due date not known yet",
            "Next due date: not known yet",
            "It ends at the end of its period; we do not know that day yet.",
            "You asked to end it with its period; we do not know that day yet.",
            "{n} service is left out: its due date is not known yet.",
            "<i>{n} service has no due date yet and is not in the sums.</i>",
        }
    ),
}
"""Messages by which a screen says that something is not known."""


_OF_INVOICES = "an invoice is made when its prices and periods are known"
_OF_CATALOGUE = "the prices are the catalogue's"
_OF_NOTICES = f"it speaks of money that came: {_OF_INVOICES}"
NEVER_UNKNOWN = {
    ("handlers.addons.pickers.cycles", Unknown.PRICE): _OF_CATALOGUE,
    ("handlers.addons.pickers.services", Unknown.PRICE): _OF_CATALOGUE,
    ("handlers.addons.screens.addon", Unknown.PRICE): _OF_CATALOGUE,
    ("handlers.addons.screens.addons_for", Unknown.PRICE): _OF_CATALOGUE,
    ("handlers.desk.lists.waiting", Unknown.PRICE): _OF_NOTICES,
    ("handlers.desk.lists.waiting", Unknown.DATE): "of a request it says 'at the period's end'",
    ("handlers.desk.seen.invoice", Unknown.PRICE): _OF_INVOICES,
    ("handlers.desk.seen.invoice", Unknown.DATE): _OF_INVOICES,
    ("handlers.menu.screens.home", Unknown.DATE): "it names what is due on a known day",
    ("handlers.notices.client.all_paid", Unknown.PRICE): _OF_NOTICES,
    ("handlers.costs.screens.overdue_costs", Unknown.DATE): "an unknown date is never overdue",
    ("handlers.notices.client.client_notice", Unknown.PRICE): _OF_NOTICES,
    ("handlers.notices.money.invoice_notice", Unknown.PRICE): _OF_NOTICES,
    ("handlers.notices.operator.messages.operator_message", Unknown.PRICE): _OF_NOTICES,
    ("handlers.notices.operator.messages.operator_message", Unknown.DATE): _OF_NOTICES,
    ("handlers.notices.operator.messages.operator_notice", Unknown.PRICE): _OF_NOTICES,
    ("handlers.notices.operator.messages.operator_notice", Unknown.DATE): _OF_NOTICES,
    ("handlers.notices.operator.paid.proforma_paid", Unknown.PRICE): _OF_NOTICES,
    ("handlers.payments.balance_screens.ask_pay", Unknown.PRICE): _OF_INVOICES,
    ("handlers.payments.cancel_screens.ask_cancel", Unknown.PRICE): _OF_INVOICES,
    ("handlers.payments.invoice_screens.invoice", Unknown.PRICE): _OF_INVOICES,
    ("handlers.payments.invoice_screens.invoice", Unknown.DATE): _OF_INVOICES,
    ("handlers.payments.late_screens.came_late", Unknown.PRICE): _OF_INVOICES,
    ("handlers.payments.late_screens.set_aside_late", Unknown.PRICE): _OF_INVOICES,
    ("handlers.payments.order_screens.ask_withdraw", Unknown.PRICE): _OF_INVOICES,
    ("handlers.payments.screens.pay_page", Unknown.PRICE): _OF_INVOICES,
    ("handlers.payments.screens.receipt", Unknown.PRICE): _OF_INVOICES,
    ("handlers.payments.screens.telegram_invoice", Unknown.PRICE): _OF_INVOICES,
    ("handlers.payments.screens.transfer", Unknown.PRICE): _OF_INVOICES,
    ("handlers.payments.screens.transfer", Unknown.DATE): "it shows until when to pay",
    ("handlers.reminders.snooze_screens.quieting", Unknown.DATE): "a reminder has a known date",
    ("handlers.renewals.refusals.not_renewable", Unknown.DATE): "it shows when a renewal opens",
    ("handlers.staff.screens.ask_give_up", Unknown.PRICE): _OF_NOTICES,
    ("handlers.staff.screens.ask_paid", Unknown.PRICE): _OF_INVOICES,
    ("handlers.staff.screens.ask_reason", Unknown.PRICE): _OF_NOTICES,
    ("handlers.staff.screens.matter", Unknown.PRICE): _OF_NOTICES,
}
"""Screens that show prices or dates, and whose services or quotes always have them."""


class Recorder(Translator):
    """A translator that remembers its messages, and whether it wrote prices and dates."""

    def __init__(self) -> None:
        super().__init__("en", ZONE)
        self.messages: set[str] = set()
        self.shown: set[Unknown] = set()

    def __call__(self, message: str, /, **values: str | int) -> Markup:
        self.messages.add(message)
        return super().__call__(message, **values)

    def n(self, one: str, many: str, n: int, /, **values: str | int) -> Markup:
        self.messages.add(one)
        return super().n(one, many, n, **values)

    def plain(self, message: str, /, **values: str | int) -> Plain:
        self.messages.add(message)
        return super().plain(message, **values)

    def money(self, amount: Money) -> Plain:
        self.shown.add(Unknown.PRICE)
        return super().money(amount)

    def date(self, day: date) -> Plain:
        self.shown.add(Unknown.DATE)
        return super().date(day)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What happened while a sample was drawn: which screens were called, with what unknown."""

    sample: Sample
    calls: dict[CodeType, frozenset[Unknown]]
    shown: frozenset[Unknown]
    said: frozenset[Unknown]


def draw(sample: Sample, screens: Iterable[CodeType]) -> Drawing:
    """Draw a sample in English, watching these screens."""
    watched, calls = frozenset(screens), dict[CodeType, frozenset[Unknown]]()

    def notice(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code in watched:
            unknown = frozenset(_unknown_in(tuple(frame.f_locals.values())))
            calls[frame.f_code] = calls.get(frame.f_code, frozenset()) | unknown

    t, before = Recorder(), sys.getprofile()
    sys.setprofile(notice)
    try:
        sample.draw(t)
    finally:
        sys.setprofile(before)
    said = frozenset(unknown for unknown, words in WORDS.items() if words & t.messages)
    return Drawing(sample, calls, frozenset(t.shown), said)


def screens_of_services() -> dict[str, CodeType]:
    """The screens whose arguments hold services or quotes, by full name."""
    return {
        name: function.__code__
        for name, function in screen_functions().items()
        if any(map(_holds_service, _argument_types(function)))
    }


def _argument_types(function: Any) -> list[Any]:
    hints = get_type_hints(function)
    return [hints[name] for name in inspect.signature(function).parameters]


@cache
def _holds_service(kind: Any, above: tuple[Any, ...] = ()) -> bool:
    """Whether a value of that type may hold a service or a quote."""
    if kind in (Service, Quote):
        return True
    if kind in above:
        return False
    parts = list(get_args(kind))
    if isinstance(kind, type) and is_dataclass(kind):
        parts += [get_type_hints(kind)[field.name] for field in fields(kind)]
    return any(_holds_service(part, (*above, kind)) for part in parts if not isinstance(part, str))


def _unknown_in(value: object) -> Iterator[Unknown]:
    """What is not known in a value and all that it holds."""
    if isinstance(value, Service):
        yield from _unknown(value.amount is None, value.has_unknown_due_date)
    elif isinstance(value, Quote):
        yield from _unknown(value.amounts is None, value.period_from is None)
    elif isinstance(value, DueCalendar) and value.undated:
        yield Unknown.DATE
    else:
        for part in _parts(value):
            yield from _unknown_in(part)


def _unknown(price: bool, due_date: bool) -> Iterator[Unknown]:
    if price:
        yield Unknown.PRICE
    if due_date:
        yield Unknown.DATE


def _parts(value: object) -> tuple[object, ...]:
    if isinstance(value, tuple | list | frozenset):
        return tuple(value)
    if isinstance(value, dict):
        return tuple(value.values())
    if is_dataclass(value) and not isinstance(value, type):
        return tuple(getattr(value, field.name) for field in fields(value))
    return ()
