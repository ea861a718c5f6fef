"""How a test's person reaches a bot in the same process."""

import asyncio
from typing import Any

from telegram.ext import Application

from bot.sandbox.errors import Json
from bot.sandbox.methods.api import BotApi
from bot.sandbox.talk.driver import Place, Toast
from bot.telegram.money import MoneyInbox
from bot.telegram.reading import read_update


class InProcess:
    """Hands each update to the application and waits for it to be handled.

    What carries money goes to `money` instead, as polling does it.
    """

    def __init__(
        self,
        application: Application[Any, Any, Any, Any, Any, Any],
        api: BotApi,
        money: MoneyInbox | None = None,
    ) -> None:
        self.application = application
        self.api = api
        self.money = money
        self.handled: list[Json] = []
        self._busy = 0
        self._idle = asyncio.Event()

    async def send(
        self, user_id: int, chat_id: int, text: str, reply_to: int | None = None
    ) -> None:
        self.api.visitor(user_id, chat_id).send(text, reply_to=reply_to)
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

    async def download(self, chat_id: int, file_id: str) -> bytes:
        return self.api.visitor(chat_id).file(file_id)

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
            if self.money is not None and self.money.carries_money(update):
                await self.money.receive(update, lambda: None)
            else:
                await self.application.process_update(read_update(update, self.application.bot))
        finally:
            self._busy -= 1
            if not self._busy:
                self._idle.set()
