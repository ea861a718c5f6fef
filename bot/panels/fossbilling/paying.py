"""Payments: recorded with our number for them, and taken from or added to a balance.

The panel knows no amount of a payment: it counts an invoice as paid in full, or not at all. A
payment counts only with the gateway Custom, since no other one keeps the number.
"""

from dataclasses import dataclass

from billing.ports.connected import CallSubject, Done
from billing.rules.money import Money
from billing.rules.panel.refusals import CallRefusal
from billing.rules.payments.invoices import Invoice
from bot.panels.fossbilling.facts import THERE, Facts, mark_of
from bot.panels.fossbilling.questions import PAID, UNPAID, Questions, is_deposit
from bot.panels.fossbilling.steps import PlainStep, refused
from bot.panels.fossbilling.troubles import troubles_of
from bot.panels.fossbilling.values import Row, id_of, money, number, ref_of, text
from bot.panels.fossbilling.versions import old_version


@dataclass(frozen=True, slots=True)
class RecordPayment(PlainStep):
    """Mark an invoice as paid and let it be carried out at once, with our number, once."""

    ask: Questions

    async def prepare(self, subject: CallSubject) -> Facts:
        """Look for our number, then at the invoice and the gateway."""
        invoice = await self.ask.own_invoice(subject, _ref(subject))
        if invoice is None:
            return refused(CallRefusal.NO_SUCH_INVOICE)
        if invoice.get("status") == PAID and await self._is_ours(subject):
            return {THERE: True}
        why = _why_not(invoice) or _not_in_full(subject, invoice)
        if why is not None:
            return refused(why)
        gateway = await self.ask.gateway()
        if gateway is None:
            return refused(CallRefusal.NO_GATEWAY)
        if not await self._keeps_number(invoice, gateway):
            return refused(CallRefusal.OTHER_GATEWAY)
        return {"gateway": gateway}

    async def write(self, subject: CallSubject, facts: Facts) -> None:
        """Mark it as paid."""
        await self.ask.http.write(
            "admin/invoice/mark_as_paid",
            id=id_of(_ref(subject)),
            gateway_id=facts["gateway"],
            transactionId=_number(subject),
            execute=1,
        )

    async def find(self, subject: CallSubject, facts: Facts) -> Done | None:
        """The invoice, paid, and our number on it; then what has become of its orders."""
        invoice = await self.ask.own_invoice(subject, _ref(subject))
        if invoice is None or invoice.get("status") != PAID or not await self._is_ours(subject):
            return None
        return Done(_number(subject), trouble=await troubles_of(self.ask, invoice))

    async def _keeps_number(self, invoice: Row, gateway: int) -> bool:
        """Whether it is paid by the gateway that we name: before 0.8 by the invoice's own.

        With another one the panel would take it for paid and keep nothing to recognise it by.
        """
        if ref_of(invoice.get("gateway_id")) == str(gateway):
            return True
        return await old_version(self.ask.http) is None

    async def _is_ours(self, subject: CallSubject) -> bool:
        known = await self.ask.transactions(_number(subject))
        return any(str(one.get("invoice_id")) == _ref(subject) for one in known)


@dataclass(frozen=True, slots=True)
class PayBalance(PlainStep):
    """Pay an invoice from the client's balance; the panel says yes whether it has or not."""

    ask: Questions
    unless_there = str(CallRefusal.BALANCE_TOO_LOW)

    async def prepare(self, subject: CallSubject) -> Facts:
        """See that it is open and that the balance is enough."""
        invoice = await self.ask.own_invoice(subject, _ref(subject))
        if invoice is None:
            return refused(CallRefusal.NO_SUCH_INVOICE)
        if invoice.get("status") == PAID:
            return {THERE: True}
        why = _why_not(invoice)
        if why is not None:
            return refused(why)
        client = await self.ask.client(subject.client.ref)
        if client is None:
            return refused(CallRefusal.NO_SUCH_CLIENT)
        currency = text(invoice.get("currency"))
        balance = money(client.get("balance"), currency)
        total = money(invoice.get("total"), currency)
        if balance is None or total is None or balance < total:
            return refused(CallRefusal.BALANCE_TOO_LOW)
        return {"balance": balance.minor}

    async def write(self, subject: CallSubject, facts: Facts) -> None:
        """Pay it."""
        await self.ask.http.write("admin/invoice/pay_with_credits", id=id_of(_ref(subject)))

    async def find(self, subject: CallSubject, facts: Facts) -> Done | None:
        """The invoice, once it is paid; then what has become of its orders."""
        invoice = await self.ask.own_invoice(subject, _ref(subject))
        if invoice is None or invoice.get("status") != PAID:
            return None
        return Done(_ref(subject), trouble=await troubles_of(self.ask, invoice))


@dataclass(frozen=True, slots=True)
class AddBalance(PlainStep):
    """Put money on a client's balance; our mark stands in its description."""

    ask: Questions
    costs_money = True

    async def prepare(self, subject: CallSubject) -> Facts:
        """Look for the mark, then at the client."""
        client = await self.ask.client(subject.client.ref)
        if client is None:
            return refused(CallRefusal.NO_SUCH_CLIENT)
        if text(client.get("currency")) != subject.client.currency:
            return refused(CallRefusal.NOT_POSSIBLE)
        return {THERE: await self.find(subject, {}) is not None}

    async def write(self, subject: CallSubject, facts: Facts) -> None:
        """Add it."""
        amount = Money(subject.call.amount, subject.client.currency)
        await self.ask.http.write(
            "admin/client/balance_add_funds",
            id=id_of(subject.client.ref),
            amount=number(amount),
            description=f"Payment {_balance_mark(subject)}",
        )

    async def find(self, subject: CallSubject, facts: Facts) -> Done | None:
        """The change of the balance with our mark."""
        mark = _balance_mark(subject)
        for one in await self.ask.movements(subject.client.ref):
            if mark in text(one.get("description")):
                return Done(str(one["id"]))
        return None


def _invoice(subject: CallSubject) -> Invoice:
    if subject.invoice is None:
        raise LookupError(f"panel call {subject.call.id} has no invoice")
    return subject.invoice


def _ref(subject: CallSubject) -> str:
    return _invoice(subject).ref


def _why_not(invoice: Row) -> CallRefusal | None:
    """Why an invoice cannot be paid; a cancelled one could, and would bring a service back."""
    status = invoice.get("status")
    if status == UNPAID:
        return CallRefusal.DEPOSIT if is_deposit(invoice) else None
    return CallRefusal.INVOICE_PAID if status == PAID else CallRefusal.INVOICE_CLOSED


def _not_in_full(subject: CallSubject, invoice: Row) -> CallRefusal | None:
    """Money of another amount would be recorded as the whole, and the difference lost."""
    total = money(invoice.get("total"), text(invoice.get("currency")))
    received = Money(subject.call.amount, _invoice(subject).currency)
    return None if total == received else CallRefusal.NOT_IN_FULL


def _number(subject: CallSubject) -> str:
    """Our number of a payment, once for each invoice that it pays."""
    payment = subject.payment
    if payment is None:
        raise LookupError(f"panel call {subject.call.id} has no payment")
    mark = mark_of("payment", _ref(subject), payment.id, payment.created_at)
    return f"panelik-{payment.gateway}-{mark}"


def _balance_mark(subject: CallSubject) -> str:
    call = subject.call
    return mark_of("balance", subject.client.ref, call.unplaced_id, call.created_at, call.amount)
