"""The main conversations, clicked on the chat page in a real browser.

What the page shows is written to var/screenshots, for a look.
"""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from bot.commands.demo import Sandbox
from bot.sandbox.people import ANNA, GROUP_ID, GUEST, JOHN, OPERATOR, Profile
from tests.browser import IN_BROWSER, Window, shoot

pytestmark = IN_BROWSER
PATIENCE_MS = 10_000


class Visitor:
    """Somebody in front of the page, with Telegram's words for what they do."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(PATIENCE_MS)

    @property
    def last(self) -> Locator:
        """The bot's last message, with its keyboard."""
        return self.page.locator(".message.in").last

    async def starts(self) -> None:
        """Press the button of an empty chat."""
        await self.page.get_by_role("button", name="Start").click()

    async def sends(self, text: str) -> None:
        """Type a message."""
        field = self.page.locator(".composer textarea")
        await field.fill(text)
        await field.press("Enter")

    async def taps(self, label: str, *, nth: int = 0) -> None:
        """Click a button under the last message, and wait until it has been answered."""
        words = r"\s+".join(map(re.escape, label.split()))
        starts = re.compile(rf"^\s*{words}")
        await self.last.locator(".keyboard button", has_text=starts).nth(nth).click()
        await self.page.locator(".keyboard [aria-busy=true]").wait_for(state="detached")

    async def sees(self, *texts: str) -> None:
        """Wait until the last message shows each of these."""
        for text in texts:
            await self.last.filter(has_text=text).wait_for()

    async def travels(self, where: str) -> None:
        """Use the time machine: hour, day or reminder."""
        await self.page.locator(f'button[data-advance="{where}"]').click()

    async def becomes(self, person: Profile, *, chat: int | None = None) -> None:
        """Choose somebody else to be, in a group if it is named."""
        address = person.id if chat is None else f"{person.id}@{chat}"
        await self.page.locator(f'.person[data-id="{address}"]').click()


@pytest.fixture
async def visitor(box: Sandbox, window: Window) -> Visitor:
    """Anna's chat on a desk."""
    return Visitor(await window.open(f"{box.url}/page/#{ANNA.id}", height=1000))


async def test_services_are_looked_through(visitor: Visitor) -> None:
    await visitor.starts()
    await visitor.sees("Konto: Anna Nowak")
    await visitor.taps("Usługi")
    await visitor.sees("Hosting Cumulus", "⏳ 15 sty", "Zobacz")
    await shoot(visitor.page, "story-services")
    await visitor.taps("Zobacz")
    await visitor.taps("🟢 Aktywna (2)")
    await visitor.taps("⏳ Hosting")
    await visitor.sees("galeria-anny.example", "Następny termin płatności")
    await shoot(visitor.page, "story-service")
    await visitor.taps("‹ Wróć")
    await visitor.sees("Tylko: 🟢 Aktywna (2)")


