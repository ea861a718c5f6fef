"""Messages of text with buttons: sent, and edited in their place."""

import logging

from telegram import ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError
from telegram.ext import ExtBot

from handlers.chat.screens.screen import Screen
from handlers.chat.sending.markup import Json, keyboard, preview_options
from handlers.chat.sending.raw import call

log = logging.getLogger(__name__)


async def edit_text(bot: ExtBot[None], chat_id: int, screen: Screen, message_id: int) -> bool:
    """Put the screen into the place of a message; False if a new one has to show it."""
    try:
        await call(bot, "editMessageText", message_id=message_id, **_parameters(chat_id, screen))
    except BadRequest as error:
        # The message is deleted, too old or of another kind, so a new one shows the screen.
        # If the screen itself is wrong, sending it fails too and raises.
        return "not modified" in error.message.lower()
    except (Forbidden, RetryAfter):
        raise
    except TelegramError as error:
        # Repeating did not help, but the handler has done its work, so a new message shows it.
        log.warning("a message cannot be edited, a new one shows the screen: %s", error.message)
        return False
    return True


async def send_text(
    bot: ExtBot[None], chat_id: int, screen: Screen, *, reply_to: ReplyParameters | None = None
) -> int:
    """Send the screen as a new message, which may be a reply; return its id."""
    parameters = _parameters(chat_id, screen)
    message = await call(bot, "sendMessage", reply_parameters=reply_to, **parameters)
    return int(message["message_id"])


def _parameters(chat_id: int, screen: Screen) -> Json:
    return {
        "chat_id": chat_id,
        "text": screen.text,
        "parse_mode": ParseMode.HTML,
        "link_preview_options": preview_options(screen.preview),
        **keyboard(screen.rows),
    }
