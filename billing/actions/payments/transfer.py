"""Bank transfers that the operator records, each counted once."""

from dataclasses import dataclass, replace

from billing.actions.environment import Environment
from billing.actions.payments.recall_balance import recall_balance
from billing.actions.payments.references import BANK, check_reference, find_share
from billing.actions.payments.settle import Settler
from billing.actions.payments.use_money import nothing_new, use_money
from billing.ports.work import UnitOfWork
from billing.rules.audit import Actor, Audited
from billing.rules.errors import (
    BillingError,
    DuplicateChargeError,
    InvalidInputError,
    InvoiceClosedError,
    NotFoundError,
)
from billing.rules.money import Money
from billing.rules.payments.invoices import Invoice, InvoiceStatus, check_transition, lacks_digits
from billing.rules.payments.payment import Payment, PaymentStatus
from billing.views.payments import PaymentResult


@dataclass(frozen=True, slots=True)
class _Transfer:
    """What the operator says of it."""

    number: str
    amount: str | None
    reference: str | None
    again: bool
    also: bool
    seal: int | None


@dataclass(frozen=True, slots=True)
class RecordTransfer:
    """A bank transfer the operator has seen on their account."""

    env: Environment
    settler: Settler

    async def __call__(
        self,
        number: str,
        amount: str | None = None,
        *,
        by: Actor,
        reference: str | None = None,
        again: bool = False,
        also: bool = False,
        seal: int | None = None,
    ) -> PaymentResult:
        """Count it to the invoice; without an amount, its whole balance.

        `reference` is the bank's own id of the transfer; on one invoice it counts once, and on a
        second one only with `also`, else BillingError("reference_taken"). Without a reference a
        second transfer of the same amount on the same day needs `again`. InvoiceClosedError when
        the amount is left out and no balance can be meant. `seal` is that of the invoice as the
        operator has seen it: BillingError("amount_changed") if another balance is due by now.
        BillingError("balance_pays_it") while the panel pays it from the client's balance; where
        that is not sent yet, a transfer of all that is left takes it back.
        """
        checked_reference = None if reference is None else check_reference(reference)
        transfer = _Transfer(number, amount, checked_reference, again, also, seal)
        try:
            return await self._record(transfer, by)
        except DuplicateChargeError:
            # Booked at the same moment by somebody else: by now their payment can be seen.
            return await self._record(transfer, by)

    async def _record(self, transfer: _Transfer, by: Actor) -> PaymentResult:
        amount, reference = transfer.amount, transfer.reference
        share = 0
        async with self.env.work.writing() as uow:
            invoice = await _lock_invoice(uow, transfer.number)
            _check_seal(invoice, transfer.seal)
            if reference is not None:
                share, before = await find_share(
                    self.env, uow, invoice, reference, also=transfer.also
                )
                if before is not None:
                    return self._repeated(invoice, before)
            elif amount is None and (before := await _paid_by_bank(uow, invoice)):
                return self._repeated(invoice, before)
            money = _amount_of(invoice, amount, has_credit=self.env.capabilities.credit)
            charge_id = reference or await self._charge_id(
                uow, invoice, money, again=transfer.again
            )
            if reference is None and (
                before := await uow.payments.first_for_charge(BANK, charge_id)
            ):
                return self._repeated(invoice, before)
            if not await recall_balance(self.env, uow, invoice, money):
                raise BillingError("balance_pays_it", number=invoice.number)
            paid = await self._book(uow, invoice, charge_id, money, share)
            result = await use_money(self.env, uow, self.settler, invoice, paid)
            what = f"{money} {reference or ''}".strip()
            now = self.env.now()
            await uow.audit.add(by, Audited.RECORD_TRANSFER, invoice.number, at=now, note=what)
            await uow.commit()
        return result

    def _repeated(self, invoice: Invoice, before: Payment) -> PaymentResult:
        booked_on = self.env.day_of(before.paid_at or before.created_at)
        return replace(nothing_new(invoice, before.amount), booked_on=booked_on)

    async def _charge_id(
        self, uow: UnitOfWork, invoice: Invoice, money: Money, *, again: bool
    ) -> str:
        base = f"{invoice.number}/{self.env.today()}/{money.minor}"
        if not again:
            return base
        paid = await uow.payments.paid_of(invoice.id)
        return f"{base}/{len(paid) + 1}"

    async def _book(
        self, uow: UnitOfWork, invoice: Invoice, charge_id: str, money: Money, share: int
    ) -> Payment:
        now = self.env.now()
        return await uow.payments.add(
            Payment(
                id=0,
                invoice_id=invoice.id,
                client_id=invoice.client_id,
                gateway=BANK,
                status=PaymentStatus.PAID,
                amount=money,
                created_at=now,
                charge_id=charge_id,
                paid_at=now,
                share=share,
            )
        )


async def _paid_by_bank(uow: UnitOfWork, invoice: Invoice) -> Payment | None:
    """The last transfer that a paid invoice was paid with.

    One that was paid in another way has none: then a transfer for it is news.
    """
    if invoice.status is not InvoiceStatus.PAID:
        return None
    payments = [p for p in await uow.payments.paid_of(invoice.id) if p.gateway == BANK]
    return payments[-1] if payments else None


async def _lock_invoice(uow: UnitOfWork, number: str) -> Invoice:
    """An invoice as it stands once its client is locked."""
    written = number.strip()
    # Ours are in capitals; a panel writes its numbers as it likes.
    for name in dict.fromkeys((written, written.upper())):
        invoice = await uow.invoices.by_number(name)
        if invoice is None:
            continue
        await uow.lock_client(invoice.client_id)
        invoice = await uow.invoices.by_number(name)
        if invoice is not None:
            return invoice
    code = "number_without_digits" if lacks_digits(written.upper()) else "no_such_invoice"
    raise NotFoundError(code, number=number)


def _check_seal(invoice: Invoice, seal: int | None) -> None:
    if invoice.is_open and seal not in (None, invoice.seal):
        raise BillingError("amount_changed", number=invoice.number)


def _amount_of(invoice: Invoice, amount: str | None, *, has_credit: bool) -> Money:
    if amount is None:
        if not (has_credit or invoice.is_open):
            raise InvoiceClosedError(
                "invoice_closed_without_credit", number=invoice.number, status=invoice.status
            )
        check_transition(invoice, InvoiceStatus.PAID)
        return invoice.balance
    money = Money.parse(amount, invoice.currency)
    if money.minor <= 0:
        raise InvalidInputError("bad_amount", text=amount)
    return money
