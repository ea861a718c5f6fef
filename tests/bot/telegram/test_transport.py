import asyncio
import json
import logging
import socket
import traceback
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from io import BytesIO
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import Bot
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.masking import Mask
from bot.telegram.transport import AiohttpRequest

TOKEN = "123456789:AAtestTOKENtestTOKENtestTOKENtest0"

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """A Bot API of one answer; remembers requests and from which connections they came."""

    def __init__(self) -> None:
        self.answer: Answer = good
        self.methods: list[str] = []
        self.fields: list[dict[str, Any]] = []
        self.files: dict[str, tuple[str, bytes]] = {}
        self.ports: set[int] = set()
        self.arrived = asyncio.Event()
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        self.http = TestServer(app)

    @property
    def base(self) -> str:
        return f"{self.http.make_url('/')}bot"

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        self.ports.add(request.transport.get_extra_info("peername")[1])
        self.methods.append(request.match_info["method"])
        fields: dict[str, Any] = {}
        if request.content_type == "application/json":
            fields = await request.json()
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                self.files[name] = (value.filename, value.file.read())
            else:
                fields[name] = str(value)
        self.fields.append(fields)
        self.arrived.set()
        return await self.answer(request)


async def good(request: web.Request) -> web.Response:
    return web.json_response({"ok": True, "result": True})


def failing(
    status: int, description: str, parameters: dict[str, int] | None = None, *, times: int = 99
) -> Answer:
    left = [times]

    async def answer(request: web.Request) -> web.Response:
        if left[0] == 0:
            return await good(request)
        left[0] -= 1
        body = {"ok": False, "error_code": status, "description": description}
        return web.json_response({**body, "parameters": parameters or {}}, status=status)

    return answer


def dropping(*, times: int) -> Answer:
    left = [times]

    async def answer(request: web.Request) -> web.Response:
        if left[0] > 0:
            left[0] -= 1
            assert request.transport is not None
            request.transport.close()
        return await good(request)

    return answer


