"""A renewal: the invoice there that pays for the next period.

The call for it must not be made twice: with enough balance it pays inside the call, so that the
next one finds no open invoice and buys another period; beside another one it makes two invoices.
"""

from dataclasses import dataclass

from billing.ports.connected import CallSubject, Done
from billing.rules.panel.refusals import CallRefusal
from bot.panels.fossbilling import plan
from bot.panels.fossbilling.facts import THERE, Facts
from bot.panels.fossbilling.questions import PAID, RENEWABLE, UNPAID, Questions
from bot.panels.fossbilling.steps import PlainStep, refused
from bot.panels.fossbilling.troubles import troubles_of
from bot.panels.fossbilling.values import Row, id_of


@dataclass(frozen=True, slots=True)
class Renew(PlainStep):
    """Make the invoice, unless one is open for the service: that is what is to be paid."""

    ask: Questions

    async def prepare(self, subject: CallSubject) -> Facts:
        """Read what is open for the service, and the mark that new invoices are beyond."""
        ref = _service(subject)
        order = await self.ask.own_order(subject, ref) if ref else None
        if order is None:
            return refused(CallRefusal.NO_SUCH_SERVICE)
        if order.get("status") not in RENEWABLE:
            return refused(CallRefusal.NOT_RENEWABLE)
        unpaid = await self.ask.invoices_of(ref, UNPAID)
        if unpaid:
            return {THERE: True, "invoice": id_of(unpaid[0]["id"])}
        return {
            "beyond": await self.ask.newest_invoice(subject.client.ref),
            "expires_at": order.get("expires_at"),
            "balance": str(order.get("client", {}).get("balance")),
        }

    async def write(self, subject: CallSubject, facts: Facts) -> None:
        """Make it; the answer is its id, be it open or paid already."""
        order = id_of(_service(subject))
        await self.ask.http.write("admin/invoice/renewal_invoice", id=order)

    async def find(self, subject: CallSubject, facts: Facts) -> Done | None:
        """The invoice that was open, or the first one beyond the mark about this service."""
        invoice = await self._made(subject, facts)
        if invoice is None:
            return None
        trouble = ""
        if invoice.get("status") == PAID:
            trouble = await troubles_of(self.ask, invoice)
        line = plan.line_of(subject).line_id
        made = plan.made_invoice(invoice["id"])
        return Done(made, plan.following(subject), lines=(line,), trouble=trouble)

    async def _made(self, subject: CallSubject, facts: Facts) -> Row | None:
        if "invoice" in facts:
            return await self.ask.own_invoice(subject, facts["invoice"])
        known = await self.ask.invoices_of(_service(subject))
        beyond = (one for one in known if id_of(one["id"]) > facts["beyond"])
        return next(beyond, None)


def _service(subject: CallSubject) -> str:
    service = subject.services.get(plan.line_of(subject).service_id or 0)
    return service.ref if service else ""
