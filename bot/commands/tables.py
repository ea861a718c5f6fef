"""Tables in the operator's terminal."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text


def print_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows below a head, without interpreting what people wrote.

    As rich's markup, a client's `[/b]` would end the command with an error.
    """
    table = Table(*head)
    for row in rows:
        table.add_row(*map(Text, row))
    Console().print(table)
