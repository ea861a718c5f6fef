"""A person's way to the bot over HTTP: the person API, as the page uses it."""

import asyncio
import time

import aiohttp

from bot.sandbox.errors import Json
from bot.sandbox.people import GROUP_ID, OPERATOR
from bot.sandbox.talk.driver import Place, Toast, UnexpectedError

PATIENCE_SECONDS = 10.0
_LOOK_SECONDS = 0.01


class OverHttp:
    """Uses the person API; an act is over when the bot has confirmed every update."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self._url = f"{url.rstrip('/')}/sandbox"
        self._session = session
        self._snapshots: dict[int, Json] = {}

    async def send(
        self, user_id: int, chat_id: int, text: str, reply_to: int | None = None
    ) -> None:
        """Write a message in the private chat, or in the group."""
        body: Json = {"text": text} if reply_to is None else {"text": text, "reply_to": reply_to}
        await self._post(_path(user_id, chat_id, "/send"), body)
        await self._until_handled(chat_id)

    async def tap(self, user_id: int, chat_id: int, place: Place, data: str | None) -> Toast:
        """Tap a button and return the note the bot answers with; `data` forges the button."""
        body: Json = {"message_id": place.message_id, "row": place.row, "column": place.column}
        if data is not None:
            body["data"] = data
        query = await self._post(_path(user_id, chat_id, "/tap"), body)
        await self._until_handled(chat_id)
        answer = await self._get(f"/callbacks/{query['callback_query_id']}")
        if not answer["answered"]:
            raise UnexpectedError("the bot did not answer this tap")
        return Toast(answer["text"], answer["show_alert"])

    async def pay(self, user_id: int, chat_id: int, message_id: int, outcome: str) -> Json:
        """Pay an invoice; returns its state, and the error if there is one."""
        body = {"message_id": message_id, "outcome": outcome}
        result = await self._post(f"/chats/{user_id}/pay", body)
        await self._until_handled(chat_id)
        return result

    async def download(self, chat_id: int, file_id: str) -> bytes:
        """Fetch a file that the bot has sent to a private chat."""
        async with self._session.get(f"{self._url}/chats/{chat_id}/files/{file_id}") as response:
            if response.status != 200:
                await _body(response)
            return await response.read()

    async def block(self, user_id: int, *, blocked: bool) -> None:
        """Block the bot, or let it write again."""
        await self._post(f"/chats/{user_id}/{'block' if blocked else 'unblock'}", {})
        await self._until_handled(user_id)

    async def look(self, chat_id: int) -> None:
        """Fetch what came unasked."""
        await self._snapshot(chat_id)

    def messages(self, chat_id: int) -> list[Json]:
        """Return the chat as it was last seen, oldest message first."""
        messages: list[Json] = self._snapshots.get(chat_id, {}).get("messages", [])
        return messages

    async def travel(self, **where: int | str) -> Json:
        """Move the clock (`days=1`, `hours=1`, `to="next_reminder"`); return the new time."""
        return await self._post("/clock", dict(where))

    async def breaks(self, **fault: int | str | None) -> None:
        """Ask for trouble on the bot's way to Telegram: `kind`, `method`, `count` and so on."""
        await self._post("/faults", dict(fault))

    async def _until_handled(self, chat_id: int) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while (await self._snapshot(chat_id))["pending"]:
            if time.monotonic() > until:
                raise UnexpectedError(f"the bot did not react in {PATIENCE_SECONDS:.0f} s")
            await asyncio.sleep(_LOOK_SECONDS)

    async def _snapshot(self, chat_id: int) -> Json:
        snapshot = self._snapshots[chat_id] = await self._get(_path(chat_id, chat_id))
        return snapshot

    async def _get(self, path: str) -> Json:
        async with self._session.get(self._url + path) as response:
            return await _body(response)

    async def _post(self, path: str, body: Json) -> Json:
        async with self._session.post(self._url + path, json=body) as response:
            return await _body(response)


def _path(user_id: int, chat_id: int, verb: str = "") -> str:
    """The address of a chat; anybody may look at the group."""
    if chat_id == GROUP_ID:
        user = OPERATOR.id if user_id == GROUP_ID else user_id
        return f"/chats/{user}{verb}?chat={chat_id}"
    return f"/chats/{user_id}{verb}"


async def _body(response: aiohttp.ClientResponse) -> Json:
    body: Json = await response.json()
    if response.status != 200:
        raise UnexpectedError(f"{response.url.path}: {body.get('error')}")
    return body
