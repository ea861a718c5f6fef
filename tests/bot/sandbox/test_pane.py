"""The panel's pane in a real browser, without a bot: what it shows and what one does there."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest
from playwright.async_api import Page, expect

from bot.sandbox.clock import SandboxClock
from bot.sandbox.methods.api import BotApi
from bot.sandbox.panels.demo_panel import DemoPanel, demo_panel
from bot.sandbox.people import ANNA, JOHN
from bot.sandbox.server import create_app, serve
from tests.browser import IN_BROWSER, Window, shoot
from tests.phone import HEIGHT, WIDTH

pytestmark = IN_BROWSER

START = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


@pytest.fixture
async def panel() -> AsyncIterator[DemoPanel]:
    async with demo_panel(SandboxClock(START)) as panel:
        yield panel


@pytest.fixture
async def address(panel: DemoPanel) -> AsyncIterator[str]:
    api = BotApi(panel.api.clock)
    for person in (ANNA, JOHN):
        api.meet(person.id)
    async with serve(create_app(api, panel=panel.routes)) as url:
        yield f"{url}/page/#{ANNA.id}"


@pytest.fixture
async def page(window: Window, address: str) -> AsyncIterator[Page]:
    """Anna's chat on a desk; closed before the server, which would wait for it."""
    yield await window.open(address, width=1280, height=900)
    await window.clear()


@pytest.fixture
async def phone(window: Window, address: str) -> AsyncIterator[Page]:
    yield await window.open(address, width=WIDTH, height=HEIGHT, dark=True)
    await window.clear()


def service(page: Page, number: int) -> str:
    return f'.service[data-id="{number}"]'


async def asks(panel: DemoPanel, path: str) -> None:
    """Call the panel as the bot does."""
    basic = {"Authorization": aiohttp.encode_basic_auth("admin", panel.token)}
    async with (
        aiohttp.ClientSession(panel.url, headers=basic) as bot,
        bot.get(f"/api/{path}") as response,
    ):
        await response.read()


async def test_an_invoice_is_paid_and_the_service_goes_on(page: Page) -> None:
    bill = page.locator(".bill", has_text="Hosting Cumulus").first
    await expect(bill.locator(".pill")).to_have_text("unpaid")
    end = page.locator(f"{service(page, 1)} input")
    await expect(end).to_have_value("2026-11-26")
    await bill.get_by_role("button", name="Pay").click()
    await expect(bill.locator(".pill")).to_have_text("paid")
    await expect(end).to_have_value("2027-11-26")
    await shoot(page, "pane-paid")


async def test_a_date_is_moved_and_a_service_stopped(page: Page, panel: DemoPanel) -> None:
    halny = page.locator(service(page, 5))
    await halny.locator("input").fill("2027-02-01")
    await halny.locator("input").press("Enter")
    await expect(halny.locator("input")).to_have_value("2027-02-01")
    await halny.get_by_role("button", name="Suspend").click()
    await expect(halny.locator(".pill")).to_have_text("suspended")
    await halny.get_by_role("button", name="Resume").click()
    await expect(halny.locator(".pill")).to_have_text("active")
    assert str(panel.api.world.order(5).expires_at) == "2027-02-01 12:00:00"


async def test_money_is_added_and_an_amount_that_is_none_is_not(page: Page) -> None:
    balance = page.locator(".panel .balance")
    await expect(balance).to_contain_text("20.00")
    field = page.get_by_label("Amount")
    await field.fill("1.50")
    await field.press("Enter")
    await expect(balance).to_contain_text("21.50")
    await field.fill("0")
    await field.press("Enter")
    await expect(balance).to_contain_text("21.50")


async def test_calls_stand_there_with_their_errors(page: Page, panel: DemoPanel) -> None:
    await expect(page.locator(".no-calls")).to_be_visible()
    await asks(panel, "admin/invoice/renewal_invoice?id=5")
    await asks(panel, "admin/order/get?id=999")
    await asks(panel, "admin/order/get?id=999")
    failed, write = page.locator(".call").nth(0), page.locator(".call").nth(1)
    await expect(failed).to_contain_text("9999: Order Not Found")
    await expect(failed).to_contain_text("×2")
    await expect(write).to_have_class(re.compile("writes"))
    await expect(page.locator(".bill", has_text="VPS Halny").first).to_be_visible()
    assert panel.token not in await page.content()


async def test_the_panel_is_broken_and_mended(page: Page, panel: DemoPanel) -> None:
    for name, words in (("Down", "down"), ("Rate limit", "rate limit"), ("Works", "works")):
        await page.get_by_role("radio", name=name).click()
        await expect(page.locator(".panel-state")).to_have_text(f"stand-in · {words}")
        await expect(page.get_by_role("radio", checked=True)).to_have_text(name)
    assert panel.api.breakage == "whole"


async def test_the_pane_goes_with_the_person_or_shows_another_client(page: Page) -> None:
    who = page.get_by_label("Client")
    await expect(page.locator(f"{service(page, 1)}")).to_be_visible()
    await page.locator(f'.person[data-id="{JOHN.id}"]').click()
    await expect(who).to_have_value("2")
    await expect(page.locator(service(page, 11))).to_contain_text("smith-and-sons.example")
    await expect(page.locator(service(page, 1))).to_have_count(0)
    await who.select_option("3")
    await expect(page.locator(service(page, 15))).to_be_attached()


async def test_on_a_phone_a_button_leads_there_and_back(phone: Page, panel: DemoPanel) -> None:
    toggle, pane = phone.get_by_role("button", name="The panel"), phone.locator(".panel")
    await expect(pane).not_to_be_in_viewport()
    await expect(phone.locator(".bill").first).to_be_attached()
    await expect(toggle.locator(".news")).to_be_hidden()
    await asks(panel, "admin/invoice/renewal_invoice?id=5")
    await expect(toggle.locator(".news")).to_be_visible()
    await toggle.click()
    await expect(pane).to_be_in_viewport(ratio=0.99)
    await shoot(phone, "pane-phone-dark")
    wide = await phone.evaluate("document.scrollingElement.scrollWidth")
    assert wide <= WIDTH
    await phone.get_by_role("button", name="Back to the chat").click()
    await expect(pane).not_to_be_in_viewport()
    await expect(toggle.locator(".news")).to_be_hidden()
