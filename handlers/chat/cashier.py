"""Payments through Telegram: may this be paid?"""

import logging

from billing.rules.errors import BillingError
from handlers.chat.context import Context
from handlers.chat.errors import incident, sentence
from handlers.chat.incidents import incident_number
from handlers.chat.routing import PreCheckout, Routes
from locales.text import Plain

log = logging.getLogger(__name__)


class Cashier:
    """Carries out the route of payments; money that has come takes another way."""

    def __init__(self, routes: Routes) -> None:
        self._routes = routes

    async def pre_checkout(self, ctx: Context, asked: PreCheckout) -> Plain | None:
        """None if the invoice may be paid now, else why not; Telegram waits ten seconds."""
        try:
            await ctx.identify()
            if self._routes.pre_checkout is not None:
                await self._routes.pre_checkout(ctx, asked)
        except BillingError as error:
            return sentence(ctx.t, error)
        except Exception:
            number = incident_number()
            log.exception("incident %s: an invoice cannot be checked", number)
            return incident(ctx.t, number)
        return None
