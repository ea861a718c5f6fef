"""The main conversations over HTTP, in both modes: the bot, the sandbox, the person API."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import date

import aiohttp
import pytest

from bot.commands.demo import Sandbox
from bot.modes import Mode
from bot.sandbox.people import ANNA, GROUP_ID, GUEST, JOHN, OPERATOR, PIOTR
from bot.sandbox.talk.driver import UnexpectedError
from bot.sandbox.talk.http_driver import OverHttp
from locales.text import legible
from tests.ics import read_events
from tests.make import STAFF
from tests.person import Person

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("mode", list(Mode))]


@pytest.fixture
async def driver(box: Sandbox) -> AsyncIterator[OverHttp]:
    async with aiohttp.ClientSession() as session:
        yield OverHttp(box.url, session)


def reminders(person: Person) -> list[str]:
    """The reminders there are in the chat, as they read now."""
    return [legible(screen) for screen in person.screens if screen.startswith("⏰")]


async def until(is_so: Callable[[], bool], person: Person) -> None:
    """Look again and again until something is so on a person's screens."""
    async with asyncio.timeout(20):
        while not is_so():
            await asyncio.sleep(0.05)
            await person.looks()


async def test_services_are_filtered_searched_and_opened(driver: OverHttp) -> None:
    anna = Person(driver, ANNA)
    await anna.sends("/services")
    anna.sees("Hosting Obłok · żółw.example", "⚠️ 23 gru", "⚠️ po terminie", "6 z 9", "1 z 2")
    await anna.taps("Wszystkie")
    await anna.taps("2 ›")
    anna.sees("Przeniesienie…", "2 z 2")
    await anna.taps("Zobacz")
    await anna.taps("Zawieszona (2)")
    anna.sees("Hosting Obłok · ", "VPS Wiatr · ")
    anna.does_not_see("Domena")
    await anna.sends("żółw")
    anna.sees("Hosting Obłok", "żółw.example", "🟠 Zawieszona", "42,00 zł / kwartał")


async def test_a_renewal_is_paid_by_a_telegram_invoice(driver: OverHttp) -> None:
    john = Person(driver, JOHN)
    await john.sends("/renew")
    await john.taps("☐ smith-and-sons.example")
    john.sees("[☑ smith-and-sons.example · €69.00]")
    await john.taps("Pay")
    await john.taps("Payment in Telegram")
    await john.taps("Order and pay")
    assert await john.pays("fail") == "failed"
    assert await john.pays() == "paid"
    await john.waits_for("Paid: €69.00", "renewed until 19 Jan 2028")
    await john.taps("Services")
    john.sees("€69.00 / year", "19 Jan 2028")


async def test_credit_pays_and_everybody_of_the_account_is_told(driver: OverHttp) -> None:
    anna, piotr = Person(driver, ANNA), Person(driver, PIOTR)
    await anna.sends("/renew")
    await anna.taps("☐ żółw.example")
    await anna.taps("Zapłać")
    await anna.taps("Zamawiam i płacę")
    anna.sees("Zapłacono: 42,00 zł", "odnowiono do 23 mar 2027")
    await piotr.waits_for("Zapłacono: 42,00 zł")


async def test_a_bank_transfer_comes_in(box: Sandbox, driver: OverHttp) -> None:
    anna = Person(driver, ANNA)
    await anna.sends("/renew")
    await anna.taps("☐ galeria-anny-przyklad.pl")
    await anna.taps("Zapłać")
    await anna.taps("Przelew bankowy")
    await anna.taps("Zamawiam i płacę")
    number = anna.copies("Kopiuj tytuł")
    await box.core.actions.record_transfer(number, by=STAFF)
    await anna.waits_for("Zapłacono: 59,00 zł", "odnowiono do 11 sty 2028")


async def test_an_add_on_is_ordered_for_a_service(driver: OverHttp) -> None:
    john = Person(driver, JOHN)
    await john.sends("/addons")
    await john.taps("Backup Plus")
    john.sees("Backup Plus", "€2.40 / month", "€24.00 / year")
    await john.taps("Add to cart")
    await john.taps("annually")
    await john.taps("VPS Halny")
    john.sees("🛒 Cart", "Backup Plus", "shop.smith-and-sons.example", "Total: €24.00")


async def test_a_new_service_is_ordered_and_the_operator_hears_of_it(
    box: Sandbox, driver: OverHttp
) -> None:
    anna, operator = Person(driver, ANNA), Person(driver, OPERATOR)
    await anna.sends("/order")
    await anna.taps("Hosting stron")
    await anna.taps("Hosting Obłok")
    await anna.taps("miesięcznie")
    await anna.sends("nie ma takiej domeny")
    await anna.sends("Kwiaty.example")
    anna.sees("kwiaty.example", "Razem: 14,90 zł")
    await anna.taps("Dodaj do koszyka")
    await anna.taps("Zapłać")
    await anna.taps("Zamawiam i płacę")
    anna.sees("Zapłacono: 14,90 zł", "zamówiono: uruchomimy i damy tu znać")
    operator.enters(GROUP_ID)
    await operator.waits_for("New order", "kwiaty.example", "[✅ Accept]")
    await operator.taps("Accept")
    assert operator.toast.startswith("✅ Accepted · Olga, ")
    await anna.waits_for("kwiaty.example", "12 lut 2027")


