"""Confirmed payments from gateways and the operator, each taken exactly once."""

from dataclasses import dataclass, replace

from billing.actions.environment import Environment
from billing.actions.received import nothing_new, use_money
from billing.actions.references import BANK, check_reference, find_share
from billing.actions.settle import Settler
from billing.ports.outbox import Notification, Topic
from billing.ports.work import UnitOfWork
from billing.rules.errors import (
    BillingError,
    DuplicateChargeError,
    InvalidInputError,
    NotFoundError,
)
from billing.rules.invoices import Invoice, InvoiceStatus, check_transition, lacks_digits
from billing.rules.money import Money
from billing.rules.payload import NamedPayment
from billing.rules.payments import Payment, PaymentStatus
from billing.views.payments import PaymentResult


@dataclass(frozen=True, slots=True)
class CheckPreCheckout:
    """The last look before a provider takes money: one short read."""

    env: Environment

    async def __call__(
        self, user_id: int, payment_id: int, amount: Money, *, named: NamedPayment | None = None
    ) -> Invoice:
        """The invoice; BillingError when it is not this user's, closed, or of another amount.

        NotFoundError also when `named`, what the provider repeats to us, means another invoice.
        """
        async with self.env.work.reading() as uow:
            payment = await uow.payments.get(payment_id)
            invoice = await uow.invoices.any(payment.invoice_id) if payment else None
            if payment is None or invoice is None or not _is_meant(invoice, named):
                raise NotFoundError
            linked = await uow.users.linked(user_id)
        if invoice.client_id not in {client.client_id for client in linked}:
            raise NotFoundError
        check_transition(invoice, InvoiceStatus.PAID)
        if amount != payment.amount or amount != invoice.balance:
            raise BillingError("amount_changed", number=invoice.number)
        return invoice


