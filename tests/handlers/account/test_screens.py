from dataclasses import replace

from billing.rules.allowed import EVERYTHING
from billing.views.account import Account, Visitor
from handlers.account import choices, screens
from handlers.buttons import (
    ChooseLanguage,
    ChooseZone,
    ConfirmLink,
    OpenReminders,
    SwitchClient,
    Unlink,
)
from locales.catalogues import language_number
from locales.zones import CommonZone
from tests.gallery.account import MINE, OTHER, VISITOR
from tests.gallery.menu import CLIENT
from tests.handlers.reading import EN, PL, actions, button, read
from tests.make import NOW


def test_the_account_is_named_before_it_is_linked() -> None:
    screen = screens.confirm_link(PL, OTHER, 7, EVERYTHING)
    assert "Pracownia Zegarów, Marta Zielińska (C-1003)" in read(screen)
    assert button(screen, "Tak, połącz").action == ConfirmLink(7)


def test_one_account_is_not_offered_for_switching() -> None:
    screen = choices.settings(EN, Account(VISITOR, (MINE,)), NOW)
    assert actions(screen, SwitchClient) == []


def test_the_current_account_is_marked() -> None:
    screen = choices.settings(EN, Account(VISITOR, (MINE, OTHER)), NOW)
    assert button(screen, "✓ Anna Nowak (C-1001)").action == SwitchClient(MINE.client_id)
    assert button(screen, "Pracownia Zegarów").action == SwitchClient(OTHER.client_id)


def test_only_users_with_an_account_choose_reminders() -> None:
    assert actions(choices.settings(EN, Account(VISITOR, (MINE,)), NOW), OpenReminders)
    assert not actions(choices.settings(EN, Account(Visitor(1004), ()), NOW), OpenReminders)


def test_an_own_choice_is_not_called_automatic() -> None:
    chosen = Account(replace(VISITOR, language="pl"), (MINE,))
    assert "Język: Polski\n" in read(choices.settings(PL, chosen, NOW))
    followed = Account(VISITOR, (MINE,))
    assert "Język: Polski (automatycznie)" in read(choices.settings(PL, followed, NOW))


def test_languages_stand_by_their_own_names() -> None:
    screen = choices.languages(EN, "pl")
    assert button(screen, "✓ Polski").action == ChooseLanguage(language_number("pl"))
    assert button(screen, "English").action == ChooseLanguage(language_number("en"))
    assert button(screen, "Automatic").action == ChooseLanguage(None)


def test_time_zones_are_named_by_cities_in_the_persons_language() -> None:
    screen = choices.zones(PL, "Europe/London", NOW)
    assert button(screen, "✓ Londyn").action == ChooseZone(CommonZone.LONDON)
    assert button(screen, "Kijów").action == ChooseZone(CommonZone.KYIV)


def test_unlinking_names_the_account_that_is_left() -> None:
    screen = screens.ask_unlink(PL, CLIENT)
    assert "Anna Nowak (C-1001)" in read(screen)
    assert button(screen, "Tak, odłącz").action == Unlink(CLIENT.id)
