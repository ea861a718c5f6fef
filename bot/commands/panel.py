"""`panelik panel`: which panel owns the data, and what is done about one outside."""

from typing import Annotated

import typer

from billing.actions.panel.adopt import Match
from billing.rules.panel.owner import Ownership
from bot.commands.mirror import adopt, merge, sync
from bot.commands.output.as_json import JsonOption, print_json
from bot.commands.output.list_fields import panel_fields
from bot.commands.output.tables import print_table
from bot.commands.probe import probe
from bot.commands.session import actor, fail, with_core

app = typer.Typer(
    help="Which panel owns services, invoices and dates: show it, or read, adopt or try it.",
    invoke_without_command=True,
)


@app.callback()
def show_panel(context: typer.Context, as_json: JsonOption = False) -> None:
    """Which panel owns services, invoices and dates: show it, or read, adopt or try it."""
    if context.invoked_subcommand is not None:
        return
    kept = with_core(lambda core: core.actions.read_owner(), any_terms=True, any_owner=True)
    if as_json:
        print_json(panel_fields(kept))
    else:
        _show(kept)


@app.command("moved")
def accept_address() -> None:
    """It is the same panel at another address."""
    ownership = with_core(lambda core: core.actions.move_owner(by=actor()), any_owner=True)
    if ownership.owner is not None and ownership.has_moved:
        typer.echo(f"{ownership.owner.identity} -> {ownership.identity}")
        typer.echo("Accepted.")
    else:
        typer.echo("Nothing has changed.")


@app.command("sync")
def read_panel(
    everything: Annotated[
        bool, typer.Option("--all", help="Read everybody, not only what is new.")
    ] = False,
) -> None:
    """Read the panel now."""
    sync(everything=everything)


@app.command("adopt")
def adopt_database(
    match: Annotated[
        Match, typer.Option(help="By what clients are found in the panel: email or id.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only report what would be done.")
    ] = False,
) -> None:
    """Give a database of our own to the panel of the settings."""
    adopt(match, dry_run=dry_run)


@app.command("merge")
def merge_clients(
    gone: Annotated[str, typer.Argument(metavar="FROM", help="The client that is gone there.")],
    stays: Annotated[str, typer.Argument(metavar="TO", help="The client that is left.")],
) -> None:
    """Two clients were merged in the panel: let the users of one act for the other."""
    merge(gone, stays)


@app.command("probe")
def probe_panel(
    write: Annotated[
        bool,
        typer.Option("--write", help="Also order, pay, renew and cancel something for a client."),
    ] = False,
    client: Annotated[
        str, typer.Option(help="The number in the panel of a client that is there for tests.")
    ] = "",
) -> None:
    """Print a report on the panel that names nobody."""
    if write is not bool(client):
        fail("probe --write needs --client and the number of a client that is there for tests.")
    probe(client)


def _show(ownership: Ownership) -> None:
    owner = ownership.owner
    kept = (owner.panel, owner.identity or "-") if owner else ("-", "-")
    identity = ownership.identity
    now = (ownership.panel, "does not answer" if identity is None else identity or "-")
    changes = (ownership.is_other_panel, ownership.has_moved)
    rows = [
        (name, before, after, "changed" if is_changed else "")
        for name, before, after, is_changed in zip(
            ("panel", "identity"), kept, now, changes, strict=True
        )
    ]
    since = f"{owner.since:%Y-%m-%d %H:%M} UTC" if owner else "-"
    print_table(("", "this database", "settings", ""), [*rows, ("since", since, "", "")])
