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


DecisionArgument = Annotated[
    Decision | None,
    typer.Argument(
        help="moved: it is the same panel at another address; probe: print a report on it that "
        "names nobody; sync: read it now; adopt: give this database to it; merge FROM TO: these "
        "two clients were merged there; none shows it."
    ),
]
WriteOption = Annotated[
    bool,
    typer.Option(
        "--write",
        help="With probe: also order, pay, renew and cancel something for a client that is there "
        "for tests.",
    ),
]
ClientOption = Annotated[
    str, typer.Option(help="With --write: that client's number in the panel.")
]


def panel(
    decision: DecisionArgument = None,
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
    write: WriteOption = False,
    client: ClientOption = "",
) -> None:
    """Show which panel owns services, invoices and dates, or accept its new address."""
    if write is not bool(client) or (write and decision is not Decision.PROBE):
        fail("probe --write needs --client and the number of a client that is there for tests.")
    if decision is not None:
        only_lists(as_json)
    match decision:
        case None:
            _show(as_json=as_json)
        case Decision.PROBE:
            probe(client)
        case Decision.SYNC:
            sync(everything=everything)
        case Decision.ADOPT:
            adopt(match, dry_run=dry_run)
        case Decision.MERGE:
            merge(clients or [])
        case Decision.MOVED:
            _accept_move()


def _accept_move() -> None:
    ownership = with_core(lambda core: core.actions.move_owner(by=actor()), any_owner=True)
    if ownership.owner is not None and ownership.has_moved:
        typer.echo(f"{ownership.owner.identity} -> {ownership.identity}")
        typer.echo("Accepted.")
    else:
        typer.echo("Nothing has changed.")


def _show(*, as_json: bool) -> None:
    kept = with_core(lambda core: core.actions.read_owner(), any_terms=True, any_owner=True)
    if as_json:
        print_json(panel_fields(kept))
    else:
        _print_owner(kept)


def _print_owner(ownership: Ownership) -> None:
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
