from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from billing.rules.reminders.preferences import QuietHours
from billing.rules.reminders.stages import ReminderKind
from billing.views.reminders.settings import PausedService
from handlers.buttons import (
    ChooseQuietHour,
    ChooseReminderHour,
    OpenLastService,
    OpenQuietHours,
    OpenRemindedServices,
    OpenReminders,
    OpenSettings,
    SwitchKind,
    SwitchReminders,
    SwitchServiceReminders,
    SwitchStage,
)
from handlers.chat.screens.codec import decode, encode
from handlers.chat.screens.origin import Origin
from handlers.reminders import hours_screens, settings_screens
from handlers.reminders.settings_words import nearest_quarter, next_reminder, stage_name
from locales.text import Plain
from locales.translator import Translator
from tests.gallery.wishes import many, wishes
from tests.handlers.reading import EN, PL, actions, button, labels, read
from tests.make import TODAY, owned_addon

ACCOUNT = Origin.ACCOUNT


def said(t: Translator, **changes: object) -> str:
    return Plain.of(next_reminder(t, wishes(**changes)))


def test_the_next_reminder_is_said_in_the_readers_zone_by_the_quarter() -> None:
    assert said(EN) == "Next reminder: Wed 11 Mar, about 10:30"
    assert said(PL) == "Najbliższe przypomnienie: śr., 11 marca, około 10:30"
    tokyo = Translator("en", ZoneInfo("Asia/Tokyo"))
    assert said(tokyo) == "Next reminder: Wed 11 Mar, about 18:30"
    late = datetime(2026, 3, 11, 22, 55, tzinfo=UTC)
    assert said(EN, next_at=late) == "Next reminder: Thu 12 Mar, about 00:00"


def test_without_a_next_reminder_it_says_why() -> None:
    assert said(EN, next_at=None) == "No reminder is in sight."
    assert said(EN, on=False) == "Reminders are off: we send nothing."


@pytest.mark.parametrize(
    ("minute", "rounded"), [(0, 0), (7, 0), (8, 15), (37, 30), (38, 45), (52, 45)]
)
def test_minutes_are_rounded_to_the_nearest_quarter(minute: int, rounded: int) -> None:
    moment = datetime(2026, 3, 11, 9, minute, 3, 5, tzinfo=UTC)
    assert nearest_quarter(moment) == datetime(2026, 3, 11, 9, rounded, tzinfo=UTC)


def test_days_are_named_with_the_right_plural() -> None:
    named = [stage_name(PL, stage) for stage in (30, 1, 0, -1, -3)]
    assert named == ["30 dni przed", "1 dzień przed", "w dniu terminu", "1 dzień po", "3 dni po"]


def test_all_is_seen_at_a_glance() -> None:
    text = read(settings_screens.reminders(PL, wishes(stages_off=(30, 14), hour=15), ACCOUNT))
    assert "Dni: 7 z 9" in text
    assert "Cisza: 20:00–09:00" in text
    assert "O czym: Usługi, Dodatki, Nieopłacone proformy, Oferty" in text
    assert "3 wyciszone usługi" in text


def test_switched_off_reminders_can_only_be_switched_on() -> None:
    screen = settings_screens.reminders(EN, wishes(on=False), ACCOUNT)
    assert [b.action for row in screen.rows for b in row] == [
        SwitchReminders(on=True),
        OpenSettings(),
    ]


def test_a_day_says_how_it_is_and_switches_it() -> None:
    screen = settings_screens.stages(EN, wishes(stages_off=(14, -7)), ACCOUNT)
    assert button(screen, "🔔 30 days before").action == SwitchStage(30, late=False, on=False)
    assert button(screen, "🔕 14 days before").action == SwitchStage(14, late=False, on=True)
    assert button(screen, "🔔 on the day").action == SwitchStage(0, late=False, on=False)
    assert button(screen, "🔕 7 days after").action == SwitchStage(7, late=True, on=True)
    for tapped in actions(screen, SwitchStage):
        assert decode(encode(tapped)) == tapped


