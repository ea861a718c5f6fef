"""`panelik reminders`: what will be sent, who cannot be reached, one service's history."""

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.app import Core
from bot.commands.data.load import check_folder
from bot.commands.output.as_json import JsonOption, print_json
from bot.commands.reminders.fields import log_fields, preview_fields
from bot.commands.reminders.log import print_log
from bot.commands.reminders.preview import PreviewPrinter
from bot.commands.reminders.undeliverable import list_undeliverable
from bot.commands.session import fail, settings_or_exit, with_core
from bot.settings import OfflineSettings

FORESEEN = timedelta(days=3660)

app = typer.Typer(help="What is sent and what is not, and why.", no_args_is_help=True)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        reason = f"{text!r} is not a day. Write it like 2027-03-01."
        raise typer.BadParameter(reason) from None


@app.command()
def preview(
    day: Annotated[
        date | None,
        typer.Option(
            "--date", parser=_day, metavar="YYYY-MM-DD", help="Which day's; today's if left out."
        ),
    ] = None,
    client: Annotated[
        str | None,
        typer.Option(help="Only this client's: the id in clients.csv or in your panel."),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(help="By the catalog.yaml of this folder, not the loaded one.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show the reminders of a day as they will be sent, if nothing is paid until then."""
    with_core(lambda core: _preview(core, day, client, folder, as_json=as_json))


@app.command()
def undeliverable(
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Write them into this file, as UTF-8.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List clients whom no reminder reaches though something is due soon, and what is at risk."""
    if csv is not None and as_json:
        fail("Either --csv or --json: both are for programs.", code=2)
    with_core(lambda core: list_undeliverable(core, csv, as_json=as_json))


@app.command()
def log(
    service: Annotated[
        str, typer.Argument(help="The service's id in services.csv, or the number of an order.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Tell what became of the reminders of one service, and why."""
    service_log = with_core(lambda core: core.actions.read_reminder_log(service))
    if as_json:
        print_json(log_fields(service_log))
        return
    print_log(service_log, settings_or_exit(kind=OfflineSettings).zone)


async def _preview(
    core: Core,
    chosen_day: date | None,
    client: str | None,
    folder: Path | None,
    *,
    as_json: bool,
) -> None:
    zone = core.settings.zone
    today = core.clock.now().astimezone(zone).date()
    day = chosen_day or today
    if day < today:
        fail(f"{day} is over. `panelik reminders log SERVICE` tells what was sent.", code=2)
    if day > today + FORESEEN:
        fail(f"{day} is too far away: name a day of the next ten years.", code=2)
    catalog = None
    if folder:
        catalog = await core.actions.fit_folder((await check_folder(core, folder)).catalog)
    clients = core.actions.preview_reminders(day, client_ref=client, catalog=catalog)
    if as_json:
        print_json(await preview_fields(day, clients, zone))
        return
    printer = PreviewPrinter(day, zone)
    async for one in clients:
        printer.print(one)
    printer.print_summary()
