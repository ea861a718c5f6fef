"""Unexpected errors: logged under a short number that the client sees and can quote."""

import asyncio
import json
import logging
import secrets
from typing import Any

from telegram import Update
from telegram.error import TelegramError

from billing.ports.work import UnavailableError
from billing.rules.pauses import without_end
from handlers.chat.conversation.context import Context
from handlers.chat.screens.errors import incident
from locales.translator import Translator

log = logging.getLogger(__name__)

PAUSES = (0.5, 1.0, 2.0, 5.0)
"""Seconds between attempts to keep an update while the database is away; the last one repeats."""


class IncidentError(Exception):
    """An update failed; its user was told the incident's number, and the log has the cause."""

    def __init__(self, number: str, cause: Exception) -> None:
        super().__init__(number)
        self.number = number
        self.kind = type(cause).__name__


async def keep_failed(update: object, ctx: Context) -> None:
    """Keep an update that failed, so that the operator can have it handled again.

    While the database is away, the person's next update waits for it.
    """
    ctx.deps.on_incident()
    error = ctx.error
    if isinstance(error, IncidentError):
        kind, incident = error.kind, error.number
    else:
        kind, incident = type(error).__name__, ""
        log.error("an update failed", exc_info=error)
    raw: Any = update.to_dict() if isinstance(update, Update) else update
    for pause in without_end(PAUSES):
        try:
            await ctx.actions.keep_failed_update(
                f"{ctx.bot.id}:{raw['update_id']}", json.dumps(raw), error=kind, incident=incident
            )
        except UnavailableError:
            await asyncio.sleep(pause)
            continue
        except Exception:
            log.exception("an update failed and could not be kept")
        return


def incident_number() -> str:
    """Make a number for the log and the client's screen."""
    return secrets.token_hex(3).upper()


async def apologise(ctx: Context, t: Translator, number: str) -> None:
    """Tell the person in the words of `t`, if Telegram can still be reached."""
    try:
        await ctx.toast(incident(t, number), alert=True)
    except TelegramError:
        log.exception("incident %s: not even the apology went out", number)
