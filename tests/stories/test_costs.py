"""What the next twelve months cost."""

import pytest

from handlers.buttons import OpenMonthCosts
from handlers.chat.screens.codec import encode
from tests.make import STAFF
from tests.person import Person
from tests.stories.acts import data_of
from tests.world import START, World


async def test_the_year_by_month_and_by_service(anna: Person) -> None:
    await anna.sends("/costs")
    anna.sees("⚠️ Po terminie: 128,00 zł (3 płatności)")
    anna.sees("📊 Koszty · 12 sty 2027 – 11 sty 2028", "Następne 12 miesięcy: 953,80 zł")
    anna.sees("styczeń 2027: 419,90 zł (3 płatności)", "luty 2027: 9,90 zł (1 płatność)")
    anna.sees("styczeń 2028: 59,00 zł (1 płatność)")
    await anna.taps("lut")
    anna.sees("📊 luty 2027", "1. Kopia zapasowa Plus", "28 lut 2027 · 9,90 zł")
    await anna.taps("mar 2027 ›")
    anna.sees("31 mar 2027 · 9,90 zł", "12 mar 2027 · 45,00 zł", "23 mar 2027 · 42,00 zł")
    await anna.taps("Wróć")
    await anna.taps("Według usług")
    anna.sees("1. Hosting Cumulus", "1 płatność · 290,00 zł", "4 płatności · 168,00 zł")
    anna.does_not_see("VPS Wiatr", "VPS Halny")
    await anna.taps("1")
    anna.sees("Hosting Cumulus", "290,00 zł / rok")
    await anna.taps("Wróć")
    anna.sees("📊 Koszty", "953,80 zł")


@pytest.mark.slow
async def test_what_is_overdue_leads_to_paying_it(anna: Person) -> None:
    await anna.sends("/costs")
    await anna.taps("Po terminie (3)")
    anna.sees("Domena .pl", "11 sty 2027 (wczoraj) · 59,00 zł")
    await anna.taps("Odnów usługi")
    await anna.taps("☐ galeria-anny-przyklad.pl")
    await anna.taps("Wróć")
    anna.sees("📊 Koszty")


async def test_in_english_without_tax(john: Person) -> None:
    await john.sends("/start")
    await john.taps("Costs")
    john.sees("⚠️ Overdue: €24.00 (1 payment)", "Next 12 months:", "January 2027:")
    john.does_not_see("Prices include")
    await john.taps("Calendar file")
    john.sees("-due-dates.ics", "[Services] [Costs]")


async def test_a_month_that_is_over_leads_to_the_year(world: World, anna: Person) -> None:
    await anna.sends("/costs")
    await world.passes(days=40)
    await anna.forges(encode(OpenMonthCosts(START.date().replace(day=1))))
    assert anna.toast
    anna.sees("📊 Koszty")


@pytest.mark.slow
async def test_once_all_is_paid_nothing_is_overdue(world: World, john: Person) -> None:
    await john.sends("/costs")
    overdue = data_of(john, "Overdue (1)")
    await john.sends("/renew")
    await john.taps("☐ SSL certificate")
    await john.taps("Pay")
    await john.taps("Bank transfer")
    await john.taps("Order and pay")
    await world.core.actions.record_transfer(john.copies("Copy reference"), by=STAFF)
    await world.passes(minutes=5)
    await john.forges(overdue)
    assert "out of date" in john.toast
    john.sees("📊 Costs")
    john.does_not_see("Overdue")
