"""The settings that give amounts and days their meaning do not change unnoticed."""

from pathlib import Path

import pytest

from bot.sandbox.methods.api import TOKEN
from tests.bot.commands.conftest import Panelik
from tests.bot.datafolder.folders import client, write

CHANGES = {"PRICES_INCLUDE_TAX": "false", "TAX_RATE": "8", "CURRENCY": "EUR", "TIMEZONE": "UTC"}
NOWHERE = {"BOT_TOKEN": TOKEN, "API_URL": "http://127.0.0.1:9"}


@pytest.fixture
def filled(panelik: Panelik, tmp_path: Path) -> Panelik:
    """A company whose amounts are net, as its operator set."""
    told = panelik("load", write(tmp_path, clients=[client()]), PRICES_INCLUDE_TAX="false")
    assert told.code == 0
    return panelik


@pytest.mark.parametrize("command", [("run",), ("work",), ("orders",), ("load", ".")])
def test_a_setting_that_was_lost_is_told_before_harm(
    filled: Panelik, command: tuple[str, ...]
) -> None:
    told = filled(*command, **NOWHERE)
    assert (told.code, told.out) == (2, "")
    assert told.err == (
        "The data was loaded with other settings than those of now:\n"
        "PANELIK_PRICES_INCLUDE_TAX was false and is true (it is not set: the default)\n"
        "Amounts or days would mean something else. Is this the folder of your .env, and is it "
        "complete? If you mean the change, say so with `panelik terms accept`."
    )


@pytest.mark.parametrize("name", CHANGES)
def test_each_of_them_counts(panelik: Panelik, tmp_path: Path, name: str) -> None:
    panelik("load", write(tmp_path, clients=[client()]))
    told = panelik("orders", **{name: CHANGES[name]})
    assert told.code == 2
    assert f"PANELIK_{name} was " in told.err
    assert told.err.count("PANELIK_") == 1


@pytest.mark.slow
def test_check_names_it_instead_of_settings_that_are_fine(filled: Panelik) -> None:
    told = filled("check", **NOWHERE)
    assert told.code == 1
    assert "Settings: fine." not in told.out
    assert "Settings: The data was loaded with other settings" in told.err


def test_another_notation_is_not_a_change(panelik: Panelik, tmp_path: Path) -> None:
    panelik("load", write(tmp_path, clients=[client()]), TAX_RATE="23.00")
    assert panelik("orders", TAX_RATE="23", PRICES_INCLUDE_TAX="yes", CURRENCY="pln").code == 0


@pytest.mark.slow
def test_a_change_that_is_meant_is_accepted(filled: Panelik) -> None:
    changed = {"PRICES_INCLUDE_TAX": "false", "TAX_RATE": "8"}
    listed = filled("terms", **changed)
    assert listed.code == 0
    assert "PANELIK_TAX_RATE │ 23 │ 8 │ changed" in listed.out
    accepted = filled("terms", "accept", **changed)
    assert accepted.out.splitlines() == ["PANELIK_TAX_RATE: 23 -> 8", "Accepted."]
    assert filled("orders", **changed).code == 0
    assert filled("terms", "accept", **changed).out == "Nothing has changed."


def test_nothing_is_compared_before_data_is_loaded(panelik: Panelik) -> None:
    assert panelik("orders", CURRENCY="EUR").code == 0
    assert panelik("orders", CURRENCY="PLN").code == 0


def test_a_load_that_fails_keeps_no_settings(panelik: Panelik, tmp_path: Path) -> None:
    wrong = write(tmp_path, clients=[client(currency="EUROS")])
    assert panelik("load", wrong, CURRENCY="EUR").code == 1
    assert panelik("orders", CURRENCY="PLN").code == 0
