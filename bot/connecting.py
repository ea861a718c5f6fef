"""Connecting to Telegram at the start, however long that takes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from telegram.error import InvalidToken, TelegramError

from bot.telegram.backoff import Backoff
from handlers.chat.conversation.context import PanelikApplication


@asynccontextmanager
async def connected(application: PanelikApplication, stop: asyncio.Event) -> AsyncIterator[bool]:
    """Start the application when Telegram answers; False if `stop` came first.

    A machine may start before its network does. InvalidToken if Telegram refuses the token.
    """
    backoff = Backoff()
    try:
        while not stop.is_set():
            try:
                await application.initialize()
            except InvalidToken:
                raise
            except TelegramError as error:
                await _either(stop, backoff.failed(error))
            else:
                break
        yield not stop.is_set()
    finally:
        await application.shutdown()
        # python-telegram-bot leaves it open after a failed start.
        await application.bot.request.shutdown()


async def _either(stop: asyncio.Event, seconds: float) -> None:
    """Wait so many seconds or until `stop`, whichever comes first."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
