"""Calls that fail on the way are made again where that does no harm."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import BadRequest, NetworkError

from bot.telegram.repeating import PAUSES, NotSentError, Result, patience_of, repeated
from bot.telegram.transport import AiohttpRequest
from tests.bot.telegram.test_transport import (
    TOKEN,
    Answer,
    Server,
    breaking_off,
    dropping,
    failing,
    good,
)
from tests.bot.telegram.virtual_time import VirtualTime

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
HTML = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


class Pauses(list[float]):
    """A sleep that only notes how long it would have been."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)
        await asyncio.sleep(0)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    await server.http.start_server(shutdown_timeout=0.01)
    yield server
    await server.http.close()


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def bot(server: Server, pauses: Pauses) -> AsyncIterator[Bot]:
    request = AiohttpRequest(sleep=pauses)
    bot = Bot(TOKEN, base_url=server.base, request=request, get_updates_request=request)
    await request.initialize()
    yield bot
    await request.shutdown()


def page_of_a_proxy(status: int, *, times: int) -> Answer:
    left = [times]

    async def answer(request: web.Request) -> web.Response:
        if left[0] == 0:
            return await good(request)
        left[0] -= 1
        return web.Response(text=HTML, status=status, content_type="text/html")

    return answer


def one_after_the_other(*answers: Answer) -> Answer:
    left = list(answers)

    async def answer(request: web.Request) -> web.StreamResponse:
        return await (left.pop(0) if len(left) > 1 else left[0])(request)

    return answer


CALLS: dict[str, Any] = {
    "answerCallbackQuery": lambda bot: bot.answer_callback_query("7"),
    "answerPreCheckoutQuery": lambda bot: bot.answer_pre_checkout_query("7", ok=True),
    "editMessageText": lambda bot: bot.edit_message_text("hello", 1, 2),
    "editMessageReplyMarkup": lambda bot: bot.edit_message_reply_markup(1, 2),
    "deleteMessage": lambda bot: bot.delete_message(1, 2),
    "setMyName": lambda bot: bot.set_my_name("Panelik"),
}

TROUBLE: dict[str, Callable[[], Answer]] = {
    "500 of Telegram": lambda: failing(500, "Internal Server Error", times=2),
    "502 of Telegram": lambda: failing(502, "Bad Gateway", times=1),
    "502 of a proxy": lambda: page_of_a_proxy(502, times=1),
    "503 of a proxy": lambda: page_of_a_proxy(503, times=3),
    "dropped": lambda: dropping(times=1),
    "dropped twice": lambda: dropping(times=2),
    "broken off": lambda: one_after_the_other(breaking_off, good),
}


@pytest.mark.parametrize("trouble", TROUBLE)
@pytest.mark.parametrize("method", CALLS)
async def test_a_call_that_may_be_repeated_is_repeated_until_it_succeeds(
    bot: Bot, server: Server, method: str, trouble: str
) -> None:
    server.answer = TROUBLE[trouble]()
    assert await CALLS[method](bot) is True
    assert set(server.methods) == {method}
    assert len(server.methods) > 1


async def test_a_dropped_connection_is_followed_by_another_at_once(
    bot: Bot, server: Server, pauses: Pauses
) -> None:
    server.answer = one_after_the_other(dropping(times=1), failing(502, "Bad Gateway", times=1))
    await bot.answer_callback_query("7")
    assert pauses == [0.0, PAUSES[1]]


@pytest.mark.parametrize("trouble", TROUBLE)
async def test_what_would_show_a_message_twice_is_never_repeated(
    bot: Bot, server: Server, trouble: str
) -> None:
    server.answer = TROUBLE[trouble]()
    with pytest.raises(NetworkError):
        await bot.send_message(1, "hello")
    assert server.methods == ["sendMessage"]


async def test_repeating_has_an_end_and_the_last_error_is_told(
    bot: Bot, server: Server, pauses: Pauses
) -> None:
    server.answer = page_of_a_proxy(502, times=99)
    with pytest.raises(NetworkError, match="502"):
        await bot.edit_message_text("hello", 1, 2)
    assert pauses == list(PAUSES)
    assert server.methods == ["editMessageText"] * (len(PAUSES) + 1)


@pytest.mark.parametrize(
    ("method", "refusal"),
    [
        ("editMessageText", "Bad Request: message is not modified: specified new message ..."),
        ("editMessageReplyMarkup", "Bad Request: message is not modified"),
        ("answerCallbackQuery", TOO_OLD),
        ("answerPreCheckoutQuery", TOO_OLD),
        ("deleteMessage", "Bad Request: message to delete not found"),
    ],
)
@pytest.mark.parametrize("trouble", TROUBLE)
async def test_a_repeated_call_that_had_been_carried_out_has_succeeded(
    bot: Bot, server: Server, trouble: str, method: str, refusal: str
) -> None:
    server.answer = one_after_the_other(TROUBLE[trouble](), failing(400, refusal))
    assert await CALLS[method](bot) is True


async def test_a_call_refused_at_once_is_refused(bot: Bot, server: Server) -> None:
    server.answer = failing(400, TOO_OLD)
    with pytest.raises(BadRequest, match="too old"):
        await bot.answer_callback_query("7")
    server.answer = one_after_the_other(
        failing(502, "Bad Gateway"), failing(400, "Bad Request: chat not found")
    )
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.edit_message_text("hello", 1, 2)
    assert len(server.methods) == 3


async def test_a_message_is_sent_when_the_connection_can_be_made_again() -> None:
    """Nobody listens at first: then nothing can have been sent."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server()

    async def listen(_seconds: float) -> None:
        if server.http.runner is None:
            await server.http.start_server(port=port)

    server.http.port = port
    async with AiohttpRequest(sleep=listen) as request:
        bot = Bot(TOKEN, base_url=f"http://127.0.0.1:{port}/bot", request=request)
        await bot.send_chat_action(1, "typing")
    await server.http.close()
    assert server.methods == ["sendChatAction"]


async def test_the_time_for_it_is_bounded() -> None:
    """Telegram waits ten seconds for a pre-checkout query, six of which may have passed."""

    async def hangs(time: VirtualTime, seconds: float) -> Result:
        await time.sleep(seconds)
        return NetworkError("no answer")

    for method in CALLS:
        time = VirtualTime()
        patience = patience_of(method)
        assert patience is not None
        attempt = partial(hangs, time, patience.attempt)
        begun = time.now
        call = repeated(attempt, method, patience, clock=time.clock, sleep=time.sleep)
        [result] = await time.run(call)
        assert isinstance(result, NetworkError)
        assert patience.attempt < time.now - begun <= (7 if method.startswith("answer") else 11)


async def test_polling_is_repeated_only_when_the_connection_drops(
    bot: Bot, server: Server, pauses: Pauses
) -> None:
    server.answer = failing(502, "Bad Gateway")
    with pytest.raises(NetworkError):
        await bot.get_updates()
    server.answer = dropping(times=2)
    with pytest.raises(NetworkError):
        await bot.get_updates()
    assert pauses == [0.0]
    assert server.methods == ["getUpdates"] * 3


def test_only_what_leaves_the_same_state_may_be_repeated() -> None:
    for method in ("sendMessage", "copyMessage", "forwardMessage", "refundStarPayment"):
        assert patience_of(method) is None, method
    assert patience_of("getUpdates") is None
    assert issubclass(NotSentError, NetworkError)
