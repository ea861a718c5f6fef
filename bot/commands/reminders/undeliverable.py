"""The output of `panelik reminders undeliverable`, printed or written page by page."""

import csv
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import typer

from billing.rules.money import Money, PartialSum
from billing.views.reminders.reports import UnreachableClient
from bot.app import Core
from bot.commands.output.as_json import print_json
from bot.commands.output.sentences import REASONS, count_of
from bot.commands.output.tables import print_table
from bot.commands.reminders.fields import unreachable_fields
from bot.commands.session import fail

PAGE = 100
"""Rows of one table; further rows follow in tables with the same head."""

COLUMNS = ("client", "name", "email", "reason", "services", "nearest_due", "at_risk", "currency")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""First characters by which a spreadsheet recognises a formula."""


@dataclass(slots=True)
class _Totals:
    clients: int = 0
    services: int = 0
    at_risk: dict[str, Money] = field(default_factory=dict)
    unpriced: int = 0

    def add(self, one: UnreachableClient) -> None:
        self.clients += 1
        self.services += one.services
        known, self.unpriced = one.at_risk.known, self.unpriced + one.at_risk.unknown
        self.at_risk[known.currency] = known + self.at_risk.get(known.currency, known * 0)

    def __str__(self) -> str:
        if not self.clients:
            return "Everybody who owes something soon can be reached."
        amounts = [str(self.at_risk[one]) for one in sorted(self.at_risk) if self.at_risk[one]]
        who, what = count_of(self.clients, "client"), count_of(self.services, "service")
        if self.unpriced:
            amounts.append(_unpriced(self.unpriced))
        at_risk = ", ".join(amounts)
        return f"{who} with {what} due cannot be reached; at risk, with tax: {at_risk}."


async def list_undeliverable(core: Core, file: Path | None, *, as_json: bool = False) -> None:
    """Print the clients, or write them into a file; print the totals at the end."""
    clients = core.actions.list_unreachable()
    if as_json:
        print_json({"items": [unreachable_fields(one) async for one in clients]})
        return
    totals = await _show(clients) if file is None else await _write(clients, file)
    typer.echo(str(totals))
    if file is not None:
        typer.echo(f"Written to {file}.")


async def _show(clients: AsyncIterator[UnreachableClient]) -> _Totals:
    totals, rows = _Totals(), list[UnreachableClient]()
    async for one in clients:
        totals.add(one)
        rows.append(one)
        if len(rows) == PAGE:
            _print(rows)
            rows.clear()
    if rows:
        _print(rows)
    return totals


def _print(rows: Sequence[UnreachableClient]) -> None:
    head = ("client", "name", "why", "services", "nearest due", "at risk")
    print_table(head, map(_row, rows))


def _row(one: UnreachableClient) -> Sequence[str]:
    why = REASONS[one.reason]
    return one.ref, one.name, why, str(one.services), str(one.nearest), _at_risk(one.at_risk)


def _at_risk(amount: PartialSum) -> str:
    if not amount.unknown:
        return str(amount.known)
    unknown = _unpriced(amount.unknown)
    return f"{amount.known}, {unknown}" if amount.known else unknown


def _unpriced(services: int) -> str:
    return f"the unknown price of {count_of(services, 'service')}"


async def _write(clients: AsyncIterator[UnreachableClient], file: Path) -> _Totals:
    totals = _Totals()
    try:
        with file.open("w", encoding="utf-8", newline="") as output:
            write: Callable[[Sequence[str]], object]
            write = csv.writer(output, quoting=csv.QUOTE_ALL).writerow
            write(COLUMNS)
            async for one in clients:
                totals.add(one)
                write(_cells(one))
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror}.")
    return totals


def _cells(one: UnreachableClient) -> Sequence[str]:
    return (
        _text(one.ref), _text(one.name), _text(one.email), one.reason.value, str(one.services),
        one.nearest.isoformat(), _decimal(one.at_risk), one.at_risk.known.currency,
    )  # fmt: skip


def _decimal(at_risk: PartialSum) -> str:
    """The amount; an empty cell while a part of it is unknown: a lower number would be wrong."""
    return "" if at_risk.whole is None else str(at_risk.whole.decimal)


def _text(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(FORMULAS) else cell
