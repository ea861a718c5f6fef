"""`panelik check FOLDER`: what a data folder would become, without loading it."""

from collections.abc import Iterator
from pathlib import Path

from billing.rules.shop.catalog import Catalog, Product
from bot.app import Core
from bot.commands.data.load import check_folder
from bot.commands.data.load_report import print_suspicions
from bot.commands.output.sentences import count_of

PRODUCTS = ("product or add-on", "products and add-ons")


async def fit_folder(core: Core, path: Path) -> Iterator[str]:
    """Check a folder; say what it has and, beside a connected panel, how it fits what is offered.

    Exit 1 with every mistake.
    """
    folder = await check_folder(core, path)
    print_suspicions(folder)
    if core.connected is None:
        return iter([_without_panel(folder.catalog)])
    return _beside_panel(folder.catalog, await core.actions.fit_folder(folder.catalog))


def _without_panel(catalog: Catalog) -> str:
    return f"Folder: fine, {count_of(len(catalog.products), *PRODUCTS)}."


def _beside_panel(folder: Catalog, merged: Catalog) -> Iterator[str]:
    """Who knows of which products, by what the panel calls them."""
    named = {(one.kind, one.ref) for one in folder.products}
    both = [one for one in merged.products if (one.kind, one.ref) in named and one.prices]
    rest = [one for one in merged.products if (one.kind, one.ref) not in named]
    without = [one for one in rest if one.offered]
    unknown = [one for one in merged.products if (one.kind, one.ref) in named and not one.prices]
    yield (
        f"Folder: fine; of what the panel offers it describes {count_of(len(both), *PRODUCTS)}."
    )
    if without:
        yield f"Offered in the panel's own words: {_list(without)}."
    if unknown:
        yield f"Not offered by the panel, so not for sale: {_list(unknown)}."


def _list(products: list[Product]) -> str:
    return ", ".join(f"{one.kind} {one.ref}" for one in products)
