"""The webhook: updates posted to the bot, in lanes and with retries as Telegram does it.

A lane delivers one update at a time until it is accepted, and lanes run side by side: a chat's
messages are one, a person's taps another, their pre-checkout queries a third. A refused update is
tried again at once, then after 2, 4, 8 ... seconds, until it goes stale (WebhookActor.cpp and
Client.cpp of tdlib/telegram-bot-api).
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.errors import Json, bad_request
from bot.sandbox.updates import UpdateQueue

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
DEFAULT_CONNECTIONS = 40
MOST_CONNECTIONS = 100
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_LONGEST_PAUSE = 60.0
_ANSWER_SECONDS = 60.0
_LOOK_AGAIN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Hook:
    """Where updates go: `secret` is sent in a header, `connections` run side by side."""

    url: str
    secret: str = ""
    connections: int = DEFAULT_CONNECTIONS


def hook_of(params: Json) -> Hook:
    """Return the webhook asked for; plain HTTP only to this machine, as a local server allows."""
    parts = urlsplit(params["url"])
    local = parts.hostname in {"127.0.0.1", "localhost"}
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = params.get("secret_token", "")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = params.get("max_connections") or DEFAULT_CONNECTIONS
    return Hook(params["url"], secret, min(max(connections, 1), MOST_CONNECTIONS))


class WebhookSender:
    """Delivers what is in the queue until stopped; `pace` scales the pauses between tries.

    `patience` may return the seconds after which the next post is given up.
    """

    def __init__(
        self,
        hook: Hook,
        queue: UpdateQueue,
        *,
        pace: float = 1.0,
        patience: Callable[[], float | None] = lambda: None,
    ) -> None:
        self.hook = hook
        self.last_error = ""
        self._queue = queue
        self._pace = pace
        self._patience = patience
        self._lanes: dict[str, list[Json]] = {}
        self._under_way: set[int] = set()
        self._slots = asyncio.Semaphore(hook.connections)
        self._task = asyncio.create_task(self._run())

    def stop(self) -> None:
        """Stop delivering; what was not accepted stays in the queue."""
        self._task.cancel()

    async def _run(self) -> None:
        async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as group:
            while True:
                for update in self._queue.fresh(len(self._queue)):
                    self._enter_lane(update, http, group)
                await self._queue.arrival(_LOOK_AGAIN_SECONDS)

    def _enter_lane(
        self, update: Json, http: aiohttp.ClientSession, group: asyncio.TaskGroup
    ) -> None:
        if update["update_id"] in self._under_way:
            return
        self._under_way.add(update["update_id"])
        name = lane_of(update)
        if name in self._lanes:
            self._lanes[name].append(update)
        else:
            self._lanes[name] = [update]
            group.create_task(self._drive(name, http))

    async def _drive(self, name: str, http: aiohttp.ClientSession) -> None:
        lane = self._lanes[name]
        while lane:
            await self._deliver(lane[0], http)
            self._under_way.discard(lane.pop(0)["update_id"])
        del self._lanes[name]

    async def _deliver(self, update: Json, http: aiohttp.ClientSession) -> None:
        """Try until the bot accepts the update or it has gone stale."""
        for pause in _pauses():
            async with self._slots:
                answer = await self._post(update, http)
            if answer is None:
                self._queue.confirm_one(update["update_id"])
                self._queue.wake()
                return
            await asyncio.sleep(max(pause, answer) * self._pace)
            if not self._queue.is_fresh(update["update_id"]):
                return

    async def _post(self, update: Json, http: aiohttp.ClientSession) -> float | None:
        """Return None when accepted, else the seconds the bot asks to wait."""
        headers = {SECRET_HEADER: self.hook.secret} if self.hook.secret else {}
        limit = aiohttp.ClientTimeout(total=self._patience() or _ANSWER_SECONDS)
        url = self.hook.url
        try:
            async with http.post(url, json=update, headers=headers, timeout=limit) as answer:
                if answer.ok:
                    return None
                self.last_error = f"Wrong response from the webhook: {answer.status}"
                wait = answer.headers.get("Retry-After", "")
                return float(wait) if wait.isdecimal() else 0.0
        except (aiohttp.ClientError, TimeoutError) as error:
            self.last_error = f"Connection failed: {type(error).__name__}"
            return 0.0


def lane_of(update: Json) -> str:
    """Return the lane of an update: taps and payments by person, the rest by chat."""
    for kind in ("callback_query", "pre_checkout_query"):
        if kind in update:
            return f"{kind}:{update[kind]['from']['id']}"
    body = next(value for name, value in update.items() if name != "update_id")
    return f"chat:{body['chat']['id']}"


def _pauses() -> Iterator[float]:
    return chain([0.0, 2.0, 4.0, 8.0, 16.0, 32.0], repeat(_LONGEST_PAUSE))
