"""What the gate tells a person: that messages were left out, or that an answer comes later."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from telegram import CallbackQuery, User
from telegram.error import TelegramError
from telegram.ext import ExtBot

from billing.ports.work import UnavailableError
from handlers.chat.conversation.context import PanelikApplication
from handlers.chat.sending.lanes import PROMPT
from handlers.chat.sending.markup import NO_PREVIEW
from locales.catalogues import negotiate
from locales.text import Plain
from locales.translator import Translator

log = logging.getLogger(__name__)


def left_out(t: Translator) -> Plain:
    """The sentence for everything that was left out of a burst."""
    return t.plain(
        "That was too much at once, so we left some of it out. "
        "Please wait a moment and send it again."
    )


def out_of_reach(t: Translator) -> Plain:
    """The sentence for what waits until the database can be used."""
    return t.plain(
        "We cannot get at our data for a moment. There is no need to repeat anything: "
        "we will answer as soon as we can."
    )


class GateReplies:
    """The chat's side of `bot.telegram.bursts` and `.attempts`; Telegram's refusals are logged."""

    def __init__(self, application: PanelikApplication) -> None:
        self._application = application

    async def release(self, query_ids: Sequence[str]) -> None:
        """Give taps an empty answer."""
        await asyncio.gather(*(self._answer(query_id) for query_id in query_ids))

    async def explain(self, user: User, *, query_id: str | None, in_private: bool) -> None:
        """Tell the person, as the answer to a tap or else by a message in the private chat."""
        note = left_out(await self._translator(user))
        if query_id is not None and await self._answer(query_id, note):
            return
        if in_private:
            await self._say(user.id, note)

    async def promise(self, user: User, *, query: CallbackQuery | None, in_private: bool) -> None:
        """Say that an answer will come, in the language of the person's Telegram.

        What they have chosen here cannot be read now.
        """
        language = negotiate(None, None, user.language_code)
        note = out_of_reach(Translator(language, self._application.deps.config.timezone))
        if query is not None and await self._answer(query.id, note):
            return
        if in_private:
            await self._say(user.id, note)

    async def _answer(self, query_id: str, note: Plain | None = None) -> bool:
        alert = None if note is None else True
        try:
            await self._application.bot.answer_callback_query(query_id, note, show_alert=alert)
        except TelegramError as error:
            log.info("a tap that was left out was not answered: %s", error.message)
            return False
        return True

    async def _say(self, user_id: int, note: Plain) -> None:
        bot: ExtBot[Any] = self._application.bot
        try:
            await bot.send_message(
                user_id,
                note,
                link_preview_options=NO_PREVIEW,
                rate_limit_args=PROMPT if bot.rate_limiter else None,
            )
        except TelegramError as error:
            log.info("user %s was not told what was left out: %s", user_id, error.message)

    async def _translator(self, user: User) -> Translator:
        deps = self._application.deps
        languages: tuple[str | None, ...] = (user.language_code,)
        try:
            visitor = await deps.actions.identify(user.id)
        except UnavailableError:
            log.debug("the language of user %s cannot be read now", user.id)
        except Exception:
            log.exception("the language of user %s is not known", user.id)
        else:
            client = visitor.client.language if visitor.client else None
            languages = (visitor.language, client, user.language_code)
        return Translator(negotiate(*languages), deps.config.timezone)
