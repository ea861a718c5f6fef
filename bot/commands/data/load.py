"""`panelik load`: the company's data, all or nothing."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from billing.actions.load import Loaded
from billing.ports.connected import PanelUnreachableError
from bot.app import Core
from bot.commands.data.kept_owner import keep_first_owner
from bot.commands.data.kept_terms import keep_first_terms
from bot.commands.data.load_report import print_changes, print_loaded, print_suspicions
from bot.commands.output.progress import counting
from bot.commands.output.sentences import count_of
from bot.commands.session import actor, fail, with_core
from bot.datafolder.folder import Folder, read_folder
from bot.datafolder.mistakes import FolderError, report

LEFT = 3
"""The exit code if services keep a state that differs from the folder's."""

AWAY = """\
The panel does not answer, so its products and prices are those that were read last. The running \
bot reads them by itself once the panel is there."""


class State(StrEnum):
    """What to do with amounts, cycles, dates and statuses of known services."""

    KEEP = "keep"
    REPLACE = "replace"


def load(
    folder: Annotated[Path, typer.Argument(help="The folder with catalog.yaml and two CSVs.")],
    state: Annotated[
        State, typer.Option(help="replace: take amounts, dates and statuses from the folder too.")
    ] = State.KEEP,
    over_sales: Annotated[
        bool,
        typer.Option(
            "--over-sales",
            help="With --state replace: also of services renewed or cancelled here since.",
        ),
    ] = False,
    new_ids: Annotated[
        bool, typer.Option("--new-ids", help="New ids that look like others are really others.")
    ] = False,
) -> None:
    """Load or update the company's data from FOLDER; docs/data-folder.md explains its files."""
    replace = state is State.REPLACE
    if over_sales and not replace:
        fail("--over-sales goes with --state replace.", code=2)

    async def work(core: Core) -> Loaded:
        if core.database.is_new:
            typer.echo(f"A new database was made: {core.database.name}", err=True)
        load_result = await load_folder(
            core, folder, replace=replace, over_sales=over_sales, new_ids=new_ids
        )
        await keep_first_owner(core)
        await keep_first_terms(core)
        await _read_panel(core)
        return load_result

    load_result = with_core(work, make=True)
    if replace and load_result.sold_here:
        raise typer.Exit(LEFT)


async def _read_panel(core: Core) -> None:
    """Read what a connected panel offers, so that the words just loaded have their prices."""
    try:
        catalog = await core.actions.read_catalogue()
    except PanelUnreachableError:
        typer.echo(AWAY, err=True)
        return
    if catalog is not None:
        offered = sum(product.offered for product in catalog.products)
        products = count_of(offered, "product or add-on", "products and add-ons")
        typer.echo(f"The panel offers {products} (revision {catalog.revision}).")


async def load_folder(
    core: Core,
    path: Path,
    *,
    replace: bool = False,
    over_sales: bool = False,
    new_ids: bool = False,
) -> Loaded:
    """Check the folder, then store it in one transaction; exit 1 with every mistake."""
    folder = await check_folder(core, path, new_ids=new_ids)
    print_suspicions(folder)
    if replace:
        changes = await core.actions.find_state_changes(folder)
        print_changes(changes, over_sales=over_sales)
    load_result = await _store(core, folder, replace=replace, over_sales=over_sales)
    print_loaded(folder, load_result, replaced=replace)
    return load_result


async def check_folder(
    core: Core, path: Path, *, new_ids: bool = False, quiet: bool = False
) -> Folder:
    """Read the folder without storing anything; exit 1 with every mistake."""
    refs = await core.actions.read_known()
    with _progress("Checking", total=None, quiet=quiet) as progress:
        return read_folder(
            path,
            currency=core.settings.currency,
            known=refs,
            new_ids=new_ids,
            by_panel=not core.panel.capabilities.sweeps,
            progress=progress,
        )


def _mistakes(error: FolderError) -> Iterable[str]:
    yield from report(error.mistakes)
    count = len(error.mistakes)
    yield f"{count} mistake{'s' if count != 1 else ''}. Nothing was changed."


async def _store(core: Core, folder: Folder, *, replace: bool, over_sales: bool) -> Loaded:
    total = folder.client_count + folder.service_count
    with _progress("Loading", total=total) as progress:
        return await core.actions.load_company(
            folder,
            by=actor(),
            replace_state=replace,
            over_sales=over_sales,
            progress=progress,
        )


@contextmanager
def _progress(
    what: str, *, total: int | None, quiet: bool = False
) -> Iterator[Callable[[int], None]]:
    """Give a function that counts rows on a bar; exit 1 with every mistake of the folder."""
    try:
        with counting(what, total=total, quiet=quiet) as progress:
            yield progress
    except FolderError as error:
        fail("\n".join(_mistakes(error)))
