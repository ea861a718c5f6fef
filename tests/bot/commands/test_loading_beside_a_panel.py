"""`panelik load`, `panelik check FOLDER` and `panelik link` with a FOSSBilling, over HTTP."""

from pathlib import Path

import pytest

from bot.sandbox.faults import Fault
from tests.bot.commands.conftest import Panelik
from tests.bot.commands.test_panel_outside import Served
from tests.bot.datafolder.folders import CATALOG

WORDS = """\
company: {name: Chmurnik}
products:
  - {id: start, ref: "2", name: Hosting Pierwszy}
  - {id: gone, ref: "4711"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "data"
    made.mkdir()
    (made / "catalog.yaml").write_text(WORDS)
    return made


def test_a_folder_brings_the_words_and_the_panel_the_rest(panelik: Panelik, folder: Path) -> None:
    with Served() as there:
        first = panelik("load", folder, **there.settings())
        assert (first.code, first.err) == (0, "")
        assert first.out.startswith("Catalogue changed (revision 1); clients: 0 of 0")
        assert "The panel offers" in first.out
        assert "products and add-ons (revision 2)." in first.out
        again = panelik("load", folder, **there.settings())
        assert "Catalogue unchanged (revision 2)" in again.out
        told = panelik("check", folder, **there.settings())
        assert told.code == 0
        assert "of what the panel offers it describes 1 product or add-on." in told.out
        assert "Offered in the panel's own words: product 3" in told.out
        assert "Not offered by the panel, so not for sale: product 4711." in told.out


def test_a_panel_that_does_not_offer_its_list_now_is_read_later(
    panelik: Panelik, folder: Path
) -> None:
    with Served() as there:
        panelik("load", folder, **there.settings())
        there.api.faults.add(Fault("guest/currency/get_pairs", "cut", count=None))
        told = panelik("load", folder, **there.settings())
    assert told.code == 0
    assert "The panel does not answer, so its products and prices are those" in told.err


def test_rows_of_the_panel_are_refused_in_words(panelik: Panelik, folder: Path) -> None:
    (folder / "clients.csv").write_text("id\n")
    with Served() as there:
        told = panelik("load", folder, **there.settings())
        assert told.code == 1
        assert "clients.csv: belongs to the panel: with a connected panel only" in told.err
        assert told.err.endswith("1 mistake. Nothing was changed.")


def test_check_of_a_folder_without_a_panel(panelik: Panelik, folder: Path) -> None:
    told = panelik("check", folder)
    assert told.code == 1
    assert "name" in told.err
    (folder / "catalog.yaml").write_text(CATALOG)
    told = panelik("check", folder)
    assert (told.code, told.out) == (0, "Folder: fine, 3 products and add-ons.")


def test_a_code_for_a_client_of_the_panel(panelik: Panelik, folder: Path) -> None:
    with Served() as there:
        panelik("load", folder, **there.settings())
        told = panelik("link", "2", **there.settings())
        assert told.code == 0
        assert "For client 2, until" in told.err
        assert 'There is no client "4711".' in panelik("link", "4711", **there.settings()).err
        there.api.faults.add(Fault("admin/client/get", "cut", count=None))
        away = panelik("link", "3", **there.settings())
        there.api.faults.clear()
        there.api.faults.add(Fault("admin/client/get", "429", count=None))
        busy = panelik("link", "3", **there.settings())
    assert (away.code, away.out) == (busy.code, busy.out) == (1, "")
    assert "Your panel does not answer. Nothing was changed" in away.err
    assert "Your panel takes no more calls for now" in busy.err
