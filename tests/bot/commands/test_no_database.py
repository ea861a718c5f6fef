"""What commands say where there is no database: only `run`, `load` and `demo` make one."""

from pathlib import Path

import pytest

from tests.bot.commands.conftest import Panelik
from tests.bot.datafolder.folders import client, write

COMMANDS = [
    ("orders",),
    ("cancellations",),
    ("link", "C-1"),
    ("paid", "PRO-1"),
    ("credit", "C-1", "1.00"),
    ("reminders", "undeliverable"),
    ("reminders", "preview"),
    ("reminders", "log", "S-1"),
    ("terms",),
    ("terms", "accept"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_other_command_makes_one(
    panelik: Panelik, tmp_path: Path, command: tuple[str, ...]
) -> None:
    panelik.database.unlink()
    told = panelik(*command, DATABASE_URL="")
    assert (told.code, told.out) == (1, "")
    assert told.err == (
        f"{panelik.database} does not exist. PANELIK_DATABASE_URL is not set "
        f"({tmp_path}/.env does not exist), so it was looked for in this folder. Work where your "
        ".env is; for a new one, `panelik load FOLDER` or `panelik run` makes one."
    )
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_settings_that_does_not_name_it(panelik: Panelik, tmp_path: Path) -> None:
    panelik.database.unlink()
    (tmp_path / ".env").write_text("PANELIK_CURRENCY=PLN\n")
    assert f"({tmp_path}/.env does not set it)" in panelik("orders", DATABASE_URL="").err


def test_an_empty_file_is_no_database(panelik: Panelik) -> None:
    panelik.database.write_bytes(b"")
    told = panelik("orders")
    assert told.code == 1
    assert told.err == (
        f"{panelik.database} has no tables yet. PANELIK_DATABASE_URL names it; `panelik load "
        "FOLDER` or `panelik run` makes one."
    )


@pytest.mark.slow
def test_a_load_makes_one_and_says_so(panelik: Panelik, tmp_path: Path) -> None:
    panelik.database.unlink()
    told = panelik("load", write(tmp_path, clients=[client()]))
    assert (told.code, told.err) == (0, f"A new database was made: {panelik.database}")
    assert panelik("load", tmp_path).err == ""


@pytest.mark.slow
def test_a_load_makes_none_in_the_place_of_one_that_is_gone(
    panelik: Panelik, tmp_path: Path
) -> None:
    folder = write(tmp_path, clients=[client()])
    panelik("load", folder)
    kept = panelik.database.read_bytes()
    for gone in (panelik.database.unlink, lambda: panelik.database.write_bytes(b"")):
        gone()
        told = panelik("load", folder)
        assert told.code == 1
        assert "although it was made here before (panelik.sqlite.made beside it says" in told.err
    panelik.database.write_bytes(kept)
    assert panelik("load", folder).code == 0
    panelik.database.unlink()
    (tmp_path / "panelik.sqlite.made").unlink()
    assert panelik("load", folder).code == 0
