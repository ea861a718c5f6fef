"""Ending things: orders that are withdrawn, and services that are cancelled.

Each step does one thing of what is left, read again every time, until nothing is. Open invoices go
before what they are about: paying one would bring a cancelled service back, and the panel leaves
them open. It leaves the add-ons of a cancelled service running, too. One that was never set up is
deleted, and nothing tells afterwards what belonged to it: its add-ons go first.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from billing.ports.connected import CallSubject, Done, NextCall, Refused
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
from bot.panels.fossbilling.values import SHORT, id_of, short_text, text

NEXT: Final = "next"
_INVOICE, _CANCEL, _DELETE = "invoice", "cancel", "delete"
_TROUBLES: Final = "troubles"


class Deed(NamedTuple):
    """One thing to do, and the id there of what it is done to."""

    what: str
    number: int

    def __str__(self) -> str:
        """Both, as the operator is told of them."""
        return f"{self.what} {self.number}"


@dataclass(frozen=True, slots=True)
class _Ending(PlainStep, ABC):
    """Does the first of what is left, and says that more is to follow."""

    ask: Questions

    @abstractmethod
    async def left(self, subject: CallSubject) -> list[Deed]:
        """What is left to be done, in turn."""

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
            return Done(then=NextCall(NEXT, _with(subject.call.ref, facts)))
        return Done(trouble="; ".join(await self.troubles(subject)))

    @abstractmethod
    async def troubles(self, subject: CallSubject) -> list[str]:
        """What the operator has to look at when all is done."""

    def refuse(self, subject: CallSubject, code: str) -> Done | Refused:
        """Refuse; what was done before stays done, and the operator is told of it."""
        done = subject.call.ref
        if not done:
            return Refused(code)
        trouble = f"{code}, and done before: {done}"
        return Done(then=NextCall(plan.REFUSE, code), trouble=trouble)

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

    async def troubles(self, subject: CallSubject) -> list[str]:
        """Invoices that stay open, since they are about other things, too."""
        made = [
            await self.ask.own_invoice(subject, number)
            for number in plan.numbers_made(subject, plan.INVOICE)
        ]
        is_open = [one for one in made if one and one.get("status") == UNPAID]
        return [f"invoice {one['id']} stays open" for one in is_open]


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
        facts = await _Ending.prepare(self, subject)
        if facts.get("what") == _DELETE and str(facts["number"]) == _service(subject):
            # Once it is gone there is nothing any more by which these are found.
            facts[_TROUBLES] = await self.troubles(subject)
        return facts

    async def find(self, subject: CallSubject, facts: Facts) -> Done | None:
        """The same, with what was found while the service was there."""
        done = await _Ending.find(self, subject, facts)
        if done is None or _TROUBLES not in facts:
            return done
        return replace(done, trouble="; ".join(facts[_TROUBLES]))

    async def left(self, subject: CallSubject) -> list[Deed]:
        """The service and then its add-ons, each after the open invoices about it.

        One that will be deleted comes after its add-ons.
        """
        family = list((await self._family(subject)).orders)
        if family and family[0].get("status") in PENDING:
            family.append(family.pop(0))
        numbers = [id_of(one["id"]) for one in family]
        deeds: list[Deed] = []
        for one, number in zip(family, numbers, strict=True):
            invoices = await self.open_invoices(number, numbers)
            deeds += [deed for deed in invoices if deed not in deeds]
            if one.get("status") not in ENDED:
                what = _DELETE if one.get("status") in PENDING else _CANCEL
                deeds.append(Deed(what, number))
        return deeds

    def refuse(self, subject: CallSubject, code: str) -> Done | Refused:
        """Refuse, unless the service is ended already: its client is not told that it goes on."""
        answer = _Ending.refuse(self, subject, code)
        if str(Deed(_CANCEL, int(_service(subject)))) in subject.call.ref.split(", "):
            return Done(trouble=answer.trouble) if isinstance(answer, Done) else answer
        return answer

    async def troubles(self, subject: CallSubject) -> list[str]:
        """Invoices whose payment brings it back, and what runs on that may belong to it."""
        family, ref = await self._family(subject), _service(subject)
        told = []
        for one in family.orders:
            goes = one.get("status") in PENDING
            then = "" if goes else f"; its payment revives order {one['id']}"
            unpaid = await self.ask.invoices_of(one["id"], UNPAID)
            told += [f"invoice {invoice['id']} stays open{then}" for invoice in unpaid]
        return told + [
            f"order {one['id']} ({text(one.get('title'))}) may belong to order {ref} and runs on"
            for one in family.doubtful
        ]

    async def _family(self, subject: CallSubject) -> Family:
        order = await self.ask.own_order(subject, _service(subject))
        return Family() if order is None else await family_of(self.ask, order)


def _service(subject: CallSubject) -> str:
    service = subject.services.get(subject.call.service_id or 0)
    return service.ref if service else "0"


def _with(done: str, facts: Facts) -> str:
    """What was done before, with what was done now, as far as there is room for it."""
    if "what" not in facts:
        return done
    longer = ", ".join(filter(None, (done, str(Deed(facts["what"], facts["number"])))))
    return longer if len(longer) <= SHORT else done
