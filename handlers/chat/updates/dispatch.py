"""Calling the handler of an update, and turning errors into sentences for the client.

Every tap gets exactly one answer, and every message of a private chat gets a visible reply. After
an unexpected error the client reads an incident's number; the update is kept for the operator, and
counts as handled.
"""

import logging
from collections.abc import Awaitable, Callable

from billing.ports.work import UnavailableError
from billing.rules.errors import (
    BillingError,
    FreshCodeNeededError,
    NotAllowedError,
    NotFoundError,
)
from handlers.chat.conversation.context import Context, NotLinkedError
from handlers.chat.conversation.dialogue import LATE, AlreadyConsumedError
from handlers.chat.conversation.fitting import Hidden
from handlers.chat.screens.codec import Payload, StaleButton, decode
from handlers.chat.screens.errors import sentence, stale
from handlers.chat.updates.incidents import IncidentError, apologise, incident_number
from handlers.chat.updates.routing import Routes

log = logging.getLogger(__name__)

EXPECTED = (StaleButton, NotLinkedError, BillingError)


Again = Callable[[Context], Awaitable[None]]


class Dispatcher:
    """Calls the routes' handlers for updates of private chats."""

    def __init__(self, routes: Routes) -> None:
        self._routes = routes
        self._taps = {route.payload: route.handler for route in (*routes.taps, *routes.staff_taps)}
        self._steps = {step.name: step for step in routes.steps}
        self._hidden = Hidden(routes.paying, routes.asks_panel)

    async def command(self, ctx: Context, name: str) -> None:
        """Carry out a command, also if it comes twice: commands are safe to repeat."""
        (command,) = (c for c in self._routes.commands if c.name == name)
        if command.staff and not ctx.is_staff:
            await self.unknown(ctx)
            return

        async def work() -> None:
            if not await ctx.dialogue.answered_before():
                await command.handler(ctx)

        again = command.handler if command.looks and not ctx.args else None
        await self._guarded(ctx, work, again=again)

    async def tap(self, ctx: Context, data: str) -> None:
        """Carry out a tap on a button."""
        await self._guarded(
            ctx, lambda: self._handle(ctx, decode(data)), again=self._look_again(data)
        )

    def _look_again(self, data: str) -> Again | None:
        """How to show once more what a tap only looks at."""
        try:
            payload = decode(data)
        except StaleButton:
            return None
        if type(payload) not in self._routes.looks:
            return None
        return lambda ctx: self._handle(ctx, payload)

    async def text(self, ctx: Context, text: str) -> None:
        """Take typed text as the answer of a step, or as a search."""

        async def work() -> None:
            if await ctx.dialogue.answered_before():
                return
            name = await ctx.dialogue.waits_for()
            if await ctx.dialogue.consumed_before():
                name = await ctx.dialogue.taken_by()
                if name is None:
                    raise AlreadyConsumedError
                await ctx.dialogue.reread()
            await self._take(ctx, name or "", text)

        await self._guarded(ctx, work)

    async def _take(self, ctx: Context, name: str, text: str) -> None:
        """Give typed text to the step that waits for it, or that took it before."""
        step = self._steps.get(name.removeprefix(LATE))
        if step is None or (step.staff and not ctx.is_staff):
            await self._routes.search(ctx, text)
        elif self._routes.leaves(text):
            await self._leave(ctx)
        elif name.startswith(LATE):
            await self._routes.late(ctx, step.anew)
        else:
            await step.answer(ctx, text)

    async def cancel(self, ctx: Context) -> None:
        """/cancel: end the step and show home."""
        await self._guarded(ctx, lambda: self._leave(ctx))

    async def _leave(self, ctx: Context) -> None:
        waiting = (await ctx.dialogue.conversation()).step is not None
        t = ctx.t
        ctx.pending_note = (
            t.plain("Cancelled.") if waiting else t.plain("There was nothing to cancel.")
        )
        await self._draw(ctx, lambda: self._routes.home(ctx))

    async def unknown(self, ctx: Context) -> None:
        """Answer an unknown command; a step goes on waiting."""
        await self._guarded(
            ctx, lambda: ctx.delivery.say(ctx.t.plain("We don't know that command. Try /help."))
        )

    async def other(self, ctx: Context) -> None:
        """Answer a picture, a voice message or a sticker; a step goes on waiting."""

        async def work() -> None:
            await ctx.delivery.say(
                ctx.t.plain(
                    "We understand buttons, commands and typed text, but we cannot read this."
                )
            )

        await self._guarded(ctx, work)

    async def _handle(self, ctx: Context, payload: Payload) -> None:
        handler = self._taps.get(type(payload))
        if handler is None:
            raise StaleButton(f"{type(payload).__name__} leads nowhere")
        if type(payload) in self._routes.staff and not ctx.is_staff:
            raise NotAllowedError("staff_only")
        if type(payload) in self._routes.paying:
            ctx.client.rights.check_pay()
        try:
            await handler(ctx, payload)
        except FreshCodeNeededError:
            if self._routes.prove is None:
                raise
            await self._routes.prove(ctx, payload)

    async def _guarded(
        self, ctx: Context, work: Callable[[], Awaitable[None]], *, again: Again | None = None
    ) -> None:
        """Do the work and explain what goes wrong; `again` shows once more what it has shown."""
        is_shown, refresher = False, ctx.refresher
        if refresher is not None:
            refresher.forget(ctx.user.id)
        try:
            await ctx.read_visitor()
            ctx.hidden, ctx.handle_tap = self._hidden, self._handle
            try:
                await work()
                is_shown = True
            except AlreadyConsumedError:
                await ctx.dialogue.reread()
                await self._draw(ctx, lambda: self._question(ctx))
            except EXPECTED as error:
                await self._explain(ctx, error)
            await ctx.delivery.close()
            if is_shown and again is not None and refresher is not None:
                await refresher.begin(ctx, again)
        except UnavailableError:
            # Nobody need be told yet: it is done as soon as the database can be used.
            raise
        except Exception as error:
            number = incident_number()
            log.exception("incident %s: an update failed", number)
            await apologise(ctx, ctx.t, number)
            raise IncidentError(number, error) from error
        finally:
            ctx.delivery.release()

    async def _explain(self, ctx: Context, error: Exception) -> None:
        """Say what is wrong: after a tap the screen stays, after text the question comes again."""
        if isinstance(error, NotLinkedError):
            if ctx.pending_note is None:
                ctx.pending_note = ctx.t.plain("Please link your account first.")
            await self._routes.unlinked(ctx)
        elif isinstance(error, StaleButton):
            log.info("stale: %s", error)
            ctx.pending_note = stale(ctx.t)
            back = error.back
            await self._draw(
                ctx, lambda: self._routes.home(ctx) if back is None else self._handle(ctx, back)
            )
        elif isinstance(error, BillingError):
            note = sentence(ctx.t, error)
            if ctx.tapped and not isinstance(error, NotFoundError):
                await ctx.toast(note, alert=True)
            else:
                ctx.pending_note = note
                await self._draw(ctx, lambda: self._question(ctx))

    async def _question(self, ctx: Context) -> None:
        """Repeat the question of the waiting step, or show home if none waits."""
        name = None if ctx.tapped else (await ctx.dialogue.conversation()).step
        step = self._steps.get(name or "")
        await (self._routes.home(ctx) if step is None else step.again(ctx))

    async def _draw(self, ctx: Context, draw: Callable[[], Awaitable[None]]) -> None:
        """Draw a screen; if it is gone, draw home, or how to link."""
        try:
            try:
                await draw()
            except (StaleButton, BillingError):
                await self._routes.home(ctx)
        except NotLinkedError:
            await self._routes.unlinked(ctx)
