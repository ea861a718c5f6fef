"""Money that came and fits nothing: noted once per notice, closed once by the operator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from billing.ports.inbox import UnplacedMoney
from billing.rules.payments.charges import Charge, Misfit
from billing.views.page import Part
from storage.engines.connection import Connection
from storage.statements import upsert
from storage.tables.inbox import unplaced_money

_U = unplaced_money.c
_MONEY = (
    _U.id,
    _U.source,
    _U.event_id,
    _U.reference,
    _U.amount,
    _U.currency,
    _U.payload,
    _U.user_id,
    _U.reason,
    _U.received_at,
    _U.is_open,
    _U.note,
)


@dataclass(frozen=True, slots=True)
class SqlUnplaced:
    """Rows of unplaced money."""

    connection: Connection

    async def add(self, charge: Charge, reason: Misfit, *, at: datetime) -> int | None:
        """Note unplaced money and return its number; None if the operator has closed it."""
        row = upsert(unplaced_money, self.connection).values(
            source=charge.source, event_id=charge.event_id, reference=charge.charge_id,
            amount=charge.amount, currency=charge.currency, payload=charge.payload,
            user_id=charge.user_id, reason=reason, received_at=at, is_open=True, note="",
        )  # fmt: skip
        new_row = await self.connection.execute(
            row.on_conflict_do_update(
                index_elements=["source", "event_id"],
                set_={"reason": reason},
                where=_U.is_open.is_(True),
            ).returning(_U.id)
        )
        number: int | None = new_row.scalar()
        return number

    async def get(self, number: int) -> UnplacedMoney | None:
        """One entry, open or closed."""
        query = select(*_MONEY).where(_U.id == number)
        row: Sequence[Any] | None = (await self.connection.execute(query)).first()
        return None if row is None else UnplacedMoney(*row)

    async def waiting(self, part: Part) -> tuple[UnplacedMoney, ...]:
        """Open ones, oldest first."""
        query = select(*_MONEY).where(_U.is_open.is_(True)).order_by(_U.id)
        rows = await self.connection.execute(query.limit(part.limit).offset(part.offset))
        return tuple(UnplacedMoney(*row) for row in rows)

    async def close(
        self, number: int, note: str, *, at: datetime, client_id: int | None = None
    ) -> bool:
        """Close an entry once; False if it was closed before."""
        closed = await self.connection.execute(
            update(unplaced_money)
            .where(_U.id == number, _U.is_open.is_(True))
            .values(is_open=False, closed_at=at, note=note, client_id=client_id)
            .returning(_U.id)
        )
        return closed.scalar() is not None

    async def reopen(self, number: int) -> None:
        """Let an entry wait again."""
        waiting = {"is_open": True, "closed_at": None, "note": "", "client_id": None}
        await self.connection.execute(
            update(unplaced_money).where(_U.id == number).values(waiting)
        )

    async def settle(self, source: str, event_id: str, note: str, *, at: datetime) -> bool:
        """Close the open entry of a booked or refunded notice; return whether there was one."""
        result = await self.connection.execute(
            update(unplaced_money)
            .where(_U.source == source, _U.event_id == event_id, _U.is_open.is_(True))
            .values(is_open=False, closed_at=at, note=note)
            .returning(_U.id)
        )
        return result.scalar() is not None
