"""The commands with a panel that keeps the credit."""

from pathlib import Path

import pytest

from billing.rules.allowed import EVERYTHING
from bot.outside_panels import PANELS
from bot.sandbox.demodata import write_demo_folder
from tests.bot.commands.conftest import BEGIN, Panelik
from tests.bot.commands.decisions.test_billing import renews_by_transfer
from tests.panels import limited

pytestmark = pytest.mark.slow


@pytest.fixture
def keeping(loaded: Panelik, monkeypatch: pytest.MonkeyPatch) -> Panelik:
    """The company is loaded; from then on its panel keeps the credit."""
    monkeypatch.setitem(PANELS, "embedded", lambda: limited(EVERYTHING, credit=False))
    return loaded


def test_credit_is_refused(keeping: Panelik) -> None:
    refused = keeping("credit", "C-1001", "5.00")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err == (
        "Your panel keeps the credit: change it there. Nothing was changed here."
    )


def test_too_much_money_is_listed_and_closed(keeping: Panelik) -> None:
    number = keeping.lets(renews_by_transfer)
    assert keeping("paid", number, "50.00").out.endswith(
        "8.00 PLN waits for your decision: see `panelik unplaced`.\nThe client is told."
    )
    listed = keeping("unplaced").out
    for words in ("8.00 PLN", "more than was due", f"{number} C-1001"):
        assert words in listed
    refused = keeping("unplaced", "credit", "1", "C-1001")
    assert refused.code == 1
    assert refused.err == (
        "Your panel keeps the credit: add money no. 1 there, then close it here with `panelik "
        "unplaced close`. Nothing was changed here."
    )
    closed = keeping("unplaced", "close", "1", "--note", "added in the panel")
    assert closed.out == "No. 1, 8.00 PLN: closed."
    again = keeping("paid", number, "5.00", "--reference", "T-2").out
    assert f"{number} of C-1001 Anna Nowak is paid already.\n5.00 PLN waits" in again


def test_credit_in_the_folder_is_refused_and_changes_nothing(
    keeping: Panelik, tmp_path: Path
) -> None:
    folder = write_demo_folder(tmp_path / "folder", BEGIN.date())
    refused = keeping("load", folder)
    assert refused.code == 1
    assert "Your panel keeps the credit, and clients.csv has some for C-1001" in refused.err
    assert refused.err.endswith("Nothing was loaded.")


def test_after_a_restore_no_credit_is_spoken_of(keeping: Panelik) -> None:
    said = keeping("restored").out
    assert "there is none: add it in your panel." in said
    assert "credit" not in said
