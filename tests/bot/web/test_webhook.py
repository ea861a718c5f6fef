"""What Telegram posts: who may post, what is taken, and when it is answered with 200."""

import asyncio
import json
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from bot.telegram.gate import PersonGate
from bot.telegram.money import Raw
from bot.web import bodies, intake
from bot.web.address import SECRET_HEADER, hook_address
from tests.bot.telegram.test_ingress import Handled, eventually
from tests.bot.telegram.test_money import Till
from tests.bot.telegram.updates import TOKEN, message, paid, tap
from tests.bot.web.posting import ADDRESS, hooked


async def test_an_update_is_handled_before_it_is_accepted() -> None:
    handled = Handled()
    release = handled.hold(1)
    async with hooked(handled) as hook:
        post = hook.begin(message(10, 1))
        await eventually(lambda: handled.begun == [10])
        assert not post.done()
        release.set()
        assert (await post).status == 200
        assert handled.numbers == [10]


async def test_the_address_and_the_secret_follow_from_the_token() -> None:
    again = hook_address(TOKEN, "https://bot.example.com/")
    assert again == ADDRESS
    assert again.url == f"https://bot.example.com{again.path}"
    other = hook_address(TOKEN[:-1] + "1", "https://bot.example.com")
    assert other.path != again.path
    assert other.secret != again.secret
    assert TOKEN not in repr(again) + again.url + again.secret
    assert hook_address(TOKEN, "https://x.example", "a-secret-of-ones-own").secret == (
        "a-secret-of-ones-own"
    )


@pytest.mark.parametrize(
    "secret", ["", "wrong", ADDRESS.secret[:-1], ADDRESS.secret + "x", "żółw"]
)
async def test_a_post_without_the_secret_is_refused(secret: str) -> None:
    handled = Handled()
    async with hooked(handled) as hook:
        answer = await hook.post(message(10, 1), secret=secret)
    assert answer.status == 403
    assert handled.begun == []


async def test_nothing_else_is_there() -> None:
    async with hooked(Handled()) as hook:
        assert (await hook.post(message(10, 1), path="/telegram/guess")).status == 404
        assert (await hook.post(message(10, 1), path="/")).status == 404
        async with hook.session.get(hook.url + ADDRESS.path) as answer:
            assert answer.status == 405


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"[]",
        b"{}",
        b'{"update_id": "1"}',
        b'{"update_id": true}',
        b'{"update_id": -1}',
        b'{"update_id": 1e3}',
        b'{"update_id": %d}' % 2**64,
        b'{"update_id": ' + b"9" * 5000 + b"}",
        b"\xff\xfe",
        b"[" * 100_000,
    ],
    ids=lambda body: body[:20].decode("latin-1"),
)
async def test_what_is_no_update_is_refused(body: bytes) -> None:
    handled = Handled()
    async with hooked(handled) as hook:
        assert (await hook.post(body)).status == 400
        assert (await hook.post(message(10, 1))).status == 200
    assert handled.numbers == [10]


async def test_a_body_that_is_too_large_is_not_read() -> None:
    """Nothing but the head is sent, and the answer comes all the same."""
    async with hooked(Handled()) as hook:
        head = (
            f"POST {ADDRESS.path} HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {ADDRESS.secret}\r\n"
            f"Content-Length: {bodies.LIMIT + 1}\r\n\r\n"
        )
        assert b" 413 " in await _answer_to(hook.url, head.encode())


async def test_a_body_of_unknown_length_is_read_up_to_the_limit() -> None:
    async with hooked(Handled()) as hook:
        head = (
            f"POST {ADDRESS.path} HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {ADDRESS.secret}\r\n"
            "Transfer-Encoding: chunked\r\n\r\n"
        ).encode()
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        assert b" 413 " in await _answer_to(hook.url, head + chunk * 17)


async def test_a_body_that_does_not_come_ends_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "SECONDS", 0.05)
    async with hooked(Handled()) as hook:
        head = (
            f"POST {ADDRESS.path} HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {ADDRESS.secret}\r\n"
            "Content-Length: 100\r\n\r\n{"
        )
        assert b" 408 " in await _answer_to(hook.url, head.encode())


async def _answer_to(url: str, request: bytes) -> bytes:
    host, port = url.removeprefix("http://").split(":")
    async with asyncio.timeout(20):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(request)
        answer = await reader.read()
        writer.close()
    return answer


async def test_too_many_at_once_are_told_to_come_again() -> None:
    handled = Handled()
    releases = [handled.hold(person) for person in (1, 2)]
    async with hooked(handled, max_in_flight=2) as hook:
        for number, person in ((10, 1), (11, 2)):
            hook.begin(message(number, person))
        await eventually(lambda: handled.begun == [10, 11])
        refused = await hook.post(message(12, 3))
        assert (refused.status, refused.headers["Retry-After"]) == (503, "1")
        for release in releases:
            release.set()
        assert [(await post).status for post in hook.posts] == [200, 200]
        assert (await hook.post(message(12, 3))).status == 200
    assert handled.numbers == [10, 11, 12]


