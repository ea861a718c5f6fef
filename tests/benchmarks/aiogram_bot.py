"""The yardstick: aiogram as it comes, doing what `echo_bot` does.

It runs in an environment of its own, so it imports nothing of ours:

    python tests/benchmarks/aiogram_bot.py TOKEN http://127.0.0.1:8081
"""

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message


def keyboard(taps: int) -> InlineKeyboardMarkup:
    """One button that knows how often it was tapped."""
    button = InlineKeyboardButton(text="Tap", callback_data=str(taps))
    return InlineKeyboardMarkup(inline_keyboard=[[button]])


async def show(message: Message) -> None:
    """A new message with the button."""
    await message.answer("Taps: 0", reply_markup=keyboard(0))


async def count(query: CallbackQuery) -> None:
    """Answer the tap and edit the message: the two calls of every tap in Panelik."""
    taps = int(query.data or 0) + 1
    await query.answer()
    assert isinstance(query.message, Message)
    await query.message.edit_text(f"Taps: {taps}", reply_markup=keyboard(taps))


async def main(token: str, api_url: str) -> None:
    """Poll until SIGINT or SIGTERM."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(api_url))
    dispatcher = Dispatcher()
    dispatcher.message.register(show)
    dispatcher.callback_query.register(count)
    await dispatcher.start_polling(Bot(token, session=session))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
