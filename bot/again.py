"""Handling updates again that failed before, because the operator wants it.

Processes that receive updates do it, each in its person's turn as if it had just come; workers
never handle updates. Of several processes one takes an update: the others leave it alone for
`LEASE`, which is longer than waiting for the turn and handling take together.
"""

import asyncio
import json
import logging
from collections.abc import Callable

from billing.ports.inbox import Event
from bot.app import Core
from bot.telegram.handling import handle
from handlers.chat.conversation.context import PanelikApplication

log = logging.getLogger(__name__)

TURN_SECONDS = 120.0
"""Seconds to wait for the person's turn; with the minute of the gate it is less than `LEASE`."""


async def handle_again(
    core: Core, application: PanelikApplication, may_go_on: Callable[[], bool]
) -> None:
    """Handle what waits, one after the other.

    An update that is not begun, because its person is busy or sends too many, is due once more
    when the lease ends.
    """
    while may_go_on() and (event := await core.actions.take_update_again()) is not None:
        if not await _is_begun(application, event):
            log.warning("Update no. %s of the operator's list has to wait", event.id)
        elif await core.actions.end_update_again(event.id):
            log.info("Update no. %s of the operator's list was handled", event.id)


async def _is_begun(application: PanelikApplication, event: Event) -> bool:
    """Handle an update; False if its turn did not come."""
    is_begun = False
    try:
        async with asyncio.timeout(TURN_SECONDS) as waiting:

            def begin() -> None:
                nonlocal is_begun
                is_begun = True
                waiting.reschedule(None)

            await handle(application, json.loads(event.body), on_begin=begin)
    except TimeoutError:
        pass
    return is_begun
