"""The output of `panelik load`: what changes, what stays as it is, and what to do about it."""

from collections.abc import Sequence

import typer

from billing.actions.load import Loaded
from billing.ports.loading import StateChange
from billing.rules.payments.superseded import Superseded
from bot.commands.output.sentences import count_of
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
        difference = f"kept: {change.old or '-'} here, {change.new or '-'} in the folder"
        typer.echo(f"{change.ref}: {change.field} {difference if left else values}", err=left)


def print_loaded(folder: Folder, load_result: Loaded, *, replaced: bool) -> None:
    """Print how many rows were new or changed, what was left or closed, and what to do."""
    catalog = "changed" if load_result.catalog_changed else "unchanged"
    typer.echo(
        f"Catalogue {catalog} (revision {load_result.catalog_revision}); "
        f"clients: {load_result.clients} of {folder.client_count} new or changed; "
        f"services: {load_result.services} of {folder.service_count} new or changed."
    )
    _print_closed(load_result)
    if load_result.changed_there:
        services = _with_verb(len(load_result.changed_there), "differs", "differ")
        typer.echo(DIFFERENT.format(services=services, refs=_name_list(load_result.changed_there)))
    if load_result.sold_here:
        services = _with_verb(len(load_result.sold_here), "was changed", "were changed")
        sales = SALES.format(services=services, refs=_name_list(load_result.sold_here))
        typer.echo(sales, err=replaced)


def _print_closed(load_result: Loaded) -> None:
    for one in load_result.closed:
        service = one.service
        why = "has ended or is not due any more"
        if one.reason is Superseded.PAID:
            why = f"is paid until {service.next_due_date} already"
        back = f"; {one.released} is the client's credit again" if one.released else ""
        if one.released and not one.is_credit:
            back = f"; the {one.released} paid for it wait for your decision (`panelik unplaced`)"
        typer.echo(
            f"Proforma {one.number} of client {one.client_ref} was closed: "
            f"{service.ref or service.title} {why}{back}. The client is told."
        )


def _with_verb(number: int, one: str, many: str) -> str:
    return f"{count_of(number, 'service')} {one if number == 1 else many}"


def _name_list(refs: Sequence[str]) -> str:
    more = len(refs) - NAMED
    return ", ".join(refs[:NAMED]) + (f" and {more} more" if more > 0 else "")
