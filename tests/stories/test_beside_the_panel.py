"""The demo beside a panel, in a real browser: what happens there, the chat shows within seconds.

What the page shows is written to var/screenshots, for a look.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from bot.commands.demo import Sandbox, sandbox
from bot.commands.demo_settings import Beside
from bot.sandbox.panels.fossbilling.state import Order
from bot.sandbox.people import ANNA
from tests.browser import IN_BROWSER, Window, shoot
from tests.stories.test_on_the_page import Visitor
from tests.world import START, UNHURRIED

pytestmark = IN_BROWSER

SECONDS = 15_000
"""How long the chat may take, on a busy machine."""


@pytest.fixture
async def beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logging_as_before: None
) -> AsyncIterator[Sandbox]:
    """The demo beside the stand-in of FOSSBilling, on the morning of START."""
    monkeypatch.chdir(tmp_path)
    panel = Beside.FOSSBILLING
    async with sandbox(tmp_path, pace=UNHURRIED, start=START, panel=panel) as opened:
        yield opened


@pytest.fixture
async def anna(beside: Sandbox, window: Window) -> AsyncIterator[Visitor]:
    """Anna's chat on a desk, at home."""
    visitor = Visitor(await window.open(f"{beside.url}/page/#{ANNA.id}", width=1400, height=1000))
    visitor.page.set_default_timeout(SECONDS)
    await visitor.starts()
    await visitor.sees("Konto: Anna Nowak", "Hosting Cumulus")
    yield visitor
    await window.clear()


def bill(page: Page, about: str) -> Locator:
    return page.locator(".bill", has_text=about).first


async def breaks(page: Page, name: str) -> None:
    await page.get_by_role("radio", name=name).click()
    await expect(page.get_by_role("radio", checked=True)).to_have_text(name)


def order(box: Sandbox, number: int) -> Order:
    assert box.panel is not None
    return box.panel.api.world.order(number)


async def test_what_is_paid_there_is_receipted_in_the_chat(anna: Visitor) -> None:
    await bill(anna.page, "Hosting Cumulus").get_by_role("button", name="Pay").click()
    await anna.sees("Zapłacono: 290,00 zł", "odnowiono do 15 sty 2028")
    await shoot(anna.page, "beside-paid")


async def test_a_date_that_staff_move_is_the_chats(anna: Visitor) -> None:
    readings = anna.page.locator(".call", has_text="admin/order/get_list")
    before = await readings.count()
    field = anna.page.locator('.service[data-id="5"] input')
    await field.fill("2027-01-14")
    await field.press("Enter")
    # The feed has named her, and she is read again.
    await expect(readings).to_have_count(before + 1)
    await anna.taps("Usługi")
    await anna.sees("VPS Halny", "⏳ 14 sty")


async def test_an_order_is_placed_there_and_its_page_takes_the_payment(
    anna: Visitor, beside: Sandbox
) -> None:
    await _orders(anna)
    await anna.sees("Zamówienie jest złożone", "69,00 zł")
    await shoot(anna.page, "beside-placed")
    renewal = bill(anna.page, "VPS Halny")
    await expect(renewal.locator(".pill")).to_have_text("unpaid")
    before = order(beside, 5).expires_at
    await renewal.get_by_role("button", name="Pay").click()
    await anna.sees("Zapłacono: 69,00 zł")
    assert order(beside, 5).expires_at != before


async def test_a_proforma_leads_to_the_panels_page_and_back(anna: Visitor) -> None:
    await anna.taps("🧾 Zapłać proformy")
    await anna.taps("1")
    await anna.sees("Zapłacisz na stronie naszego panelu")
    async with anna.page.context.expect_page() as opened:
        await anna.taps("Zapłać")
    paying = await opened.value
    await paying.get_by_text("Go on to payment").click()
    await paying.get_by_role("button", name="Pay").click()
    await expect(paying.get_by_text("paid")).to_be_visible()
    await paying.close()
    await anna.sees("Zapłacono:")


async def test_the_chat_says_that_the_panel_is_down_and_nothing_once_it_is_mended(
    anna: Visitor,
) -> None:
    await breaks(anna.page, "Down")
    await expect(anna.page.locator(".call .error").first).to_have_text("no answer")
    await anna.taps("Usługi")
    await anna.taps("🟢 VPS Halny")
    await anna.sees("Stan na 08:", "nasz panel chwilowo nie odpowiada")
    await shoot(anna.page, "beside-down")
    await breaks(anna.page, "Works")
    await expect(anna.page.locator(".call").first).not_to_contain_text("no answer")
    await anna.taps("‹ Wróć")
    await anna.taps("🟢 VPS Halny")
    await anna.sees("Następny termin płatności")
    await expect(anna.last).not_to_contain_text("nie odpowiada")


@pytest.mark.parametrize("broken", ["Answer lost", "Down"])
async def test_an_order_at_a_broken_panel_is_placed_once_when_it_is_mended(
    anna: Visitor, beside: Sandbox, broken: str
) -> None:
    await _to_the_order(anna)
    await breaks(anna.page, broken)
    await anna.taps("Złóż zamówienie")
    await shoot(anna.page, f"beside-{broken.lower().replace(' ', '-')}")
    await breaks(anna.page, "Works")
    await anna.sees("Zamówienie jest złożone", "69,00 zł")
    assert beside.panel is not None
    of_halny = [one for one in beside.panel.api.world.data.invoices if 5 in one.orders()]
    assert [one.status for one in of_halny].count("unpaid") == 1


async def _to_the_order(anna: Visitor) -> None:
    await anna.taps("Usługi")
    await anna.taps("🟢 VPS Halny")
    await anna.taps("Odnów · 69,00 zł")
    await anna.taps("Koszyk")
    await anna.taps("Zapłać ok. 69,00 zł")
    await anna.sees("Sprawdź zamówienie")


async def _orders(anna: Visitor) -> None:
    await _to_the_order(anna)
    await anna.taps("Złóż zamówienie")


async def test_the_time_machine_moves_the_panel_too(anna: Visitor, beside: Sandbox) -> None:
    cumulus = anna.page.locator('.service[data-id="1"] .pill')
    for _ in range(4):
        await anna.travels("day")
        await anna.page.locator('button[data-advance="day"]:enabled').wait_for()
    await expect(cumulus).to_have_text("suspended")
    await anna.sends("/services")
    await anna.sees("Hosting Cumulus", "🟠 Zawieszona")
    assert order(beside, 1).status == "suspended"
