"""Money that arrives: paying an invoice, applying its lines, closing it.

Everything here happens inside the caller's transaction. Conditional updates come before any
effect, so that a confirmation that comes twice, or two at once, has one effect.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from billing.actions.environment import Environment
from billing.actions.payments import paid_notices as notices
from billing.actions.payments.give_back import MoneyBack, give_back
from billing.actions.tasks.open import open_tasks
from billing.ports.outbox import Notification
from billing.ports.panel import Applied, Panel
from billing.ports.work import UnitOfWork
from billing.rules.errors import BillingError, NotFoundError, NotOfferedError
from billing.rules.money import Money, total
from billing.rules.payments.invoices import (
    Born,
    Invoice,
    InvoiceLine,
    InvoiceStatus,
    Outcome,
    check_transition,
)
from billing.rules.payments.payment import CreditReason, PaymentStatus, apply_money
from billing.rules.shop.catalog import Catalog

NOT_DELIVERED = frozenset({Outcome.CREDITED, Outcome.UNDELIVERED})


@dataclass(frozen=True, slots=True)
class Settler:
    """Moves an invoice through its life together with the money and the services."""

    env: Environment
    panel: Panel

    async def read_open(
        self, uow: UnitOfWork, client_id: int, invoice_id: int
    ) -> tuple[Invoice, Catalog]:
        """An unpaid invoice of the client and the catalogue; NotFoundError, InvoiceClosedError."""
        read = await uow.invoices.get_with_catalog(client_id, invoice_id)
        if read is None:
            raise NotFoundError
        check_transition(read[0], InvoiceStatus.PAID)
        return read

    async def pay_with_credit(
        self, uow: UnitOfWork, invoice: Invoice, amount: Money, *, not_user: int | None = None
    ) -> Invoice:
        """Debit credit for an invoice and settle it when covered; InsufficientCreditError.

        NotOfferedError where clients have no credit, and for an invoice that a panel has made.
        """
        if amount and (not self.env.capabilities.credit or invoice.born is Born.PANEL):
            raise NotOfferedError("gateway_off")
        if amount:
            await uow.clients.move_credit(
                invoice.client_id,
                -amount,
                reason=CreditReason.APPLIED,
                at=self.env.now(),
                invoice_number=invoice.number,
            )
        return await self.receive(uow, invoice, amount, not_user=not_user)

    async def receive(
        self,
        uow: UnitOfWork,
        invoice: Invoice,
        amount: Money,
        *,
        gateway: str = "",
        not_user: int | None = None,
    ) -> Invoice:
        """Count money to an open invoice (never more than its balance) and settle it when full.

        `gateway` is the code of the way in which it came, "" for credit.
        """
        use = apply_money(invoice, amount)
        if use.surplus:
            raise ValueError("the surplus belongs to the client's credit")
        status = self._covered if use.settles else InvoiceStatus.UNPAID
        now = self.env.now()
        paid = invoice.paid + use.to_invoice
        if not await uow.invoices.update_if_unchanged(invoice, status=status, paid=paid, at=now):
            raise BillingError("try_again")
        invoice = replace(invoice, status=status, paid=paid)
        if not use.settles:
            return invoice
        await uow.payments.close_open(invoice.id, PaymentStatus.EXPIRED)
        invoice, work = await self._apply(uow, replace(invoice, paid_at=now), now)
        notes = [
            *notices.to_client(invoice, not_user),
            *notices.paid_in_full(self.env, invoice, use.to_invoice, gateway),
            *notices.of_lines(invoice),
        ]
        await uow.outbox.add([*notes, *work], at=now)
        return invoice

    @property
    def _covered(self) -> InvoiceStatus:
        """What an invoice is whose money has come in full."""
        deferred = self.env.capabilities.deferred
        return InvoiceStatus.BEING_APPLIED if deferred else InvoiceStatus.PAID

    async def _apply(
        self, uow: UnitOfWork, invoice: Invoice, now: datetime
    ) -> tuple[Invoice, list[Notification]]:
        """Apply its lines; return it with what became of them, and what the operator has to do.

        What a panel is owed makes no work before it is done.
        """
        result = await self.panel.settle(uow, invoice, now=now, today=self.env.today())
        if not isinstance(result, Applied):
            return invoice, []
        lines = tuple(one.line for one in result.value)
        if not self.env.capabilities.credit:
            lines = _not_credited(lines)
        await uow.invoices.save_lines(invoice.id, lines)
        invoice = replace(invoice, lines=lines)
        await self._give_back(uow, invoice)
        return invoice, await open_tasks(uow, invoice, result.value, at=now)

    async def _give_back(self, uow: UnitOfWork, invoice: Invoice) -> None:
        """Give back what was paid for but cannot be delivered, in one movement."""
        undelivered = [line for line in invoice.lines if line.outcome in NOT_DELIVERED]
        gross = total((line.amounts.gross for line in undelivered), invoice.currency)
        if gross:
            # Other lines of the invoice may follow later, under a key of their own.
            key = f"undelivered:{invoice.number}:{min(line.id for line in undelivered)}"
            back = MoneyBack(
                invoice.client_id, gross, CreditReason.UNDELIVERED, invoice.number, key
            )
            await give_back(self.env, uow, back)

    async def close(self, uow: UnitOfWork, invoice: Invoice, status: InvoiceStatus) -> Money:
        """Cancel or expire an unpaid invoice; return what goes back to the client."""
        check_transition(invoice, status)
        now = self.env.now()
        if not await uow.invoices.update_if_unchanged(
            invoice, status=status, paid=invoice.paid, at=now
        ):
            raise BillingError("try_again")
        await uow.payments.close_open(invoice.id, PaymentStatus.EXPIRED)
        if invoice.paid:
            key = f"released:{invoice.number}"
            back = MoneyBack(
                invoice.client_id, invoice.paid, CreditReason.RELEASED, invoice.number, key
            )
            await give_back(self.env, uow, back)
        return invoice.paid


def _not_credited(lines: tuple[InvoiceLine, ...]) -> tuple[InvoiceLine, ...]:
    """The lines as they are where clients have no credit."""
    return tuple(
        replace(line, outcome=Outcome.UNDELIVERED) if line.outcome is Outcome.CREDITED else line
        for line in lines
    )
