"""The chat page in a real browser, against the real sandbox and a bot of a few calls.

Connecting to the browser takes longer than most of these tests, so they share one connection and,
with it, one event loop.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from billing.rules.payments.transfer_codes import CodeContent, Correction
from bot.documents.codes import draw_code
from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import Json
from bot.sandbox.methods.api import BotApi
from bot.sandbox.people import ANNA, JOHN, PEOPLE
from bot.sandbox.server import create_app, serve
from tests.browser import IN_BROWSER, Window, join, shoot

pytestmark = [*IN_BROWSER, pytest.mark.asyncio(loop_scope="module")]

START = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)
FORMATTED = (
    '<b>Bold</b> <i>it</i> <u>un</u> <s>gone</s> <code>PF/42</code> <a href="https://example.com/">'
    "site</a>\n<tg-spoiler>secret</tg-spoiler>\n<blockquote>Quoted</blockquote>\n"
    '<pre><code class="language-sh">ls -l</code></pre>\n'
    "<blockquote expandable>One\nTwo\nThree\nFour\nFive</blockquote>\n"
    f'Paid <tg-time unix="{int(START.timestamp())}" format="r">now</tg-time> '
    "&lt;img src=x onerror=alert(1)&gt; /services 🎉"
)


class Bot:
    """Writes to Anna and answers her, one call at a time."""

    def __init__(self, api: BotApi) -> None:
        self.api = api

    async def calls(self, method: str, **params: object) -> Json:
        answer = await self.api.call(method, params)
        assert answer["ok"], answer
        result: Json = answer["result"]
        return result

    async def says(self, text: str, *rows: list[Json], **more: object) -> Json:
        if rows:
            more["reply_markup"] = {"inline_keyboard": list(rows)}
        more = {"chat_id": ANNA.id, "parse_mode": "HTML", **more}
        return await self.calls("sendMessage", text=text, **more)

    async def bills(self, title: str = "Proforma PF/42") -> Json:
        prices = [{"label": title, "amount": 13_800}]
        about = {"title": title, "description": "Hosting Pro", "payload": "42"}
        about["provider_token"] = "any"
        return await self.calls(
            "sendInvoice", chat_id=ANNA.id, currency="PLN", prices=prices, **about
        )

    async def hears(self, kind: str) -> Json:
        """Wait for an update of this kind and return its body."""
        async with asyncio.timeout(5):
            while True:
                if (update := self.api.updates.take()) and kind in update:
                    body: Json = update[kind]
                    return body
                await asyncio.sleep(0.01)

    async def agrees(self, *, ok: bool = True, error: str = "") -> None:
        query = await self.hears("pre_checkout_query")
        answer = {"ok": ok, **({} if ok else {"error_message": error})}
        await self.calls("answerPreCheckoutQuery", pre_checkout_query_id=query["id"], **answer)


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock(START)


@pytest.fixture
def api(clock: SandboxClock) -> BotApi:
    api = BotApi(clock)
    for person in PEOPLE:
        api.meet(person.id)
    return api


@pytest.fixture
def bot(api: BotApi) -> Bot:
    return Bot(api)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_window(chromium: str) -> AsyncIterator[Window]:
    async with join(chromium) as window:
        yield window


@pytest_asyncio.fixture(loop_scope="module")
async def address(api: BotApi, clock: SandboxClock) -> AsyncIterator[str]:
    async def next_reminder_at() -> datetime:
        return START + timedelta(days=2)

    app = create_app(api, advance=clock.advance, next_reminder_at=next_reminder_at)
    async with serve(app) as address:
        yield f"{address}/page/"


@pytest_asyncio.fixture(loop_scope="module")
async def window(shared_window: Window, address: str) -> AsyncIterator[Window]:
    """Close the pages before the server, which would wait for them."""
    yield shared_window
    await shared_window.clear()


@pytest_asyncio.fixture(loop_scope="module")
async def page(window: Window, address: str) -> Page:
    """Anna's chat on a desk."""
    return await window.open(f"{address}#{ANNA.id}")


def button(page: Page, label: str) -> Locator:
    return page.locator(".keyboard button", has_text=label)


def callback(text: str, **more: str) -> Json:
    return {"text": text, "callback_data": text, **more}


