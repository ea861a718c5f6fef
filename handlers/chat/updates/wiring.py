"""The routes as python-telegram-bot's handlers, one for each kind of update.

Account data is for private chats; a group gets one polite line, and only if a command addresses
this bot. Edited messages are ignored, because their first version has been taken already.
"""

import logging
from collections import deque
from collections.abc import Callable, Coroutine

from telegram import Chat, Message, Update, User
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    PreCheckoutQueryHandler,
    filters,
)

from handlers.chat.conversation.context import Context, PanelikApplication
from handlers.chat.sending.markup import NO_PREVIEW
from handlers.chat.updates.dispatch import Dispatcher
from handlers.chat.updates.incidents import keep_failed
from handlers.chat.updates.operator_chat import OperatorChat
from handlers.chat.updates.pre_checkout import PreCheckoutDecision
from handlers.chat.updates.routing import PreCheckout, Routes, StaffReply
from locales.catalogues import negotiate
from locales.text import Plain
from locales.translator import Translator

log = logging.getLogger(__name__)

PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
GROUP = filters.ChatType.GROUPS & filters.UpdateType.MESSAGE
REPLIES = GROUP & filters.REPLY & ~filters.StatusUpdate.ALL
CANCEL = "cancel"
"""The command that every bot has; it does not belong to a topic."""

ALBUMS_KEPT = 64
"""An album comes as one message per picture; only the first of them is answered."""

Callback = Callable[[Update, Context], Coroutine[None, None, None]]


def register(application: PanelikApplication, routes: Routes) -> None:
    """Add handlers for all routes to an application; the first match takes an update."""
    handlers = _UpdateHandlers(
        Dispatcher(routes), OperatorChat(routes), PreCheckoutDecision(routes)
    )
    application.add_error_handler(keep_failed)
    names = [command.name for command in routes.commands]
    application.add_handlers(
        [
            # First, because most updates are taps, and each handler before it would be asked.
            CallbackQueryHandler(handlers.tap),
            *(CommandHandler(name, handlers.command(name), PRIVATE) for name in names),
            CommandHandler(CANCEL, handlers.cancel, PRIVATE),
            CommandHandler([*names, CANCEL], handlers.group, GROUP),
            MessageHandler(REPLIES, handlers.reply),
            PreCheckoutQueryHandler(handlers.pre_checkout),
            MessageHandler(filters.COMMAND & PRIVATE, handlers.unknown),
            MessageHandler(filters.TEXT & PRIVATE, handlers.text),
            ChatMemberHandler(handlers.member, ChatMemberHandler.MY_CHAT_MEMBER),
            MessageHandler(PRIVATE & ~filters.StatusUpdate.ALL, handlers.other),
        ]
    )


