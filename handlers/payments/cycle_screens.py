"""Renewing a service for another billing cycle: each price once, and what a longer cycle saves."""

from markupsafe import Markup

from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.savings import Saving
from billing.views.cart import CycleChoice
from handlers.buttons import OpenService, RenewFor
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Screen, Style
from handlers.chat.screens.widgets import back, lines, rows_of
from handlers.chat.screens.wording import facts, title_of
from locales.labels import cycle_label, price_or_unknown
from locales.text import Plain
from locales.translator import Translator


def other_cycles(t: Translator, choice: CycleChoice, service: int) -> Screen:
    """The cycles it can be renewed for; a tap leads to the checkout of it alone."""
    hint = t("<i>Choose for how long. You see everything once more before you pay.</i>")
    return Screen(
        lines(
            Markup("🔄 {}").format(title_of(t, choice.line)),
            facts(t.plain("Now: {cycle}", cycle=cycle_label(t, choice.line.cycle))),
            *(_saved(t, cycle, saving) for cycle, saving in choice.savings.items()),
            "",
            hint,
        ),
        (
            *rows_of((_button(t, cycle, gross, service) for cycle, gross in choice.choices), 1),
            (back(t, OpenService(service, Origin.SERVICE)),),
        ),
    )


def _saved(t: Translator, cycle: BillingCycle, saving: Saving) -> Markup:
    return facts(
        t.plain(
            "{cycle}: you save {amount} ({percent} %)",
            cycle=cycle_label(t, cycle),
            amount=t.money(saving.amount),
            percent=saving.percent,
        )
    )


def _button(t: Translator, cycle: BillingCycle, gross: Money | None, service: int) -> Button:
    label = Plain(f"{cycle_label(t, cycle)} · {price_or_unknown(t, gross)}")
    return Button(label, RenewFor(service, cycle), Style.PRIMARY)
