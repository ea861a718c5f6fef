"""The output of `panelik load`: what changes, what stays as it is, and what to do about it."""

from collections.abc import Sequence

import typer

from billing.actions.load import Loaded
from billing.ports.loading import StateChange
from billing.rules.superseded import Superseded
from bot.commands.sentences import counted
from bot.datafolder.folder import Folder
from bot.datafolder.mistakes import report

LISTED = 20
NAMED = 10
"""Most ids named in one sentence."""

SALES = """\
{services} here after the last load (renewed, cancelled, accepted or rejected), and the folder \
does not know of it: {refs}. What is here was kept. Enter it in your own system too; or, if the \
folder is right, load with --state replace --over-sales."""
DIFFERENT = """\
{services} in amounts, cycle, dates or status, and what is here was kept: {refs}. \
To take what the folder says, load with --state replace."""


def print_suspicions(folder: Folder) -> None:
    """Print the texts that are loaded unchanged although they look wrong."""
    if not folder.suspicions:
        return
    typer.echo("Please look at this; it is loaded as it is:", err=True)
    for line in report(sorted(folder.suspicions), limit=LISTED):
        typer.echo(f"  {line}", err=True)


def print_changes(changes: Sequence[StateChange], *, over_sales: bool) -> None:
    """Print old and new values of all replacements, then the sales that are left alone."""
    for change in changes:
        values = f"{change.old or '-'} -> {change.new or '-'}"
        left = change.is_sale and not over_sales
        kept = f"kept: {change.old or '-'} here, {change.new or '-'} in the folder"
        typer.echo(f"{change.ref}: {change.field} {kept if left else values}", err=left)


def print_loaded(folder: Folder, loaded: Loaded, *, replaced: bool) -> None:
    """Print how many rows were new or changed, what was left or closed, and what to do."""
    catalog = "changed" if loaded.catalog_changed else "unchanged"
    typer.echo(
        f"Catalogue {catalog} (revision {loaded.catalog_revision}); clients: {loaded.clients} of "
        f"{folder.client_count} new or changed; services: {loaded.services} of "
        f"{folder.service_count} new or changed."
    )
    _print_closed(loaded)
    if loaded.changed_there:
        services = _with_verb(len(loaded.changed_there), "differs", "differ")
        typer.echo(DIFFERENT.format(services=services, refs=_named(loaded.changed_there)))
    if loaded.sold_here:
        services = _with_verb(len(loaded.sold_here), "was changed", "were changed")
        told = SALES.format(services=services, refs=_named(loaded.sold_here))
        typer.echo(told, err=replaced)


def _print_closed(loaded: Loaded) -> None:
    for one in loaded.closed:
        service = one.service
        why = "has ended or is not due any more"
        if one.reason is Superseded.PAID:
            why = f"is paid until {service.next_due_date} already"
        back = f"; {one.released} is the client's credit again" if one.released else ""
        typer.echo(
            f"Proforma {one.number} of client {one.client_ref} was closed: "
            f"{service.ref or service.title} {why}{back}. The client is told."
        )


def _with_verb(number: int, one: str, many: str) -> str:
    return f"{counted(number, 'service')} {one if number == 1 else many}"


def _named(refs: Sequence[str]) -> str:
    more = len(refs) - NAMED
    return ", ".join(refs[:NAMED]) + (f" and {more} more" if more > 0 else "")
