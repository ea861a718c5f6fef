"""One invoice for the new things of an order, with the panel's prices of this moment."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from billing.ports.connected import CallSubject, Done, Refused
from billing.rules.panel.refusals import CallRefusal
from billing.rules.shop.quotes import Quote
from bot.panels.fossbilling import plan
from bot.panels.fossbilling.facts import THERE, Facts
from bot.panels.fossbilling.offers import setup_of
from bot.panels.fossbilling.questions import Questions, is_of
from bot.panels.fossbilling.steps import PlainStep, refused
from bot.panels.fossbilling.undoing import undone_first
from bot.panels.fossbilling.values import Row, id_of, short_text, text

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class MakeInvoice(PlainStep):
    """Prepare the invoice whose payment sets the new orders up: their lines say `activate`."""

    ask: Questions

    async def prepare(self, subject: CallSubject) -> Facts:
        """Look for it, then read what its lines say."""
        if await self._made(subject) is not None:
            return {THERE: True}
        items: list[dict[str, Any]] = []
        for quote in _paid_lines(subject):
            order = await self.ask.own_order(subject, _order_of(subject, quote))
            if order is None:
                return refused(CallRefusal.NO_SUCH_SERVICE)
            items += await self._items(order, quote)
        return {"items": items}

    async def write(self, subject: CallSubject, facts: Facts) -> None:
        """Make it, approved; which gateway pays it is up to the client."""
        await self.ask.http.write(
            "admin/invoice/prepare",
            client_id=id_of(subject.client.ref),
            approve=1,
            items=facts["items"],
        )

    async def find(self, subject: CallSubject, facts: Facts) -> Done | None:
        """The invoice with a line for what was ordered; nobody else invoices that."""
        invoice = await self._made(subject)
        if invoice is None:
            return None
        lines = tuple(quote.line_id for quote in _paid_lines(subject))
        made = plan.made_invoice(invoice["id"])
        return Done(made, plan.following(subject), lines=lines)

    def refuse(self, subject: CallSubject, code: str) -> Done | Refused:
        """Take back the orders that were made for it."""
        return undone_first(subject, code)

    async def _made(self, subject: CallSubject) -> Row | None:
        first = _order_of(subject, _paid_lines(subject)[0])
        known = await self.ask.invoices_of(first)
        return next((one for one in known if is_of(one, subject)), None)

    async def _items(self, order: Row, quote: Quote) -> list[dict[str, Any]]:
        """The line of an order, and one of its setup fee; `taxed` as the client is."""
        title = short_text(text(order.get("title")))
        items: list[dict[str, Any]] = [
            {
                "title": title,
                "price": _number(order.get("price")),
                "quantity": int(order.get("quantity") or 1),
                "period": order.get("period"),
                "unit": order.get("unit"),
                "type": "order",
                "rel_id": id_of(order["id"]),
                "task": "activate",
                "taxed": 1,
            }
        ]
        product = await self.ask.product(str(order["product_id"]))
        setup = setup_of(product, quote) if product else Decimal(0)
        if setup:
            setup *= await self.ask.rate(text(order.get("currency")))
            fee = float(setup.quantize(_CENT))
            items.append(
                {"title": short_text(title, " setup"), "price": fee, "quantity": 1, "taxed": 1}
            )
        return items


def _paid_lines(subject: CallSubject) -> list[Quote]:
    new = plan.new_lines(plan.order_of(subject))
    return [quote for quote in new if not plan.costs_nothing(quote)]


def _order_of(subject: CallSubject, quote: Quote) -> str:
    return plan.number_made(subject, plan.step_of(plan.ORDER, quote))


def _number(value: object) -> float:
    return float(Decimal(str(value or 0)).quantize(_CENT))
