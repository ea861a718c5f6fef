"""`panelik run` beside a Sentry and an OpenTelemetry collector: local servers that keep all they
get. What arrives says what broke and how long things took, and nothing about any person."""

import asyncio
import gzip
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.methods.api import TOKEN, BotApi
from bot.sandbox.people import ANNA, LINKED
from bot.sandbox.server import create_app, serve
from tests.bot.commands.conftest import Panelik
from tests.process import RUN, MortalBot
from tests.served import serve_here

pytestmark = pytest.mark.slow

SECONDS = 40
TYPED = "Oddzwonić: Kowalska kowalska.example.pl"
PRIVATE = (TOKEN, ANNA.first_name, ANNA.last_name, ANNA.username, "Kowalska", "@example", "nowak")


@dataclass(slots=True)
class Receiver:
    """Keeps the bodies that were posted, by path."""

    bodies: list[tuple[str, bytes]] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def take(self, request: Request) -> Response:
        body = await request.body()
        if request.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        async with self.changed:
            self.bodies.append((request.url.path, body))
            self.changed.notify_all()
        return Response("{}", media_type="application/json")

    async def until(self, is_there: Callable[[], bool]) -> None:
        async with asyncio.timeout(SECONDS), self.changed:
            await self.changed.wait_for(is_there)

    def events(self) -> list[dict[str, Any]]:
        """Events of Sentry: in an envelope each item follows a line about it."""
        lines = [body.splitlines() for path, body in self.bodies if path.endswith("/envelope/")]
        items = [json.loads(line) for envelope in lines for line in envelope[2::2]]
        return [item for item in items if "event_id" in item]

    def spans(self) -> list[Any]:
        """The spans of a collector."""
        requests = [
            ExportTraceServiceRequest.FromString(body)
            for path, body in self.bodies
            if path == "/v1/traces"
        ]
        return [
            span
            for request in requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


@pytest.fixture
async def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
async def address(receiver: Receiver) -> AsyncIterator[str]:
    app = Starlette(routes=[Route("/{path:path}", receiver.take, methods=["POST"])])
    async with serve_here(app) as url:
        yield url


@pytest.fixture
def api() -> BotApi:
    api = BotApi()
    for person in LINKED:
        api.meet(person.id)
    return api


@pytest.fixture
async def settings(loaded: Panelik, api: BotApi) -> AsyncIterator[dict[str, str]]:
    async with serve(create_app(api)) as url:
        database = f"sqlite:///{loaded.database}"
        yield {"BOT_TOKEN": TOKEN, "API_URL": url, "DATABASE_URL": database}


def break_conversations(panelik: Panelik) -> None:
    with closing(sqlite3.connect(panelik.database)) as connection:
        connection.execute("ALTER TABLE conversations RENAME TO gone")
        connection.commit()


async def test_sentry_gets_what_broke_and_nothing_about_people(
    loaded: Panelik, api: BotApi, settings: dict[str, str], receiver: Receiver, address: str
) -> None:
    dsn = address.replace("http://", "http://0123456789abcdef@") + "/1"
    bot = MortalBot(loaded.home, settings | {"SENTRY_DSN": dsn}, RUN)
    break_conversations(loaded)
    api.visitor(ANNA.id).send(TYPED)
    bot.start()
    await receiver.until(lambda: any("kind" in event["tags"] and event["tags"]["kind"] == "text"
                                     for event in receiver.events()))  # fmt: skip
    assert await bot.stop() == 0
    event = next(one for one in receiver.events() if one["tags"]["kind"] == "text")
    assert "incident" in json.dumps(event["logentry"])
    assert event["release"].startswith("panelik@")
    assert event["tags"]["turn"].isdigit()
    assert any("no such table" in one["value"] for one in event["exception"]["values"])
    text = b"".join(body for _, body in receiver.bodies).decode()
    assert '"vars"' not in text
    assert [word for word in PRIVATE if word in text] == []
    assert "0123456789abcdef" not in bot.log


async def test_a_collector_gets_the_time_of_updates_ticks_and_calls(
    loaded: Panelik, api: BotApi, settings: dict[str, str], receiver: Receiver, address: str
) -> None:
    bot = MortalBot(loaded.home, settings | {"OTLP_ENDPOINT": address}, RUN)
    api.visitor(ANNA.id).send(TYPED)
    bot.start()
    await receiver.until(lambda: any(span.name == "text" for span in receiver.spans()))
    assert await bot.stop() == 0
    spans = receiver.spans()
    (text,) = [span for span in spans if span.name == "text"]
    values = {one.key: one.value for one in text.attributes}
    assert values["panelik.outcome"].string_value == "done"
    assert 1 <= values["panelik.statements"].int_value <= 8
    children = [span.name for span in spans if span.parent_span_id == text.span_id]
    assert "sendMessage" in children
    assert "plan reminders" in {span.name for span in spans}
    sent = b"".join(body for _, body in receiver.bodies)
    assert [word for word in PRIVATE if word.encode() in sent] == []


async def test_a_receiver_that_is_away_does_not_hold_up_the_stop(
    loaded: Panelik, api: BotApi, settings: dict[str, str]
) -> None:
    nowhere = "http://127.0.0.1:9"
    away = {"OTLP_ENDPOINT": nowhere, "SENTRY_DSN": "http://0123456789abcdef@127.0.0.1:9/1"}
    bot = MortalBot(loaded.home, settings | away, RUN)
    api.visitor(ANNA.id).send("/start")
    bot.start()
    async with asyncio.timeout(SECONDS):
        while True:
            if any(method == "sendMessage" for method, _ in api.calls):
                break
            await asyncio.sleep(0.1)
        assert await bot.stop() == 0