async def test_a_message_comes_with_its_formatting_and_without_its_tags(
    page: Page, bot: Bot
) -> None:
    await bot.says(FORMATTED)
    text = page.locator(".message.in .text")
    for tag, inside in {"b": "Bold", "i": "it", "u": "un", "s": "gone", "pre": "ls -l"}.items():
        await expect(text.locator(tag)).to_contain_text(inside)
    await expect(text.locator("a", has_text="site")).to_have_attribute("rel", re.compile("noop"))
    await expect(text).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(text.locator("img")).to_have_count(0)
    await expect(text.locator(".date-time")).to_have_text(re.compile("temu|teraz"))
    spoiler = text.locator(".spoiler")
    await expect(spoiler).to_have_css("color", "rgba(0, 0, 0, 0)")
    await spoiler.press("Enter")
    await expect(spoiler).not_to_have_css("color", "rgba(0, 0, 0, 0)")
    await text.get_by_role("button", name="Show the whole quote").click()
    await expect(text.locator(".expandable.open")).to_be_visible()
    await text.locator("code", has_text="PF/42").click()
    await expect(page.locator(".toast")).to_have_text("Copied")
    await expect(page.locator(".message time").last).to_have_text("14:05")
    await shoot(page, "page-formatting")


async def test_a_new_chat_and_a_deep_link_offer_start(page: Page, bot: Bot) -> None:
    await bot.calls("setMyDescription", description="Your services in Telegram")
    await page.reload()
    await expect(page.locator(".about")).to_contain_text("Your services in Telegram")
    await page.get_by_role("button", name="Start").click()
    assert (await bot.hears("message"))["text"] == "/start"
    await expect(page.locator(".message.out")).to_contain_text("/start")
    await expect(page.locator(".about")).to_have_count(0)
    await expect(page.locator(".composer textarea")).to_be_visible()
    await page.goto(re.sub("#.*", f"#{ANNA.id}?start=CODE1234", page.url))
    await page.get_by_role("button", name="Start").click()
    assert (await bot.hears("message"))["text"] == "/start CODE1234"


async def test_commands_are_found_in_the_menu_and_by_typing(page: Page, bot: Bot) -> None:
    commands = [("services", "Usługi"), ("order", "Złóż nowe zamówienie"), ("cart", "Koszyk")]
    listed = [{"command": name, "description": text} for name, text in commands]
    await bot.says("Hello")
    await bot.calls("setMyCommands", commands=listed)
    await page.get_by_role("button", name="Menu").click()
    await expect(page.locator(".suggestion")).to_have_count(3)
    await shoot(page, "page-menu")
    await page.keyboard.press("Escape")
    field = page.locator(".composer textarea")
    await field.fill("/o")
    await expect(page.locator(".suggestion")).to_have_text(["/orderZłóż nowe zamówienie"])
    await field.press("Enter")
    assert (await bot.hears("message"))["text"] == "/order"
    await expect(field).to_have_value("")


async def test_a_tap_waits_for_its_answer_and_the_message_changes_in_place(
    page: Page, bot: Bot
) -> None:
    sent = await bot.says("Basket: 0", [callback("Add", style="success"), callback("Stay")])
    bubble = page.locator(f'.message[data-message-id="{sent["message_id"]}"]')
    await bubble.evaluate("element => { element.stillTheSame = true; }")
    await button(page, "Add").focus()
    await page.keyboard.press("Enter")
    query = await bot.hears("callback_query")
    await expect(button(page, "Add")).to_have_attribute("aria-busy", "true")
    await bot.calls("answerCallbackQuery", callback_query_id=query["id"], text="In the cart")
    await expect(page.locator(".toast")).to_have_text("In the cart")
    await expect(button(page, "Add")).not_to_have_attribute("aria-busy", "true")
    keyboard = {"inline_keyboard": [[callback("✓ In the cart"), callback("Stay")]]}
    place = {"chat_id": ANNA.id, "message_id": sent["message_id"]}
    await bot.calls("editMessageText", text="Basket: 1", reply_markup=keyboard, **place)
    await expect(bubble).to_contain_text("Basket: 1")
    await expect(bubble.locator(".edited")).to_be_visible()
    await expect(button(page, "✓ In the cart")).to_be_focused()
    assert await bubble.evaluate("element => element.stillTheSame")
    await bot.calls("deleteMessage", **place)
    await expect(page.locator(".message")).to_have_count(0)


async def test_an_alert_stays_until_ok(page: Page, bot: Bot) -> None:
    await bot.says("Renew?", [callback("Renew")])
    await button(page, "Renew").click()
    query = await bot.hears("callback_query")
    answer = {"text": "Suspended: write to us", "show_alert": True}
    await bot.calls("answerCallbackQuery", callback_query_id=query["id"], **answer)
    alert = page.locator("[role=dialog].alert")
    await expect(alert).to_contain_text("Suspended: write to us")
    await expect(page.locator(".toast")).to_have_count(0)
    await shoot(page, "page-alert")
    await alert.get_by_role("button", name="OK").click()
    await expect(alert).to_have_count(0)


