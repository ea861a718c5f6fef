import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from telegram import Bot, Message
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter
from telegram.request import HTTPXRequest

from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import Json
from bot.sandbox.methods.api import TOKEN, BotApi
from bot.sandbox.people import ANNA
from bot.sandbox.server import create_app, serve
from bot.sandbox.talk.http_driver import OverHttp
from tests.bot.sandbox.small_bot import SmallBot, small_bot
from tests.person import Person


@pytest.fixture
async def url(api: BotApi) -> AsyncIterator[str]:
    async with serve(create_app(api)) as url:
        yield url


@pytest.fixture
async def http(url: str) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(url) as session:
        yield session


@pytest.fixture
async def bot(url: str) -> AsyncIterator[Bot]:
    async with Bot(TOKEN, base_url=f"{url}/bot") as bot:
        yield bot


async def _json(response: aiohttp.ClientResponse) -> Json:
    body: Json = await response.json()
    return body


@pytest.mark.slow
async def test_a_real_bot_sends_edits_and_deletes(bot: Bot) -> None:
    assert bot.username == "panelik_sandbox_bot"
    message = await bot.send_message(ANNA.id, "<b>Żółw</b> 🐢", parse_mode="HTML")
    assert message.text_html == "<b>Żółw</b> 🐢"
    edited = await bot.edit_message_text("plain", ANNA.id, message.message_id)
    assert isinstance(edited, Message)
    assert edited.edit_date
    assert await bot.delete_message(ANNA.id, message.message_id)


@pytest.mark.slow
async def test_a_real_bot_reads_the_refusals(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="unsupported start tag"):
        await bot.send_message(ANNA.id, "<p>no</p>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(1003, "we never met")


@pytest.mark.slow
async def test_a_file_comes_as_multipart(bot: Bot) -> None:
    message = await bot.send_document(ANNA.id, b"1;2;3", filename="usługi.csv", caption="List")
    assert message.document
    assert (message.document.file_name, message.document.file_size) == ("usługi.csv", 5)
    assert message.caption == "List"


@pytest.mark.slow
async def test_a_person_keeps_a_file_the_bot_has_sent(
    bot: Bot, http: aiohttp.ClientSession
) -> None:
    message = await bot.send_document(ANNA.id, "zażółć".encode(), filename="a.csv", caption="List")
    assert message.document
    path = f"/sandbox/chats/{ANNA.id}/files/{message.document.file_id}"
    async with http.get(path) as answer:
        assert await answer.read() == "zażółć".encode()
        assert answer.headers["Content-Disposition"] == "attachment"
    async with http.get(path.replace(str(ANNA.id), "1002")) as answer:
        assert (answer.status, await answer.json()) == (
            400,
            {"error": "this file is not here any more"},
        )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "caption", "reason"),
    [
        (b"", "x", "File must be non-empty"),
        (b"a", "x" * 1025, "caption is too long"),
        (b"a", "<p>x</p>", "unsupported start tag"),
    ],
)
async def test_a_file_telegram_refuses(
    bot: Bot, content: bytes, caption: str, reason: str
) -> None:
    with pytest.raises(BadRequest, match=reason):
        await bot.send_document(ANNA.id, content, caption=caption, parse_mode="HTML")


@pytest.mark.slow
async def test_a_wrong_token_opens_nothing(url: str) -> None:
    bot = Bot("123456:wrong", base_url=f"{url}/bot")
    with pytest.raises(InvalidToken):
        await bot.initialize()
    await bot.shutdown()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "429", "retry_after": 7}, RetryAfter),
        ({"kind": "500"}, NetworkError),
        ({"kind": "drop"}, NetworkError),
        ({"kind": "cut"}, NetworkError),
        ({"kind": "late", "delay_ms": 20}, NetworkError),
    ],
)
async def test_trouble_comes_once_when_asked_for(
    bot: Bot, http: aiohttp.ClientSession, fault: Json, error: type[Exception]
) -> None:
    async with http.post("/sandbox/faults", json={"method": "sendMessage", **fault}) as answer:
        assert answer.status == 200
    with pytest.raises(error):
        await bot.send_message(ANNA.id, "a")
    await bot.send_message(ANNA.id, "b")


async def test_a_second_poller_ends_the_first(http: aiohttp.ClientSession, api: BotApi) -> None:
    path = f"/bot{TOKEN}/getUpdates"
    first = asyncio.create_task(_post(http, path, {"timeout": 50}))
    while api.updates._poller is None:  # noqa: ASYNC110 - nothing else tells
        await asyncio.sleep(0.005)
    second = asyncio.create_task(_post(http, path, {"timeout": 50}))
    assert "terminated by other getUpdates" in (await first)["description"]
    await _post(http, f"/sandbox/chats/{ANNA.id}/send", {"text": "/start"})
    assert [update["message"]["text"] for update in (await second)["result"]] == ["/start"]


