"""Home and the checkout on a phone: each fits into one screen with its keyboard."""

from bot.commands.demo import Sandbox
from bot.sandbox.people import ANNA, JOHN
from tests.browser import IN_BROWSER, Window, shoot
from tests.phone import check_fits_phone, open_on_phone
from tests.stories.test_on_the_page import Visitor

pytestmark = IN_BROWSER


async def test_home_and_checkout_fit_into_a_phones_screen(box: Sandbox, window: Window) -> None:
    page = await open_on_phone(window, box.url, ANNA)
    anna = Visitor(page)
    await anna.starts()
    await anna.sees("żółw.example", "Zapłać zaległe")
    await shoot(page, "phone-home")
    await check_fits_phone(page)
    await anna.taps("Zapłać zaległe")
    await anna.sees("Jak chcesz zapłacić?")
    await shoot(page, "phone-checkout")
    await check_fits_phone(page)
    await anna.taps("Przelew bankowy")
    await anna.sees("Sprawdź zamówienie")
    await shoot(page, "phone-confirm")
    await check_fits_phone(page)
    await anna.taps("Zamawiam i płacę")
    await anna.sees("Rachunek")
    await anna.sends("/start")
    await anna.sees("Zapłać proformę")
    await shoot(page, "phone-home-proforma")
    await check_fits_phone(page)


async def test_other_cycles_fit_into_a_phones_screen(box: Sandbox, window: Window) -> None:
    page = await open_on_phone(window, box.url, JOHN)
    john = Visitor(page)
    await john.starts()
    await john.sends("/services")
    await john.taps("🟢 VPS")
    await john.taps("Renew for another period")
    await john.sees("Choose for how long")
    await shoot(page, "phone-cycles")
    await check_fits_phone(page)
