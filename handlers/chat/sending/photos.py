"""Screens with a picture: a photo with the text as its caption.

A caption holds a quarter of what a message does. A longer text follows the photo as a message of
its own, with the buttons.
"""

import logging

from markupsafe import Markup
from telegram import InputMediaPhoto
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import ExtBot

from billing.ports.outside import Draw
from billing.views.pictures import Picture, PictureAt
from handlers.chat.screens.limits import CAPTION_LIMIT
from handlers.chat.screens.longtext import units
from handlers.chat.screens.screen import Row, Screen
from handlers.chat.sending.markup import NO_PREVIEW, keyboard
from locales.text import Plain

log = logging.getLogger(__name__)

Photo = bytes | str
"""The bytes of a picture, or its address."""

NAME = "picture.png"


class Photos:
    """Draws pictures and sends them to one chat; errors of Telegram are raised."""

    def __init__(self, bot: ExtBot[None], chat_id: int, draw: Draw) -> None:
        self._bot = bot
        self._chat_id = chat_id
        self._draw = draw

    async def find(self, picture: Picture | None) -> Photo | None:
        """Return what to send for a picture; None if there is none, or it cannot be drawn."""
        match picture:
            case None:
                return None
            case PictureAt(url):
                return url
        try:
            return await self._draw(picture)
        except Exception:
            # The text says everything, so the screen is shown without it.
            log.exception("a picture cannot be drawn")
            return None

    async def send(self, photo: Photo, screen: Screen) -> int:
        """Send the photo with the screen's text; return the message with the buttons."""
        caption = caption_of(screen)
        if fits(screen):
            return await self._send_photo(photo, caption, screen.rows)
        await self._send_photo(photo, Markup(), ())
        message = await self._bot.send_message(
            self._chat_id,
            caption,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            api_kwargs=keyboard(screen.rows),
        )
        return message.message_id

    async def edit(self, photo: Photo, screen: Screen, message_id: int) -> bool:
        """Put the photo and text into the place of another photo; False if Telegram refuses."""
        try:
            await self._bot.edit_message_media(
                InputMediaPhoto(
                    photo,
                    caption=caption_of(screen),
                    parse_mode=ParseMode.HTML,
                    filename=NAME if isinstance(photo, bytes) else None,
                ),
                self._chat_id,
                message_id,
                api_kwargs=keyboard(screen.rows),
            )
        except BadRequest as error:
            return "not modified" in error.message.lower()
        return True

    async def _send_photo(self, photo: Photo, caption: Markup, rows: tuple[Row, ...]) -> int:
        message = await self._bot.send_photo(
            self._chat_id,
            photo,
            filename=NAME if isinstance(photo, bytes) else None,
            caption=caption or None,
            parse_mode=ParseMode.HTML if caption else None,
            api_kwargs=keyboard(rows),
        )
        return message.message_id


def fits(screen: Screen) -> bool:
    """Whether the text can be the caption of the picture."""
    return units(Plain.of(caption_of(screen))) <= CAPTION_LIMIT


def caption_of(screen: Screen) -> Markup:
    """The text below the picture, after the hint about it."""
    if not screen.hint:
        return screen.text
    return Markup("{}\n\n{}").format(screen.hint, screen.text)
