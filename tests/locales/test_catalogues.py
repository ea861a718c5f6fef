import os
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from locales import catalogues
from locales.translator import Translator

PO = 'msgid "Cart"\nmsgstr "Koszyk z po"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of catalogues with one Polish `.po`, in place of the package's own."""
    monkeypatch.setattr(resources, "files", lambda _package: tmp_path)
    found = tmp_path / "pl" / "LC_MESSAGES"
    found.mkdir(parents=True)
    (found / "bot.po").write_text(PO, encoding="utf-8")
    return found


def compile_beside(folder: Path, *, age: int) -> None:
    """Write a `.mo` that is so many seconds older than the `.po`."""
    catalogue = Catalog(locale="pl")
    catalogue.add("Cart", "Koszyk z mo")
    with (folder / "bot.mo").open("wb") as file:
        write_mo(file, catalogue)
    written = (folder / "bot.po").stat().st_mtime - age
    os.utime(folder / "bot.mo", (written, written))


def test_without_a_compiled_file_the_po_is_read(folder: Path) -> None:
    assert catalogues._read("pl").gettext("Cart") == "Koszyk z po"


def test_a_newer_compiled_file_is_preferred(folder: Path) -> None:
    compile_beside(folder, age=-5)
    assert catalogues._read("pl").gettext("Cart") == "Koszyk z mo"


def test_an_older_compiled_file_is_passed_over(folder: Path) -> None:
    compile_beside(folder, age=5)
    assert catalogues._read("pl").gettext("Cart") == "Koszyk z po"


def test_an_installed_package_has_compiled_files_only(folder: Path) -> None:
    compile_beside(folder, age=5)
    (folder / "bot.po").unlink()
    assert catalogues._read("pl").gettext("Cart") == "Koszyk z mo"


def test_a_language_without_a_catalogue_speaks_in_ids(folder: Path) -> None:
    assert catalogues._read("de").gettext("Cart") == "Cart"


def test_a_message_that_a_language_lacks_is_said_in_english() -> None:
    message = "Nobody has translated this"
    assert catalogues.catalogue("pl").gettext(message) == message


@pytest.mark.parametrize(("n", "text"), [(0, "0 days"), (1, "1 day"), (2, "2 days")])
def test_english_is_what_the_code_says_plurals_included(n: int, text: str) -> None:
    assert catalogues._source("en") is None
    assert Translator("en", ZoneInfo("UTC")).n("{n} day", "{n} days", n) == text
    assert catalogues.negotiate("en-US") == "en"