async def test_a_copy_button_copies_and_says_so(page: Page, bot: Bot) -> None:
    await bot.says("Transfer", [{"text": "Account", "copy_text": {"text": "61 1090 1014"}}])
    await button(page, "Account").click()
    await expect(page.locator(".toast")).to_have_text("Copied")
    assert await page.evaluate("navigator.clipboard.readText()") == "61 1090 1014"


async def test_an_invoice_fails_is_refused_and_is_paid(page: Page, bot: Bot) -> None:
    await bot.bills()
    card, dialogue = page.locator(".invoice"), page.locator("[role=dialog].payment")
    await expect(card).to_contain_text("138,00 zł")
    result = dialogue.locator(".result")
    await button(page, "Pay").click()
    await shoot(page, "page-checkout")
    await dialogue.get_by_role("button", name="Let it fail").click()
    await bot.agrees()
    await expect(result).to_contain_text("declined")
    await dialogue.get_by_role("button", name="Close").last.click()
    await button(page, "Pay").click()
    await dialogue.get_by_role("button", name=re.compile("^Pay")).click()
    await bot.agrees(ok=False, error="The price has changed")
    await expect(result).to_have_text("The price has changed")
    await page.keyboard.press("Escape")
    await button(page, "Pay").click()
    await dialogue.get_by_role("button", name=re.compile("^Pay")).click()
    await bot.agrees()
    await expect(result).to_have_text("Paid")
    await dialogue.get_by_role("button", name="Done").click()
    await expect(page.locator(".message.service")).to_contain_text("transferred 138,00 zł")
    await page.reload()
    await expect(button(page, "Receipt")).to_be_visible()


async def test_a_file_is_saved_under_its_name(page: Page, bot: Bot) -> None:
    content = "zażółć".encode()
    file = {"file_name": "dates.ics", "file_size": len(content), "mime_type": "text/calendar"}
    await bot.calls(
        "sendDocument",
        chat_id=ANNA.id,
        document="attach://it",
        files={"it": {**file, "content": content}},
        caption="All dates",
    )
    await expect(page.locator(".message.in")).to_contain_text("All dates")
    async with page.expect_download() as saving:
        await page.get_by_role("link", name="Download dates.ics").click()
    saved = await saving.value
    assert saved.suggested_filename == "dates.ics"
    assert (await saved.path()).read_bytes() == content
    await shoot(page, "page-file")


async def test_a_photo_is_shown_above_its_caption_and_follows_edits(page: Page, bot: Bot) -> None:
    def upload(text: str) -> dict[str, Any]:
        content = draw_code(CodeContent(text, Correction.LOW))
        return {"it": {"file_size": len(content), "content": content}}

    photo = {"photo": "attach://it", "files": upload("PRO-1"), "caption": "Scan it"}
    sent = await bot.calls("sendPhoto", chat_id=ANNA.id, **photo)
    image = page.locator(".message.in img.photo")
    await expect(page.locator(".message.in")).to_contain_text("Scan it")
    await expect(image).to_have_js_property("naturalWidth", 725)
    before = await image.get_attribute("src")
    media = {"type": "photo", "media": "attach://it", "caption": "Another"}
    await bot.calls(
        "editMessageMedia",
        chat_id=ANNA.id,
        message_id=sent["message_id"],
        media=media,
        files=upload("PRO-2"),
    )
    await expect(page.locator(".message.in")).to_contain_text("Another")
    assert await image.get_attribute("src") != before
    await shoot(page, "page-photo")


async def test_a_photo_from_elsewhere_has_a_board_in_its_place(page: Page, bot: Bot) -> None:
    await bot.calls("sendPhoto", chat_id=ANNA.id, photo="https://example.org/a.png", caption="A")
    await expect(page.locator(".message.in .photo.board")).to_be_visible()


async def test_each_person_has_a_chat_of_their_own(page: Page, bot: Bot) -> None:
    await bot.says("For Anna only")
    await expect(page.locator(".message")).to_have_count(1)
    await page.locator(f'.person[data-id="{JOHN.id}"]').click()
    await expect(page).to_have_url(re.compile(rf"#{JOHN.id}$"))
    await expect(page.locator(".message")).to_have_count(0)
    await bot.says("For Anna, unseen by John")
    await bot.says("Hello, John", chat_id=JOHN.id)
    await expect(page.locator(".message")).to_contain_text(["Hello, John"])
    await page.reload()
    await expect(page.locator(".message")).to_contain_text(["Hello, John"])
    current = page.locator(".person[aria-current]")
    await expect(current).to_have_attribute("data-id", str(JOHN.id))


