"""Tables in the operator's terminal."""

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from billing.views.page import Page

T = TypeVar("T")


PageOption = Annotated[int, typer.Option("--page", help="Which page of a long list.", min=1)]


def print_page(head: Sequence[str], page: Page[T], row: Callable[[T], Sequence[str]]) -> None:
    """Print one page of a list, and how to see the others where there are any."""
    print_table(head, map(row, page))
    if page.number > 1 or page.has_next:
        more = f"; --page {page.number + 1} shows the next" if page.has_next else ", the last"
        typer.echo(f"Page {page.number}{more}.")


def print_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows below a head, without interpreting what people wrote.

    As rich's markup, a client's `[/b]` would end the command with an error.
    """
    table = Table(*head)
    for row in rows:
        table.add_row(*map(Text, row))
    Console().print(table)
