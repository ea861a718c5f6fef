"""New services and add-ons: an order there for each, then what sets up those that are free.

The panel tells no two equal orders apart, so each carries a mark of ours among its meta.
"""

from dataclasses import dataclass

from billing.ports.connected import CallSubject, Done, Refused
from billing.rules.panel.refusals import CallRefusal
from billing.rules.services.service import ServiceStatus
from billing.rules.shop.cart import LineKind
from billing.rules.shop.quotes import Quote
from bot.panels.fossbilling import plan
from bot.panels.fossbilling.facts import THERE, Facts, mark_of
from bot.panels.fossbilling.offers import config_of, period_of, why_not
from bot.panels.fossbilling.orders import MARK
from bot.panels.fossbilling.questions import ENDED, Questions, has_mark
from bot.panels.fossbilling.steps import PlainStep, refused
from bot.panels.fossbilling.undoing import undone_first
from bot.panels.fossbilling.values import Row, id_of


@dataclass(frozen=True, slots=True)
class NewService(PlainStep):
    """An order there for one new thing, without an invoice: `issue-invoice` would renew it."""

    ask: Questions

    async def prepare(self, subject: CallSubject) -> Facts:
        """Look for it, then at the product and at what it belongs to."""
        if await self._made(subject) is not None:
            return {THERE: True}
        quote = plan.line_of(subject)
        ref = subject.products.get(quote.product_id)
        product = await self.ask.product(ref) if ref else None
        why = why_not(product, quote)
        if product is None or why is not None:
            return refused(why or CallRefusal.NOT_OFFERED)
        group = None
        if quote.kind is LineKind.ADDON:
            parent = await self.ask.own_order(subject, _parent(subject, quote))
            if parent is None or parent.get("status") in ENDED:
                return refused(CallRefusal.NO_SUCH_SERVICE)
            group = parent["group_id"]
        return {
            "product_id": id_of(ref),
            "period": period_of(quote.cycle),
            "group_id": group,
            "config": config_of(product, quote) or {},
        }

    async def write(self, subject: CallSubject, facts: Facts) -> None:
        """Make the order."""
        quote = plan.line_of(subject)
        if quote.kind is LineKind.ADDON:
            self.ask.known_addons.without.pop(id_of(_parent(subject, quote)), None)
        await self.ask.http.write(
            "admin/order/create",
            client_id=id_of(subject.client.ref),
            product_id=facts["product_id"],
            period=facts["period"],
            group_id=facts["group_id"],
            quantity=1,
            config=facts["config"],
            invoice_option="no-invoice",
            meta={MARK: _mark(subject)},
        )

    async def find(self, subject: CallSubject, facts: Facts) -> Done | None:
        """The order with our mark."""
        order = await self._made(subject)
        if order is None:
            return None
        return Done(plan.made_order(order["id"]), plan.following(subject))

    async def _made(self, subject: CallSubject) -> Row | None:
        quote, mark = plan.line_of(subject), _mark(subject)
        if quote.kind is not LineKind.ADDON:
            return await self.ask.marked(subject.client.ref, mark, MARK)
        addons = await self.ask.addons(_parent(subject, quote))
        return next((one for one in addons if has_mark(one, mark, MARK)), None)

    def refuse(self, subject: CallSubject, code: str) -> Done | Refused:
        """Take back what was made before."""
        return undone_first(subject, code)


def _mark(subject: CallSubject) -> str:
    """A mark of one line of one order of ours, in one database."""
    order, quote = plan.order_of(subject), plan.line_of(subject)
    return mark_of("line", subject.client.ref, order.id, order.created_at, quote.line_id)


def _parent(subject: CallSubject, quote: Quote) -> str:
    """The id there of what an add-on belongs to: known before, or made for this order."""
    if quote.service_id is not None:
        return subject.services[quote.service_id].ref
    return plan.number_made(subject, f"{plan.ORDER}:{quote.parent_line}")


@dataclass(frozen=True, slots=True)
class Activate(PlainStep):
    """Set up what costs nothing; without `force` that does nothing to what runs."""

    ask: Questions

    async def prepare(self, subject: CallSubject) -> Facts:
        """See that it is there and costs nothing."""
        order = await self.ask.own_order(subject, _made_for(subject))
        if order is None:
            return refused(CallRefusal.NO_SUCH_SERVICE)
        if order.get("status") == ServiceStatus.ACTIVE:
            return {THERE: True}
        return refused(CallRefusal.PERIOD_NOT_OFFERED) if order.get("price") else {}

    async def write(self, subject: CallSubject, facts: Facts) -> None:
        """Set it up."""
        await self.ask.http.write("admin/order/activate", id=id_of(_made_for(subject)))

    async def find(self, subject: CallSubject, facts: Facts) -> Done | None:
        """The order, once it runs."""
        order = await self.ask.own_order(subject, _made_for(subject))
        if order is None or order.get("status") != ServiceStatus.ACTIVE:
            return None
        line = plan.line_of(subject).line_id
        return Done(plan.made_order(order["id"]), plan.following(subject), lines=(line,))

    def refuse(self, subject: CallSubject, code: str) -> Done | Refused:
        """Take back what was made before."""
        return undone_first(subject, code)


@dataclass(frozen=True, slots=True)
class Issue(PlainStep):
    """Let the panel invoice the renewals of what was ordered."""

    ask: Questions
    option = "issue-invoice"

    async def prepare(self, subject: CallSubject) -> Facts:
        """See whether it does so already."""
        order = await self.ask.own_order(subject, _made_for(subject))
        return {THERE: order is None or order.get("invoice_option") == self.option}

    async def write(self, subject: CallSubject, facts: Facts) -> None:
        """Switch it on; twice is the same."""
        await self.ask.http.write(
            "admin/order/update", id=id_of(_made_for(subject)), invoice_option=self.option
        )

    async def find(self, subject: CallSubject, facts: Facts) -> Done | None:
        """See that it is on; an order that staff have deleted needs nothing."""
        order = await self.ask.own_order(subject, _made_for(subject))
        if order is not None and order.get("invoice_option") != self.option:
            return None
        return Done(then=plan.following(subject))

    def refuse(self, subject: CallSubject, code: str) -> Done | Refused:
        """Go on: what was ordered stands, and somebody has to switch it on."""
        trouble = f"order {_made_for(subject)} is not {self.option}: {code}"
        return Done(then=plan.following(subject), trouble=trouble)


def _made_for(subject: CallSubject) -> str:
    """The id there of the order that was made for the step's line."""
    return plan.number_made(subject, plan.step_of(plan.ORDER, plan.line_of(subject)))
