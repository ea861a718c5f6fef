"""Attempts to pay; the provider's charge id makes sure that money counts once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, select, update

from billing.rules.errors import DuplicateChargeError
from billing.rules.money import Money
from billing.rules.payments.payment import Payment, PaymentStatus
from storage.engines.connection import Connection
from storage.statements import upsert
from storage.tables.sales import payments

"""Statuses from which a payment may become paid."""

_PAYMENT = (
    payments.c.id,
    payments.c.invoice_id,
    payments.c.client_id,
    payments.c.gateway,
    payments.c.status,
    payments.c.amount,
    payments.c.currency,
    payments.c.created_at,
    payments.c.charge_id,
    payments.c.paid_at,
    payments.c.share,
)


def _payment_from(row: Sequence[Any]) -> Payment:
    number, invoice_id, client_id, gateway, status, amount, currency, *rest = row
    created_at, charge_id, paid_at, share = rest
    return Payment(
        number, invoice_id, client_id, gateway, status, Money(amount, currency),
        created_at, charge_id, paid_at, share,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SqlPayments:
    """Rows of payments."""

    connection: Connection

    async def add(self, payment: Payment) -> Payment:
        """Insert and assign the id; DuplicateChargeError if charge and share exist already."""
        row = upsert(payments, self.connection).values(
            invoice_id=payment.invoice_id,
            client_id=payment.client_id,
            gateway=payment.gateway,
            status=payment.status,
            amount=payment.amount.minor,
            currency=payment.amount.currency,
            created_at=payment.created_at,
            charge_id=payment.charge_id,
            share=payment.share,
            paid_at=payment.paid_at,
        )
        new_row = await self.connection.execute(
            row.on_conflict_do_nothing(index_elements=["gateway", "charge_id", "share"]).returning(
                payments.c.id
            )
        )
        number: int | None = new_row.scalar()
        if number is None:
            raise DuplicateChargeError(charge_id=payment.charge_id)
        return replace(payment, id=number)

    async def get(self, payment_id: int) -> Payment | None:
        """One attempt."""
        matches = await self._where(payments.c.id == payment_id)
        return matches[0] if matches else None

    async def open_of(self, invoice_id: int, gateway: str) -> Payment | None:
        """The last open attempt of an invoice through a gateway."""
        matches = await self._where(
            payments.c.invoice_id == invoice_id,
            payments.c.gateway == gateway,
            payments.c.status == PaymentStatus.PENDING,
        )
        return matches[-1] if matches else None

    async def first_for_charge(self, gateway: str, charge_id: str) -> Payment | None:
        """The payment with the provider's key; the first one, where it paid several invoices."""
        matches = await self.for_charge(gateway, charge_id)
        return matches[0] if matches else None

    async def for_charge(self, gateway: str, charge_id: str) -> tuple[Payment, ...]:
        """Every payment with the provider's key, the one it was booked on first before others."""
        query = (
            select(*_PAYMENT)
            .where(payments.c.gateway == gateway, payments.c.charge_id == charge_id)
            # This is the order of the index, so nothing has to be sorted.
            .order_by(payments.c.share)
        )
        return tuple(_payment_from(row) for row in await self.connection.execute(query))

    async def confirm(
        self, payment_id: int, *, charge_id: str, amount: Money, at: datetime
    ) -> bool:
        """Mark paid once; False if it was paid already or the charge is known.

        One that was given up on is marked too: money that came is never refused.
        """
        other = payments.alias("other")
        charge_exists = exists().where(
            other.c.gateway == payments.c.gateway,
            other.c.charge_id == charge_id,
            other.c.id != payment_id,
        )
        confirmed = await self.connection.execute(
            update(payments)
            .where(
                payments.c.id == payment_id,
                payments.c.status != PaymentStatus.PAID,
                ~charge_exists,
            )
            .values(
                status=PaymentStatus.PAID,
                charge_id=charge_id,
                amount=amount.minor,
                currency=amount.currency,
                paid_at=at,
            )
            .returning(payments.c.id)
        )
        return confirmed.scalar() is not None

    async def paid_of(self, invoice_id: int) -> tuple[Payment, ...]:
        """The confirmed payments of an invoice."""
        return await self._where(
            payments.c.invoice_id == invoice_id, payments.c.status == PaymentStatus.PAID
        )

    async def close_open(self, invoice_id: int, status: PaymentStatus) -> None:
        """Close the open attempts of an invoice."""
        await self.connection.execute(
            update(payments)
            .where(payments.c.invoice_id == invoice_id, payments.c.status == PaymentStatus.PENDING)
            .values(status=status)
        )

    async def _where(self, *conditions: ColumnElement[bool]) -> tuple[Payment, ...]:
        query = select(*_PAYMENT).where(*conditions).order_by(payments.c.id)
        return tuple(_payment_from(row) for row in await self.connection.execute(query))
