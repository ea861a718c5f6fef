"""`panelik audit`: what was done for the company, and by whom."""

import typer

from billing.rules.audit import AuditEntry
from bot.commands.output.as_json import JsonOption, print_items
from bot.commands.output.list_fields import audit_fields
from bot.commands.output.tables import PageOption, print_page
from bot.commands.session import with_core


def audit(page: PageOption = 1, as_json: JsonOption = False) -> None:
    """List what the operator did, the newest first: when, who, what."""
    entries = with_core(lambda core: core.actions.list_audit(page))
    if as_json:
        print_items(entries, audit_fields)
        return
    if not entries:
        typer.echo("Nothing was done yet.")
        return
    print_page(("when", "who", "what", "about", "how"), entries, _row)


def _row(entry: AuditEntry) -> tuple[str, ...]:
    what = entry.action.replace("_", " ")
    return f"{entry.at:%Y-%m-%d %H:%M} UTC", entry.actor.name, what, entry.subject, entry.note
