"""`clients.csv`: one client per row."""

from functools import partial

from billing.rules.loading.differences import MAX_TAX_ID, ClientRow
from billing.rules.money import Money
from bot.datafolder import cells
from bot.datafolder.references import ClientEntry, References
from bot.datafolder.rows import Row

FILE = "clients.csv"
COLUMNS = (
    "id", "name", "email", "country", "language", "timezone", "currency", "tax_rate", "tax_id",
    "credit", "telegram_ids",
)  # fmt: skip
LENIENT = "KWD"
"""Three decimal digits: replaces an unreadable currency, so that amounts can be checked."""


def read_client(row: Row, *, currency: str) -> ClientRow:
    """Read a row's cells; `currency` is the company's own, for clients without one."""
    own = row.optional("currency", cells.currency, currency)
    in_own = partial(cells.amount, currency=own if row.sound("currency") else LENIENT)
    rate: int | None = row.optional("tax_rate", cells.tax_rate, None)
    return ClientRow(
        ref=row.required("id", cells.ref, ""),
        name=row.required("name", partial(cells.text, longest=200), ""),
        email=row.optional("email", cells.email, ""),
        country=row.optional("country", cells.country, ""),
        language=row.optional("language", cells.language, ""),
        timezone=row.optional("timezone", cells.timezone, ""),
        currency=own,
        tax_rate=rate,
        tax_id=row.optional("tax_id", partial(cells.text, longest=MAX_TAX_ID), ""),
        credit=row.optional("credit", in_own, Money.zero(own)),
        telegram_ids=row.optional("telegram_ids", cells.telegram_ids, ()),
    )


def check_client(row: Row, references: References, *, currency: str) -> None:
    """Note in the row what is wrong with it, and remember its id."""
    ref = row.cells["id"]
    before = references.clients.get(ref)
    if not row.whole:
        references.clients.setdefault(ref, ClientEntry(row.line, None))
        return
    client = read_client(row, currency=currency)
    row.suspect("name", "tax_id")
    if before is not None and ref:
        row.blame("id", f'"{ref}" is already on line {before.line}')
        return
    currency_before = references.known.clients.get(ref)
    if (
        currency_before is not None
        and row.sound("currency")
        and currency_before != client.currency
    ):
        row.blame("currency", f"was loaded as {currency_before} and never changes")
    legible = client.currency if row.sound("currency") else None
    references.clients[ref] = ClientEntry(row.line, legible)
