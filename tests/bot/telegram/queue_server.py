"""A Bot API server that has nothing but an update queue, with the real one's rules for it."""

import asyncio
import contextlib
import json
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.bot.telegram.updates import person


class QueueServer:
    """Keeps updates until a higher offset confirms them; notes every getUpdates call."""

    def __init__(self) -> None:
        self.queue: list[dict[str, Any]] = []
        self.offsets: list[int] = []
        self.timeouts: list[int] = []
        self.allowed: list[Any] = []
        self.failures: list[tuple[int, str] | None] = []
        """Answers of the next calls: status and description, or None for a dropped connection."""
        self.ignores_timeout = False
        self._news = asyncio.Event()
        app = web.Application()
        app.router.add_post("/bot{token}/getUpdates", self._get_updates)
        app.router.add_post("/bot{token}/getMe", self._get_me)
        self.http = TestServer(app)

    async def start(self) -> None:
        await self.http.start_server(shutdown_timeout=0.01)

    @property
    def base(self) -> str:
        return f"{self.http.make_url('/')}bot"

    @property
    def waiting(self) -> list[int]:
        return [update["update_id"] for update in self.queue]

    def put(self, *updates: dict[str, Any]) -> None:
        self.queue.extend(updates)
        self._news.set()

    async def _get_me(self, _: web.Request) -> web.Response:
        return web.json_response({"ok": True, "result": {**person(7), "is_bot": True}})

    async def _get_updates(self, request: web.Request) -> web.Response:
        is_json = request.content_type == "application/json"
        form = await request.json() if is_json else await request.post()
        offset, limit = int(str(form.get("offset", 0))), int(str(form.get("limit", 100)))
        seconds = int(str(form.get("timeout", 0)))
        self.offsets.append(offset)
        self.timeouts.append(seconds)
        allowed = form.get("allowed_updates")
        self.allowed.append(json.loads(allowed) if isinstance(allowed, str) else allowed)
        if self.failures:
            return await self._fail(request, self.failures.pop(0))
        self._forget_before(offset)
        if not self.queue and not self.ignores_timeout:
            self._news.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), seconds)
        return web.json_response({"ok": True, "result": self.queue[:limit]})

    def _forget_before(self, offset: int) -> None:
        if self.queue and offset > self.queue[-1]["update_id"] + 10:
            return  # an offset of another numbering confirms nothing
        while self.queue and self.queue[0]["update_id"] < offset:
            del self.queue[0]

    async def _fail(self, request: web.Request, failure: tuple[int, str] | None) -> web.Response:
        if failure is None:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        status, description = failure
        body = {"ok": False, "error_code": status, "description": description}
        return web.json_response(body, status=status)
