"""Payments through Telegram: the decision whether an invoice may be paid."""

import asyncio
import logging

from billing.ports.work import UnavailableError
from billing.rules.errors import BillingError
from handlers.chat.conversation.context import Context
from handlers.chat.screens.errors import incident, sentence, undecided
from handlers.chat.updates.incidents import incident_number
from handlers.chat.updates.routing import PreCheckout, Routes
from locales.text import Plain

log = logging.getLogger(__name__)


class PreCheckoutDecision:
    """Answers pre-checkout queries; money that has come goes to the inbox instead."""

    def __init__(self, routes: Routes) -> None:
        self._routes = routes
        self._deciding: set[asyncio.Task[Plain | None]] = set()

    async def pre_checkout(self, ctx: Context, query: PreCheckout) -> Plain | None:
        """Return None if the invoice may be paid now, else the reason.

        Telegram waits ten seconds for the answer. If the database takes too long, the answer is
        no. The decision is then cancelled but not waited for, because it may take long to end.
        """
        deciding = asyncio.create_task(self._decide(ctx, query))
        self._deciding.add(deciding)
        deciding.add_done_callback(self._deciding.discard)
        try:
            await asyncio.wait({deciding}, timeout=ctx.deps.config.decision_seconds)
            if deciding.done():
                return deciding.result()
        finally:
            deciding.cancel()
        log.error("an invoice could not be checked in time and was refused: %s", query.payload)
        return undecided(ctx.t)

    async def _decide(self, ctx: Context, query: PreCheckout) -> Plain | None:
        try:
            await ctx.identify()
            if self._routes.pre_checkout is not None:
                await self._routes.pre_checkout(ctx, query)
        except BillingError as error:
            return sentence(ctx.t, error)
        except UnavailableError as error:
            ctx.deps.on_incident()
            log.warning("an invoice cannot be checked and is refused: %s", error)
            return undecided(ctx.t)
        except Exception:
            number = incident_number()
            ctx.deps.on_incident()
            log.exception("incident %s: an invoice cannot be checked", number)
            return incident(ctx.t, number)
        return None
