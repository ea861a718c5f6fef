"""The command line: what the operator can do."""

import os
from typing import Any

import typer
from typer.core import TyperGroup

from bot.checks import UNDECODED
from bot.commands import audit, check, demo, link, panel, run, tour
from bot.commands.data import load, restored, terms
from bot.commands.decisions import billing, calls, tasks, unplaced, updates
from bot.commands.reminders import commands as reminders
from bot.commands.status import command as status


class Commands(TyperGroup):
    """The group of all commands; refuses arguments that are not text."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; exit 2 for bytes that are not UTF-8, which cannot be printed."""
        for number, argument in enumerate(args, start=1):
            if UNDECODED.search(argument):
                readable = ascii(os.fsencode(argument))[2:-1]
                raise typer.BadParameter(
                    f"Argument {number} is not UTF-8: {readable}. Type it anew."
                )
        return super().parse_args(ctx, args)


app = typer.Typer(
    name="panelik",
    cls=Commands,
    help="The client panel of a hosting company, inside Telegram.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command("run")(run.run)
app.command("work")(run.work)
app.command("load")(load.load)
app.command("link")(link.link)
app.command("links")(link.links)
app.command("unlink")(link.unlink)
app.command("orders")(billing.orders)
app.command("cancellations")(billing.cancellations)
app.command("proformas")(billing.proformas)
app.command("paid")(billing.paid)
# Otherwise -50.00 would be taken for an option.
app.command("credit", context_settings={"ignore_unknown_options": True})(billing.credit)
app.add_typer(tasks.app, name="tasks")
app.add_typer(unplaced.app, name="unplaced")
app.add_typer(calls.app, name="calls")
app.add_typer(updates.app, name="updates")
app.command("audit")(audit.audit)
app.command("restored")(restored.restored)
app.add_typer(reminders.app, name="reminders")
app.command("check")(check.check)
app.command("status")(status.status)
app.command("panel")(panel.panel)
app.command("terms")(terms.terms)
app.command("demo")(demo.demo)
app.command("tour")(tour.tour)
