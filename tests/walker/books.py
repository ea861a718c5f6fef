"""What must be true of the books after a walk, read from the database itself."""

from typing import Any

from sqlalchemy import text

from storage.database import Database
from storage.engines.connection import Connection

DELIVERED = "('unpaid', 'paid')"


async def check_books(database: Database) -> dict[str, int]:
    """Every invariant of the money; returns what the walk has done, for the record."""
    async with database.engines.readers.connect() as db:
        await _credit_is_its_history(db)
        await _invoices_add_up(db)
        await _money_is_conserved(db)
        counts = {
            table: await _sum(db, f"SELECT count(*) FROM {table}")  # noqa: S608 - our own names
            for table in ("invoices", "payments", "credit_movements", "cancellations", "digests")
        }
        paid = await _sum(db, "SELECT count(*) FROM invoices WHERE status = 'paid'")
        return {**counts, "paid": paid}


async def of_bystanders(database: Database, first: int) -> list[tuple[object, ...]]:
    """Everything that clients have whom nobody acts for."""
    async with database.engines.readers.connect() as db:
        return await _rows(
            db,
            "SELECT c.ref, c.credit, s.ref, s.label, s.amount, s.cycle, s.next_due_date, s.status,"
            " (SELECT count(*) FROM invoices i WHERE i.client_id = c.id),"
            " (SELECT count(*) FROM carts k WHERE k.client_id = c.id),"
            " (SELECT count(*) FROM cancellations x WHERE x.client_id = c.id)"
            " FROM clients c JOIN services s ON s.client_id = c.id WHERE"
            " CASE WHEN c.ref LIKE 'W%' THEN CAST(substr(c.ref, 2) AS INTEGER) END >= :first"
            " ORDER BY s.ref",
            first=first,
        )


async def _rows(db: Connection, query: str, **named: Any) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await db.execute(text(query), named)]


async def _credit_is_its_history(db: Connection) -> None:
    wrong = await _rows(
        db,
        "SELECT c.ref, c.credit, coalesce(sum(m.amount), 0) FROM clients c"
        " LEFT JOIN credit_movements m ON m.client_id = c.id"
        " GROUP BY c.id HAVING c.credit != coalesce(sum(m.amount), 0) OR c.credit < 0",
    )
    assert not wrong, f"credit is not the sum of its movements: {wrong}"


async def _invoices_add_up(db: Connection) -> None:
    wrong = await _rows(
        db,
        "SELECT i.number, i.gross, sum(l.gross) FROM invoices i"
        " JOIN invoice_lines l ON l.invoice_id = i.id"
        " GROUP BY i.id HAVING i.gross != sum(l.gross) OR i.paid > i.gross",
    )
    assert not wrong, f"invoices do not add up: {wrong}"
    wrong = await _rows(
        db,
        "SELECT i.number, i.status, l.applied_at FROM invoices i"
        " JOIN invoice_lines l ON l.invoice_id = i.id"
        " WHERE (i.status = 'paid') != (l.applied_at IS NOT NULL)"
        " OR (i.status = 'paid' AND i.paid != i.gross)",
    )
    assert not wrong, f"lines are applied exactly when the invoice is paid: {wrong}"


async def _money_is_conserved(db: Connection) -> None:
    """What came in is credit, or on open and paid invoices less what was given back for them."""
    for (currency,) in await _rows(db, "SELECT DISTINCT currency FROM clients"):
        came = await _sum(
            db,
            "SELECT sum(amount) FROM payments WHERE status = 'paid' AND gateway != 'credit'"
            " AND currency = :currency",
            currency=currency,
        ) + await _sum(db, _MOVED.format("'loaded', 'adjusted', 'received'"), currency=currency)
        credit = await _sum(
            db, "SELECT sum(credit) FROM clients WHERE currency = :currency", currency=currency
        )
        invoiced = await _sum(
            db,
            f"SELECT sum(paid) FROM invoices WHERE status IN {DELIVERED} AND currency = :currency",  # noqa: S608
            currency=currency,
        )
        returned = await _sum(db, _MOVED.format("'rejected', 'undelivered'"), currency=currency)
        assert came == credit + invoiced - returned, (
            f"{currency}: {came} came in, {credit} credit, {invoiced} on invoices, "
            f"{returned} given back"
        )


_MOVED = (
    "SELECT sum(m.amount) FROM credit_movements m JOIN clients c ON c.id = m.client_id"
    " WHERE m.reason IN ({}) AND c.currency = :currency"
)


async def _sum(db: Connection, query: str, **named: Any) -> int:
    return int((await db.execute(text(query), named)).scalar() or 0)