async def test_a_reminder_comes_when_its_time_has_come(driver: OverHttp) -> None:
    anna, piotr = Person(driver, ANNA), Person(driver, PIOTR)
    await piotr.sends("/start")
    await piotr.blocks()
    await anna.sends("/start")
    await driver.travel(to="next_reminder")
    await anna.waits_for("⏰", "Hosting Cumulus", "za 3 dni", "290,00 zł")
    await anna.taps("Dodaj do koszyka", beside="Hosting Cumulus")
    anna.sees("[✓ W koszyku]", "[Zapłać 290,00 zł]")
    before = len(anna.screens)
    await driver.travel(hours=1)
    await anna.looks()
    assert len(anna.screens) == before
    await piotr.looks()
    piotr.does_not_see("⏰")


async def test_a_reminder_is_put_off_and_paid_elsewhere(driver: OverHttp) -> None:
    anna = Person(driver, ANNA)
    await anna.sends("/start")
    await driver.travel(to="next_reminder")
    await anna.waits_for("⏰", "Domena .pl")
    await anna.taps("🔕 Nie teraz")
    await anna.taps("📅 Innego dnia")
    await anna.taps("14")
    anna.sees("🔔 Przypomnimy: czw., 14 stycznia.", "[Przypominaj jak dotąd]")
    while len(reminders(anna)) < 2:
        await driver.travel(to="next_reminder")
        await anna.looks()
    anna.sees("Domena .pl", "3 dni po terminie")
    await anna.sends("/renew")
    await anna.taps("☐ galeria-anny-przyklad.pl")
    await anna.taps("Zapłać")
    await anna.taps("Zamawiam i płacę")
    await until(lambda: "✅ odnowiono do 11 sty 2028" in reminders(anna)[-1], anna)


async def test_the_due_dates_of_a_year_and_a_file_of_them(driver: OverHttp) -> None:
    john = Person(driver, JOHN)
    await john.sends("/costs")
    john.sees("⚠️ Overdue: €24.00 (1 payment)", "Next 12 months:")
    await john.taps("Calendar file")
    john.sees("-due-dates.ics", "5 dates")
    _, content = await john.downloads()
    assert date(2027, 1, 31) in {event.on for event in read_events(content)}


async def test_a_visitor_links_an_account(box: Sandbox, driver: OverHttp) -> None:
    code, _ = await box.core.actions.issue_link_code("C-1003", by=STAFF)
    guest = Person(driver, GUEST)
    await guest.sends("/services")
    guest.sees("[I have a code]")
    await guest.sends(f"/start {code}")
    guest.sees("Pracownia Zegarów, Marta Zielińska")
    await guest.taps("Yes")
    await guest.sends("/services")
    guest.sees("Hosting N", "zegary-przyklad.pl")


async def test_trouble_on_the_way_to_telegram_is_got_over(driver: OverHttp) -> None:
    anna = Person(driver, ANNA)
    await anna.sends("/renew")
    await driver.breaks(method="editMessageText", kind="429", retry_after=1)
    await anna.taps("☐ galeria-anny-przyklad.pl")
    anna.sees("1 pozycja w koszyku: 59,00 zł")
    await driver.breaks(method="getUpdates", kind="502", count=2)
    await driver.breaks(kind="duplicate", count=2)
    await anna.taps("☐ galeria-anny.example")
    await anna.sends("/cart")
    anna.sees("Razem: 349,00 zł")


@pytest.mark.parametrize("kind", ["500", "502", "drop"])
async def test_a_call_that_fails_on_the_way_is_made_again(driver: OverHttp, kind: str) -> None:
    john = Person(driver, JOHN)
    await john.sends("/renew")
    await driver.breaks(method="editMessageText", kind=kind)
    await driver.breaks(method="answerCallbackQuery", kind=kind)
    await john.taps("☐ smith-and-sons.example")
    john.sees("[☑ smith-and-sons.example · €69.00]")
    await john.taps("Pay")
    await john.taps("Payment in Telegram")
    await john.taps("Order and pay")
    await driver.breaks(method="answerPreCheckoutQuery", kind=kind, count=2)
    assert await john.pays() == "paid"
    await john.waits_for("Paid: €69.00")
    assert "went wrong" not in "".join(john.screens)


async def test_a_screen_that_cannot_be_edited_for_long_comes_as_a_new_message(
    driver: OverHttp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.repeating.PAUSES", (0.0,) * 4)
    anna = Person(driver, ANNA)
    await anna.sends("/renew")
    before = len(anna.screens)
    await driver.breaks(method="editMessageText", kind="502", count=5)
    await anna.taps("☐ galeria-anny-przyklad.pl")
    anna.sees("1 pozycja w koszyku: 59,00 zł")
    assert len(anna.screens) == before + 1
    assert "[" not in anna.screens[-2]


async def test_a_tap_that_cannot_be_answered_for_long_has_its_note_on_the_screen(
    driver: OverHttp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.repeating.PAUSES", (0.0,) * 4)
    john = Person(driver, JOHN)
    await john.sends("/start")
    before = len(john.screens)
    await driver.breaks(method="answerCallbackQuery", kind="502", count=5)
    with pytest.raises(UnexpectedError, match="did not answer"):
        await john.forges("rubbish")
    john.sees("out of date", "[Services]")
    assert len(john.screens) == before


async def test_a_tap_that_cannot_be_edited_for_long_has_its_note_in_the_answer_only(
    driver: OverHttp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.repeating.PAUSES", (0.0,) * 4)
    john = Person(driver, JOHN)
    await john.sends("/start")
    before = len(john.screens)
    await driver.breaks(method="editMessageText", kind="502", count=5)
    await john.forges("rubbish")
    assert "out of date" in john.toast
    john.does_not_see("out of date")
    assert len(john.screens) == before + 1
