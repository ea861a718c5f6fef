"""Reading a client anew while they look, and drawing their screen again if that changed anything.

A connected panel is slower than a screen may be. So what we have is shown at once, the panel is
asked behind it, and the message is edited only in the person's turn, if they have done nothing
since and the conversation is as it was.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from telegram import User
from telegram.error import TelegramError

from billing.ports.conversations import Conversation, Talk
from billing.ports.work import UnavailableError
from billing.rules.errors import BillingError
from billing.views.account import ClientInfo
from handlers.chat.conversation.context import Context, NotLinkedError, PanelikApplication
from handlers.chat.conversation.fitting import Hidden
from handlers.chat.conversation.redrawing import CannotRedrawError, Redrawing
from handlers.chat.screens.codec import StaleButton
from handlers.chat.sending.text_messages import edit_text

log = logging.getLogger(__name__)

Again = Callable[[Context], Awaitable[None]]
"""Shows the screen once more; it reads, and changes nothing."""

WhenIdle = Callable[[int, Callable[[], Awaitable[None]]], Awaitable[bool]]
"""Runs something in a person's turn; False, and nothing done, if another update is there."""

OVER = (StaleButton, NotLinkedError, BillingError, CannotRedrawError)
"""The screen cannot be drawn as it was: it stays, and the next tap says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A screen that a client looks at: the message, and the conversation when it was shown."""

    user: User
    client: ClientInfo
    message_id: int
    conversation: Conversation
    again: Again
    hidden: Hidden


class Refresher:
    """Begins at most one reading per person; an update of theirs ends it."""

    def __init__(self, application: PanelikApplication, when_idle: WhenIdle) -> None:
        self._application = application
        self._when_idle = when_idle
        self._looks: dict[int, Look] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def forget(self, user_id: int) -> None:
        """Draw nothing again for a person who has gone on."""
        self._looks.pop(user_id, None)

    async def begin(self, ctx: Context, again: Again) -> None:
        """Read the client anew behind the screen that was just shown to them."""
        client, message_id = ctx.visitor.client, ctx.delivery.text_message
        if client is None or message_id is None:
            return
        conversation = await ctx.deps.conversations.load(ctx.talk)
        look = Look(ctx.user, client, message_id, conversation, again, ctx.hidden)
        self._looks[ctx.user.id] = look
        task = asyncio.create_task(self._refresh(look), name=f"refresh of {client.id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Give up what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def settle(self) -> None:
        """Wait until nothing is under way; for tests."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def _refresh(self, look: Look) -> None:
        try:
            if await self._application.deps.actions.refresh_client(look.client):
                await self._when_idle(look.user.id, lambda: self._redraw(look))
        except UnavailableError as error:
            log.info("a client is not read anew: %s", error)
        except Exception:
            log.exception("client %s cannot be read anew", look.client.id)
        finally:
            if self._looks.get(look.user.id) is look:
                del self._looks[look.user.id]

    async def _redraw(self, look: Look) -> None:
        """Edit the message, if the person still looks at it."""
        user, conversations = look.user, self._application.deps.conversations
        if self._looks.get(user.id) is not look:
            return
        if await conversations.load(Talk(user.id, user.id)) != look.conversation:
            return
        # Contexts of an application are of one class; this one stands in for it.
        application: Any = self._application
        ctx = Redrawing(application, chat_id=user.id, user_id=user.id)
        await ctx.begin_again(user, look.hidden)
        if ctx.visitor.client is None or ctx.visitor.client.id != look.client.id:
            return
        try:
            await look.again(ctx)
            if ctx.screen is not None:
                await edit_text(self._application.bot, user.id, ctx.screen, look.message_id)
        except OVER:
            log.info("a screen stays as it is: it cannot be drawn any more")
        except TelegramError as error:
            log.info("a screen stays as it is: %s", error.message)
        finally:
            ctx.delivery.release()
