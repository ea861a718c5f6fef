"""A webhook that is served, and posts to it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from telegram import Update
from telegram.ext import TypeHandler

from bot.serving import served
from bot.telegram.gate import PersonGate
from bot.telegram.money import MoneyInbox
from bot.web.address import SECRET_HEADER, hook_address
from bot.web.app import create_app
from bot.web.intake import Intake
from bot.web.webhook import Webhook
from tests.bot.telegram.updates import TOKEN, application

ADDRESS = hook_address(TOKEN, "https://bot.example.com")
SECONDS = 20
NOWHERE = "http://127.0.0.1:9/bot"
"""The handlers of these tests call nothing."""


@dataclass(slots=True)
class Answer:
    """What was answered."""

    status: int
    headers: dict[str, str]


@dataclass(slots=True)
class Hooked:
    """A served webhook; `session` keeps its connections."""

    url: str
    intake: Intake
    session: aiohttp.ClientSession
    posts: list["asyncio.Task[Answer]"] = field(default_factory=list)

    async def post(
        self, body: Any, *, secret: str = ADDRESS.secret, path: str = ADDRESS.path
    ) -> Answer:
        """Post an update, or bytes as they are."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {SECRET_HEADER: secret} if secret else {}
        async with self.session.post(self.url + path, data=data, headers=headers) as answer:
            return Answer(answer.status, dict(answer.headers))

    def begin(self, body: Any) -> "asyncio.Task[Answer]":
        """Post and go on."""
        task = asyncio.create_task(self.post(body))
        self.posts.append(task)
        return task


@asynccontextmanager
async def hooked(
    handler: Callable[[Update, Any], Coroutine[Any, Any, None]],
    *,
    money: MoneyInbox | None = None,
    gate: PersonGate | None = None,
    max_in_flight: int = 100,
    drain_seconds: float = 5.0,
) -> AsyncIterator[Hooked]:
    """Serve a webhook whose updates go to a handler."""
    app = application(NOWHERE, gate or PersonGate())
    app.add_handler(TypeHandler(Update, handler))
    app._initialized = True  # nothing is called, so nothing has to be reached
    intake = Intake(app, money=money, drain_seconds=drain_seconds)
    webhook = Webhook(intake, secret=ADDRESS.secret, max_in_flight=max_in_flight)
    site = create_app(webhook, ADDRESS.path)
    connector = aiohttp.TCPConnector(limit=0)
    async with (
        aiohttp.ClientSession(connector=connector) as session,
        served(site, host="127.0.0.1", port=0, drain=intake.drain) as port,
    ):
        yield Hooked(f"http://127.0.0.1:{port}", intake, session)
