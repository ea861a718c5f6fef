"""The command line: what the operator can do.

Only the module of the command that is called is imported: a bot that runs has no use for reading
data folders or for the sandbox, and no command should wait for the others.
"""

import os
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from bot.imports import quick_imports
from bot.utf8 import is_utf8

COMMANDS = {
    "run": "run:run",
    "work": "run:work",
    "load": "data.load:load",
    "link": "link:link",
    "links": "link:links",
    "unlink": "link:unlink",
    "orders": "decisions.billing:orders",
    "cancellations": "decisions.billing:cancellations",
    "proformas": "decisions.billing:proformas",
    "paid": "decisions.billing:paid",
    "credit": "decisions.billing:credit",
    "tasks": "decisions.tasks:app",
    "unplaced": "decisions.unplaced:app",
    "calls": "decisions.calls:app",
    "updates": "decisions.updates:app",
    "audit": "audit:audit",
    "restored": "data.restored:restored",
    "reminders": "reminders.commands:app",
    "check": "check:check",
    "status": "status.command:status",
    "panel": "panel:app",
    "terms": "data.terms:terms",
    "demo": "demo:demo",
    "tour": "tour:tour",
}
"""Where the commands and groups of commands are, below `bot.commands`."""

# Otherwise -50.00 would be taken for an option.
CONTEXTS = {"credit": {"ignore_unknown_options": True}}


class CommandsByName(Mapping[str, Any]):
    """The commands, each imported when it is asked for."""

    def __getitem__(self, name: str) -> Any:
        module, _, attribute = COMMANDS[name].partition(":")
        with quick_imports():
            found = getattr(import_module(f"bot.commands.{module}"), attribute)
        alone = typer.Typer()
        if isinstance(found, typer.Typer):
            alone.add_typer(found, name=name)
        else:
            alone.command(name, context_settings=CONTEXTS.get(name))(found)
        return typer.main.get_group(alone).commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class Commands(TyperGroup):
    """The group of all commands; refuses arguments that are not text."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given | {"commands": CommandsByName()})

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; exit 2 for bytes that are not UTF-8, which cannot be printed."""
        for number, argument in enumerate(args, start=1):
            if not is_utf8(argument):
                readable = ascii(os.fsencode(argument))[2:-1]
                raise typer.BadParameter(
                    f"Argument {number} is not UTF-8: {readable}. Type it anew."
                )
        return super().parse_args(ctx, args)


app = typer.Typer(
    name="panelik", cls=Commands, no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False,
)  # fmt: skip


@app.callback()
def panelik() -> None:
    """The client panel of a hosting company, inside Telegram."""
