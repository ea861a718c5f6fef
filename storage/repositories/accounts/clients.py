"""Clients and their credit."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, insert, select, update

from billing.rules.errors import InsufficientCreditError
from billing.rules.money import Money
from billing.rules.payments.payment import CreditMovement, CreditReason
from billing.views.account import ClientInfo
from storage.engines.connection import Connection
from storage.rows import CLIENT, client_from
from storage.tables.accounts import clients, credit_movements

_BY_ID = select(*CLIENT).where(clients.c.id == bindparam("client_id"))
_ROOM: ColumnElement[int] = clients.c.credit + bindparam("delta")
_MOVE = (
    update(clients)
    .where(
        clients.c.id == bindparam("client"),
        clients.c.currency == bindparam("money"),
        _ROOM >= 0,
    )
    .values(credit=_ROOM)
    .returning(clients.c.credit)
)
_MOVEMENT = (
    credit_movements.c.id,
    credit_movements.c.client_id,
    credit_movements.c.amount,
    credit_movements.c.balance,
    credit_movements.c.currency,
    credit_movements.c.reason,
    credit_movements.c.at,
    credit_movements.c.invoice_number,
)


@dataclass(frozen=True, slots=True)
class SqlClients:
    """Rows of clients and of credit movements."""

    connection: Connection

    async def get(self, client_id: int) -> ClientInfo | None:
        """One client."""
        row = (await self.connection.execute(_BY_ID, {"client_id": client_id})).first()
        return client_from(row) if row else None

    async def by_ref(self, ref: str) -> ClientInfo | None:
        """One client by the company's own id."""
        query = select(*CLIENT).where(clients.c.ref == ref)
        row = (await self.connection.execute(query)).first()
        return client_from(row) if row else None

    async def move_credit(
        self,
        client_id: int,
        amount: Money,
        *,
        reason: CreditReason,
        at: datetime,
        invoice_number: str = "",
    ) -> Money:
        """Add a signed amount and note it; below zero InsufficientCreditError, with no change.

        The same error is raised for another currency than the client's and for an unknown client.
        """
        balance_row = await self.connection.execute(
            _MOVE, {"client": client_id, "money": amount.currency, "delta": amount.minor}
        )
        balance: int | None = balance_row.scalar()
        if balance is None:
            raise InsufficientCreditError(amount=amount)
        statement = insert(credit_movements).values(
            client_id=client_id,
            amount=amount.minor,
            balance=balance,
            currency=amount.currency,
            reason=reason,
            at=at,
            invoice_number=invoice_number,
        )
        await self.connection.execute(statement)
        return Money(balance, amount.currency)

    async def movements(
        self, client_id: int, *, limit: int, offset: int
    ) -> tuple[CreditMovement, ...]:
        """The credit's history, newest first."""
        query = (
            select(*_MOVEMENT)
            .where(credit_movements.c.client_id == client_id)
            .order_by(credit_movements.c.id.desc())
            .limit(limit)
            .offset(offset)
        )
        return tuple(
            CreditMovement(
                r.id, r.client_id, Money(r.amount, r.currency), Money(r.balance, r.currency),
                r.reason, r.at, r.invoice_number,
            )
            for r in await self.connection.execute(query)
        )  # fmt: skip
