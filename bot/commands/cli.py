"""The command line: what the operator can do."""

import typer

from bot.commands import (
    billing,
    check,
    demo,
    link,
    load,
    reminders,
    restored,
    run,
    terms,
    tour,
    unplaced,
)

app = typer.Typer(
    name="panelik",
    help="The client panel of a hosting company, inside Telegram.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command("run")(run.run)
app.command("work")(run.work)
app.command("load")(load.load)
app.command("link")(link.link)
app.command("orders")(billing.orders)
app.command("cancellations")(billing.cancellations)
app.command("paid")(billing.paid)
# Otherwise -50.00 would be taken for an option.
app.command("credit", context_settings={"ignore_unknown_options": True})(billing.credit)
app.add_typer(unplaced.app, name="unplaced")
app.command("restored")(restored.restored)
app.add_typer(reminders.app, name="reminders")
app.command("check")(check.check)
app.command("terms")(terms.terms)
app.command("demo")(demo.demo)
app.command("tour")(tour.tour)
