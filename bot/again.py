"""Handling updates again that failed before, because the operator wants it."""

import json
import logging
from collections.abc import Callable

from bot.app import Core
from bot.telegram.handling import handle
from handlers.chat.conversation.context import PanelikApplication

log = logging.getLogger(__name__)


async def handle_again(
    core: Core, application: PanelikApplication, may_go_on: Callable[[], bool]
) -> None:
    """Handle what waits, one after the other, each in its person's turn."""
    while may_go_on() and (event := await core.actions.take_update_again()) is not None:
        await handle(application, json.loads(event.body))
        if await core.actions.end_update_again(event.id):
            log.info("Update no. %s of the operator's list was handled", event.id)
