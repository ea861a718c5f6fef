"""Updates of the operator's chat: who may act there, and what may be tapped there.

Nothing of a client's own conversation happens here: no screen is drawn that a client would see.
"""

import logging
from collections.abc import Awaitable, Callable

from billing.ports.work import UnavailableError
from billing.rules.errors import BillingError
from handlers.chat.conversation.context import Context
from handlers.chat.conversation.dialogue import AlreadyConsumedError
from handlers.chat.screens.codec import StaleButton, decode
from handlers.chat.screens.errors import sentence
from handlers.chat.updates.incidents import IncidentError, apologise, incident_number
from handlers.chat.updates.routing import Routes, StaffReply
from locales.text import Plain

log = logging.getLogger(__name__)

GROUP_ANONYMOUS_BOT = 1087968824
"""Telegram's user for all administrators of groups who remain anonymous."""


class OperatorChat:
    """Calls the routes' handlers for staff; everybody else is refused in words."""

    def __init__(self, routes: Routes) -> None:
        self._routes = routes
        self._taps = {route.payload: route.handler for route in routes.staff_taps}

    def knows(self, data: str) -> bool:
        """Whether a button was made for staff."""
        try:
            return type(decode(data)) in self._taps
        except StaleButton:
            return False

    async def tap(self, ctx: Context, data: str) -> None:
        """Carry out a tap of somebody who may act for the company."""

        async def work() -> None:
            payload = decode(data)
            handler = self._taps.get(type(payload))
            if handler is None:
                raise StaleButton(f"{type(payload).__name__} is not for the operator's chat")
            await handler(ctx, payload)

        await self._guarded(ctx, work)

    async def reply(self, ctx: Context, reply: StaffReply) -> None:
        """Take a reply to a question of the bot."""
        handler = self._routes.staff_reply
        if handler is not None:
            await self._guarded(ctx, lambda: handler(ctx, reply))

    async def _guarded(self, ctx: Context, work: Callable[[], Awaitable[None]]) -> None:
        try:
            refusal = _refusal(ctx)
            if refusal is None:
                refusal = await _words(ctx, work)
            if refusal is not None:
                await ctx.toast(refusal, alert=True)
            await ctx.delivery.close()
        except UnavailableError:
            raise
        except Exception as error:
            number = incident_number()
            log.exception("incident %s: an update of the operator's chat failed", number)
            await apologise(ctx, ctx.operator_t, number)
            raise IncidentError(number, error) from error
        finally:
            ctx.delivery.release()


def _refusal(ctx: Context) -> Plain | None:
    """Why this person cannot act; None for staff."""
    t = ctx.operator_t
    if ctx.user.id == GROUP_ANONYMOUS_BOT:
        return t.plain(
            "An anonymous administrator is nobody in particular. Switch off “Remain anonymous” "
            "in the group's settings to act."
        )
    if not ctx.is_staff:
        return t.plain(
            "Only people who are named in PANELIK_STAFF may act here. Your user id is {user}.",
            user=str(ctx.user.id),
        )
    return None


async def _words(ctx: Context, work: Callable[[], Awaitable[None]]) -> Plain | None:
    """Do it; return what is wrong, in words."""
    try:
        await work()
    except AlreadyConsumedError:
        log.info("a reply came twice")
    except StaleButton as error:
        log.info("stale in the operator's chat: %s", error)
        return ctx.operator_t.plain("This button does nothing here.")
    except BillingError as error:
        return sentence(ctx.operator_t, error)
    return None