async def test_a_blocked_bot_can_be_unblocked(page: Page, bot: Bot) -> None:
    await bot.says("Hello")
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("button", name="Block bot").click()
    assert (await bot.hears("my_chat_member"))["new_chat_member"]["status"] == "kicked"
    await page.get_by_role("button", name="Unblock").click()
    assert (await bot.hears("my_chat_member"))["new_chat_member"]["status"] == "member"
    await expect(page.locator(".composer textarea")).to_be_visible()


async def test_the_time_machine_moves_the_clock(page: Page, bot: Bot) -> None:
    await bot.says("Yesterday's news")
    machine = page.locator(".time-machine")
    await expect(machine).to_contain_text("Mon, 23 November 2026, 14:05")
    await machine.locator('button[data-advance="day"]').click()
    await expect(machine).to_contain_text("Tue, 24 November 2026, 14:05")
    await expect(page.locator(".day-label")).to_have_text("Yesterday")
    await machine.locator('button[data-advance="hour"]').click()
    await expect(machine).to_contain_text("15:05")
    await machine.locator('button[data-advance="reminder"]').click()
    await expect(machine.locator("time")).to_contain_text("Wed, 25 November 2026, 14:05")


async def test_the_log_stays_at_the_end_unless_one_reads_above(page: Page, bot: Bot) -> None:
    for number in range(12):
        await bot.says(f"Message {number}\n" * 4)
    await expect(page.locator(".message").last).to_be_in_viewport()
    await page.locator(".log").evaluate("log => { log.scrollTop = 0; }")
    await expect(page.locator(".jump")).to_be_visible()
    await bot.says("The latest")
    await expect(page.locator(".jump")).to_have_text("1")
    await expect(page.locator(".message").first).to_be_in_viewport()
    await page.get_by_role("button", name="Go to the latest message").click()
    await expect(page.locator(".message").last).to_be_in_viewport()


async def test_the_page_finds_the_sandbox_again_after_a_restart(
    window: Window, api: BotApi, bot: Bot
) -> None:
    async with AsyncExitStack() as first:
        address = await first.enter_async_context(serve(create_app(api)))
        page = await window.open(f"{address}/page/#{ANNA.id}")
        await bot.says("Before")
        await expect(page.locator(".message")).to_have_count(1)
        await expect(page.locator(".time-machine")).to_be_hidden()
    await expect(page.locator(".status")).to_have_text("connecting…")
    again = BotApi()
    again.meet(ANNA.id)
    await Bot(again).says("After")
    async with serve(create_app(again), port=int(address.rpartition(":")[2])):
        await expect(page.locator(".message .text")).to_contain_text(["After"])
        await expect(page.locator(".status")).to_contain_text("nothing is real")


async def test_a_phone_shows_all_without_scrolling_sideways(
    window: Window, address: str, bot: Bot
) -> None:
    page = await window.open(f"{address}#{ANNA.id}", width=360, height=740)
    rows = [[callback(str(number)) for number in range(8)], [callback("A long label " * 4)]]
    picture = {"url": "https://example.com/banner.png", "show_above_text": True}
    await bot.says(FORMATTED + "\n" + "wide" * 60, *rows, link_preview_options=picture)
    await bot.bills()
    await expect(page.locator(".invoice")).to_be_in_viewport()
    await expect(page.locator(".preview.board")).to_contain_text("example.com")
    for selector in ("html", ".log"):
        wide = await page.locator(selector).evaluate("one => one.scrollWidth - one.clientWidth")
        assert wide == 0, selector
    await shoot(page, "page-phone-light")
    await page.emulate_media(color_scheme="dark")
    await expect(page.locator("body")).to_have_css("background-color", "rgb(23, 33, 43)")
    await shoot(page, "page-phone-dark")
    await page.get_by_role("button", name="Time machine").click()
    await expect(page.locator(".time-machine")).to_be_visible()
    await page.get_by_role("button", name="Time machine").click()
    await page.get_by_role("button", name="People").click()
    await page.locator(f'.person[data-id="{JOHN.id}"]').click()
    await expect(page.locator(".people")).to_be_hidden()
    await expect(page.locator(".message")).to_have_count(0)
