"""Calls whose answer is not made into python-telegram-bot's objects.

Of a message that was sent only the number is needed, and of an edit nothing. Making the objects
costs as much as sending the call.
"""

from typing import Any

from telegram.ext import ExtBot


async def call(bot: ExtBot[None], method: str, **parameters: Any) -> Any:
    """Call a method of the Bot API; returns its result as Telegram wrote it.

    Parameters that are None are left out. Pace, repetition and errors are those of every call.
    """
    # What all its methods end in; `do_api_request` warns of each call that has a method.
    return await bot._post(method, parameters)  # noqa: SLF001
