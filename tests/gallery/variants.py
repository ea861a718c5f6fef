"""Every sample once more, as it is where little is allowed, known or reachable.

The values that a screen is given are changed on their way in, whatever holds them, so no screen
can be forgotten. `make gallery` writes a page of each variant.
"""

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from functools import wraps
from typing import Any

from billing.rules.allowed import NOTHING, Allowed
from billing.rules.services.service import Service
from billing.rules.shop.quotes import Quote
from billing.views.payments import Checkout, InvoicePage
from billing.views.services import ServicePage
from handlers.chat.screens.away import while_away
from handlers.chat.screens.screen import Screen, Shown
from handlers.panel_away import ASKS_PANEL
from locales.translator import Translator
from tests.gallery.reached import screen_functions
from tests.gallery.reached_unknown import NEVER_UNKNOWN, Unknown
from tests.gallery.samples import Sample, samples
from tests.make import NOW

AS_OF = datetime(2026, 3, 10, 13, 2, tzinfo=UTC)


class Variant(Enum):
    """What is different from the sample."""

    OFF = "off"
    """Nothing is allowed but renewing and paying, and there is no way to pay, nor to ask."""
    NO_PRICES = "no-prices"
    NO_DATES = "no-dates"
    AWAY = "away"
    """The panel does not answer."""


@dataclass(frozen=True, slots=True)
class Varied:
    """A sample as a variant."""

    sample: Sample
    variant: Variant
    shown: Shown


NOT_DRAWN = {
    (Variant.NO_DATES, "calendar/dates"): "a calendar has only what is due on a known day",
    (Variant.NO_DATES, "calendar/nothing is due any more"): "the same",
}
"""What cannot be so."""


def vary(variant: Variant, t: Translator) -> Iterator[Varied]:
    """Draw every sample as a variant, but for those that cannot be so."""
    some = [sample for sample in samples() if (variant, sample.key) not in NOT_DRAWN]
    change = _CHANGES.get(variant)
    if change is None:
        for sample in some:
            yield Varied(sample, variant, _away(t, sample.draw(t)))
        return
    with _changed(change, skips=_skipped(variant)):
        for sample in some:
            yield Varied(sample, variant, sample.draw(t))


def _away(t: Translator, shown: Shown) -> Shown:
    return while_away(t, shown, ASKS_PANEL, AS_OF, now=NOW) if isinstance(shown, Screen) else shown


def _off(value: Any) -> Any:
    match value:
        case Allowed():
            return NOTHING
        case ServicePage():
            return replace(value, can_order_addons=False, contact_url=None, panel_url=None)
        case Checkout() | InvoicePage():
            return replace(value, methods=(), credit=None)
        case _:
            return value


def _without_prices(value: Any) -> Any:
    match value:
        case Service():
            return replace(value, amount=None, first_amount=None)
        case Quote():
            return replace(value, amounts=None, amount=None)
        case _:
            return value


def _without_dates(value: Any) -> Any:
    match value:
        case Service() if value.next_due_date is not None:
            return replace(value, next_due_date=None, due_date_known=False)
        case Quote():
            return replace(value, period_from=None, period_to=None, due_date=None)
        case _:
            return value


_CHANGES: dict[Variant, Callable[[Any], Any]] = {
    Variant.OFF: _off,
    Variant.NO_PRICES: _without_prices,
    Variant.NO_DATES: _without_dates,
}


def _skipped(variant: Variant) -> frozenset[str]:
    """Screens whose values always have what this variant takes away."""
    taken = {Variant.NO_PRICES: Unknown.PRICE, Variant.NO_DATES: Unknown.DATE}.get(variant)
    return frozenset(name for name, unknown in NEVER_UNKNOWN if unknown is taken)


def _deeply(value: Any, change: Callable[[Any], Any]) -> Any:
    """The value with the change made to it and to all that it holds."""
    if isinstance(value, tuple):
        parts = [_deeply(one, change) for one in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    if isinstance(value, list):
        return [_deeply(one, change) for one in value]
    if isinstance(value, dict):
        return {key: _deeply(one, change) for key, one in value.items()}
    if not is_dataclass(value) or isinstance(value, type):
        return value
    before = {field.name: getattr(value, field.name) for field in fields(value) if field.init}
    after = {name: _deeply(one, change) for name, one in before.items()}
    moved = {name: one for name, one in after.items() if one is not before[name]}
    return change(replace(value, **moved) if moved else value)


@contextmanager
def _changed(change: Callable[[Any], Any], *, skips: frozenset[str]) -> Iterator[None]:
    """Inside the block, give every screen changed values, but for those that are named."""
    originals = {
        name: function for name, function in screen_functions().items() if name not in skips
    }
    for name, function in originals.items():
        _put(name, _changing(function, change))
    try:
        yield
    finally:
        for name, function in originals.items():
            _put(name, function)


def _changing(
    function: Callable[..., Shown], change: Callable[[Any], Any]
) -> Callable[..., Shown]:
    @wraps(function)
    def changed(*values: Any, **named: Any) -> Shown:
        return function(
            *(_deeply(one, change) for one in values),
            **{name: _deeply(one, change) for name, one in named.items()},
        )

    return changed


def _put(name: str, function: object) -> None:
    module, _, attribute = name.rpartition(".")
    setattr(importlib.import_module(module), attribute, function)
