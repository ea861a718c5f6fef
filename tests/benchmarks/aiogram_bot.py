"""The yardstick: aiogram as it comes, doing what `echo_bot` does.

It runs in an environment of its own, so it imports nothing of ours:

    python tests/benchmarks/aiogram_bot.py TOKEN http://127.0.0.1:8081 PORT

At port 0 it polls; at another one it takes posts with aiogram's own handler, which answers them
at once and then works, as it does unless told otherwise.
"""

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

PATH = "/telegram"
SECRET = "invented"


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


def serve(dispatcher: Dispatcher, bot: Bot, port: int) -> None:
    """Take posts until SIGINT or SIGTERM."""

    async def register(bot: Bot) -> None:
        await bot.set_webhook(f"http://127.0.0.1:{port}{PATH}", secret_token=SECRET)

    dispatcher.startup.register(register)
    application = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=SECRET).register(application, PATH)
    setup_application(application, dispatcher, bot=bot)
    web.run_app(application, host="127.0.0.1", port=port, print=None)


def main(token: str, api_url: str, port: int) -> None:
    """Receive updates until SIGINT or SIGTERM."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(api_url))
    dispatcher, bot = Dispatcher(), Bot(token, session=session)
    dispatcher.message.register(show)
    dispatcher.callback_query.register(count)
    if port:
        serve(dispatcher, bot, port)
    else:
        asyncio.run(dispatcher.start_polling(bot))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
