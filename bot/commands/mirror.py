"""`panelik panel sync`, `adopt` and `merge`: our copy of a connected panel, and whose it is."""

from collections.abc import Iterable

import typer

from billing.actions.panel.adopt import Adoption, Match
from bot.app import Core
from bot.commands.output.progress import counting
from bot.commands.output.sentences import count_of
from bot.commands.session import actor, fail, with_core

MOST_NAMED = 20


def sync(*, everything: bool) -> None:
    """Read what is new in the panel, or everything; exit 1 if it stops to answer."""
    count = with_core(lambda core: _sync(core, everything=everything))
    if count is None:
        fail("The panel does not answer. What was read until then is kept; try again later.")
    typer.echo(f"Read {count_of(count, 'client')}.")


async def _sync(core: Core, *, everything: bool) -> int | None:
    if core.connected is None:
        fail("There is no panel to read: PANELIK_PANEL is embedded.")
    actions = core.actions
    with counting("Reading") as progress:
        if everything:
            return await actions.read_everything(progress=progress)
        count = await actions.read_changes() + await actions.read_first(progress=progress)
        async with core.database.work.reading() as uow:
            is_away = (await uow.panel_state.get()).is_away
        return None if is_away else count


def adopt(match: Match, *, dry_run: bool) -> None:
    """Give a database of our own to the panel; exit 1 where something stands in the way."""

    async def run(core: Core) -> Adoption:
        with counting("Matching") as progress:
            return await core.actions.adopt_panel(
                match, by=actor(), dry_run=dry_run, progress=progress
            )

    adoption = with_core(run, any_owner=True)
    for line in _report(adoption):
        typer.echo(line)
    if not adoption.is_possible:
        fail("Nothing was changed.")


def _report(adoption: Adoption) -> Iterable[str]:
    clients, services = len(adoption.clients), adoption.services
    yield f"{count_of(clients, 'client')} and {count_of(services, 'service')} are in the panel."
    yield from _named("Not in the panel, or not once", adoption.unmatched)
    yield from _named("Would belong to several clients here", adoption.twice)
    yield from _named("Proformas are open of", adoption.unfinished.proformas)
    yield from _named("Credit is left of", adoption.unfinished.credit)
    if adoption.is_done:
        yield f"Hidden, because the panel does not have them: {adoption.hidden} services."
        yield "Adopted. `panelik panel sync` reads the panel; a running bot does so by itself."
    elif adoption.is_possible:
        yield "Nothing was changed: leave --dry-run out to do it."


def _named(what: str, refs: tuple[str, ...]) -> Iterable[str]:
    if refs:
        more = f" and {len(refs) - MOST_NAMED} more" if len(refs) > MOST_NAMED else ""
        yield f"{what}: {', '.join(refs[:MOST_NAMED])}{more}."


def merge(gone: str, stays: str) -> None:
    """Let the users of one client act for another one."""
    merged = with_core(lambda core: core.actions.merge_clients(gone, stays, by=actor()))
    users, services = count_of(merged.users, "user"), count_of(merged.services, "service")
    typer.echo(f"{users} and {services} of {gone} belong to {stays} now.")
