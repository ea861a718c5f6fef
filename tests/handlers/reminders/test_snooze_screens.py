from dataclasses import replace
from datetime import date, timedelta

import pytest

from billing.rules.reminders.preferences import SNOOZE_DAYS, Pause
from handlers.buttons import (
    MuteFromDigest,
    OpenDays,
    OpenInvoice,
    OpenNotNow,
    OpenOffer,
    OpenQuieting,
    SnoozeDigest,
    UnmuteFromDigest,
)
from handlers.chat.screens.codec import decode, encode
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Preview, Screen
from handlers.reminders import screens, snooze_screens
from locales.translator import Translator
from tests.gallery.reminders import digest, due, proforma, quieter, snoozed, with_offer
from tests.handlers.reading import BOTH, EN, PL, actions, button, labels, read
from tests.make import TODAY, product

DAY = timedelta(days=1)


def days_on(screen: Screen) -> list[date]:
    return [tapped.until for tapped in actions(screen, SnoozeDigest)]


def test_later_is_tomorrow_in_three_days_or_on_a_day_of_the_calendar() -> None:
    screen = snooze_screens.choices(PL, digest(due(3)))
    assert button(screen, "Jutro").action == SnoozeDigest(7, 1, TODAY + DAY)
    assert button(screen, "Za 3 dni").action == SnoozeDigest(7, 1, TODAY + 3 * DAY)
    assert button(screen, "Innego dnia").action == OpenDays(7, 1, date(2026, 3, 1))


def test_a_proforma_says_that_it_cannot_be_put_off() -> None:
    said = "We still remind you of an unpaid proforma."
    assert said in read(snooze_screens.choices(EN, digest(due(3), proformas=[proforma()])))
    assert said not in read(snooze_screens.choices(EN, digest(due(3))))


def test_a_month_is_seven_columns_from_monday() -> None:
    screen = snooze_screens.days(EN, digest(due(3)), TODAY)
    assert labels(screen)[:4] == [
        ["Mar 2026", "›"],
        ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"],
        ["·", "·", "11", "12", "13", "14", "15"],
        ["16", "17", "18", "19", "20", "21", "22"],
    ]
    assert labels(screen)[-2:] == [["30", "31", "·", "·", "·", "·", "·"], ["‹ Back"]]
    assert labels(snooze_screens.days(PL, digest(due(3)), TODAY))[1][:3] == ["pn", "wt", "śr"]


@BOTH
def test_every_day_of_a_year_to_come_can_be_chosen_once_and_no_other(t: Translator) -> None:
    what, month, found = digest(due(3)), TODAY, list[date]()
    while True:
        screen = snooze_screens.days(t, what, month)
        found += days_on(screen)
        if "›" not in labels(screen)[0]:
            break
        month = next(a.month for a in actions(screen, OpenDays) if a.month > month.replace(day=28))
    assert found == [TODAY + n * DAY for n in range(1, SNOOZE_DAYS + 1)]


@pytest.mark.parametrize("month", [date(1, 1, 1), date(2020, 5, 1), date(9999, 12, 1)])
def test_a_month_out_of_reach_becomes_the_nearest(month: date) -> None:
    screen = snooze_screens.days(EN, digest(due(3)), month)
    shown = {date(2026, 3, 1), date(2027, 3, 1)}
    assert {a.month for a in actions(screen, OpenDays)} & shown
    assert days_on(screen)


def test_on_the_last_day_of_a_month_the_calendar_opens_on_the_next() -> None:
    what = replace(digest(due(3)), today=date(2026, 3, 31))
    assert labels(snooze_screens.days(EN, what, date(2026, 3, 1)))[0] == ["Apr 2026", "›"]


def test_a_day_travels_in_a_button() -> None:
    for tapped in actions(snooze_screens.days(EN, digest(due(3)), TODAY), SnoozeDigest):
        assert decode(encode(tapped)) == tapped


