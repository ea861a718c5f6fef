"""Lists and reports as JSON, for programs: `--json`; docs/operating.md lists the fields.

An amount is `{"amount": "128.00", "currency": "PLN"}`, a date `2027-03-01`, an instant
`2027-03-01T08:30:00+00:00` (always UTC), and what is not known or not there is null.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeVar

import typer

from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.views.page import Page
from bot.commands.session import fail

T = TypeVar("T")
Record = dict[str, Any]
"""The fields of one thing in a list, by their documented names."""

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def print_json(report: Record) -> None:
    """Print a report on standard output; nothing else may stand there."""
    typer.echo(json.dumps(report, ensure_ascii=False, indent=2, default=_plain))


def print_items(page: Page[T], record: Callable[[T], Record]) -> None:
    """Print one page of a list: its number, whether there are more, and its items."""
    items = [record(item) for item in page]
    print_json({"page": page.number, "has_next": page.has_next, "items": items})


def only_lists(as_json: bool) -> None:
    """Refuse --json beside a decision."""
    if as_json:
        fail("--json goes with the list, not with a decision.", code=2)


def _plain(value: object) -> Any:
    match value:
        case Money():
            return {"amount": f"{value.decimal:.{value.exponent}f}", "currency": value.currency}
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case BillingCycle():
            return str(value)
        case _:
            raise TypeError(f"{value!r} has no form in JSON")
