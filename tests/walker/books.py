"""What must be true of the books after a walk, read from the database itself."""

import sqlite3
from contextlib import closing
from pathlib import Path

DELIVERED = "('unpaid', 'paid')"


def check_books(path: Path) -> dict[str, int]:
    """Every invariant of the money; returns what the walk has done, for the record."""
    with closing(sqlite3.connect(path)) as db:
        _credit_is_its_history(db)
        _invoices_add_up(db)
        _money_is_conserved(db)
        counts = {
            table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own names
            for table in ("invoices", "payments", "credit_movements", "cancellations", "digests")
        }
        (paid,) = db.execute("SELECT count(*) FROM invoices WHERE status = 'paid'").fetchone()
        return {**counts, "paid": paid}


def of_bystanders(path: Path, first: int) -> list[tuple[object, ...]]:
    """Everything that clients have whom nobody acts for."""
    with closing(sqlite3.connect(path)) as db:
        return db.execute(
            "SELECT c.ref, c.credit, s.ref, s.label, s.amount, s.cycle, s.next_due_date, s.status,"
            " (SELECT count(*) FROM invoices i WHERE i.client_id = c.id),"
            " (SELECT count(*) FROM carts k WHERE k.client_id = c.id),"
            " (SELECT count(*) FROM cancellations x WHERE x.client_id = c.id)"
            " FROM clients c JOIN services s ON s.client_id = c.id"
            " WHERE c.ref LIKE 'W%' AND CAST(substr(c.ref, 2) AS INTEGER) >= ? ORDER BY s.ref",
            (first,),
        ).fetchall()


def _credit_is_its_history(db: sqlite3.Connection) -> None:
    wrong = db.execute(
        "SELECT c.ref, c.credit, coalesce(sum(m.amount), 0) FROM clients c"
        " LEFT JOIN credit_movements m ON m.client_id = c.id"
        " GROUP BY c.id HAVING c.credit != coalesce(sum(m.amount), 0) OR c.credit < 0"
    ).fetchall()
    assert not wrong, f"credit is not the sum of its movements: {wrong}"


def _invoices_add_up(db: sqlite3.Connection) -> None:
    wrong = db.execute(
        "SELECT i.number, i.gross, sum(l.gross) FROM invoices i"
        " JOIN invoice_lines l ON l.invoice_id = i.id"
        " GROUP BY i.id HAVING i.gross != sum(l.gross) OR i.paid > i.gross"
    ).fetchall()
    assert not wrong, f"invoices do not add up: {wrong}"
    wrong = db.execute(
        "SELECT i.number, i.status, l.applied_at FROM invoices i"
        " JOIN invoice_lines l ON l.invoice_id = i.id"
        " WHERE (i.status = 'paid') != (l.applied_at IS NOT NULL)"
        " OR (i.status = 'paid' AND i.paid != i.gross)"
    ).fetchall()
    assert not wrong, f"lines are applied exactly when the invoice is paid: {wrong}"


def _money_is_conserved(db: sqlite3.Connection) -> None:
    """What came in is credit, or on open and paid invoices less what was given back for them."""
    for (currency,) in db.execute("SELECT DISTINCT currency FROM clients").fetchall():
        came = _sum(
            db,
            "SELECT sum(amount) FROM payments WHERE status = 'paid' AND gateway != 'credit'"
            " AND currency = ?",
            currency,
        ) + _sum(db, _MOVED.format("'loaded', 'adjusted'"), currency)
        credit = _sum(db, "SELECT sum(credit) FROM clients WHERE currency = ?", currency)
        invoiced = _sum(
            db,
            f"SELECT sum(paid) FROM invoices WHERE status IN {DELIVERED} AND currency = ?",  # noqa: S608
            currency,
        )
        returned = _sum(db, _MOVED.format("'rejected', 'undelivered'"), currency)
        assert came == credit + invoiced - returned, (
            f"{currency}: {came} came in, {credit} credit, {invoiced} on invoices, "
            f"{returned} given back"
        )


_MOVED = (
    "SELECT sum(m.amount) FROM credit_movements m JOIN clients c ON c.id = m.client_id"
    " WHERE m.reason IN ({}) AND c.currency = ?"
)


def _sum(db: sqlite3.Connection, query: str, currency: str) -> int:
    return int(db.execute(query, (currency,)).fetchone()[0] or 0)
