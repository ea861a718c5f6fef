"""Sending screens: a tap edits its message, typed text gets a new one; a tap is answered once.

After the action of a tap, the answer with its note and the edit go out together: each is one call
to Telegram, and a person waits for the screen. If the action takes longer than `PATIENCE`, the tap
gets an empty answer first, and the note goes onto the screen. If the answer fails, a second edit
puts the note onto the screen.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from markupsafe import Markup, escape
from telegram import CallbackQuery
from telegram.error import Forbidden, RetryAfter, TelegramError
from telegram.ext import ExtBot

from billing.ports.outside import Draw
from handlers.chat.screens.limits import NOTE_LIMIT
from handlers.chat.screens.screen import FileScreen, InvoiceScreen, Screen, Shown
from handlers.chat.sending.other_messages import send_file, send_invoice
from handlers.chat.sending.photos import Photo, Photos, fits
from handlers.chat.sending.raw import call
from handlers.chat.sending.tapped import editable
from handlers.chat.sending.text_messages import edit_text, send_text
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
        draw: Draw,
        query: CallbackQuery | None = None,
        provider_token: str = "",
        on_blocked: Callable[[], Awaitable[None]] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._bot = bot
        self._chat_id = chat_id
        self._photos = Photos(bot, chat_id, draw)
        self._query = query
        self._provider_token = provider_token
        self._on_blocked = on_blocked
        self._answered = query is None
        self._late: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.target, self._is_photo = editable(query)
        self.deleted: int | None = None
        self.was_gone = False
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
            await call(
                self._bot,
                "answerCallbackQuery",
                callback_query_id=self._query.id,
                text=text,
                show_alert=alert or None,
            )
        except TelegramError as error:
            # The query is too old, or the network failed. The screen can show the note instead.
            log.info("a tap was not answered: %s", error.message)
            return note is None
        return True

    async def answer_and_show(
        self, screen: Shown, note: Plain | None = None, *, alert: bool = False
    ) -> int | None:
        """Answer the tap and show the screen at the same time; return what `show` returns.

        The note is in the answer, or on the screen if there is no answer to carry it.
        """
        if self._answered or not isinstance(screen, Screen):
            return await self._say_and_show(screen, note, alert=alert)
        answering = asyncio.create_task(self.answer(note, alert=alert))
        try:
            message_id = await self.show(screen)
        finally:
            # Both are over before the person's next update begins.
            answered = await answering
        if answered or note is None or message_id is None:
            return message_id
        return await self.show(with_note(screen, note))

    async def _say_and_show(self, screen: Shown, note: Plain | None, *, alert: bool) -> int | None:
        """Show a screen after its note, which is on it or, at a file or invoice, above it."""
        if not await self.answer(note, alert=alert) and note is not None:
            if isinstance(screen, Screen):
                screen = with_note(screen, note)
            else:
                await self.say(note)
        return await self.show(screen)

    async def show(self, screen: Shown) -> int | None:
        """Edit the tapped message or send a new one; return its id, None if the user is gone."""
        try:
            if not isinstance(screen, Screen):
                self.target = None
                return await self._send_other(screen)
            if not await self._show_picture(screen):
                await self._show_text(screen)
        except Forbidden as error:
            await self._note_unreachable(error)
            return None
        return self.target

    @property
    def text_message(self) -> int | None:
        """The message of text that shows the screen by now; None where there is none."""
        return None if self._is_photo else self.target

    def edits(self, screen: Shown) -> bool:
        """Whether showing it changes the tapped message, or there is none.

        Telegram does not turn a text into a photo or back: the screen is then a new message, and
        the old one is deleted.
        """
        if not isinstance(screen, Screen):
            return False
        if self.target is None:
            return True
        if screen.picture is None:
            return not self._is_photo
        return self._is_photo and fits(screen)

    def replaces(self, screen: Shown) -> bool:
        """Whether it will be a new message in the place of the tapped one."""
        return isinstance(screen, Screen) and not self.edits(screen)

    async def say(self, text: Plain) -> None:
        """Send a line without buttons; the screen above it stays."""
        try:
            await send_text(self._bot, self._chat_id, Screen(escape(text)))
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

    async def _show_picture(self, screen: Screen) -> bool:
        """Show a screen with its picture; False if there is none, or Telegram does not take it."""
        photo = await self._photos.find(screen.picture)
        if photo is None:
            return False
        try:
            if await self._edit_photo(photo, screen):
                return True
            message_id = await self._photos.send(photo, screen)
        except (Forbidden, RetryAfter):
            raise
        except TelegramError as error:
            log.warning("a picture cannot be sent, the text comes alone: %s", error.message)
            return False
        await self._replace(message_id)
        self._is_photo = fits(screen)
        return True

    async def _edit_photo(self, photo: Photo, screen: Screen) -> bool:
        if self.target is None or not self.edits(screen):
            return False
        return await self._photos.edit(photo, screen, self.target)

    async def _show_text(self, screen: Screen) -> None:
        if self.target is not None and not self._is_photo:
            if await edit_text(self._bot, self._chat_id, screen, self.target):
                return
            self.target = None  # it stays, since it could not be edited
        await self._replace(await send_text(self._bot, self._chat_id, screen))
        self._is_photo = False

    async def _replace(self, message_id: int) -> None:
        """Go on with a new message instead of the tapped one, which is deleted."""
        old, self.target = self.target, message_id
        if old is not None:
            await self.delete(old)

    async def delete(self, message_id: int) -> None:
        """Delete a message that a newer one replaces; one older than two days stays."""
        try:
            await self._bot.delete_message(self._chat_id, message_id)
        except TelegramError as error:
            log.info("an old message stays: %s", error.message)
            # It was tapped twice, and the first tap has replaced it.
            self.was_gone = "not found" in error.message.lower()
        else:
            self.deleted = message_id

    async def _send_other(self, screen: InvoiceScreen | FileScreen) -> int:
        if isinstance(screen, FileScreen):
            return await send_file(self._bot, self._chat_id, screen)
        token = self._provider_token
        return await send_invoice(self._bot, self._chat_id, screen, provider_token=token)

    async def _note_unreachable(self, error: Forbidden) -> None:
        log.info("user %s cannot be reached: %s", self._chat_id, error.message)
        if self._on_blocked is not None:
            await self._on_blocked()


def with_note(screen: Screen, note: Plain) -> Screen:
    """The screen with a note above its text; screens leave room for it (`NOTE_LIMIT`)."""
    text = Markup("{}\n\n{}").format(_shortened(note), screen.text)
    return replace(screen, text=text)


def _shortened(note: Plain) -> Plain:
    return note if len(note) <= NOTE_LIMIT else Plain(note[: NOTE_LIMIT - 1] + "…")
