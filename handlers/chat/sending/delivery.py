"""Sending screens: a tap edits its message, typed text gets a new one; a tap is answered once.

The order for a tap is: the action, the answer with its note, the edit. If the action takes longer
than `PATIENCE`, the tap gets an empty answer first, and the note goes onto the screen.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from markupsafe import Markup, escape
from telegram import CallbackQuery, InputFile, LabeledPrice, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError
from telegram.ext import ExtBot

from handlers.chat.screens.limits import NOTE_LIMIT
from handlers.chat.screens.screen import FileScreen, InvoiceScreen, Screen, Shown
from handlers.chat.sending.markup import keyboard, preview_options
from locales.text import Plain

log = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds after which a tap gets an empty answer instead of a late one with its note."""


class Delivery:
    """The answers to one update, in one private chat."""

    def __init__(
        self,
        bot: ExtBot[None],
        chat_id: int,
        *,
        query: CallbackQuery | None = None,
        provider_token: str = "",
        on_blocked: Callable[[], Awaitable[None]] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._bot = bot
        self._chat_id = chat_id
        self._query = query
        self._provider_token = provider_token
        self._on_blocked = on_blocked
        self._answered = query is None
        self._late: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.target = _editable(query)
        if query is not None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(patience, self._answer_late)

    async def answer(self, note: Plain | None = None, *, alert: bool = False) -> bool:
        """Answer the tap if it has no answer yet; return whether the answer shows the note."""
        if self._query is None or self._answered:
            return note is None
        self._answered = True
        text = None if note is None else _shortened(note)
        try:
            await self._bot.answer_callback_query(self._query.id, text, show_alert=alert or None)
        except TelegramError as error:
            # The query is too old, or the network failed. The screen can show the note instead.
            log.info("a tap was not answered: %s", error.message)
            return note is None
        return True

    async def show(self, screen: Shown) -> int | None:
        """Edit the tapped message or send a new one; return its id, None if the user is gone."""
        try:
            if not isinstance(screen, Screen):
                self.target = None
                return (await self._send_other(screen)).message_id
            if self.target is not None and await self._edit(screen, self.target):
                return self.target
            self.target = (await self._send(screen)).message_id
        except Forbidden as error:
            await self._note_unreachable(error)
            return None
        return self.target

    async def say(self, text: Plain) -> None:
        """Send a line without buttons; the screen above it stays."""
        try:
            await self._send(Screen(escape(text)))
        except Forbidden as error:
            await self._note_unreachable(error)

    async def remove_keyboard(self, message_id: int) -> None:
        """Remove the keyboard from a message that has been replaced by a newer one."""
        try:
            await self._bot.edit_message_reply_markup(self._chat_id, message_id)
        except TelegramError as error:
            # Nothing is lost: the old buttons still work.
            log.info("an old keyboard stays: %s", error.message)

    async def close(self) -> None:
        """Answer a tap that the handler left unanswered, and wait for a late answer."""
        await self.answer()
        if self._late is not None:
            await self._late

    def release(self) -> None:
        """Stop the timer; nothing is sent after this."""
        if self._timer is not None:
            self._timer.cancel()

    def _answer_late(self) -> None:
        async def answer_late() -> None:
            await self.answer()

        self._late = asyncio.get_running_loop().create_task(answer_late())

    async def _edit(self, screen: Screen, message_id: int) -> bool:
        try:
            await self._bot.edit_message_text(
                screen.text,
                self._chat_id,
                message_id,
                parse_mode=ParseMode.HTML,
                link_preview_options=preview_options(screen.preview),
                api_kwargs=keyboard(screen.rows),
            )
        except BadRequest as error:
            # The message is deleted, too old or of another kind, so a new one shows the screen.
            # If the screen itself is wrong, sending it fails too and raises.
            return "not modified" in error.message.lower()
        except (Forbidden, RetryAfter):
            raise
        except TelegramError as error:
            # Repeating did not help, but the handler has done its work, so a new message shows it.
            log.warning(
                "a message cannot be edited, a new one shows the screen: %s", error.message
            )
            return False
        return True

    async def _send(self, screen: Screen) -> Message:
        return await self._bot.send_message(
            self._chat_id,
            screen.text,
            parse_mode=ParseMode.HTML,
            link_preview_options=preview_options(screen.preview),
            api_kwargs=keyboard(screen.rows),
        )

    async def _send_other(self, screen: InvoiceScreen | FileScreen) -> Message:
        if isinstance(screen, FileScreen):
            return await self._send_file(screen)
        return await self._send_invoice(screen)

    async def _send_file(self, screen: FileScreen) -> Message:
        file = InputFile(screen.content, screen.name)
        # Machines differ in the types that they know by a name's ending.
        file.mimetype = screen.kind
        return await self._bot.send_document(
            self._chat_id,
            file,
            caption=screen.caption,
            parse_mode=ParseMode.HTML,
            api_kwargs=keyboard(screen.rows),
        )

    async def _send_invoice(self, invoice: InvoiceScreen) -> Message:
        return await self._bot.send_invoice(
            self._chat_id,
            title=invoice.title,
            description=invoice.description,
            payload=invoice.payload,
            currency=invoice.currency,
            prices=[LabeledPrice(label, amount) for label, amount in invoice.prices],
            provider_token=self._provider_token,
            api_kwargs=keyboard(invoice.rows),
        )

    async def _note_unreachable(self, error: Forbidden) -> None:
        log.info("user %s cannot be reached: %s", self._chat_id, error.message)
        if self._on_blocked is not None:
            await self._on_blocked()


def with_note(screen: Screen, note: Plain) -> Screen:
    """The screen with a note above its text; screens leave room for it (`NOTE_LIMIT`)."""
    text = Markup("{}\n\n{}").format(_shortened(note), screen.text)
    return Screen(text, screen.rows, screen.preview)


def _shortened(note: Plain) -> Plain:
    return note if len(note) <= NOTE_LIMIT else Plain(note[: NOTE_LIMIT - 1] + "…")


def _editable(query: CallbackQuery | None) -> int | None:
    """The id of the tapped message; None when it cannot be edited into a screen."""
    message = None if query is None else query.message
    return message.message_id if isinstance(message, Message) and message.text else None
