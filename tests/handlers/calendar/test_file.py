from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.cycles import BillingCycle
from billing.rules.services.service import ServiceStatus
from billing.views.calendar import DueCalendar
from handlers.calendar.file import calendar_file
from handlers.calendar.sender import Sender
from locales.translator import Translator
from tests.gallery.calendar import ENDED, SENDER, dates
from tests.handlers.reading import BOTH, EN, PL, plain
from tests.ics import Entry, read_calendar, read_events
from tests.make import NOW, money, owned_addon, service


def entries(found: DueCalendar, t: Translator = EN, sender: Sender = SENDER) -> list[Entry]:
    return read_events(calendar_file(t, found, sender))


def test_an_event_is_all_day_on_the_due_date_and_keeps_nobody_busy() -> None:
    (event,) = entries(dates(service()))
    assert (event.on, event.status) == (date(2026, 3, 22), "CONFIRMED")
    assert not event.busy
    assert not event.repeats
    assert event.made_at == event.changed_at == NOW


@BOTH
def test_it_says_what_for_which_domain_and_how_much(t: Translator) -> None:
    addon, hosting = entries(dates(service(label="Sklep"), owned_addon()), t)
    each, of_addon = {
        "en": ("PLN 35.67 / month", "PLN 12.30 / month"),
        "pl": ("35,67 zł / mies.", "12,30 zł / mies."),
    }[t.language]
    assert hosting.summary == f"Sklep · anna.example · {each}"
    assert addon.summary == f"Add-on ssl · anna.example · {of_addon}"


def test_the_description_says_where_it_comes_from_and_what_follows() -> None:
    addon = owned_addon(next_due_date=date(2026, 3, 31), anchor_day=31)
    _, event = entries(dates(service(), addon))
    whose, price, later, source, again = event.description.split("\n")
    assert (whose, price) == ("Add-on of Hosting start", "Price: PLN 12.30 / month")
    assert later.startswith("Later due dates: 30 Apr 2026; 31 May 2026; 30 Jun 2026; ")
    assert later.endswith("; 31 Jan 2027; 28 Feb 2027")
    link = "https://t.me/panelik_sandbox_bot"
    assert source == f"From the client panel of Przykładowy Hosting: {link}"
    assert "nothing doubles" in again


def test_it_reminds_in_the_morning_a_week_and_a_day_before() -> None:
    (event,) = entries(dates(service()))
    assert event.alarms == (timedelta(days=-7, hours=9), timedelta(days=-1, hours=9))


def test_a_service_keeps_its_event_whatever_becomes_of_it() -> None:
    later = NOW + timedelta(seconds=1)
    renewed = replace(dates(service(next_due_date=date(2026, 4, 22))), made_at=later)
    ended = replace(dates(ended=(service(status=ServiceStatus.CANCELLED),)), made_at=later)
    (first,), (second,), (third,) = map(entries, (dates(service()), renewed, ended))
    assert first.uid == second.uid == third.uid
    assert first.sequence < second.sequence == third.sequence < 2**31
    assert (first.on, second.on) == (date(2026, 3, 22), date(2026, 4, 22))
    assert (third.status, third.alarms) == ("CANCELLED", ())


def test_another_price_is_told_in_the_same_event() -> None:
    (before,) = entries(dates(service()))
    (after,) = entries(dates(service(amount=money("39.00"))))
    assert before.uid == after.uid
    assert after.summary.endswith("PLN 47.97 / month")


def test_services_and_companies_are_told_apart() -> None:
    uids = {event.uid for event in entries(dates(service(), owned_addon(), ended=(ENDED,)))}
    assert len(uids) == 3
    (other,) = entries(dates(service()), sender=Sender(7_000_000_002, "other_bot"))
    assert other.uid not in uids


def test_what_is_due_after_the_year_is_in_it_too() -> None:
    far = date(2029, 2, 28)
    (event,) = entries(dates(service(cycle=BillingCycle.TRIENNIALLY, next_due_date=far)))
    assert event.on == far
    assert "Later due dates" not in event.description


def test_a_later_file_has_a_higher_sequence() -> None:
    made = [
        entries(replace(dates(service()), made_at=NOW + timedelta(days=days)))[0].sequence
        for days in range(0, 20_000, 4_000)
    ]
    assert all(one < other for one, other in pairwise(made))
    assert made[-1] < 2**31


def test_the_calendar_bears_the_companys_name_and_is_published() -> None:
    content = calendar_file(PL, dates(service(), company="Hosting, Sp. z o.o."), SENDER)
    calendar = read_calendar(content)
    assert (calendar["METHOD"], calendar["VERSION"]) == ("PUBLISH", "2.0")
    assert b"X-WR-CALNAME:Hosting\\, Sp. z o.o.\r\n" in content


@pytest.mark.slow
@given(name=st.text(max_size=200), company=st.text(max_size=60))
def test_whatever_a_name_is_made_of_the_file_can_be_read(name: str, company: str) -> None:
    content = calendar_file(
        PL, dates(service(label=name, domain="a;b,c\\d"), company=company), SENDER
    )
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    (event,) = read_events(content)
    assert "a;b,c\\d" in event.summary
    assert plain(event.summary).endswith("35,67 zł / mies.")


def test_a_name_cannot_end_its_line() -> None:
    content = calendar_file(PL, dates(service(label="Sklep\n\r\nBEGIN:VEVENT")), SENDER)
    assert content.endswith(b"END:VCALENDAR\r\n")
    within = content.replace(b"\r\n", b"")
    assert b"\n" not in within
    assert b"\r" not in within
    begun = [line for line in content.split(b"\r\n") if line.startswith(b"BEGIN:")]
    assert begun == [b"BEGIN:VCALENDAR", b"BEGIN:VEVENT", *[b"BEGIN:VALARM"] * 2]
