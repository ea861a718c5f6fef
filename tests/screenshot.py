"""`python -m tests.screenshot [OUT]`: take the README's picture from the sandbox's page."""

import asyncio
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Page, async_playwright, expect

from bot.commands.demo import sandbox
from bot.sandbox.people import JOHN

OUT = Path("docs/screenshot.png")
SIZE = {"width": 1080, "height": 985}


async def take(out: Path) -> None:
    """Start the bot, open its services as a client would, and take the picture."""
    with TemporaryDirectory(prefix="panelik-screenshot-") as home:
        async with sandbox(Path(home)) as box, async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            context = await browser.new_context(
                locale="en-GB",
                timezone_id="Europe/Warsaw",
                viewport={"width": SIZE["width"], "height": SIZE["height"]},
                reduced_motion="reduce",
            )
            page = await context.new_page()
            await page.goto(f"{box.url}/page/#{JOHN.id}")
            await _open_services(page)
            await page.screenshot(path=out)
            await browser.close()


async def _open_services(page: Page) -> None:
    await page.get_by_role("button", name="Start", exact=True).click()
    await page.locator(".keyboard button", has_text="Services").first.click()
    await expect(page.locator(".message.in").last).to_contain_text("smith-and-sons.example")
    await expect(page.locator(".keyboard .busy")).to_have_count(0)
    await page.mouse.move(1, 1, steps=5)


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1]) if len(sys.argv) > 1 else OUT))