async def breaking_off(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    assert request.transport is not None
    request.transport.close()
    return response


async def silent(_: web.Request) -> web.Response:
    await asyncio.Event().wait()
    raise AssertionError("nobody sets this event")


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    await server.http.start_server(shutdown_timeout=0.01)
    yield server
    await server.http.close()


@pytest.fixture
async def bot(server: Server) -> AsyncIterator[Bot]:
    request = AiohttpRequest()
    bot = Bot(TOKEN, base_url=server.base, request=request, get_updates_request=request)
    await request.initialize()
    yield bot
    await request.shutdown()


def everything_told(error: BaseException) -> str:
    """All that a log or an error tracker could see of an error."""
    parts = ["".join(traceback.format_exception(error)), str(error), repr(error)]
    for other in (error.__cause__, error.__context__):
        if other is not None:
            parts += [everything_told(other), repr(vars(other))]
    return "\n".join(parts)


async def test_one_connection_serves_calls_made_one_after_another(
    bot: Bot, server: Server
) -> None:
    for _ in range(5):
        await bot.send_chat_action(1, "typing")

    assert len(server.methods) == 5
    assert len(server.ports) == 1


async def test_calls_at_the_same_time_take_no_more_connections_than_allowed(
    server: Server,
) -> None:
    async with AiohttpRequest(connections=2) as request:
        bot = Bot(TOKEN, base_url=server.base, request=request)
        await asyncio.gather(*(bot.send_chat_action(n, "typing") for n in range(10)))

    assert len(server.methods) == 10
    assert len(server.ports) == 2


async def test_text_arrives_as_it_was_given(bot: Bot, server: Server) -> None:
    server.answer = good
    await bot.answer_callback_query("7", text="Zażółć & <b>gęślą</b> = 100% + 🎉", show_alert=True)

    assert server.fields == [
        {
            "callback_query_id": "7",
            "text": "Zażółć & <b>gęślą</b> = 100% + 🎉",
            "show_alert": True,
        }
    ]


async def test_files_are_uploaded(bot: Bot, server: Server) -> None:
    async def sent(request: web.Request) -> web.Response:
        chat = {"id": 5, "type": "private"}
        return web.json_response(
            {"ok": True, "result": {"message_id": 1, "date": 1, "chat": chat}},
        )

    server.answer = sent
    await bot.send_document(5, BytesIO(b"%PDF"), filename="proforma.pdf", caption="Zażółć")

    assert server.files == {"document": ("proforma.pdf", b"%PDF")}
    assert server.fields[0]["chat_id"] == "5"
    assert server.fields[0]["caption"] == "Zażółć"


@pytest.mark.parametrize(
    ("status", "description", "kind"),
    [
        (400, "Bad Request: chat not found", BadRequest),
        (401, "Unauthorized", InvalidToken),
        (403, "Forbidden: bot was blocked by the user", Forbidden),
        (409, "Conflict: terminated by other getUpdates request", Conflict),
        (500, "Internal Server Error", NetworkError),
        (502, "Bad Gateway", NetworkError),
    ],
)
async def test_what_telegram_refuses_becomes_its_own_error(
    bot: Bot, server: Server, status: int, description: str, kind: type[TelegramError]
) -> None:
    server.answer = failing(status, description)
    with pytest.raises(kind):
        await bot.send_message(1, "hello")


async def test_flood_control_tells_how_long_to_wait(bot: Bot, server: Server) -> None:
    server.answer = failing(429, "Too Many Requests: retry after 7", {"retry_after": 7})
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(1, "hello")

    assert str(caught.value.retry_after) == "0:00:07"


@pytest.mark.slow
async def test_an_answer_that_does_not_come_is_a_timeout(server: Server) -> None:
    server.answer = silent
    async with AiohttpRequest(read_timeout=0.05) as request:
        bot = Bot(TOKEN, base_url=server.base, request=request)
        with pytest.raises(TimedOut, match="may have been carried out") as caught:
            await bot.send_message(1, "hello")

    assert TOKEN not in everything_told(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None


@pytest.mark.slow
async def test_a_call_may_bring_its_own_read_timeout(server: Server) -> None:
    server.answer = silent
    async with AiohttpRequest() as request:
        bot = Bot(TOKEN, base_url=server.base, request=request)
        with pytest.raises(TimedOut):
            await bot.send_message(1, "hello", read_timeout=0.05)


async def test_a_full_pool_is_a_timeout_of_a_call_that_was_not_sent(server: Server) -> None:
    server.answer = silent
    async with AiohttpRequest(connections=1, pool_timeout=0.02, connect_timeout=0.03) as request:
        bot = Bot(TOKEN, base_url=server.base, request=request)
        patient = bot.send_message(1, "first", pool_timeout=60, connect_timeout=60)
        first = asyncio.create_task(patient)
        await server.arrived.wait()
        with pytest.raises(TimedOut, match="was not sent"):
            await bot.send_message(1, "second")
        first.cancel()
        await asyncio.wait({first})

    assert len(server.methods) == 1


async def test_a_message_is_not_sent_again_when_the_connection_drops(
    bot: Bot, server: Server
) -> None:
    server.answer = dropping(times=1)
    with pytest.raises(NetworkError, match="closed the connection"):
        await bot.send_message(1, "hello")

    assert server.methods == ["sendMessage"]


async def test_an_answer_that_breaks_off_is_an_error(bot: Bot, server: Server) -> None:
    server.answer = breaking_off
    with pytest.raises(NetworkError, match="before its answer was complete"):
        await bot.send_message(1, "hello")

    assert server.methods == ["sendMessage"]


def knows_an_open_connection(request: object) -> bool:
    assert isinstance(request, AiohttpRequest)
    assert request._session is not None
    assert request._session.connector is not None
    idle = request._session.connector._conns.values()
    return any(protocol.is_connected() for pool in idle for protocol, _ in pool)


async def test_it_recovers_when_the_server_closes_idle_connections(
    bot: Bot, server: Server
) -> None:
    await bot.send_chat_action(1, "typing")
    assert server.http.handler is not None
    for connection in server.http.handler.connections:
        connection.force_close()
    while knows_an_open_connection(bot.request):  # noqa: ASYNC110 - nothing else tells
        await asyncio.sleep(0.005)
    await bot.send_chat_action(1, "typing")

    assert len(server.methods) == len(server.ports) == 2


@pytest.mark.slow
async def test_nobody_listening_is_an_error_without_the_address() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        async with AiohttpRequest() as request:
            bot = Bot(TOKEN, base_url=f"http://127.0.0.1:{port}/bot", request=request)
            with pytest.raises(NetworkError, match="could not be reached") as caught:
                await bot.send_message(1, "hello")

    assert TOKEN not in everything_told(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None


@pytest.mark.parametrize("base", ["http://[broken/bot", "ftp://example/bot", "http:///bot"])
async def test_a_broken_address_is_an_error_without_the_address(base: str) -> None:
    async with AiohttpRequest() as request:
        bot = Bot(TOKEN, base_url=base, request=request)
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(1, "hello")

    assert TOKEN not in everything_told(caught.value)


@pytest.mark.parametrize("status", [301, 404, 502])
async def test_an_error_page_that_repeats_the_address_does_not_give_the_token_away(
    bot: Bot, server: Server, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    async def page(request: web.Request) -> web.Response:
        headers = {"Location": str(request.url)}
        return web.Response(text=f"<h1>{request.path}</h1>", status=status, headers=headers)

    server.answer = page
    caplog.set_level(logging.DEBUG, "telegram.request")
    with pytest.raises(TelegramError) as caught:
        await bot.send_message(1, "hello")

    assert TOKEN not in everything_told(caught.value)
    assert TOKEN not in caplog.text
    assert len(server.methods) == 1


async def test_the_pool_can_be_opened_again_after_it_was_closed(server: Server) -> None:
    request = AiohttpRequest(read_timeout=3.0)
    assert request.read_timeout == 3.0
    bot = Bot(TOKEN, base_url=server.base, request=request)
    for _ in range(2):
        await request.initialize()
        await request.initialize()
        await bot.send_chat_action(1, "typing")
        await request.shutdown()
        await request.shutdown()
    with pytest.raises(NetworkError, match="not initialized"):
        await bot.send_chat_action(1, "typing")


async def test_what_an_answer_repeats_of_our_own_messages_is_left_out() -> None:
    ours = {"message_id": 5, "text": "b", "reply_markup": {}, "entities": []}
    theirs = {"message_id": 6, "text": "/start", "entities": [{"type": "bot_command"}]}
    updates = [{"callback_query": {"data": "s1", "message": ours}}, {"message": theirs}]
    read = AiohttpRequest.parse_json_payload
    kept = {"message_id": 5, "text": "b"}
    assert read(json.dumps({"ok": True, "result": ours}).encode())["result"] == kept
    assert read(json.dumps({"ok": True, "result": updates}).encode())["result"] == [
        {"callback_query": {"data": "s1", "message": kept}},
        {"message": theirs},
    ]
    assert read(b'{"ok": true, "result": true}')["result"] is True
    assert read(b'{"ok": false, "description": "no"}')["description"] == "no"


@pytest.mark.parametrize("status", [200, 302, 403, 407, 502])
async def test_an_error_page_that_repeats_the_request_tells_no_password(
    server: Server, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    told = b64encode(b"robot:pa55word").decode()
    page = f"<pre>Proxy-Authorization: Basic {told} pa55word {TOKEN}</pre>"

    async def repeating(request: web.Request) -> web.Response:
        return web.Response(text=page, status=status, content_type="text/html")

    server.answer = repeating
    hide = Mask(["http://robot:pa55word@proxy:3128"]).hide_bytes
    async with AiohttpRequest(hide=hide) as request:
        bot = Bot(TOKEN, base_url=server.base, request=request)
        with pytest.raises(TelegramError) as caught:
            await bot.send_message(1, "hello")
    everything = everything_told(caught.value) + caplog.text
    for secret in (told, "pa55word", TOKEN):
        assert secret not in everything
