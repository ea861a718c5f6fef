"""`python -m tests.screenshot [FOLDER]`: take the pictures of the README and the docs again.

They show the sandbox's page: a chat on a desk, and the screens that people see most on a phone.
"""

import asyncio
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, Page, async_playwright, expect

from bot.commands.demo import sandbox
from bot.commands.demo_settings import Beside
from bot.sandbox.people import ANNA, JOHN, Profile
from tests.phone import HEIGHT, WIDTH

FOLDER = Path("docs")
DESK = (1080, 985)
WIDE_DESK = (1320, 985)
MARKED_MS = 3_000
"""How long rows of the pane that have changed are marked."""


async def take(folder: Path) -> None:
    """Start the bot, go to each screen as a client would, and take the pictures."""
    with TemporaryDirectory(prefix="panelik-screenshot-") as home:
        async with sandbox(Path(home)) as box, async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            page = await _open(browser, box.url, JOHN, DESK)
            await _tap(page, "Services", "smith-and-sons.example")
            await page.screenshot(path=folder / "screenshot.png")
            phone = await _open(browser, box.url, ANNA, (WIDTH, HEIGHT))
            await _take_phone(phone, folder)
            await browser.close()
    await _take_beside_panel(folder)


async def _take_beside_panel(folder: Path) -> None:
    """The chat beside what a panel holds, after something was paid there."""
    with TemporaryDirectory(prefix="panelik-screenshot-") as home:
        panel = Beside.FOSSBILLING
        async with sandbox(Path(home), panel=panel) as box, async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            page = await _open(browser, box.url, JOHN, WIDE_DESK)
            await _tap(page, "Services", "smith-and-sons.example")
            bill = page.locator(".bill", has_text="Hosting Cumulus").first
            await bill.get_by_role("button", name="Pay").click()
            await expect(page.locator(".message.in").last).to_contain_text("renewed until")
            await page.mouse.move(1, 1, steps=5)
            await page.wait_for_timeout(MARKED_MS)
            await page.screenshot(path=folder / "panel-demo.png")
            await browser.close()


async def _open(browser: Browser, url: str, person: Profile, size: tuple[int, int]) -> Page:
    """Start somebody's chat."""
    width, height = size
    context = await browser.new_context(
        locale="en-GB",
        timezone_id="Europe/Warsaw",
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
    )
    page = await context.new_page()
    await page.goto(f"{url}/page/#{person.id}")
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(page.locator(".message.in").last).to_contain_text(person.first_name)
    return page


async def _take_phone(page: Page, folder: Path) -> None:
    """Home, the services, one of them, the renewals, a checkout."""
    await _shoot(page, folder, "home")
    await _tap(page, "Usługi", "żółw.example")
    await _shoot(page, folder, "services")
    await _tap(page, "⚠️ żółw.example", "Data rejestracji")
    await _shoot(page, folder, "service")
    await _tap(page, "Menu", "Konto:")
    await _tap(page, "Odnów usługi", "☐")
    await _shoot(page, folder, "renewals")
    await _tap(page, "‹ Wróć", "Konto:")
    await _tap(page, "Zapłać zaległe", "Jak chcesz zapłacić?")
    await _shoot(page, folder, "checkout")


async def _tap(page: Page, label: str, sees: str) -> None:
    await (
        page.locator(".message.in").last.locator(".keyboard button", has_text=label).first.click()
    )
    await expect(page.locator(".message.in").last).to_contain_text(sees)
    await expect(page.locator(".keyboard .busy")).to_have_count(0)
    await page.mouse.move(1, 1, steps=5)


async def _shoot(page: Page, folder: Path, name: str) -> None:
    await page.screenshot(path=folder / f"phone-{name}.png")


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
