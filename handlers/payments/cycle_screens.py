"""The billing cycles a service can be renewed for: each price once, and what a longer one saves.

A tap leads to the checkout of it alone, from the service's page as from the list of renewals.
"""

from markupsafe import Markup

from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.shop.quotes import Quote
from billing.rules.shop.savings import Saving
from billing.views.cart import CycleChoice
from handlers.buttons import OpenRenewalCycle, OpenRenewals, OpenService, RenewFor
from handlers.chat.screens.codec import Payload
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Row, Screen, Style
from handlers.chat.screens.widgets import back, lines, rows_of
from handlers.chat.screens.wording import facts, tax_hint, title_of
from locales.labels import cycle_label, price_or_unknown
from locales.text import Plain
from locales.translator import Translator


def renewal_cycles(t: Translator, choice: CycleChoice, place: OpenRenewalCycle) -> Screen:
    """The cycles and their prices; `place` is the button that leads here."""
    hint = t("<i>Choose for how long. You see everything once more before you pay.</i>")
    return Screen(
        lines(
            Markup("🔄 {}").format(title_of(t, choice.line)),
            facts(t.plain("Now: {cycle}", cycle=cycle_label(t, choice.line.cycle))),
            facts(_due(t, choice.line)),
            *(_saved(t, cycle, saving) for cycle, saving in choice.savings.items()),
            "",
            tax_hint(t, choice.tax_rate),
            hint,
        ),
        (
            *rows_of(
                (_button(t, choice, cycle, gross, place) for cycle, gross in choice.choices), 1
            ),
            (*_page(t, place), back(t, back_from(place))),
        ),
    )


def origin_of(place: OpenRenewalCycle) -> Origin:
    """Where a checkout that begins here goes back to."""
    return Origin.SERVICE if place.page is None else Origin.RENEWALS


def back_from(place: OpenRenewalCycle) -> Payload:
    """The list of renewals, or the service's page."""
    if place.page is None:
        return OpenService(place.service, Origin.SERVICE)
    return OpenRenewals(place.page, place.origin)


def _page(t: Translator, place: OpenRenewalCycle) -> Row:
    """The way to the service's page, for who comes from the list."""
    if place.page is None:
        return ()
    return (Button(t.plain("Service page"), OpenService(place.service, Origin.RENEWALS)),)


def _due(t: Translator, quote: Quote) -> Plain:
    day = quote.due_date or quote.period_from
    if day is None:
        return t.plain("Next due date: not known yet")
    return t.plain("Next due date: {date}", date=t.date(day))


def _saved(t: Translator, cycle: BillingCycle, saving: Saving) -> Markup:
    return facts(
        t.plain(
            "{cycle}: you save {amount} ({percent} %)",
            cycle=cycle_label(t, cycle),
            amount=t.money(saving.amount),
            percent=saving.percent,
        )
    )


def _button(
    t: Translator,
    choice: CycleChoice,
    cycle: BillingCycle,
    gross: Money | None,
    place: OpenRenewalCycle,
) -> Button:
    """A cycle with its price; the one that is in the cart is ticked."""
    is_there = bool(choice.line.line_id) and cycle == choice.line.cycle
    sign = "✓ " if is_there else ""
    label = Plain(f"{sign}{cycle_label(t, cycle)} · {price_or_unknown(t, gross)}")
    return Button(label, RenewFor(place.service, cycle, origin_of(place)), Style.PRIMARY)
