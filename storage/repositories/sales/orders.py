"""Orders, and the renewals that those under way hold."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from billing.rules.errors import CartChangedError
from billing.rules.money import Money
from billing.rules.panel.panel_calls import CallState, Verb
from billing.rules.payments.orders import UNDER_WAY, Order
from billing.rules.shop.cart import LineKind
from billing.views.payments import OrderSummary
from storage.engines.connection import Connection
from storage.tables.panel import panel_calls
from storage.tables.sales import order_holds, orders

_ORDER = (
    orders.c.id,
    orders.c.client_id,
    orders.c.cart_revision,
    orders.c.state,
    orders.c.currency,
    orders.c.seal,
    orders.c.total,
    orders.c.lines,
    orders.c.created_at,
    orders.c.refusal,
)


def _order_from(row: Sequence[Any]) -> Order:
    number, client_id, revision, state, currency, seal, total, *rest = row
    return Order(number, client_id, revision, state, currency, seal, Money(total, currency), *rest)


@dataclass(frozen=True, slots=True)
class SqlOrders:
    """Rows of orders."""

    connection: Connection

    async def add(self, order: Order) -> Order:
        """Insert and assign the id; CartChangedError if that cart is ordered already."""
        row = {
            "client_id": order.client_id,
            "cart_revision": order.cart_revision,
            "state": order.state,
            "currency": order.currency,
            "seal": order.seal,
            "total": order.total.minor,
            "lines": order.lines,
            "created_at": order.created_at,
            "refusal": order.refusal,
        }
        try:
            new_row = await self.connection.execute(insert(orders).returning(orders.c.id), row)
        except IntegrityError as error:
            raise CartChangedError("already_invoiced") from error
        return replace(order, id=new_row.scalar_one())

    async def hold(self, order: Order) -> None:
        """Hold the order's renewals; CartChangedError if another order holds one."""
        renewals = [
            {"service_id": quote.service_id, "order_id": order.id}
            for quote in order.quotes
            if quote.kind is LineKind.RENEWAL
        ]
        if not renewals:
            return
        try:
            await self.connection.execute(insert(order_holds), renewals)
        except IntegrityError as error:
            raise CartChangedError("already_invoiced") from error

    async def of_cart(self, client_id: int, cart_revision: int) -> Order | None:
        """The order made from a cart revision."""
        # The revision comes from a button, so a forged one may be too large for the database.
        revision = literal(cart_revision, BigInteger)
        return await self._one(orders.c.client_id == client_id, orders.c.cart_revision == revision)

    async def get(self, client_id: int, order_id: int) -> Order | None:
        """One order of a client."""
        number = literal(order_id, BigInteger)
        return await self._one(orders.c.client_id == client_id, orders.c.id == number)

    async def under_way(self, client_id: int, limit: int) -> tuple[OrderSummary, ...]:
        """Those that the panel has yet to answer, the newest first."""
        query = (
            select(orders.c.id, orders.c.created_at)
            .where(orders.c.client_id == client_id, orders.c.state.in_(sorted(UNDER_WAY)))
            .order_by(orders.c.id.desc())
            .limit(limit)
        )
        return tuple(OrderSummary(*row) for row in await self.connection.execute(query))

    async def by_refs(self, client_id: int, refs: Collection[str]) -> Mapping[str, int]:
        """The client's orders that the panel knows by these ids, or of which calls made them."""
        if not refs:
            return {}
        c, names = panel_calls.c, tuple(refs)
        of_order = select(orders.c.ref, orders.c.id).where(
            orders.c.client_id == client_id, orders.c.ref.in_(names)
        )
        of_call = select(c.ref, c.order_id).where(
            c.client_id == client_id,
            c.ref.in_(names),
            c.verb == Verb.PLACE_ORDER,
            c.state == CallState.DONE,
        )
        known = of_order.union_all(of_call).subquery()
        query = select(known.c.ref, func.max(known.c.id)).group_by(known.c.ref)
        return dict((await self.connection.execute(query)).all())

    async def save(self, order: Order, *, ref: str | None = None) -> None:
        """Write state, lines and refusal; release the holds unless the order is under way."""
        values: dict[str, Any] = {
            "state": order.state,
            "lines": order.lines,
            "refusal": order.refusal,
        }
        if ref is not None:
            values["ref"] = ref
        await self.connection.execute(
            update(orders)
            .where(orders.c.id == order.id, orders.c.client_id == order.client_id)
            .values(values)
        )
        if not order.is_under_way:
            held = delete(order_holds).where(order_holds.c.order_id == order.id)
            await self.connection.execute(held)

    async def _one(self, *where: ColumnElement[bool]) -> Order | None:
        row = (await self.connection.execute(select(*_ORDER).where(*where))).first()
        return None if row is None else _order_from(row)
