"""The screens that people see most, each within one phone screen, in a real browser.

What the page shows is written to var/screenshots, for a look.
"""

from bot.commands.demo import Sandbox
from bot.sandbox.people import ANNA, JOHN
from tests.browser import IN_BROWSER, Window, shoot
from tests.phone import check_fits_phone, open_on_phone
from tests.stories.test_on_the_page import Visitor

pytestmark = IN_BROWSER


async def test_the_services_fit(box: Sandbox, window: Window) -> None:
    anna = Visitor(await open_on_phone(window, box.url, ANNA))
    await anna.starts()
    await anna.taps("Usługi")
    await anna.sees("żółw.example", "6 z 9", "Poznaj ofertę")
    await shoot(anna.page, "phone-services")
    await check_fits_phone(anna.page)
    await anna.taps("⋯")
    await anna.sees("Czyje działania")
    await shoot(anna.page, "phone-menus")
    await check_fits_phone(anna.page)


async def test_a_service_and_its_menu_fit(box: Sandbox, window: Window) -> None:
    anna = Visitor(await open_on_phone(window, box.url, ANNA))
    await anna.starts()
    await anna.taps("Usługi")
    await anna.taps("⏳")
    await anna.sees("Data rejestracji")
    await shoot(anna.page, "phone-service")
    await check_fits_phone(anna.page)
    await anna.taps("‹ Wróć")
    await anna.taps("⋯")
    await anna.taps("⏳")
    await anna.sees("Szczegóły")
    await shoot(anna.page, "phone-menu")
    await check_fits_phone(anna.page)


async def test_the_services_fit_in_english(box: Sandbox, window: Window) -> None:
    john = Visitor(await open_on_phone(window, box.url, JOHN))
    await john.starts()
    await john.taps("Services")
    await john.sees("4 of 5")
    await shoot(john.page, "phone-services-english")
    await check_fits_phone(john.page)


async def test_the_costs_fit_with_their_chart(box: Sandbox, window: Window) -> None:
    for person, sees in ((ANNA, "Następne 12 miesięcy"), (JOHN, "Next 12 months")):
        visitor = Visitor(await open_on_phone(window, box.url, person))
        await visitor.starts()
        await visitor.sends("/costs")
        await visitor.sees(sees)
        await visitor.last.locator("img").wait_for()
        await shoot(visitor.page, f"phone-costs-{person.first_name.lower()}")
        await check_fits_phone(visitor.page)


async def test_the_renewals_fit(box: Sandbox, window: Window) -> None:
    anna = Visitor(await open_on_phone(window, box.url, ANNA))
    await anna.starts()
    await anna.taps("Odnów usługi")
    await anna.taps("☐")
    await anna.sees("1 pozycja w koszyku")
    await shoot(anna.page, "phone-renewals")
    await check_fits_phone(anna.page)