class _UpdateHandlers:
    """Unwraps updates: every method fits one of python-telegram-bot's handlers."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        operator_chat: OperatorChat,
        pre_checkout: PreCheckoutDecision,
    ) -> None:
        self._dispatcher = dispatcher
        self._operator_chat = operator_chat
        self._pre_checkout = pre_checkout
        self._albums: deque[str] = deque(maxlen=ALBUMS_KEPT)

    def command(self, name: str) -> Callback:
        async def handle(update: Update, ctx: Context) -> None:
            if _prepare(update, ctx):
                await self._dispatcher.command(ctx, name)

        return handle

    async def cancel(self, update: Update, ctx: Context) -> None:
        if _prepare(update, ctx):
            await self._dispatcher.cancel(ctx)

    async def unknown(self, update: Update, ctx: Context) -> None:
        if _prepare(update, ctx):
            await self._dispatcher.unknown(ctx)

    async def text(self, update: Update, ctx: Context) -> None:
        message = update.message
        if message and message.text and _prepare(update, ctx, is_answer=True):
            # PostgreSQL cannot store NUL, and nobody types it.
            await self._dispatcher.text(ctx, message.text.replace("\0", ""))

    async def other(self, update: Update, ctx: Context) -> None:
        album = update.message.media_group_id if update.message else None
        if album in self._albums:
            return
        if album is not None:
            self._albums.append(album)
        if _prepare(update, ctx):
            await self._dispatcher.other(ctx)

    async def tap(self, update: Update, ctx: Context) -> None:
        query, chat = update.callback_query, update.effective_chat
        if query is None:
            return
        if chat is not None and self._is_for_operator(chat, query.data or "", ctx):
            if _prepare(update, ctx, chat_id=chat.id):
                await self._operator_chat.tap(ctx, query.data or "")
        elif chat is None or chat.type != ChatType.PRIVATE:
            await query.answer(_private_only(ctx, query.from_user), show_alert=True)
        elif _prepare(update, ctx):
            await self._dispatcher.tap(ctx, query.data or "")

    def _is_for_operator(self, chat: Chat, data: str, ctx: Context) -> bool:
        """Whether a tap is one of the operator's chat; where that is private, only staff's."""
        if chat.id != ctx.deps.config.operator_chat:
            return False
        return chat.type != ChatType.PRIVATE or self._operator_chat.knows(data)

    async def reply(self, update: Update, ctx: Context) -> None:
        message = update.message
        if message is None or message.chat_id != ctx.deps.config.operator_chat:
            return
        asked_user = _asked_user(message.reply_to_message, ctx.bot.id)
        if asked_user is None or not _prepare(
            update, ctx, is_answer=True, chat_id=message.chat_id
        ):
            return
        question_id = message.reply_to_message.message_id if message.reply_to_message else 0
        text = (message.text or message.caption or "").replace("\0", "")
        await self._operator_chat.reply(ctx, StaffReply(text, question_id, asked_user))

    async def group(self, update: Update, ctx: Context) -> None:
        message = update.message
        if message is None:
            return
        try:
            await ctx.bot.send_message(
                message.chat_id,
                _private_only(ctx, message.from_user),
                # Outside of forums, Telegram also uses this number for threads of replies.
                message_thread_id=message.message_thread_id if message.is_topic_message else None,
                link_preview_options=NO_PREVIEW,
            )
        except (BadRequest, Forbidden) as error:
            log.info("a group was not answered: %s", error.message)

    async def pre_checkout(self, update: Update, ctx: Context) -> None:
        query = update.pre_checkout_query
        if query is None or not _prepare(update, ctx):
            return
        pre_checkout = PreCheckout(query.invoice_payload, query.currency, query.total_amount)
        refusal = await self._pre_checkout.pre_checkout(ctx, pre_checkout)
        try:
            await query.answer(ok=refusal is None, error_message=refusal)
        except TelegramError as error:
            log.warning("Telegram was not told whether to take a payment: %s", error.message)

    async def member(self, update: Update, ctx: Context) -> None:
        change = update.my_chat_member
        if change is not None and change.chat.type == ChatType.PRIVATE:
            blocked = change.new_chat_member.status == ChatMemberStatus.BANNED
            await ctx.actions.note_blocked(change.from_user.id, blocked=blocked)
        if change is not None and change.chat.id == ctx.deps.config.operator_chat:
            await ctx.actions.try_operator_chat()


def _asked_user(question: Message | None, bot_id: int) -> int | None:
    """Whom the bot asks in a message; people also reply to its other messages, to each other."""
    if question is None or question.from_user is None or question.from_user.id != bot_id:
        return None
    users = (entity.user for entity in question.entities if entity.user is not None)
    return next((user.id for user in users), None)


def _prepare(
    update: Update, ctx: Context, *, is_answer: bool = False, chat_id: int | None = None
) -> bool:
    """Tell the context the chat and user of an update; False for an update without a user."""
    user = update.effective_user
    if user is None:
        return False
    ctx.prepare(update, user, is_answer=is_answer, chat_id=chat_id)
    return True


def _private_only(ctx: Context, user: User | None) -> Plain:
    t = Translator(
        negotiate(None, None, user.language_code if user else None), ctx.deps.config.timezone
    )
    return t.plain(
        "We show accounts in a private chat only: {link}", link=f"t.me/{ctx.bot.username}"
    )
