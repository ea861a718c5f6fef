"""The due dates in a calendar: sent, renewed, sent again, taken away."""

from datetime import date

import pytest

from tests.ics import Entry, read_events
from tests.person import Person
from tests.world import World


async def imports(person: Person) -> list[Entry]:
    """The events of the newest file."""
    name, content = await person.downloads()
    assert name.endswith(".ics")
    return read_events(content)


def named(events: list[Entry], name: str) -> Entry:
    (found,) = (event for event in events if event.summary.startswith(name))
    return found


async def test_all_due_dates_come_as_a_file(anna: Person) -> None:
    await anna.sends("/calendar")
    anna.sees("-terminy.ics", "📅 Terminy płatności", "7 terminów, ostatni 12 mar 2027")
    anna.sees("[Usługi] [Koszty]")
    events = await imports(anna)
    hosting = named(events, "Hosting Cumulus · galeria-anny.example · 290,00 zł / rok")
    assert hosting.on == date(2027, 1, 15)
    backup = named(events, "Kopia zapasowa Plus · galeria-anny.example · 9,90 zł / mies.")
    assert backup.on == date(2027, 1, 31)
    assert "28 lut 2027; 31 mar 2027; 30 kwi 2027" in backup.description
    confirmed = [event for event in events if event.status == "CONFIRMED"]
    assert len(confirmed) == 7
    # Suspended for abuse: nobody asks for its payment.
    assert named(events, "VPS Wiatr").status == "CANCELLED"


@pytest.mark.slow
async def test_after_a_renewal_the_same_event_has_a_later_date(world: World, anna: Person) -> None:
    await anna.sends("/calendar")
    before = named(await imports(anna), "Hosting Obłok")
    await anna.sends("/renew")
    await anna.taps("☐ żółw.example")
    await anna.taps("Zapłać")
    await anna.taps("Zamawiam i płacę")
    await world.passes(minutes=5)
    await anna.sends("/calendar")
    after = named(await imports(anna), "Hosting Obłok")
    assert before.uid == after.uid
    assert (before.on, after.on) == (date(2026, 12, 23), date(2027, 3, 23))
    assert before.sequence < after.sequence
    assert before.made_at < after.made_at


async def test_an_earlier_file_stays_and_gives_its_buttons_to_the_newer_one(
    anna: Person,
) -> None:
    await anna.sends("/calendar")
    await anna.sends("/calendar")
    first, second = anna.screens[-2:]
    assert "-terminy.ics" in first
    assert "[Koszty]" not in first
    assert "[Koszty]" in second
    await anna.taps("Koszty")
    anna.sees("📊 Koszty")
    assert "[Koszty]" not in anna.screens[-2]


@pytest.mark.slow
async def test_what_was_cancelled_is_taken_away(john: Person) -> None:
    await john.sends("/calendar")
    john.sees("-due-dates.ics", "5 dates, the last on 12 Jun 2027")
    before = named(await imports(john), "Domain .com")
    assert before.status == "CONFIRMED"
    await john.sends("/services")
    await john.sends("smith-and-sons-example.com")
    await john.taps("Request cancellation")
    await john.taps("At the end")
    await john.taps("Skip")
    await john.taps("Yes")
    await john.sends("/calendar")
    after = named(await imports(john), "Domain .com")
    assert (after.uid, after.status) == (before.uid, "CANCELLED")
    john.sees("4 dates")


async def test_a_visitor_is_asked_to_link_first(guest: Person) -> None:
    for command in ("/calendar", "/costs"):
        await guest.sends(command)
        guest.sees("[I have a code]")
