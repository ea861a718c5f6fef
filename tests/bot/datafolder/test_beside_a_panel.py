"""A data folder beside a connected panel: the words about what the panel offers."""

from pathlib import Path

import pytest

from billing.rules.shop.catalog import NameKind
from bot.datafolder.folder import Folder, read_folder
from bot.datafolder.mistakes import FolderError
from tests.bot.datafolder.folders import CATALOG, write

WORDS = """\
company:
  name: Chmurnik
groups:
  - {id: "1", name: Hosting}
products:
  - id: start
    ref: "5"
  - id: cloud
    ref: "6"
    group: "7"
    asks_for: domain
    reminder_stages: [7, 0]
addons:
  - {id: ssl, ref: "5", name: {pl: Certyfikat}}
banners:
  - {id: new, text: New, product: cloud}
"""


def read(folder: Path, catalog: str = WORDS) -> Folder:
    return read_folder(_only_catalog(folder, catalog), currency="PLN", by_panel=True)


def _only_catalog(folder: Path, catalog: str) -> Path:
    (folder / "catalog.yaml").write_text(catalog)
    return folder


def mistakes(folder: Path) -> list[str]:
    with pytest.raises(FolderError) as caught:
        read_folder(folder, currency="PLN", by_panel=True)
    return [f"{one.file}: {one.reason}" for one in caught.value.mistakes]


def test_names_groups_and_prices_may_be_left_to_the_panel(tmp_path: Path) -> None:
    catalog = read(tmp_path).catalog
    start, cloud, ssl = catalog.products
    assert (start.ref, start.name, start.group, start.prices) == ("5", {}, "", ())
    # A group of the panel has no heading in the folder.
    assert (cloud.group, cloud.asks_for) == ("7", NameKind.DOMAIN)
    assert (ssl.ref, ssl.fits, ssl.name) == ("5", (), {"pl": "Certyfikat"})


def test_prices_are_named_that_do_not_count(tmp_path: Path) -> None:
    folder = read(tmp_path, CATALOG)
    assert [one.reason for one in folder.suspicions] == [
        f"{name} prices: do not count, the panel has its own"
        for name in ("products start", "products parking", "addons ssl")
    ]


def test_files_with_rows_of_the_panel_are_refused(tmp_path: Path) -> None:
    reason = (
        "belongs to the panel: with a connected panel only catalog.yaml is loaded. Take this file "
        "out of the folder"
    )
    assert mistakes(write(tmp_path, services=[])) == [
        f"{name}: {reason}" for name in ("clients.csv", "services.csv")
    ]


def test_mistakes_are_mistakes_here_too(tmp_path: Path) -> None:
    twice = WORDS.replace('ref: "6"', 'ref: "5"').replace("product: cloud", "product: clod")
    ref, banner = mistakes(_only_catalog(tmp_path, twice))
    assert ref == 'catalog.yaml: the ref "5" is already that of "start"'
    assert '"clod" is no product or add-on' in banner


def test_without_a_panel_all_of_it_is_required(tmp_path: Path) -> None:
    with pytest.raises(FolderError) as caught:
        read_folder(_only_catalog(tmp_path, WORDS), currency="PLN")
    reasons = [one.reason for one in caught.value.mistakes]
    for missing in ("group", "name", "prices", "fits"):
        assert any(missing in reason for reason in reasons)
