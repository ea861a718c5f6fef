"""No screen offers what would be refused."""

import re
from dataclasses import replace

import pytest

from billing.rules.allowed import NOTHING, Allowed
from handlers.buttons import (
    AddAddon,
    AddOrder,
    AskCancellation,
    AskCancelReason,
    AskServiceName,
    OpenAddon,
    OpenAddons,
    OpenGroup,
    OpenOrder,
    OpenProduct,
    OrderProduct,
    RequestCancellation,
    ResetServiceName,
    WithdrawCancellation,
)
from handlers.chat.screens.screen import Screen
from handlers.commands_menu import profiles
from handlers.menu import screens as menu
from handlers.routes import COMMANDS
from handlers.services import page
from locales.translator import Translator
from tests.gallery.menu import home
from tests.gallery.samples import Sample, samples
from tests.gallery.services import PLACE, cancellation, shown
from tests.handlers.reading import BOTH, EN, buttons, read

ORDERING = (
    AddAddon, AddOrder, OpenAddon, OpenAddons, OpenGroup, OpenOrder, OpenProduct, OrderProduct,
)  # fmt: skip
CANCELLING = (AskCancellation, AskCancelReason, RequestCancellation, WithdrawCancellation)
RENAMING = (AskServiceName, ResetServiceName)
REFUSED = (*ORDERING, *CANCELLING, *RENAMING)

NOT_ALLOWED = [one for one in samples() if re.search("(nothing|not|nor) allowed", one.name)]


DECIDED_BY_ACTIONS = frozenset({"addons", "orders", "reminders"})
"""Topics of which ordering actions draw nothing at all, or reminders are given no product."""

ONLY_SENTENCES = frozenset({"account", "payments"})
"""Topics that have no such button, only sentences that would lead to a refusal."""


def offends(sample: Sample) -> list[object]:
    """The buttons of a sample that would be refused."""
    offered = (button.action for button in buttons(sample.draw(EN)))
    return [action for action in offered if isinstance(action, REFUSED)]


@pytest.mark.slow
def test_every_kind_of_screen_with_such_a_button_has_a_sample_without() -> None:
    with_such = {
        sample.topic
        for sample in samples()
        if sample.topic not in DECIDED_BY_ACTIONS and offends(sample)
    }
    assert not with_such & ONLY_SENTENCES
    assert {sample.topic for sample in NOT_ALLOWED} == with_such | ONLY_SENTENCES


@pytest.mark.parametrize("sample", NOT_ALLOWED, ids=lambda sample: sample.key)
def test_a_screen_offers_nothing_that_would_be_refused(sample: Sample) -> None:
    assert buttons(sample.draw(EN))
    assert offends(sample) == []


@BOTH
@pytest.mark.parametrize(
    ("allowed", "kinds"),
    [
        (Allowed(order=False), ORDERING),
        (Allowed(cancel=False), CANCELLING),
        (Allowed(rename=False), RENAMING),
    ],
    ids=["order", "cancel", "rename"],
)
def test_a_service_page_lacks_only_what_is_not_allowed(
    t: Translator, allowed: Allowed, kinds: tuple[type, ...]
) -> None:
    for request in (None, cancellation()):
        full, less = shown(cancellation=request), shown(cancellation=request, allowed=allowed)
        for before, after in (
            (page.service(t, full, PLACE), page.service(t, less, PLACE)),
            (page.menu(t, full), page.menu(t, less)),
        ):
            full_actions = [button.action for button in buttons(before)]
            less_actions = [button.action for button in buttons(after)]
            gone = [action for action in full_actions if action not in less_actions]
            assert gone
            assert all(isinstance(action, kinds) for action in gone)
            assert less_actions == [action for action in full_actions if action not in gone]


@pytest.mark.parametrize("sample", NOT_ALLOWED, ids=lambda sample: sample.key)
def test_a_screen_tells_nobody_to_do_what_would_be_refused(sample: Sample) -> None:
    screen = sample.draw(EN)
    assert isinstance(screen, Screen)
    assert not re.search("withdraw|order (again|and)|ordered again|next order", read(screen))


def test_a_menu_without_orders_keeps_everything_else() -> None:
    full, less = labels_of(Allowed()), labels_of(NOTHING)
    assert [label for label in full if label not in less] == [
        "Place a new order",
        "Browse available add-ons",
    ]


def labels_of(allowed: Allowed) -> list[str]:
    rows = menu.menu_rows(EN, replace(home(), allowed=allowed))
    return [str(button.label) for row in rows for button in row]


def test_telegrams_menu_lists_no_command_that_leads_to_a_refusal() -> None:
    full = profiles(COMMANDS, "Hostpol", Allowed())
    less = profiles(COMMANDS, "Hostpol", NOTHING)
    for before, after in zip(full, less, strict=True):
        gone = {name for name, _ in before.commands} - {name for name, _ in after.commands}
        assert gone == {"order", "addons"}
        assert before.description != after.description
        assert before.short_description != after.short_description
