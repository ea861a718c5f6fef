"""Invoices with their lines: written once; after that only their outcome changes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    bindparam,
    case,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from billing.rules.errors import CartChangedError
from billing.rules.money import Money
from billing.rules.payments.invoices import (
    COVERED,
    HOLDING,
    Invoice,
    InvoiceLine,
    InvoiceStatus,
    invoice_number,
)
from billing.rules.shop.catalog import Catalog
from billing.rules.shop.existing_orders import ExistingOrders
from billing.views.home import LeftToPay
from billing.views.operator import UnpaidProforma
from billing.views.page import Part
from billing.views.payments import InvoiceSummary
from storage.engines.connection import Connection
from storage.repositories.sales.catalogs import NEWEST, SqlCatalogs
from storage.repositories.sales.existing_orders import read_existing_orders
from storage.repositories.sales.invoice_rows import (
    APPLY,
    INVOICES,
    invoice_values,
    invoices_from,
    line_values,
)
from storage.repositories.sales.left_to_pay import left_to_pay
from storage.statements import insert_numbered, upsert
from storage.tables.accounts import clients
from storage.tables.sales import invoice_lines, invoice_numbers, invoices, orders

_OF_CLIENT = INVOICES.where(
    invoices.c.id == bindparam("invoice_id"), invoices.c.client_id == bindparam("client_id")
)
_UNPAID = invoices.c.status == InvoiceStatus.UNPAID
_SHOWN = invoices.c.status != InvoiceStatus.DRAFT
_WITH_CATALOG = _OF_CLIENT.where(_SHOWN).add_columns(NEWEST.scalar_subquery())


@dataclass(frozen=True, slots=True)
class SqlInvoices:
    """Rows of invoices and of their lines."""

    connection: Connection
    catalogs: SqlCatalogs

    async def left_to_pay(self, client_id: int) -> LeftToPay:
        """How many are unpaid, what is left of them together, and the newest."""
        return await left_to_pay(self.connection, client_id)

    async def next_number(self, day: date, digits: int) -> str:
        """The next invoice number, counted from 1 every month, with `digits` at its end."""
        row = upsert(invoice_numbers, self.connection).values(month=day.replace(day=1), last=1)
        counter = await self.connection.execute(
            row.on_conflict_do_update(
                index_elements=["month"], set_={"last": invoice_numbers.c.last + 1}
            ).returning(invoice_numbers.c.last)
        )
        return invoice_number(day, counter.scalar_one(), digits)

    async def add(self, invoice: Invoice) -> Invoice:
        """Insert an invoice with its lines and assign ids.

        CartChangedError if a renewal on it is on another invoice already.
        """
        try:
            new_row = await self.connection.execute(
                insert(invoices).returning(invoices.c.id), invoice_values(invoice)
            )
            invoice = replace(invoice, id=new_row.scalar_one())
            rows = [line_values(invoice, line) for line in invoice.lines]
            numbers = await insert_numbered(self.connection, invoice_lines, rows)
        except IntegrityError as error:
            raise CartChangedError("already_invoiced") from error
        pairs = zip(numbers, invoice.lines, strict=True)
        return replace(invoice, lines=tuple(replace(line, id=id_) for id_, line in pairs))

    async def of_cart(self, client_id: int, cart_revision: int, seal: int) -> tuple[Invoice, ...]:
        """The invoices of the order that a cart revision became, if it has that seal."""
        # Both come from a button, so forged ones may be too large for a column of the database.
        revision = literal(cart_revision, BigInteger)
        order = select(orders.c.id).where(
            orders.c.client_id == client_id,
            orders.c.cart_revision == revision,
            orders.c.seal == literal(seal, BigInteger),
        )
        return await self._all(invoices.c.order_id == order.scalar_subquery())

    async def of_order(self, client_id: int, order_id: int) -> tuple[Invoice, ...]:
        """The invoices of a client's order, oldest first."""
        number = literal(order_id, BigInteger)
        of_order = invoices.c.client_id == client_id, invoices.c.order_id == number
        return await self._all(*of_order, _SHOWN)

    async def get(self, client_id: int, invoice_id: int) -> Invoice | None:
        """One invoice of a client with its lines."""
        values = {"client_id": client_id, "invoice_id": invoice_id}
        rows = (await self.connection.execute(_OF_CLIENT, values)).all()
        return invoices_from(rows)[0] if rows else None

    async def get_with_catalog(
        self, client_id: int, invoice_id: int
    ) -> tuple[Invoice, Catalog] | None:
        """The same, and the catalogue: its number comes in the same statement."""
        values = {"client_id": client_id, "invoice_id": invoice_id}
        rows = (await self.connection.execute(_WITH_CATALOG, values)).all()
        if not rows:
            return None
        return invoices_from(rows)[0], await self.catalogs.current_at(rows[0][-1])

    async def by_id(self, invoice_id: int) -> Invoice | None:
        """One invoice of any client, for gateways and sweeps."""
        return await self._one(invoices.c.id == invoice_id)

    async def by_number(self, number: str) -> Invoice | None:
        """One invoice of any client, for the operator."""
        return await self._one(invoices.c.number == number)

    async def own(self, client_id: int, number: str) -> int | None:
        """The client's invoice of that number, as it is written or in capitals."""
        query = select(invoices.c.id).where(
            invoices.c.number.in_((number, number.upper())),
            invoices.c.client_id == client_id,
            _SHOWN,
        )
        invoice_id: int | None = (await self.connection.execute(query)).scalar()
        return invoice_id

    async def page(
        self, client_id: int, *, is_open: bool, limit: int, offset: int
    ) -> tuple[InvoiceSummary, ...]:
        """One page, newest first."""
        query = (
            select(invoices)
            .where(invoices.c.client_id == client_id, _SHOWN, _UNPAID if is_open else ~_UNPAID)
            .order_by(invoices.c.id.desc())
            .limit(limit)
            .offset(offset)
        )
        return tuple(
            InvoiceSummary(
                r.id, r.number, r.status, Money(r.gross, r.currency),
                Money(max(r.gross - r.paid, 0), r.currency), r.created_at, r.expires_on,
            )
            for r in await self.connection.execute(query)
        )  # fmt: skip

    async def unpaid(self, part: Part) -> tuple[UnpaidProforma, ...]:
        """Those that wait to be paid, of all clients, the oldest first."""
        query = (
            select(invoices, clients.c.ref.label("client_ref"), clients.c.name)
            .join(clients, clients.c.id == invoices.c.client_id)
            .where(_UNPAID)
            .order_by(invoices.c.id)
        )
        rows = await self.connection.execute(query.limit(part.limit).offset(part.offset))
        return tuple(
            UnpaidProforma(
                r.number, r.client_ref, r.name, Money(r.gross, r.currency),
                Money(r.paid, r.currency), r.expires_on, r.id, r.client_id,
            )
            for r in rows
        )  # fmt: skip

    async def counts(self, client_id: int) -> tuple[int, int]:
        """The numbers of open and of past invoices."""
        counts = select(func.count(), func.sum(case((_UNPAID, 1), else_=0)))
        query = counts.where(invoices.c.client_id == client_id, _SHOWN)
        every, unpaid = (await self.connection.execute(query)).one()
        return unpaid or 0, every - (unpaid or 0)

    async def update_if_unchanged(
        self, invoice: Invoice, *, status: InvoiceStatus, paid: Money, at: datetime
    ) -> bool:
        """Set status and paid amount if both are unchanged since they were read; else False.

        One that is applied or closed releases its holds.
        """
        paid_values = {"paid_at": at} if status in COVERED and not invoice.is_covered else {}
        result = await self.connection.execute(
            update(invoices)
            .where(
                invoices.c.id == invoice.id,
                invoices.c.status == invoice.status,
                invoices.c.paid == invoice.paid.minor,
            )
            .values(status=status, paid=paid.minor, **paid_values)
            .returning(invoices.c.id)
        )
        if result.scalar() is None:
            return False
        if status not in HOLDING:
            await self.connection.execute(
                update(invoice_lines)
                .where(invoice_lines.c.invoice_id == invoice.id)
                .values(held_service_id=None, held_client_id=None)
            )
        return True

    async def existing_orders(self, client_id: int, names: Collection[str]) -> ExistingOrders:
        """What the client cannot order again, as far as these names go: one statement."""
        return await read_existing_orders(self.connection, client_id, names)

    async def save_lines(self, invoice_id: int, lines: Sequence[InvoiceLine]) -> None:
        """Write the outcomes of lines that had not been applied yet."""
        applied = [
            {
                "line": line.id,
                "at": line.applied_at,
                "what": line.outcome,
                "due": line.due_date,
                "service": line.service_id,
                "invoice": invoice_id,
            }
            for line in lines
        ]
        if applied:
            of_invoice = invoice_lines.c.invoice_id == bindparam("invoice")
            await self.connection.execute(APPLY.where(of_invoice), applied)

    async def expired(self, today: date, *, limit: int) -> tuple[Invoice, ...]:
        """Unpaid invoices past their date."""
        late = (
            select(invoices.c.id)
            .where(invoices.c.status == InvoiceStatus.UNPAID, invoices.c.expires_on < today)
            .order_by(invoices.c.expires_on, invoices.c.id)
            .limit(limit)
        )
        return await self._all(invoices.c.id.in_(late))

    async def _one(self, *where: ColumnElement[bool]) -> Invoice | None:
        rows = await self._all(*where)
        return rows[0] if rows else None

    async def _all(self, *where: ColumnElement[bool]) -> tuple[Invoice, ...]:
        return invoices_from((await self.connection.execute(INVOICES.where(*where))).all())
