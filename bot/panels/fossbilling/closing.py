"""Ending things: orders that are withdrawn, and services that are cancelled.

Each step does one thing of what is left, read again every time, until nothing is. Open invoices go
before what they are about: paying one would bring a cancelled service back, and the panel leaves
them open. It leaves the add-ons of a cancelled service running, too.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, NamedTuple

from billing.ports.connected import CallSubject, Done, NextCall
from billing.rules.panel.refusals import CallRefusal
from billing.views.services import CancelWhen
from bot.panels.fossbilling import plan
from bot.panels.fossbilling.facts import THERE, Facts
from bot.panels.fossbilling.families import Family, family_of
from bot.panels.fossbilling.questions import (
    ENDED,
    PAID,
    PENDING,
    UNPAID,
    Questions,
    is_of,
    orders_of,
)
from bot.panels.fossbilling.steps import PlainStep, refused
from bot.panels.fossbilling.values import id_of, short_text, text

NEXT: Final = "next"
_INVOICE, _CANCEL, _DELETE = "invoice", "cancel", "delete"


class Deed(NamedTuple):
    """One thing to do, and the id there of what it is done to."""

    what: str
    number: int


@dataclass(frozen=True, slots=True)
class _Ending(PlainStep):
    """Does the first of what is left, and says that more is to follow."""

    ask: Questions

    async def left(self, subject: CallSubject) -> list[Deed]:
        """What is left to be done, in turn."""
        raise NotImplementedError

    async def prepare(self, subject: CallSubject) -> Facts:
        """Choose what is done now."""
        left = await self.left(subject)
        return {"what": left[0].what, "number": left[0].number} if left else {THERE: True}

    async def write(self, subject: CallSubject, facts: Facts) -> None:
        """Do it."""
        number, http = facts["number"], self.ask.http
        match facts["what"]:
            case "invoice":
                await http.write("admin/invoice/update", id=number, status="canceled")
            case "delete":
                await http.write("admin/order/delete", id=number)
            case _:
                reason = subject.cancellation.reason if subject.cancellation else None
                await http.write(
                    "admin/order/cancel", id=number, reason=short_text(reason or "") or None
                )

    async def find(self, subject: CallSubject, facts: Facts) -> Done | None:
        """See that it is done, and whether more is left."""
        left = await self.left(subject)
        if "what" in facts and Deed(facts["what"], facts["number"]) in left:
            return None
        if left:
            return Done(then=NextCall(NEXT, ""))
        return Done(trouble=await self.trouble(subject))

    async def trouble(self, subject: CallSubject) -> str:
        """What the operator has to look at when all is done; "" for nothing."""
        return ""

    async def open_invoices(self, order: int, among: Collection[int]) -> list[Deed]:
        """Open invoices about an order that are about nothing but these orders."""
        unpaid = await self.ask.invoices_of(order, UNPAID)
        mine = [one for one in unpaid if set(orders_of(one)) <= set(among)]
        return [Deed(_INVOICE, id_of(one["id"])) for one in mine]


@dataclass(frozen=True, slots=True)
class Withdraw(_Ending):
    """Give up what an order has made: its open invoices, then what was never set up."""

    async def prepare(self, subject: CallSubject) -> Facts:
        """Refuse once something of it is paid, or is somebody else's."""
        for number in plan.numbers_made(subject, plan.INVOICE):
            invoice = await self.ask.invoice(number)
            if invoice is not None and not is_of(invoice, subject):
                return refused(CallRefusal.NO_SUCH_INVOICE)
            if invoice is not None and invoice.get("status") == PAID:
                return refused(CallRefusal.INVOICE_PAID)
        for number in plan.numbers_made(subject, plan.ORDER):
            order = await self.ask.order(number)
            if order is not None and not is_of(order, subject):
                return refused(CallRefusal.NO_SUCH_SERVICE)
        return await _Ending.prepare(self, subject)

    async def left(self, subject: CallSubject) -> list[Deed]:
        """Its open invoices, and its orders that are not set up."""
        orders = [int(one) for one in plan.numbers_made(subject, plan.ORDER)]
        own = {*orders, *(id_of(one.ref) for one in subject.services.values() if one.ref)}
        deeds = []
        for number in plan.numbers_made(subject, plan.INVOICE):
            invoice = await self.ask.own_invoice(subject, number)
            is_open = invoice is not None and invoice.get("status") == UNPAID
            if invoice is not None and is_open and set(orders_of(invoice)) <= own:
                deeds.append(Deed(_INVOICE, int(number)))
        for order in orders:
            row = await self.ask.own_order(subject, order)
            if row is not None and row.get("status") in PENDING:
                deeds.append(Deed(_DELETE, order))
        return deeds


@dataclass(frozen=True, slots=True)
class Cancel(_Ending):
    """End a service at once, with its add-ons and what is open for them."""

    async def prepare(self, subject: CallSubject) -> Facts:
        """Refuse what the panel cannot do: it ends nothing on a later day."""
        wanted = subject.cancellation
        if wanted is not None and wanted.when is CancelWhen.PERIOD_END:
            return refused(CallRefusal.NOT_POSSIBLE)
        if await self.ask.own_order(subject, _service(subject)) is None:
            return refused(CallRefusal.NO_SUCH_SERVICE)
        return await _Ending.prepare(self, subject)

    async def left(self, subject: CallSubject) -> list[Deed]:
        """The service and then its add-ons, each after the open invoices about it."""
        family = (await self._family(subject)).orders
        numbers = [id_of(one["id"]) for one in family]
        deeds: list[Deed] = []
        for one, number in zip(family, numbers, strict=True):
            invoices = await self.open_invoices(number, numbers)
            deeds += [deed for deed in invoices if deed not in deeds]
            if one.get("status") not in ENDED:
                what = _DELETE if one.get("status") in PENDING else _CANCEL
                deeds.append(Deed(what, number))
        return deeds

    async def trouble(self, subject: CallSubject) -> str:
        """What runs on although it may belong to the service."""
        family = await self._family(subject)
        return "; ".join(
            f"order {one['id']} ({text(one.get('title'))}) may belong to order "
            f"{_service(subject)} and runs on"
            for one in family.doubtful
        )

    async def _family(self, subject: CallSubject) -> Family:
        order = await self.ask.own_order(subject, _service(subject))
        return Family() if order is None else await family_of(self.ask, order)


def _service(subject: CallSubject) -> str:
    service = subject.services.get(subject.call.service_id or 0)
    return service.ref if service else "0"
