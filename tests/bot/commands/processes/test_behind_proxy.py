"""Telegram posts over TLS to the proxy of `deploy/`, which passes on to several processes."""

import asyncio
import socket
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.methods.api import TOKEN
from bot.web.address import hook_address
from tests.bot.commands.processes.conftest import PEOPLE, RECEIVES, SECONDS, Place, running, times
from tests.caddy import caddy, with_caddy
from tests.process import HASTE

pytestmark = pytest.mark.slow


async def answered(place: Place, count: int) -> None:
    async with asyncio.timeout(SECONDS):
        while times(place.api, "sendMessage") < count:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.02)


def telegrams_port() -> int:
    """A free port of those to which Telegram posts and that need no rights."""
    for port in (8443, 88):
        with suppress(OSError), socket.create_server(("", port)):
            return port
    raise AssertionError("another program uses Telegram's ports")


@with_caddy
async def test_updates_come_over_tls_and_one_process_may_be_away(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.api.world.webhook_pace = HASTE
    host = f"localhost:{telegrams_port()}"
    place.address = f"https://{host}"
    processes = [place.process(), place.process()]
    upstreams = [f"127.0.0.1:{one.settings['WEB_PORT']}" for one in processes]
    first, second, third, *_ = (place.api.visitor(user) for user in PEOPLE)
    async with caddy(tmp_path, host, upstreams) as proxy:
        # Telegram does not trust this machine's own certificates; here it has to.
        monkeypatch.setattr(aiohttp.connector, "_SSL_CONTEXT_VERIFIED", proxy.trusting())
        async with running(processes, RECEIVES):
            first.send("/start")
            await answered(place, 1)
            assert await processes[0].stop() == 0
            second.send("/start")
            await answered(place, 2)
        third.send("/start")
        async with asyncio.timeout(SECONDS):
            while "http.log.error" not in proxy.log:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.1)
        async with running(processes, RECEIVES):
            await answered(place, 3)
        log = proxy.log
    assert [times(place.api, one) for one in ("sendMessage", "setWebhook")] == [3, 1]
    assert '"status":200' in log
    address = hook_address(TOKEN, place.address)
    for secret in (address.path.rpartition("/")[2], address.secret):
        assert secret not in log
