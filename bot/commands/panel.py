"""`panelik panel`: which panel owns the data, and a change of its address."""

from enum import StrEnum
from typing import Annotated

import typer

from billing.actions.panel.adopt import Match
from billing.rules.panel.owner import Ownership
from bot.commands.mirror import adopt, merge, sync
from bot.commands.output.as_json import JsonOption, only_lists, print_json
from bot.commands.output.list_fields import panel_fields
from bot.commands.output.tables import print_table
from bot.commands.probe import probe
from bot.commands.session import actor, fail, with_core


class Decision(StrEnum):
    """What the operator says about the panel."""

    MOVED = "moved"
    PROBE = "probe"
    SYNC = "sync"
    ADOPT = "adopt"
    MERGE = "merge"


def panel(
    decision: Annotated[
        Decision | None,
        typer.Argument(
            help="moved: it is the same panel at another address; probe: print a report on it "
            "that names nobody; sync: read it now; adopt: give this database to it; merge FROM "
            "TO: these two clients were merged there; none shows it."
        ),
    ] = None,
    clients: Annotated[
        list[str] | None, typer.Argument(help="With merge: both clients, the gone one first.")
    ] = None,
    match: Annotated[
        Match | None,
        typer.Option(help="With adopt: by what clients are found in the panel: email or id."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With adopt: only report what would be done.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="With sync: read everybody, not only what is new.")
    ] = False,
    as_json: JsonOption = False,
    write: Annotated[
        bool,
        typer.Option(
            "--write",
            help="With probe: also order, pay, renew and cancel something for a client that is "
            "there for tests.",
        ),
    ] = False,
    client: Annotated[
        str, typer.Option(help="With --write: that client's number in the panel.")
    ] = "",
) -> None:
    """Show which panel owns services, invoices and dates, or accept its new address."""
    if write is not bool(client) or (write and decision is not Decision.PROBE):
        fail("probe --write needs --client and the number of a client that is there for tests.")
    if decision is None:
        kept = with_core(lambda core: core.actions.read_owner(), any_terms=True, any_owner=True)
        if as_json:
            print_json(panel_fields(kept))
        else:
            _show(kept)
        return
    only_lists(as_json)
    if decision is Decision.PROBE:
        probe(client)
        return
    if decision is Decision.SYNC:
        sync(everything=everything)
        return
    if decision is Decision.ADOPT:
        adopt(match, dry_run=dry_run)
        return
    if decision is Decision.MERGE:
        merge(clients or [])
        return
    ownership = with_core(lambda core: core.actions.move_owner(by=actor()), any_owner=True)
    if ownership.owner is not None and ownership.has_moved:
        typer.echo(f"{ownership.owner.identity} -> {ownership.identity}")
        typer.echo("Accepted.")
    else:
        typer.echo("Nothing has changed.")


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