@dataclass(frozen=True, slots=True)
class ConfirmPayment:
    """Money that a provider says it has taken; the charge id makes it count once."""

    env: Environment
    settler: Settler

    async def __call__(
        self,
        *,
        payment_id: int,
        charge_id: str,
        amount: Money,
        user_id: int | None = None,
        named: NamedPayment | None = None,
    ) -> PaymentResult:
        """Count it to the invoice, or to credit if that is closed; the second time do nothing.

        NotFoundError when there is no such payment, or when `named` means another invoice.

        BillingError("wrong_currency") for money that can be neither: it is kept in the payments,
        and the operator is told.
        """
        async with self.env.work.writing() as uow:
            attempt = await uow.payments.get(payment_id)
            if attempt is None:
                raise NotFoundError
            await uow.hold(attempt.client_id)
            invoice = await uow.invoices.any(attempt.invoice_id)
            if invoice is None or not _is_meant(invoice, named):
                raise NotFoundError
            paid = await self._book(uow, attempt, charge_id, amount)
            if paid is None:
                return nothing_new(invoice, amount)
            if amount.currency != invoice.currency:
                await self._alert(uow, invoice, paid)
                await uow.commit()
                raise BillingError("wrong_currency", number=invoice.number, amount=amount)
            result = await use_money(self.env, uow, self.settler, invoice, paid, not_user=user_id)
            await uow.commit()
        return result

    async def _book(
        self, uow: UnitOfWork, attempt: Payment, charge_id: str, amount: Money
    ) -> Payment | None:
        """Note the charge on its attempt, or on a new one when that was used; None if known."""
        now = self.env.now()
        if await uow.payments.of_charge(attempt.gateway, charge_id):
            return None
        paid = replace(
            attempt, status=PaymentStatus.PAID, charge_id=charge_id, amount=amount, paid_at=now
        )
        if await uow.payments.confirm(attempt.id, charge_id=charge_id, amount=amount, at=now):
            return paid
        return await uow.payments.add(replace(paid, id=0, created_at=now))

    async def _alert(self, uow: UnitOfWork, invoice: Invoice, paid: Payment) -> None:
        facts: dict[str, str | int] = {
            "event": "wrong_currency", "number": invoice.number, "amount": str(paid.amount),
            "client_id": invoice.client_id,
        }  # fmt: skip
        note = Notification(f"wrong_currency:{paid.id}", Topic.OPERATOR, None, facts)
        await uow.outbox.add([note], at=self.env.now())


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
        also: bool = False,
    ) -> PaymentResult:
        """Count it to the invoice; without an amount, its whole balance.

        `reference` is the bank's own id of the transfer; on one invoice it counts once, and on a
        second one only with `also`, else BillingError("reference_taken"). Without a reference a
        second transfer of the same amount on the same day needs `again`. InvoiceClosedError when
        the amount is left out and no balance can be meant.
        """
        known = None if reference is None else check_reference(reference)
        try:
            return await self._record(number, amount, known, again=again, also=also)
        except DuplicateChargeError:
            # Booked at the same moment by somebody else: by now their payment can be seen.
            return await self._record(number, amount, known, again=again, also=also)

    async def _record(
        self, number: str, amount: str | None, reference: str | None, *, again: bool, also: bool
    ) -> PaymentResult:
        share = 0
        async with self.env.work.writing() as uow:
            invoice = await _held_invoice(uow, number)
            if reference is not None:
                share, before = await find_share(self.env, uow, invoice, reference, also=also)
                if before is not None:
                    return self._repeated(invoice, before)
            elif amount is None and (before := await _paid_by_bank(uow, invoice)):
                return self._repeated(invoice, before)
            received = _received(invoice, amount)
            charge_id = reference or await self._charge_id(uow, invoice, received, again=again)
            if reference is None and (before := await uow.payments.of_charge(BANK, charge_id)):
                return self._repeated(invoice, before)
            paid = await self._book(uow, invoice, charge_id, received, share)
            result = await use_money(self.env, uow, self.settler, invoice, paid)
            await uow.commit()
        return result

    def _repeated(self, invoice: Invoice, before: Payment) -> PaymentResult:
        booked_on = self.env.day_of(before.paid_at or before.created_at)
        return replace(nothing_new(invoice, before.amount), booked_on=booked_on)

    async def _charge_id(
        self, uow: UnitOfWork, invoice: Invoice, received: Money, *, again: bool
    ) -> str:
        base = f"{invoice.number}/{self.env.today()}/{received.minor}"
        if not again:
            return base
        paid = await uow.payments.paid_of(invoice.id)
        return f"{base}/{len(paid) + 1}"

    async def _book(
        self, uow: UnitOfWork, invoice: Invoice, charge_id: str, received: Money, share: int
    ) -> Payment:
        now = self.env.now()
        return await uow.payments.add(
            Payment(
                id=0,
                invoice_id=invoice.id,
                client_id=invoice.client_id,
                gateway=BANK,
                status=PaymentStatus.PAID,
                amount=received,
                created_at=now,
                charge_id=charge_id,
                paid_at=now,
                share=share,
            )
        )


def _is_meant(invoice: Invoice, named: NamedPayment | None) -> bool:
    return named is None or named.belongs_to(invoice)


async def _paid_by_bank(uow: UnitOfWork, invoice: Invoice) -> Payment | None:
    """The last transfer that a paid invoice was paid with.

    One that was paid in another way has none: then a transfer for it is news.
    """
    if invoice.status is not InvoiceStatus.PAID:
        return None
    booked = [p for p in await uow.payments.paid_of(invoice.id) if p.gateway == BANK]
    return booked[-1] if booked else None


async def _held_invoice(uow: UnitOfWork, number: str) -> Invoice:
    """An invoice as it stands once its client is held."""
    name = number.strip().upper()
    invoice = await uow.invoices.by_number(name)
    if invoice is not None:
        await uow.hold(invoice.client_id)
        invoice = await uow.invoices.by_number(name)
    if invoice is None:
        code = "number_without_digits" if lacks_digits(name) else "no_such_invoice"
        raise NotFoundError(code, number=number)
    return invoice


def _received(invoice: Invoice, amount: str | None) -> Money:
    if amount is None:
        check_transition(invoice, InvoiceStatus.PAID)
        return invoice.balance
    received = Money.parse(amount, invoice.currency)
    if received.minor <= 0:
        raise InvalidInputError("bad_amount", text=amount)
    return received
