"""Confirmed payments from gateways and the operator, each taken exactly once."""

from dataclasses import dataclass
from datetime import datetime

from billing.actions.environment import Environment
from billing.actions.settle import Settler
from billing.ports.outbox import Notification, Topic
from billing.ports.work import UnitOfWork
from billing.rules.errors import (
    BillingError,
    InvalidInputError,
    InvoiceClosedError,
    NotFoundError,
)
from billing.rules.invoices import Invoice
from billing.rules.money import Money
from billing.rules.payments import CreditReason, Payment, PaymentStatus, apply_money
from billing.views.payments import PaymentNews, PaymentResult

BANK = "bank"
"""The gateway whose money the operator confirms by hand."""


@dataclass(frozen=True, slots=True)
class CheckPreCheckout:
    """The last look before a provider takes money: one short read."""

    env: Environment

    async def __call__(self, user_id: int, payment_id: int, amount: Money) -> Invoice:
        """The invoice; BillingError when it is not this user's, closed, or of another amount."""
        async with self.env.work.reading() as uow:
            payment = await uow.payments.get(payment_id)
            invoice = await uow.invoices.any(payment.invoice_id) if payment else None
            if payment is None or invoice is None:
                raise NotFoundError
            linked = await uow.users.linked(user_id)
        if invoice.client_id not in {client.client_id for client in linked}:
            raise NotFoundError
        if not invoice.is_open:
            raise InvoiceClosedError(
                status=invoice.status, number=invoice.number, invoice_id=invoice.id
            )
        if amount != payment.amount or amount != invoice.balance:
            raise BillingError("amount_changed", number=invoice.number)
        return invoice


@dataclass(frozen=True, slots=True)
class ConfirmPayment:
    """Money that a provider says it has taken; the charge id makes it count once."""

    env: Environment
    settler: Settler

    async def __call__(
        self, *, payment_id: int, charge_id: str, amount: Money, user_id: int | None = None
    ) -> PaymentResult:
        """Count it to the invoice, or to credit if that is closed; the second time do nothing."""
        async with self.env.work.writing() as uow:
            payment = await uow.payments.get(payment_id)
            if payment is None:
                raise NotFoundError
            invoice = await uow.invoices.any(payment.invoice_id)
            if invoice is None:
                raise NotFoundError
            if not await self._book(uow, payment, invoice, charge_id, amount):
                zero = Money.zero(amount.currency)
                return PaymentResult(PaymentNews.REPEATED, invoice, amount, zero)
            result = await take_money(
                self.env, uow, self.settler, invoice, amount, charge_id, not_user=user_id
            )
            await uow.commit()
        return result

    async def _book(
        self, uow: UnitOfWork, payment: Payment, invoice: Invoice, charge_id: str, amount: Money
    ) -> bool:
        """Note the charge on its attempt, or on a new one when that was used; False if known."""
        now = self.env.now()
        if await uow.payments.of_charge(payment.gateway, charge_id):
            return False
        if not await uow.payments.confirm(payment.id, charge_id=charge_id, amount=amount, at=now):
            await book_charge(
                uow, invoice, payment.gateway, charge_id=charge_id, amount=amount, at=now
            )
        return True


async def book_charge(
    uow: UnitOfWork,
    invoice: Invoice,
    gateway: str,
    *,
    charge_id: str,
    amount: Money,
    at: datetime,
) -> Payment:
    """Insert a payment that is paid already."""
    return await uow.payments.add(
        Payment(
            id=0,
            invoice_id=invoice.id,
            client_id=invoice.client_id,
            gateway=gateway,
            status=PaymentStatus.PAID,
            amount=amount,
            created_at=at,
            charge_id=charge_id,
            paid_at=at,
        )
    )


async def take_money(
    env: Environment,
    uow: UnitOfWork,
    settler: Settler,
    invoice: Invoice,
    amount: Money,
    charge_id: str,
    *,
    not_user: int | None = None,
) -> PaymentResult:
    """Use received money: the invoice's balance first, the rest to credit with an alert."""
    use = apply_money(invoice, amount)
    if use.applied:
        invoice = await settler.receive(uow, invoice, use.applied, not_user=not_user)
    if use.surplus:
        now = env.now()
        await uow.clients.move_credit(
            invoice.client_id, use.surplus, reason=CreditReason.SURPLUS, at=now,
            invoice_number=invoice.number,
        )  # fmt: skip
        facts: dict[str, str | int] = {"number": invoice.number, "amount": str(use.surplus)}
        key = f"surplus:{invoice.number}:{charge_id}"
        alert: dict[str, str | int] = {**facts, "event": "surplus"}
        await uow.outbox.add(
            [
                Notification(key, Topic.MONEY_TO_CREDIT, invoice.client_id, facts),
                Notification(key, Topic.OPERATOR, None, alert),
            ],
            at=now,
        )
    if use.settles:
        news = PaymentNews.PAID
    else:
        news = PaymentNews.PART if use.applied else PaymentNews.TO_CREDIT
    return PaymentResult(news, invoice, amount, use.surplus)


@dataclass(frozen=True, slots=True)
class RecordTransfer:
    """A bank transfer the operator has seen on his account."""

    env: Environment
    settler: Settler

    async def __call__(
        self,
        number: str,
        amount: str | None = None,
        *,
        reference: str | None = None,
        again: bool = False,
    ) -> PaymentResult:
        """Count it to the invoice; without an amount, its whole balance.

        `reference` is the bank's own id of the transfer; the same one counts once. Without it a
        second transfer of the same amount on the same day needs `again`.
        """
        async with self.env.work.writing() as uow:
            invoice = await uow.invoices.by_number(number.strip().upper())
            if invoice is None:
                raise NotFoundError("no_such_invoice", number=number)
            received = Money.parse(amount, invoice.currency) if amount else invoice.balance
            if amount is None and not invoice.is_open:
                zero = Money.zero(invoice.currency)
                return PaymentResult(PaymentNews.REPEATED, invoice, zero, zero)
            if received.minor <= 0:
                raise InvalidInputError("bad_amount", text=amount)
            charge_id = await self._charge_id(uow, invoice, received, reference, again)
            if await uow.payments.of_charge(BANK, charge_id):
                zero = Money.zero(invoice.currency)
                return PaymentResult(PaymentNews.REPEATED, invoice, received, zero)
            now = self.env.now()
            await book_charge(uow, invoice, BANK, charge_id=charge_id, amount=received, at=now)
            result = await take_money(self.env, uow, self.settler, invoice, received, charge_id)
            await self._tell_part(uow, result)
            await uow.commit()
        return result

    async def _charge_id(
        self,
        uow: UnitOfWork,
        invoice: Invoice,
        received: Money,
        reference: str | None,
        again: bool,
    ) -> str:
        if reference:
            return reference
        base = f"{invoice.number}/{self.env.today()}/{received.minor}"
        if not again:
            return base
        paid = await uow.payments.paid_of(invoice.id)
        return f"{base}/{len(paid) + 1}"

    async def _tell_part(self, uow: UnitOfWork, result: PaymentResult) -> None:
        if result.news is not PaymentNews.PART:
            return
        invoice = result.invoice
        facts: dict[str, str | int] = {
            "invoice_id": invoice.id,
            "number": invoice.number,
            "amount": str(result.received),
            "balance": str(invoice.balance),
        }
        key = f"part:{invoice.number}:{invoice.paid.minor}"
        note = Notification(key, Topic.PART_PAID, invoice.client_id, facts)
        await uow.outbox.add([note], at=self.env.now())
