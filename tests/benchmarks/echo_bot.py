"""The yardstick: python-telegram-bot as it comes, doing the least a menu bot can do.

Run it as a process of its own beside a local Bot API server:

    python -m tests.benchmarks.echo_bot TOKEN http://127.0.0.1:8081/bot PORT [aiohttp]

At port 0 it polls; at another one it takes posts with PTB's own server, which is tornado. With
`aiohttp` it calls Telegram by Panelik's transport instead of its own.

Any message is answered with one button. Each tap on it is answered, and the message edited to say
how many taps there were; the button itself carries the number, so nothing is looked up anywhere.
What Panelik takes longer than this is the price of its database, its screens and its care; what
it takes less is what its transport and its order per person save.
"""

import sys
from typing import Any

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.ext import Application, CallbackQueryHandler, MessageHandler, filters

from bot.telegram.transport import AiohttpRequest

PATH = "telegram"
SECRET = "invented"


def keyboard(taps: int) -> InlineKeyboardMarkup:
    """One button that knows how often it was tapped."""
    return InlineKeyboardMarkup.from_button(InlineKeyboardButton("Tap", callback_data=str(taps)))


async def show(update: Update, _: Any) -> None:
    """A new message with the button."""
    message = update.effective_message
    assert isinstance(message, Message)
    await message.reply_text("Taps: 0", reply_markup=keyboard(0))


async def count(update: Update, context: Any) -> None:
    """Answer the tap and edit the message: the two calls of every tap in Panelik."""
    query = update.callback_query
    assert isinstance(query, CallbackQuery)
    taps = int(query.data or 0) + 1
    await query.answer()
    assert query.message
    await context.bot.edit_message_text(
        f"Taps: {taps}", query.message.chat.id, query.message.message_id,
        reply_markup=keyboard(taps),
    )  # fmt: skip


def main(token: str, base_url: str, port: int, transport: str = "") -> None:
    """Receive updates until SIGINT or SIGTERM."""
    builder = Application.builder().token(token).base_url(base_url)
    if transport:
        builder = builder.request(AiohttpRequest()).get_updates_request(AiohttpRequest())
    application = builder.build()
    application.add_handler(CallbackQueryHandler(count))
    application.add_handler(MessageHandler(filters.ALL, show))
    if port:
        address = f"http://127.0.0.1:{port}/{PATH}"
        application.run_webhook(port=port, url_path=PATH, webhook_url=address, secret_token=SECRET)
    else:
        application.run_polling()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), *sys.argv[4:5])
