"""Messages of the operator's chat that are not the tapped one: replies, and older messages."""

import logging

from telegram import ForceReply, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest

from handlers.chat.conversation.context import Context
from handlers.chat.screens.screen import Screen
from handlers.chat.sending.markup import NO_PREVIEW, keyboard
from handlers.chat.sending.text_messages import send_text
from locales.text import Plain

log = logging.getLogger(__name__)


async def post_reply(ctx: Context, screen: Screen, message_id: int | None) -> int:
    """Post a screen as a reply to a message, if that is still there; return the new one."""
    return await send_text(ctx.bot, ctx.talk.chat_id, screen, reply_to=_to(message_id))


async def post_question(
    ctx: Context, screen: Screen, message_id: int | None, placeholder: Plain
) -> int | None:
    """Post a question to be replied to; None where nobody can reply, as in a channel."""
    try:
        message = await ctx.bot.send_message(
            ctx.talk.chat_id,
            screen.text,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            reply_parameters=_to(message_id),
            reply_markup=ForceReply(selective=True, input_field_placeholder=placeholder),
        )
    except BadRequest as error:
        log.info("a question cannot be put in the operator's chat: %s", error.message)
        return None
    return message.message_id


async def edit(ctx: Context, message_id: int, screen: Screen) -> bool:
    """Draw an older message anew; False if it is gone."""
    try:
        await ctx.bot.edit_message_text(
            screen.text,
            ctx.talk.chat_id,
            message_id,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            api_kwargs=keyboard(screen.rows),
        )
    except BadRequest as error:
        log.info("a message of the operator's chat stays as it is: %s", error.message)
        return "not modified" in error.message.lower()
    return True


def _to(message_id: int | None) -> ReplyParameters | None:
    if message_id is None:
        return None
    return ReplyParameters(message_id, allow_sending_without_reply=True)
