"""Panel calls: claimed one by one, one writer per client."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, exists, insert, or_, select, update

from billing.rules.money import Money
from billing.rules.panel.panel_calls import (
    HOLDS_OTHERS,
    LEASE,
    PAUSES,
    TELL_AFTER,
    CallState,
    PanelCall,
    Verb,
)
from billing.views.page import Part
from billing.views.panel import ListedCall
from storage.engines.connection import Connection
from storage.engines.locks import lock_rows
from storage.tables.accounts import clients
from storage.tables.panel import panel_calls
from storage.tables.sales import invoices

_NAMES = [field.name for field in fields(PanelCall)]
_CALL = [panel_calls.c[name] for name in _NAMES]
_AMOUNT = _NAMES.index("amount")
_OTHER = panel_calls.alias("other")
NEEDS_SOMEONE = and_(
    panel_calls.c.is_open,
    or_(
        and_(
            panel_calls.c.state == CallState.REFUSED,
            panel_calls.c.verb == Verb.RECORD_PAYMENT,
        ),
        panel_calls.c.failures >= TELL_AFTER,
    ),
)
"""The condition that a panel call does not come to an end by itself."""


@dataclass(frozen=True, slots=True)
class SqlPanelCalls:
    """Rows of panel calls."""

    connection: Connection

    async def add(self, call: PanelCall) -> PanelCall:
        """Insert a call and assign the id."""
        values = _values(call) | {"changed_at": call.created_at}
        new_row = await self.connection.execute(
            insert(panel_calls).returning(panel_calls.c.id), values
        )
        return replace(call, id=new_row.scalar_one())

    async def has_due(self, now: datetime) -> bool:
        """Return whether a call is due that may be taken."""
        return (await self.connection.execute(_due(now))).first() is not None

    async def claim(self, now: datetime, *, until: datetime) -> PanelCall | None:
        """Lease the first call that may be taken."""
        row = (await self.connection.execute(_due(now))).first()
        if row is None:
            return None
        # Whoever has the client's lock decides; read again whether the call may still be taken.
        call = PanelCall(*row)
        await lock_rows(self.connection, clients, [call.client_id])
        again = _due(now).where(panel_calls.c.id == call.id)
        mine = (await self.connection.execute(again)).first()
        if mine is None:
            return None
        leased = update(panel_calls).where(panel_calls.c.id == call.id).values(lease_until=until)
        await self.connection.execute(leased)
        return replace(PanelCall(*mine), lease_until=until)

    async def get(self, number: int) -> PanelCall | None:
        """One call."""
        row = (await self.connection.execute(_calls(panel_calls.c.id == number))).first()
        return None if row is None else PanelCall(*row)

    async def move(
        self, call: PanelCall, state: CallState, *, due_at: datetime, at: datetime
    ) -> PanelCall | None:
        """Write the call with a new state, without a lease."""
        changed = replace(call, state=state, due_at=due_at, lease_until=None)
        return await self._write(call, changed, at)

    async def send(self, call: PanelCall, *, until: datetime, at: datetime) -> PanelCall | None:
        """Write the call as being sent, with a lease."""
        changed = replace(call, state=CallState.SENDING, due_at=at, lease_until=until)
        return await self._write(call, changed, at)

    async def _write(
        self, before: PanelCall, changed: PanelCall, at: datetime
    ) -> PanelCall | None:
        """Write it if state and lease are still as they were read."""
        c = panel_calls.c
        unchanged = c.state == before.state, c.lease_until.is_not_distinct_from(before.lease_until)
        moved = await self.connection.execute(
            update(panel_calls)
            .where(c.id == before.id, c.is_open, *unchanged)
            .values(_values(changed) | {"changed_at": at})
            .returning(c.id)
        )
        return None if moved.scalar() is None else changed

    async def open_for_invoice(self, invoice_id: int) -> Sequence[PanelCall]:
        """The open calls about an invoice."""
        return await self._all(panel_calls.c.invoice_id == invoice_id, panel_calls.c.is_open)

    async def open_for_client(self, client_id: int) -> Sequence[PanelCall]:
        """The open calls of a client."""
        return await self._all(panel_calls.c.client_id == client_id, panel_calls.c.is_open)

    async def made(self, client_id: int, order_id: int) -> dict[str, str]:
        """The refs of the done calls that placed an order, by their steps, in turn."""
        c = panel_calls.c
        query = (
            select(c.step, c.ref)
            .where(c.order_id == order_id, c.client_id == client_id)
            .where(c.verb == Verb.PLACE_ORDER, c.state == CallState.DONE)
            .order_by(c.id)
        )
        return {row.step: row.ref for row in await self.connection.execute(query)}

    async def page(self, part: Part, *, stuck: bool = False) -> tuple[ListedCall, ...]:
        """Open calls of all clients with what they are about; `stuck`: that need somebody."""
        query = (
            _calls(NEEDS_SOMEONE if stuck else panel_calls.c.is_open)
            .add_columns(clients.c.ref, clients.c.currency, invoices.c.number)
            .join(clients, clients.c.id == panel_calls.c.client_id)
            .outerjoin(invoices, invoices.c.id == panel_calls.c.invoice_id)
            .limit(part.limit)
            .offset(part.offset)
        )
        return tuple(
            ListedCall(PanelCall(*call), ref, number or "", Money(call[_AMOUNT], currency))
            for *call, ref, currency, number in await self.connection.execute(query)
        )

    async def _all(self, *where: ColumnElement[bool]) -> tuple[PanelCall, ...]:
        return tuple(PanelCall(*row) for row in await self.connection.execute(_calls(*where)))


def _calls(*where: ColumnElement[bool]) -> Select[Any]:
    return select(*_CALL).where(*where).order_by(panel_calls.c.id)


def _values(call: PanelCall) -> dict[str, Any]:
    return {name: getattr(call, name) for name in _NAMES if name != "id"}


def _due(now: datetime) -> Select[Any]:
    """The call that has been due for longest among those that nothing stands before."""
    c, other = panel_calls.c, _OTHER.c
    same_thing = or_(other.order_id == c.order_id, other.invoice_id == c.invoice_id)
    undecided = other.state.in_((CallState.WAITING, CallState.SENDING, CallState.UNKNOWN))
    earlier = and_(other.id < c.id, same_thing, undecided)
    unclear = and_(
        other.state.in_((CallState.SENDING, CallState.UNKNOWN)),
        other.changed_at > now - HOLDS_OTHERS,
        c.state == CallState.WAITING,
    )
    before = exists().where(
        other.client_id == c.client_id,
        other.is_open,
        other.id != c.id,
        or_(earlier, unclear, _is_leased(_OTHER, now)),
    )
    # A time that a clock has written which was ahead counts as past.
    is_due = or_(c.due_at <= now, c.due_at > now + PAUSES[-1])
    awaits_operator = and_(c.state == CallState.REFUSED, c.verb == Verb.RECORD_PAYMENT)
    return (
        select(*_CALL)
        .where(c.is_open, is_due, ~_is_leased(panel_calls, now), ~before, ~awaits_operator)
        .order_by(c.due_at, c.id)
        .limit(1)
    )


def _is_leased(calls: FromClause, now: datetime) -> ColumnElement[bool]:
    until = calls.c.lease_until
    # The same for leases: none ends later than now + its length.
    return and_(until.is_not(None), until > now, until <= now + LEASE)
