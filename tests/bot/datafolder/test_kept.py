"""Services are kept from the check, or read again: what is given is the same."""

from pathlib import Path

import pytest

from bot.datafolder import kept
from tests.bot.datafolder.folders import addon, load, service, write

ROWS = [
    addon(id="A-1", parent="S-1"),
    service(id="S-1", domain="a.example"),
    addon(id="A-2", parent="S-2"),
    service(id="S-2", domain="b.example", amount="31.00", first_amount=""),
]


def test_what_is_kept_is_what_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path, services=ROWS)
    as_kept = list(load(folder).services())
    monkeypatch.setattr(kept, "MOST", len(ROWS) - 1)
    read_again = list(load(folder).services())
    assert [row.ref for row in as_kept] == ["S-1", "S-2", "A-1", "A-2"]
    assert read_again == as_kept


def test_what_was_checked_is_given_whatever_becomes_of_the_file(tmp_path: Path) -> None:
    folder = load(write(tmp_path, services=ROWS))
    before = list(folder.services())
    (tmp_path / "services.csv").unlink()
    assert list(folder.services()) == before
