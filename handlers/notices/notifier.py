"""What goes out unasked: reminders, receipts, decisions, and what the operator must know."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, TelegramError
from telegram.ext import ExtBot

from billing.ports.conversations import Conversations, Talk
from billing.ports.outbox import Outgoing
from billing.ports.outside import Delivery
from billing.rules.reach import ClosedChat
from billing.views.notices.access import AccessEnded, CodeNotMailed
from billing.views.notices.money import PayerNotice, ReminderUpdate
from billing.views.reminders.digests import Digest
from handlers.chat.conversation.reminder_messages import shows_reminder
from handlers.chat.screens.screen import Screen, without_buttons
from handlers.chat.screens.zones import valid_zone
from handlers.chat.sending.lanes import BULK, PROMPT
from handlers.chat.sending.markup import keyboard, preview_options
from handlers.chat.sending.refusals import REFUSED, Addressee
from handlers.notices import client
from handlers.notices.operator import messages as operator
from handlers.paying import PAYING
from handlers.reminders import screens
from locales.catalogues import negotiate
from locales.translator import Translator

log = logging.getLogger(__name__)


class ChatNotifier:
    """Sends what billing wants said, each in its recipient's language and time zone.

    `operator_chat` is where the operator reads, in the words of `operator_t`; without one
    their messages wait. With `is_staffed` there are people who may act there by buttons.
    `conversations` know what a message shows by now.
    """

    def __init__(
        self,
        bot: ExtBot[Any],
        *,
        operator_chat: int | None,
        operator_t: Translator,
        timezone: ZoneInfo,
        conversations: Conversations,
        is_staffed: bool = False,
    ) -> None:
        self._bot = bot
        self._operator_chat = operator_chat
        self._operator_t = operator_t
        self._timezone = timezone
        self._conversations = conversations
        self._is_staffed = is_staffed

    async def digest(self, digest: Digest) -> Delivery:
        """Send a reminder."""
        t = self._translator(digest.languages, digest.timezone)
        to = Addressee(digest.user_id)
        return await self._deliver(to, lambda: _digest(t, digest), screens.short(t), lane=BULK)

    async def notify(self, outgoing: Outgoing) -> Delivery:
        """Send a notification, to the operator's chat when it names no user.

        A reminder that was sent is edited; nobody hears of that.
        """
        if outgoing.user_id is None:
            return await self._tell_operator(outgoing)
        if isinstance(outgoing.notice, ReminderUpdate):
            return await self._redraw(outgoing.user_id, outgoing)
        languages = outgoing.languages
        own = PayerNotice | AccessEnded | CodeNotMailed
        if not languages and isinstance(outgoing.notice, own):
            languages = (outgoing.notice.language,)
        t = self._translator(languages, outgoing.timezone)
        to = Addressee(outgoing.user_id)
        return await self._deliver(
            to, lambda: client.client_notice(t, outgoing), client.short(t), lane=PROMPT
        )

    async def _redraw(self, user_id: int, outgoing: Outgoing) -> Delivery:
        """Draw messages anew where they were sent; what a tap has made of one stays."""
        conversation = await self._conversations.load(Talk(user_id, user_id))
        delivery = REFUSED
        for message_id, draw in self._drawings(outgoing):
            delivery = Delivery(message_id)
            if shows_reminder(conversation.view, message_id):
                delivery = await self._redraw_one(user_id, message_id, draw)
            if delivery.message_id is None:
                break
        return delivery

    def _drawings(self, outgoing: Outgoing) -> Iterator[tuple[int, Callable[[], Screen]]]:
        """Receipts of a part without their pay button, then reminders."""
        t = self._translator(outgoing.languages, outgoing.timezone)
        for receipt in outgoing.part_receipts:
            yield receipt.message_id, partial(client.all_paid, t, outgoing, receipt.part)
        for sent in outgoing.redrawn:
            own = self._translator(sent.digest.languages, sent.digest.timezone)
            yield sent.message_id, partial(_digest, own, sent.digest)

    async def _redraw_one(
        self, user_id: int, message_id: int, draw: Callable[[], Screen]
    ) -> Delivery:
        try:
            await self._edit(user_id, message_id, draw())
        except BadRequest as error:
            # It says so already, is too old, or is deleted: then there is nobody to tell.
            log.info("a message to %s stays as it is: %s", user_id, error.message)
        except TelegramError as error:
            return Addressee(user_id).after(error)
        return Delivery(message_id)

    async def _edit(self, chat_id: int, message_id: int, screen: Screen) -> None:
        await self._bot.edit_message_text(
            screen.text,
            chat_id,
            message_id,
            parse_mode=ParseMode.HTML,
            link_preview_options=preview_options(screen.preview),
            api_kwargs=keyboard(screen.rows),
            rate_limit_args=PROMPT if self._bot.rate_limiter else None,
        )

    async def _tell_operator(self, outgoing: Outgoing) -> Delivery:
        if self._operator_chat is None:
            return Delivery(closed=ClosedChat.NOT_SET)
        t = self._operator_t
        return await self._deliver(
            Addressee(self._operator_chat, is_operator=True),
            lambda: operator.operator_notice(t, outgoing, staffed=self._is_staffed),
            operator.short(t, outgoing),
            lane=PROMPT,
        )

    def _translator(self, languages: tuple[str, ...], zone: str) -> Translator:
        timezone = valid_zone(zone, fallback=self._timezone)
        return Translator(negotiate(*languages), timezone)

    async def _deliver(
        self, to: Addressee, draw: Callable[[], Screen], short: Screen, *, lane: str
    ) -> Delivery:
        """Send a screen; where it cannot be drawn or is refused, the short one instead."""
        try:
            screen = draw()
            return await self._send(to, screen, lane)
        except BadRequest as error:
            log.exception("Telegram refuses a message to %s: %s", to, error.message)
        except Exception:
            # One message that cannot be drawn must not stop the rest.
            log.exception("a message to %s cannot be drawn", to)
        try:
            return await self._send(to, short, lane)
        except BadRequest as error:
            log.exception("Telegram refuses every message to %s: %s", to, error.message)
            return to.at_last

    async def _send(self, to: Addressee, screen: Screen, lane: str) -> Delivery:
        """Send once; BadRequest when the message itself is at fault."""
        try:
            message = await self._bot.send_message(
                to.chat_id,
                screen.text,
                parse_mode=ParseMode.HTML,
                link_preview_options=preview_options(screen.preview),
                api_kwargs=keyboard(screen.rows),
                rate_limit_args=lane if self._bot.rate_limiter else None,
            )
        except ChatMigrated as moved:
            log.exception("put the chat's new number into the settings: %s", moved.new_chat_id)
            return await self._send(replace(to, chat_id=moved.new_chat_id), screen, lane)
        except TelegramError as error:
            return to.after(error)
        return Delivery(message.message_id)


def _digest(t: Translator, digest: Digest) -> Screen:
    """The message of a reminder, without what its reader may not do."""
    screen = screens.digest(t, digest)
    return screen if digest.can_pay else without_buttons(screen, PAYING)
