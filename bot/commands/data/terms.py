"""`panelik terms`: the settings with which the data was loaded, and whether they have changed."""

from enum import StrEnum
from typing import Annotated

import typer

from bot.app import Core
from bot.commands.data.kept_terms import Term, keep_terms, read_terms
from bot.commands.output.as_json import JsonOption, only_lists, print_json
from bot.commands.output.list_fields import term_fields
from bot.commands.output.tables import print_table
from bot.commands.session import with_core


class Decision(StrEnum):
    """The operator's decision about a change of these settings."""

    ACCEPT = "accept"


def terms(
    decision: Annotated[
        Decision | None, typer.Argument(help="accept: the settings of now are meant; none lists.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the settings that say what your amounts and days mean, or accept their change."""
    if decision is None:
        all_terms = with_core(read_terms, any_terms=True)
        if as_json:
            print_json({"items": [term_fields(term) for term in all_terms]})
        else:
            _list(all_terms)
        return
    only_lists(as_json)
    changed = [term for term in with_core(_accept, any_terms=True) if term.has_changed]
    for term in changed:
        typer.echo(f"{term.name}: {term.loaded} -> {term.now}")
    typer.echo("Accepted." if changed else "Nothing has changed.")


async def _accept(core: Core) -> tuple[Term, ...]:
    before = await read_terms(core)
    await keep_terms(core)
    return before


def _list(all_terms: tuple[Term, ...]) -> None:
    rows = [
        (term.name, term.loaded or "-", term.now, "changed" if term.has_changed else "")
        for term in all_terms
    ]
    print_table(("setting", "loaded with", "now", ""), rows)