def test_offers_can_be_chosen_where_the_company_makes_them() -> None:
    kinds = [a.kind for a in actions(settings_screens.kinds(EN, wishes(), ACCOUNT), SwitchKind)]
    assert kinds == list(ReminderKind)
    screen = settings_screens.kinds(EN, wishes(offers=False), ACCOUNT)
    assert ReminderKind.OFFER not in [a.kind for a in actions(screen, SwitchKind)]


def test_hours_are_those_outside_the_quiet_ones() -> None:
    screen = hours_screens.hours(EN, wishes(hour=15), ACCOUNT)
    hours = [a.hour for a in actions(screen, ChooseReminderHour)]
    assert hours == [*range(9, 20), None]
    assert button(screen, "✓ 15:00").action == ChooseReminderHour(15)


def test_quiet_hours_do_not_begin_when_they_end() -> None:
    begin = actions(hours_screens.quiet_hours(EN, wishes(), ACCOUNT), ChooseQuietHour)
    assert [a.hour for a in begin] == [hour for hour in range(24) if hour != 9]
    end = actions(hours_screens.quiet_hours(EN, wishes(), ACCOUNT, ends=True), ChooseQuietHour)
    assert [a.hour for a in end] == [hour for hour in range(24) if hour != 20]
    none = hours_screens.quiet_hours(EN, wishes(quiet=QuietHours(9, 9)), ACCOUNT)
    assert "Quiet hours: none" in read(none)
    assert actions(none, OpenQuietHours) == [OpenQuietHours()]


def test_services_are_switched_page_by_page() -> None:
    found = many()
    last = settings_screens.services(EN, found, Origin.REMINDER, 99)
    switches = actions(last, SwitchServiceReminders)
    assert [s.service for s in switches] == [one.service.id for one in found.services[32:]]
    assert {(s.on, s.page, s.origin) for s in switches} == {(True, 4, Origin.REMINDER)}
    assert OpenRemindedServices(3, Origin.REMINDER) in actions(last, OpenRemindedServices)


def test_a_pause_says_when_it_ends() -> None:
    text = read(settings_screens.services(EN, wishes(), ACCOUNT))
    assert "🔕 quiet until Fri 13 Mar" in text
    assert "🔕 no reminders" in text
    assert "🔔 again on Thu 12 Mar" in text


def test_one_service_is_switched_and_leads_back_to_its_page() -> None:
    found = wishes()
    loud, quiet = found.services[:2]
    screen = settings_screens.service(EN, found, loud, Origin.SERVICE)
    assert button(screen, "Never remind").action == SwitchServiceReminders(
        1, on=False, origin=Origin.SERVICE
    )
    assert button(screen, "‹ Back").action == OpenLastService()
    assert button(screen, "All my").action == OpenReminders(Origin.SERVICE)
    screen = settings_screens.service(EN, found, quiet, Origin.SERVICE)
    assert labels(screen)[0] == ["Remind me as before"]


def test_names_in_the_list_are_taken_as_they_are() -> None:
    one = wishes().services[0]
    odd = replace(one, service=replace(one.service, label="<b>Sklep & co</b>"))
    assert "<b>Sklep & co</b>" in read(
        settings_screens.services(EN, wishes(services=(odd,)), ACCOUNT)
    )


def test_an_addon_in_the_list_and_alone_is_named_with_its_service() -> None:
    shop = wishes().services[0].service
    addon = owned_addon(id=9, parent_id=shop.id, next_due_date=TODAY)
    one = PausedService(addon, parent=shop)
    found = wishes(services=(one,))
    title = "Add-on ssl · add-on of Hosting 1, strona-1.example"
    assert title in read(settings_screens.services(EN, found, ACCOUNT))
    assert title in read(settings_screens.service(EN, found, one, ACCOUNT))
