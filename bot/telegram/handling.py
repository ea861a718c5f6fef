"""Handling one update as Telegram wrote it, whichever way it came.

What fails is handed to the application's error handler, which keeps it for the operator, and
counts as handled: Telegram would send it again and again, and the same would happen.
"""

import logging
from collections.abc import Callable
from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.telegram.money import Raw
from bot.telegram.reading import read_update

log = logging.getLogger(__name__)

App = Application[Any, Any, Any, Any, Any, Any]


async def handle(
    application: App, raw: Raw, *, on_begin: Callable[[], None] | None = None
) -> None:
    """Process one update in its person's turn; return when it has been handled.

    `on_begin` is called when its turn has come, or it cannot be read. It is never called for one
    that is left out because its person sends too many at once.
    """
    number = raw["update_id"]
    try:
        update = read_update(raw, application.bot)
    except Exception as error:
        log.exception("Update %s cannot be read", number)
        if on_begin is not None:
            on_begin()
        await application.process_error(raw, error)
        return
    try:
        # An error in a handler does not arrive here: the error handler has kept it.
        await application.update_processor.process_update(
            update,
            application.process_update(update)
            if on_begin is None
            else _begin(application, update, on_begin),
        )
    except Exception:
        log.exception("Update %s could not be processed", number)


async def _begin(application: App, update: Update, on_begin: Callable[[], None]) -> None:
    on_begin()
    await application.process_update(update)
