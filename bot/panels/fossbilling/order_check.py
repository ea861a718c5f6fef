"""The first step of an order: everything is looked at before anything is written."""

from dataclasses import dataclass

from billing.ports.connected import CallSubject, Done
from billing.rules.panel.refusals import CallRefusal
from billing.rules.shop.quotes import Quote
from bot.panels.fossbilling import plan
from bot.panels.fossbilling.facts import Facts
from bot.panels.fossbilling.offers import why_not
from bot.panels.fossbilling.questions import ENDED, RENEWABLE, Questions
from bot.panels.fossbilling.steps import PlainStep, refused


@dataclass(frozen=True, slots=True)
class CheckOrder(PlainStep):
    """Look at everything that is to be ordered before anything is: this step writes nothing."""

    ask: Questions

    async def prepare(self, subject: CallSubject) -> Facts:
        """Refuse what the panel would take and should not."""
        client = await self.ask.client(subject.client.ref)
        if client is None:
            return refused(CallRefusal.NO_SUCH_CLIENT)
        if client.get("status") not in (None, "active"):
            return refused(CallRefusal.CLIENT_CLOSED)
        for quote in plan.order_of(subject).quotes:
            why = await self._why_not(subject, quote)
            if why is not None:
                return refused(why)
        return {}

    async def _why_not(self, subject: CallSubject, quote: Quote) -> CallRefusal | None:
        if not plan.is_renewal(quote):
            ref = subject.products.get(quote.product_id)
            why = why_not(await self.ask.product(ref) if ref else None, quote)
            if why is not None or quote.service_id is None:
                return why
        service = subject.services.get(quote.service_id or 0)
        order = await self.ask.own_order(subject, service.ref) if service else None
        if order is None:
            return CallRefusal.NO_SUCH_SERVICE
        fits = order.get("status") in RENEWABLE
        if plan.is_renewal(quote):
            return None if fits else CallRefusal.NOT_RENEWABLE
        return CallRefusal.NO_SUCH_SERVICE if order.get("status") in ENDED else None

    async def write(self, subject: CallSubject, facts: Facts) -> None:
        """Write nothing."""

    async def find(self, subject: CallSubject, facts: Facts) -> Done | None:
        """Go on."""
        return Done(then=plan.following(subject))