async def test_renewals_are_paid_in_telegram(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.starts()
    await visitor.sends("/renew")
    await visitor.sees("Odnów usługi")
    await visitor.taps("☐ galeria-anny-przyklad.pl · 59,00 zł")
    await visitor.sees("1 pozycja w koszyku: 59,00 zł")
    await shoot(page, "story-renewals")
    await visitor.taps("☐ galeria-anny.example · 290,00 zł")
    await visitor.sees("2 pozycje w koszyku: 349,00 zł")
    await visitor.taps("Zapłać 349,00 zł")
    await visitor.taps("Płatność w Telegramie")
    await visitor.taps("Zamawiam i płacę")
    await visitor.sees("Proforma PRO-", "289,00 zł")
    await visitor.last.locator(".keyboard button", has_text="Zapłać 289,00 zł").click()
    dialogue = page.locator("[role=dialog].payment")
    await shoot(page, "story-payment")
    await dialogue.get_by_role("button", name=re.compile("^Pay")).click()
    await dialogue.get_by_role("button", name="Done").click()
    await visitor.sees("Zapłacono: 349,00 zł", "odnowiono do 15 sty 2028")
    await shoot(page, "story-receipt")
    await visitor.taps("Usługi")
    await visitor.sees("15 sty 2028")


async def test_an_add_on_is_ordered_on_a_phone(box: Sandbox, window: Window) -> None:
    john = Visitor(await window.open(f"{box.url}/page/#{JOHN.id}", width=390, height=800))
    await john.starts()
    await john.taps("Browse available add-ons")
    await john.taps("Backup Plus")
    await john.sees("Backup Plus", "€24.00 / year")
    await john.taps("Add to cart")
    await john.taps("annually")
    await john.taps("Hosting Cumulus")
    await john.sees("Cart", "Total: €24.00")
    await shoot(john.page, "story-phone-cart")
    width = await john.page.evaluate("document.scrollingElement.scrollWidth")
    assert width <= 390


async def test_a_new_service_is_ordered_and_the_operator_hears_of_it(visitor: Visitor) -> None:
    await visitor.starts()
    await visitor.sends("/order")
    await visitor.taps("Hosting stron")
    await visitor.taps("Hosting Obłok")
    await visitor.taps("miesięcznie")
    await visitor.sees("Wpisz domenę")
    await visitor.sends("kwiaty.example")
    await visitor.sees("kwiaty.example", "Razem: 14,90 zł")
    await visitor.taps("Dodaj do koszyka")
    await visitor.taps("Zapłać")
    await visitor.taps("Zamawiam i płacę")
    await visitor.sees("Zapłacono: 14,90 zł")
    await visitor.becomes(OPERATOR, chat=GROUP_ID)
    await visitor.sees("kwiaty.example", "Accept")
    await visitor.taps("Reject…")
    await visitor.sees("Olga, reply to this message with the reason.")
    await visitor.sends("Domena jest zajęta")
    await visitor.sees("❌ Rejected · Olga, ")
    await shoot(visitor.page, "story-operator")


async def test_the_costs_of_a_year_and_a_file_for_a_calendar(box: Sandbox, window: Window) -> None:
    anna = Visitor(await window.open(f"{box.url}/page/#{ANNA.id}", width=390, height=800))
    await anna.starts()
    await anna.taps("Koszty")
    await anna.sees("Następne 12 miesięcy", "luty 2027")
    await shoot(anna.page, "story-phone-costs")
    await anna.taps("Plik do kalendarza")
    await anna.sees("7 terminów")
    await shoot(anna.page, "story-phone-calendar")
    async with anna.page.expect_download() as saving:
        await anna.last.locator("a.document").click()
    assert (await saving.value).suggested_filename.endswith("-terminy.ics")


async def test_a_reminder_comes_by_the_time_machine(visitor: Visitor) -> None:
    await visitor.starts()
    await visitor.sees("Dzień dobry")
    await visitor.travels("reminder")
    await visitor.sees("⏰", "Hosting Cumulus", "za 3 dni")
    await expect(visitor.page.locator(".jump")).to_be_hidden()
    await shoot(visitor.page, "story-reminder")
    await visitor.taps("Dodaj do koszyka")
    await visitor.sees("✓ W koszyku")


async def test_a_reminder_is_put_off_on_a_phone_in_the_dark(box: Sandbox, window: Window) -> None:
    anna = Visitor(await window.open(f"{box.url}/page/#{ANNA.id}"))
    await anna.starts()
    await anna.sees("Dzień dobry")
    await anna.travels("reminder")
    await anna.sees("⏰", "Hosting Cumulus")
    await anna.page.emulate_media(color_scheme="dark")
    await anna.page.set_viewport_size({"width": 390, "height": 900})
    await shoot(anna.page, "story-phone-reminder")
    await anna.taps("🔕 Nie teraz")
    await anna.sees("Kiedy przypomnieć ponownie?")
    await shoot(anna.page, "story-phone-not-now")
    await anna.taps("📅 Innego dnia")
    await anna.sees("Którego dnia przypomnieć?")
    await shoot(anna.page, "story-phone-days")
    await anna.taps("15")
    await anna.sees("Przypomnimy: pt., 15 stycznia.")
    await shoot(anna.page, "story-phone-put-off")
    await anna.taps("🔔 Przypomnienia")
    await anna.sees("Najbliższe przypomnienie", "pt., 15 stycznia")
    await shoot(anna.page, "story-phone-wishes")
    await anna.taps("📅 Dni")
    await shoot(anna.page, "story-phone-stages")
    await anna.taps("‹ Wróć")
    await anna.taps("🌙 Cisza")
    await shoot(anna.page, "story-phone-quiet")
    await anna.taps("‹ Wróć")
    await anna.taps("📦 Każda usługa osobno")
    await anna.sees("ponownie pt., 15 stycznia")
    await shoot(anna.page, "story-phone-service-by-service")
    width = await anna.page.evaluate("document.scrollingElement.scrollWidth")
    assert width <= 390


async def test_a_visitor_reads_the_catalogue(visitor: Visitor) -> None:
    await visitor.becomes(GUEST)
    await visitor.starts()
    await visitor.sees("Our offer and prices")
    await visitor.taps("Our offer and prices")
    await visitor.taps("VPS servers")
    await visitor.sees("VPS Orkan")
    await shoot(visitor.page, "story-catalogue")
    await visitor.sends("/services")
    await visitor.sees("I have a code")


async def test_a_client_links_themselves_by_an_e_mail_that_is_on_the_page(
    visitor: Visitor,
) -> None:
    mailbox = visitor.page.locator(".mailbox")
    await expect(mailbox).to_contain_text("E-mails that the bot sends come here.")
    await visitor.becomes(GUEST)
    await visitor.starts()
    await visitor.sees("Link your account by e-mail")
    await visitor.taps("📧 Link by e-mail")
    await visitor.sees("Type the e-mail address")
    await visitor.sends("marta@chmurnik.example")
    await visitor.sees("Look at your e-mail")
    mail = mailbox.locator("details").first
    await mail.wait_for()
    await expect(mail).to_contain_text("marta@chmurnik.example")
    subject = await mail.locator("strong").inner_text()
    await expect(mail).to_contain_text("Your code:")
    await shoot(visitor.page, "story-mailbox")
    await visitor.sends(subject[:6])
    await visitor.sees("Is this your account?", "Pracownia Zegarów")
    await visitor.taps("Yes, link it")
    await visitor.sees("This chat shows the account of")