def test_put_off_it_says_until_when_and_how_to_undo_it() -> None:
    screen = screens.digest(EN, snoozed())
    assert "🔔 We will remind you on Fri 13 Mar." in read(screen)
    assert button(screen, "Remind me as before").action == UnmuteFromDigest(7, 1)
    assert actions(screen, OpenNotNow) == []
    assert "Przypomnimy: pt., 13 marca." in read(screens.digest(PL, snoozed()))


def test_a_day_far_ahead_is_named_with_its_year() -> None:
    assert "on 5 Mar 2027" in read(screens.digest(EN, snoozed(360)))


def test_what_never_speaks_does_not_keep_the_rest_from_being_put_off() -> None:
    what = snoozed()
    never = replace(what.items[0], pause=Pause(1001, 1, None, None))
    silent = replace(what, items=(never, *what.items[1:]))
    assert "We will remind you on Fri 13 Mar" in read(screens.digest(EN, silent))
    assert "remind you" not in read(screens.digest(EN, replace(what, items=(never,))))


def test_each_service_says_how_it_is_kept_quiet() -> None:
    text = read(screens.digest(EN, quieter()))
    assert "⏳ 13 Mar 2026 (in 3 days) · PLN 35.67\n   🔕 quiet until it is due" in text
    assert "🔕 no reminders" in text
    assert "🔔 again on 12 Mar 2026" in text


def test_a_service_is_muted_until_it_is_due_or_for_good_and_loud_again() -> None:
    what = digest(due(3))
    loud = snooze_screens.quieting(EN, what, what.items[0])
    assert button(loud, "Keep quiet until it is due").action == MuteFromDigest(7, 1, 1)
    assert button(loud, "Never remind").action == MuteFromDigest(7, 1, 1, for_good=True)
    assert actions(loud, UnmuteFromDigest) == []
    overdue, muted, never, put_off = (
        labels(snooze_screens.quieting(EN, quieter(), item)) for item in quieter().items
    )
    assert overdue == [["Never remind me of it"], ["‹ Back"]]
    assert muted == [["Never remind me of it"], ["Remind me as before"], ["‹ Back"]]
    assert never == [["Remind me as before"], ["‹ Back"]]
    assert put_off[0] == ["Keep quiet until it is due"]


def test_a_list_of_services_leads_to_the_choices_for_each() -> None:
    screen = snooze_screens.choices(EN, quieter())
    assert [a.service for a in actions(screen, OpenQuieting)] == [1, 2, 3, 4]
    assert [label[0] for row in labels(screen)[2:4] for label in row] == ["🔔", "🔕", "🔕", "🔕"]


def test_a_proforma_is_to_be_finished_from_the_message() -> None:
    screen = screens.digest(PL, digest(due(3), proformas=[proforma()]))
    assert "🧾 Proforma PRO-2026-0005\n   czeka na płatność: 35,67 zł" in read(screen)
    assert "ostatni dzień: 13 mar 2026 (za 3 dni)" in read(screen)
    assert "Czekają 2 płatności" in read(screen)
    assert "Razem: 71,34 zł" in read(screen)
    pay = button(screen, "Dokończ płatność · 35,67 zł")
    assert pay.action == OpenInvoice(5, origin=Origin.REMINDER)


def test_a_proforma_alone_has_nothing_to_put_off() -> None:
    screen = screens.digest(EN, digest(proformas=[proforma()]))
    assert "1 payment is waiting" in read(screen)
    assert actions(screen, OpenNotNow) == []


def test_an_offer_stands_last_with_its_picture_and_the_way_to_it() -> None:
    sent = replace(with_offer(picture="https://host.example/a.png"), offered=product())
    screen = screens.digest(EN, sent)
    assert read(screen).endswith("Business hosting: 20 % off in March.\nuntil 31 Mar 2026")
    assert screen.preview == Preview("https://host.example/a.png", above=False)
    assert actions(screen, OpenOffer) == [OpenOffer()]


def test_a_reminder_of_another_account_shows_no_offer() -> None:
    screen = screens.digest(EN, replace(with_offer(), account="Agencja"))
    assert "Business hosting" not in read(screen)
