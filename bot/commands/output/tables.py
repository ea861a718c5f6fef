"""Lists in the operator's terminal: a table, or one field a line where a table would be too wide.

No word is ever cut or broken: a domain or the number of a proforma can always be copied.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, TypeVar

import typer
from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from billing.views.page import Page

T = TypeVar("T")

FRAMED = 3
"""Characters that a column of the framed table takes beyond its text; the frame's end is one."""

GAP = 2
"""Characters between two columns of the table without a frame."""

PageOption = Annotated[int, typer.Option("--page", help="Which page of a long list.", min=1)]


def print_page(head: Sequence[str], page: Page[T], row: Callable[[T], Sequence[str]]) -> None:
    """Print one page of a list, and how to see the others where there are any."""
    print_table(head, map(row, page))
    print_place(page)


def print_place(page: Page[T]) -> None:
    """Say which page of a list of several it is."""
    if page.number > 1 or page.has_next:
        more = f"; --page {page.number + 1} shows the next" if page.has_next else ", the last"
        typer.echo(f"Page {page.number}{more}.")


def print_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows below a head, without interpreting what people wrote.

    A row that does not fit is broken between words. If even the longest words do not fit beside
    each other, each field gets a line of its own.
    """
    all_rows = tuple(rows)
    console = Console()
    columns = tuple(zip(head, *all_rows, strict=True))
    whole = [max(map(_width, column)) for column in columns]
    if sum(whole) + FRAMED * len(head) + 1 <= console.width:
        console.print(_table(head, all_rows, Table()))
        return
    longest_words = [max(map(_longest_word, column)) for column in columns]
    spare = console.width - sum(longest_words) - GAP * (len(head) - 1)
    if spare < 0:
        _print_fields(head, all_rows)
        return
    lean = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    console.print(_table(head, all_rows, lean, widths=_shared(spare, longest_words, whole)))


def _table(
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    table: Table,
    *,
    widths: Sequence[int] | None = None,
) -> Table:
    """Fill a table. As rich's markup, a client's `[/b]` would end the command with an error."""
    for number, name in enumerate(head):
        table.add_column(name, overflow="fold", width=widths[number] if widths else None)
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _shared(spare: int, least: Sequence[int], whole: Sequence[int]) -> list[int]:
    """Give the spare characters, one by one, to the column that lacks the most."""
    widths = list(least)
    for _ in range(spare):
        lacking = [want - width for want, width in zip(whole, widths, strict=True)]
        if max(lacking) <= 0:
            break
        widths[lacking.index(max(lacking))] += 1
    return widths


def _print_fields(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print each field with its name; the terminal wraps what is longer than a line.

    A row without its first field belongs to the one before.
    """
    name_width = max(map(_width, head))
    for number, row in enumerate(rows):
        if number and row[0]:
            typer.echo()
        for name, value in zip(head, row, strict=True):
            if value:
                typer.echo(f"{name}{' ' * (name_width - _width(name))}  {value}".rstrip())


def _width(text: str) -> int:
    return max(map(cell_len, text.splitlines()), default=0)


def _longest_word(text: str) -> int:
    return max(map(cell_len, text.split()), default=0)
