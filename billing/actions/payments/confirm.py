"""Payments that a provider confirms: the last look before, and the money, counted once."""

from dataclasses import dataclass, replace

from billing.actions.environment import Environment
from billing.actions.payments.orders import check_not_under_way
from billing.actions.payments.recall_balance import recall_balance
from billing.actions.payments.settle import Settler
from billing.actions.payments.unplaced import keep_unplaced
from billing.actions.payments.use_money import nothing_new, use_money
from billing.ports.work import UnitOfWork
from billing.rules.access.rights import Rights
from billing.rules.errors import BillingError, NotFoundError
from billing.rules.money import Money
from billing.rules.payments.charges import PAID, Charge, Misfit, event_id_of, misfit_of
from billing.rules.payments.invoices import Invoice, InvoiceStatus, check_transition
from billing.rules.payments.payload import NamedPayment
from billing.rules.payments.payment import Payment, PaymentStatus
from billing.views.payments import PaymentOutcome, PaymentResult


@dataclass(frozen=True, slots=True)
class CheckPreCheckout:
    """The last look before a provider takes money: one short read."""

    env: Environment

    async def __call__(
        self,
        user_id: int,
        payment_id: int,
        amount: Money,
        *,
        named_payment: NamedPayment | None = None,
    ) -> Invoice:
        """The invoice; BillingError when it is closed, of another amount, or not this user's.

        NotAllowedError for a user who may only look, while its order is being withdrawn, and
        while it is being paid from the balance in the panel. NotFoundError also when
        `named_payment`, what the provider repeats to us, means another invoice.
        """
        async with self.env.work.reading() as uow:
            payment = await uow.payments.get(payment_id)
            invoice = await uow.invoices.by_id(payment.invoice_id) if payment else None
            if payment is None or invoice is None or not _is_meant(invoice, named_payment):
                raise NotFoundError
            rights = await _rights(uow, user_id, invoice.client_id)
            if rights is None:
                raise NotFoundError
            await check_not_under_way(self.env, uow, invoice)
            rights.allowed.check_pay()
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
        gateway: str,
        amount: Money,
        user_id: int | None = None,
        named_payment: NamedPayment | None = None,
    ) -> PaymentResult:
        """Count it in a transaction of its own; NotFoundError for an unknown payment.

        NotFoundError also when `named_payment`, what the provider repeats to us, means another
        invoice.

        `user_id` sees the result on their screen and is sent no receipt.
        """
        charge = Charge(
            source=gateway,
            event_id=event_id_of(PAID, charge_id, ""),
            charge_id=charge_id,
            amount=amount.minor,
            currency=amount.currency,
            payment_id=payment_id,
            named_payment=named_payment,
        )
        async with self.env.work.writing() as uow:
            result = await self.within(uow, charge, not_user=user_id)
            if result is None:
                raise NotFoundError
            await uow.commit()
        return result

    async def within(
        self, uow: UnitOfWork, charge: Charge, *, not_user: int | None = None
    ) -> PaymentResult | None:
        """Count it to the invoice, or to credit if that is closed; the second time do nothing.

        What does not fit becomes unplaced money. None if there is no such payment.
        """
        attempt = await uow.payments.get(charge.payment_id) if charge.payment_id else None
        if attempt is None or charge.source != attempt.gateway:
            return None
        await uow.lock_client(attempt.client_id)
        invoice = await uow.invoices.by_id(attempt.invoice_id)
        if invoice is None or not _is_meant(invoice, charge.named_payment):
            return None
        money = charge.money or Money.zero(invoice.currency)
        earlier = await uow.payments.first_for_charge(attempt.gateway, charge.charge_id)
        if earlier and not charge.is_refund:
            return nothing_new(invoice, money)
        misfit = misfit_of(charge) or await self._misfit(uow, charge, invoice)
        if misfit is not None:
            await self._put_aside(uow, charge, attempt, misfit)
            return PaymentResult(
                PaymentOutcome.UNPLACED, invoice, money, Money.zero(invoice.currency)
            )
        # What the panel has in hand comes first: only one of the two pays, the other is refused.
        await recall_balance(self.env, uow, invoice, money)
        paid = await self._book(uow, attempt, charge.charge_id, money)
        return await use_money(self.env, uow, self.settler, invoice, paid, not_user=not_user)

    async def _misfit(self, uow: UnitOfWork, charge: Charge, invoice: Invoice) -> Misfit | None:
        """Why this money is not this invoice's."""
        if charge.currency != invoice.currency:
            return Misfit.OTHER_CURRENCY
        if charge.user_id is None or await _acts_for(uow, charge.user_id, invoice.client_id):
            return None
        return Misfit.STRANGER

    async def _put_aside(
        self, uow: UnitOfWork, charge: Charge, attempt: Payment, misfit: Misfit
    ) -> None:
        user, client = charge.user_id, attempt.client_id
        is_clients = user is not None and await _acts_for(uow, user, client)
        await keep_unplaced(
            self.env,
            uow,
            replace(charge, source=attempt.gateway),
            misfit,
            client_id=client,
            payers_client=client if is_clients else None,
        )

    async def _book(
        self, uow: UnitOfWork, attempt: Payment, charge_id: str, amount: Money
    ) -> Payment:
        """Note the charge on its attempt, or on a new one when that was used."""
        now = self.env.now()
        paid = replace(
            attempt, status=PaymentStatus.PAID, charge_id=charge_id, amount=amount, paid_at=now
        )
        if await uow.payments.confirm(attempt.id, charge_id=charge_id, amount=amount, at=now):
            return paid
        return await uow.payments.add(replace(paid, id=0, created_at=now))


async def _acts_for(uow: UnitOfWork, user_id: int, client_id: int) -> bool:
    return await _rights(uow, user_id, client_id) is not None


async def _rights(uow: UnitOfWork, user_id: int, client_id: int) -> Rights | None:
    """What a user may do for a client; None if they are not linked to it."""
    linked = {one.client_id: one.rights for one in await uow.users.linked_clients(user_id)}
    return linked.get(client_id)


def _is_meant(invoice: Invoice, named_payment: NamedPayment | None) -> bool:
    return named_payment is None or named_payment.belongs_to(invoice)