async def test_one_persons_updates_are_handled_in_order() -> None:
    handled = Handled()
    release = handled.hold(1)
    async with hooked(handled) as hook:
        first = hook.begin(message(10, 1))
        await eventually(lambda: handled.begun == [10])
        second = hook.begin(tap(11, 1))
        assert (await hook.post(message(12, 2))).status == 200
        assert handled.begun == [10, 12]
        release.set()
        assert {(await first).status, (await second).status} == {200}
    assert handled.numbers == [12, 10, 11]


async def test_an_update_that_comes_again_is_handled_once() -> None:
    handled = Handled()
    release = handled.hold(1)
    async with hooked(handled) as hook:
        posts = [hook.begin(message(10, 1)) for _ in range(3)]
        await eventually(lambda: handled.begun == [10])
        release.set()
        assert [(await post).status for post in posts] == [200] * 3
        assert (await hook.post(message(10, 1))).status == 200
    assert handled.begun == [10]


async def test_an_update_that_takes_long_is_not_begun_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(intake, "ANSWER_SECONDS", 0.05)
    handled = Handled()
    release = handled.hold(1)
    async with hooked(handled) as hook:
        assert (await hook.post(message(10, 1))).status == 503
        release.set()
        assert (await hook.post(message(10, 1))).status == 200
    assert handled.begun == [10]


async def test_a_handler_that_hangs_is_ended() -> None:
    handled = Handled()
    handled.hold(1)
    async with hooked(handled, gate=PersonGate(handler_seconds=0.05)) as hook:
        assert (await hook.post(message(10, 1))).status == 200
    assert (handled.begun, handled.numbers) == ([10], [])


async def test_an_update_that_cannot_be_read_is_accepted_and_kept() -> None:
    kept: list[Any] = []
    handled = Handled()
    strange = message(10, 1)
    strange["message"]["poll"] = {"id": "1"}
    async with hooked(handled) as hook:

        async def keep(update: object, _: Any) -> None:
            kept.append(update)

        hook.intake._application.add_error_handler(keep)
        assert (await hook.post(strange)).status == 200
    assert kept == [strange]
    assert handled.begun == []


async def test_money_is_accepted_when_it_is_kept_and_not_before() -> None:
    till, handled = Till(), Handled()
    async with hooked(handled, money=till) as hook:
        post = hook.begin(paid(10, 1))
        await eventually(lambda: till.begun == [10])
        assert not post.done()
        till.opened.set()
        assert (await post).status == 200
        assert till.done == []
        till.booked.set()
    assert till.done == [10]


async def test_money_that_cannot_be_kept_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "KEEPING_SECONDS", 0.05)
    till = Till()
    till.booked.set()
    async with hooked(Handled(), money=till) as hook:
        assert (await hook.post(paid(10, 1))).status == 503
        till.opened.set()
        assert (await hook.post(paid(10, 1))).status == 200
    assert till.begun == [10]


class Broken:
    """An inbox that fails at once."""

    def carries_money(self, _update: Raw) -> bool:
        return True

    async def receive(self, update: Raw, on_kept: Callable[[], None]) -> None:
        del on_kept
        raise LookupError(update["update_id"])


async def test_money_that_nothing_has_kept_is_never_accepted() -> None:
    async with hooked(Handled(), money=Broken()) as hook:
        assert (await hook.post(paid(10, 1))).status == 503


async def test_a_stop_finishes_what_has_begun() -> None:
    handled = Handled()
    release = handled.hold(1)
    async with hooked(handled) as hook:
        post = hook.begin(message(10, 1))
        await eventually(lambda: handled.begun == [10])
        asyncio.get_running_loop().call_later(0.1, release.set)
    assert (await post).status == 200
    assert handled.numbers == [10]


async def test_a_stopping_process_refuses_connections_while_it_finishes_what_has_begun() -> None:
    handled = Handled()
    release = handled.hold(1)
    async with AsyncExitStack() as process:
        hook = await process.enter_async_context(hooked(handled))
        post = hook.begin(message(10, 1))
        await eventually(lambda: handled.begun == [10])
        host, port = hook.url.removeprefix("http://").split(":")
        idle, idle_writer = await asyncio.open_connection(host, int(port))
        stopping = asyncio.create_task(process.aclose())
        assert await idle.read() == b""
        idle_writer.close()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(host, int(port))
        assert not post.done()
        release.set()
        assert (await post).status == 200
        await stopping
    assert handled.numbers == [10]


async def test_what_is_not_finished_in_time_comes_again(caplog: pytest.LogCaptureFixture) -> None:
    handled = Handled()
    handled.hold(1)
    with caplog.at_level(logging.WARNING):
        async with hooked(handled, drain_seconds=0.05) as hook:
            post = hook.begin(message(10, 1))
            await eventually(lambda: handled.begun == [10])
    assert (await post).status == 503
    assert "1 updates were not finished in time; they will come again" in caplog.text


async def test_a_stopping_process_takes_nothing_new() -> None:
    handled = Handled()
    async with hooked(handled) as hook:
        await hook.intake.drain()
        refused = await hook.post(json.dumps(message(10, 1)).encode())
        assert (refused.status, refused.headers["Retry-After"]) == (503, "1")
    assert handled.begun == []