async def _post(http: aiohttp.ClientSession, path: str, body: Json) -> Json:
    async with http.post(path, json=body) as answer:
        return await _json(answer)


@pytest.mark.slow
async def test_a_person_follows_the_chat_over_events(
    http: aiohttp.ClientSession, bot: Bot
) -> None:
    async with http.get(f"/sandbox/chats/{ANNA.id}/events") as events:
        assert events.content_type == "text/event-stream"
        assert (await _event(events))[0] == "snapshot"
        message = await bot.send_message(ANNA.id, "hello")
        name, data = await _event(events)
        assert (name, data["text"]) == ("message", "hello")
        await bot.delete_message(ANNA.id, message.message_id)
        assert await _event(events) == ("deleted", {"message_id": message.message_id})
        await bot.set_my_commands([("start", "Begin")])
        assert await _event(events) == ("commands", [{"command": "start", "description": "Begin"}])


async def _event(response: aiohttp.ClientResponse) -> tuple[str, Any]:
    async with asyncio.timeout(5):
        name = (await response.content.readline()).decode().removeprefix("event: ").strip()
        data = (await response.content.readline()).decode().removeprefix("data: ")
        await response.content.readline()
    return name, json.loads(data)


@pytest.mark.slow
async def test_a_person_talks_to_a_real_bot_over_http(
    url: str, http: aiohttp.ClientSession
) -> None:
    application = small_bot(HTTPXRequest(), base_url=f"{url}/bot")
    async with aiohttp.ClientSession() as session, application:
        polling = asyncio.create_task(_poll(application))
        try:
            anna = Person(OverHttp(url, session), ANNA)
            await anna.sends("/start")
            await anna.taps("Add to cart")
            assert anna.toast == "Added"
            anna.sees("In the cart: 1 (add)")
            await anna.sends("/pay")
            assert await anna.pays() == "paid"
            anna.sees("Thank you for 12300")
        finally:
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)


async def _poll(application: SmallBot) -> None:
    offset = 0
    while True:
        for update in await application.bot.get_updates(offset=offset, timeout=5):
            await application.process_update(update)
            offset = update.update_id + 1


async def test_what_a_person_cannot_do_is_a_400(http: aiohttp.ClientSession) -> None:
    chat = f"/sandbox/chats/{ANNA.id}"
    for path, body in [("/tap", {"message_id": 99}), ("/pay", {"message_id": 99}), ("/send", {})]:
        async with http.post(chat + path, json=body) as answer:
            assert answer.status == 400
            assert (await _json(answer))["error"]


async def test_the_page_is_served(http: aiohttp.ClientSession) -> None:
    async with http.get("/") as page:
        assert page.url.path == "/page/"
        assert "text/html" in page.headers["Content-Type"]
    async with http.get("/page/chat.js") as script:
        assert "javascript" in script.headers["Content-Type"]
    async with http.get("/page/..%2fserver.py") as outside:
        assert outside.status == 404


async def test_another_sites_name_does_not_reach_the_sandbox(http: aiohttp.ClientSession) -> None:
    async with http.get("/sandbox/people", headers={"Host": "evil.example"}) as answer:
        assert answer.status == 400


async def test_the_time_machine_moves_what_it_was_given() -> None:
    clock = SandboxClock(datetime(2026, 11, 1, 8, tzinfo=UTC))
    reminder = datetime(2026, 11, 3, 9, tzinfo=UTC)

    async def next_reminder_at() -> datetime | None:
        return reminder if clock.now() < reminder else None

    app = create_app(BotApi(clock), advance=clock.advance, next_reminder_at=next_reminder_at)
    async with serve(app) as url, aiohttp.ClientSession(url) as http:
        async with http.post("/sandbox/clock", json={"to": "next_reminder"}) as answer:
            moved = await _json(answer)
        assert datetime.fromisoformat(moved["now"]) - reminder < timedelta(seconds=5)
        assert moved["next_reminder_at"] is None
        async with http.post("/sandbox/clock", json={"days": 2}) as answer:
            moved = await _json(answer)
        assert moved["now"].startswith("2026-11-05T09:00")


async def test_without_a_time_machine_there_is_none(http: aiohttp.ClientSession) -> None:
    async with http.get("/sandbox/clock") as answer:
        assert answer.status == 404
