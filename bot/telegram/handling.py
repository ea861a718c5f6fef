"""Handling one update as Telegram wrote it, whichever way it came.

What fails is handed to the application's error handler, which keeps it for the operator, and
counts as handled: Telegram would send it again and again, and the same would happen.
"""

import logging
from typing import Any

from telegram.ext import Application

from bot.telegram.money import Raw
from bot.telegram.reading import read_update

log = logging.getLogger(__name__)

App = Application[Any, Any, Any, Any, Any, Any]


async def handle(application: App, raw: Raw) -> None:
    """Process one update in its person's turn; return when it has been handled."""
    number = raw["update_id"]
    try:
        update = read_update(raw, application.bot)
    except Exception as error:
        log.exception("Update %s cannot be read", number)
        await application.process_error(raw, error)
        return
    try:
        # An error in a handler does not arrive here: the error handler has kept it.
        await application.update_processor.process_update(
            update, application.process_update(update)
        )
    except Exception:
        log.exception("Update %s could not be processed", number)
