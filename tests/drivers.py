"""How a test's person reaches the bot: in this process, or over the sandbox's HTTP."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp
from telegram import Update
from telegram.ext import Application

from bot.sandbox.api import BotApi
from bot.sandbox.errors import Json

PATIENCE_SECONDS = 10.0
_QUIET_SECONDS = 0.08
_LOOK_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Place:
    """Where a button is: the message, and its row and column counted from 0."""

    message_id: int
    row: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Toast:
    """The note a tap was answered with."""

    text: str = ""
    alert: bool = False


class Driver(Protocol):
    """What a person can do to the bot; each returns when the bot has finished with it."""

    async def send(self, user_id: int, chat_id: int, text: str) -> None: ...
    async def tap(self, user_id: int, chat_id: int, place: Place, data: str | None) -> Toast: ...
    async def pay(self, user_id: int, chat_id: int, message_id: int, outcome: str) -> Json: ...
    async def block(self, user_id: int, *, blocked: bool) -> None: ...
    async def look(self, chat_id: int) -> None: ...
    def messages(self, chat_id: int) -> list[Json]: ...


class InProcess:
    """Hands each update to the application and waits for it to be handled."""

    def __init__(
        self, application: Application[Any, Any, Any, Any, Any, Any], api: BotApi
    ) -> None:
        self.application = application
        self.api = api
        self.handled: list[Json] = []
        self._busy = 0
        self._idle = asyncio.Event()

    async def send(self, user_id: int, chat_id: int, text: str) -> None:
        self.api.visitor(user_id, chat_id).send(text)
        await self.settle()

    async def tap(self, user_id: int, chat_id: int, place: Place, data: str | None) -> Toast:
        hands = self.api.visitor(user_id, chat_id)
        query = hands.tap(place.message_id, place.row, place.column, data=data)
        await self.settle()
        assert query.attempts == 1, f"the bot answered this tap {query.attempts} times, not once"
        assert query.answer is not None, "the bot's answer to this tap was refused"
        return Toast(query.answer["text"], query.answer["show_alert"])

    async def pay(self, user_id: int, chat_id: int, message_id: int, outcome: str) -> Json:
        paying = asyncio.create_task(
            self.api.visitor(user_id, chat_id).pay(message_id, outcome=outcome)
        )
        await asyncio.sleep(0)  # the pre-checkout query is in the queue now
        await self.settle()
        result = await paying
        await self.settle()
        return result

    async def block(self, user_id: int, *, blocked: bool) -> None:
        hands = self.api.visitor(user_id)
        hands.block() if blocked else hands.unblock()
        await self.settle()

    async def look(self, chat_id: int) -> None:
        """Nothing to fetch: the chat is in this process."""

    def messages(self, chat_id: int) -> list[Json]:
        chat = self.api.world.chats.get(chat_id)
        return [message.body for message in chat.messages.values()] if chat else []

    async def redeliver(self, count: int = 1) -> None:
        """Deliver the last updates once more, as Telegram does when a confirmation got lost."""
        for update in self.handled[-count:]:
            await self._handle(update)

    async def settle(self) -> None:
        """Hand over what waits in the queue until nothing is under way any more."""
        while (update := self.api.updates.take()) is not None:
            self.handled.append(update)
            await self._handle(update)
        if self._busy:
            await self._idle.wait()

    async def _handle(self, update: Json) -> None:
        self._busy += 1
        self._idle.clear()
        try:
            await self.application.process_update(Update.de_json(update, self.application.bot))
        finally:
            self._busy -= 1
            if not self._busy:
                self._idle.set()


class OverHttp:
    """Uses the sandbox's person API and waits until the chat is quiet again."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self._url = f"{url.rstrip('/')}/sandbox"
        self._session = session
        self._snapshots: dict[int, Json] = {}

    async def send(self, user_id: int, chat_id: int, text: str) -> None:
        before = await self._snapshot(chat_id)
        await self._post(f"/chats/{user_id}/send", {"text": text})
        await self._until_quiet(chat_id, after=before["revision"] + 1)

    async def tap(self, user_id: int, chat_id: int, place: Place, data: str | None) -> Toast:
        body: Json = {"message_id": place.message_id, "row": place.row, "column": place.column}
        if data is not None:
            body["data"] = data
        before = await self._snapshot(chat_id)
        query = await self._post(f"/chats/{user_id}/tap", body)
        answer = await self._answer(query["callback_query_id"])
        await self._until_quiet(chat_id, after=before["revision"])
        return Toast(answer["text"], answer["show_alert"])

    async def pay(self, user_id: int, chat_id: int, message_id: int, outcome: str) -> Json:
        body = {"message_id": message_id, "outcome": outcome}
        result = await self._post(f"/chats/{user_id}/pay", body)
        await self._until_quiet(chat_id, after=0)
        return result

    async def block(self, user_id: int, *, blocked: bool) -> None:
        await self._post(f"/chats/{user_id}/{'block' if blocked else 'unblock'}", {})
        await self._until_quiet(user_id, after=0)

    async def look(self, chat_id: int) -> None:
        await self._snapshot(chat_id)

    def messages(self, chat_id: int) -> list[Json]:
        found: list[Json] = self._snapshots.get(chat_id, {}).get("messages", [])
        return found

    async def _answer(self, query_id: str) -> Json:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            answer = await self._get(f"/callbacks/{query_id}")
            if answer["answered"]:
                return answer
            await asyncio.sleep(_LOOK_SECONDS)
        raise AssertionError(f"the bot did not answer a tap in {PATIENCE_SECONDS:.0f} s")

    async def _until_quiet(self, chat_id: int, *, after: int) -> None:
        """Wait for a change past the revision `after`, then until nothing changes for a while."""
        until = time.monotonic() + PATIENCE_SECONDS
        seen, since = -1, time.monotonic()
        while time.monotonic() < until:
            snapshot = await self._snapshot(chat_id)
            now = time.monotonic()
            if snapshot["revision"] != seen:
                seen, since = snapshot["revision"], now
            elif seen > after and now - since >= _QUIET_SECONDS:
                return
            await asyncio.sleep(_LOOK_SECONDS)
        raise AssertionError(f"the bot did not react in {PATIENCE_SECONDS:.0f} s")

    async def _snapshot(self, chat_id: int) -> Json:
        snapshot = self._snapshots[chat_id] = await self._get(f"/chats/{chat_id}")
        return snapshot

    async def _get(self, path: str) -> Json:
        async with self._session.get(self._url + path) as response:
            return await _body(response)

    async def _post(self, path: str, body: Json) -> Json:
        async with self._session.post(self._url + path, json=body) as response:
            return await _body(response)


async def _body(response: aiohttp.ClientResponse) -> Json:
    body: Json = await response.json()
    assert response.status == 200, f"{response.url.path}: {body}"
    return body
