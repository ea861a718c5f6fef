from pathlib import Path

from tests.bot.commands.conftest import Panelik
from tests.bot.datafolder.folders import client, service, write

CHANGED = {"amount": "31.00", "next_due_date": "2027-03-31", "anchor_day": "31"}


def folder(home: Path, **changes: str) -> Path:
    return write(home, clients=[client()], services=[service(**changes)])


def test_a_folder_is_loaded_once(panelik: Panelik, tmp_path: Path) -> None:
    first = panelik("load", folder(tmp_path))
    assert (first.code, first.err) == (0, "")
    assert first.out == (
        "Catalogue changed (revision 1); clients: 1 of 1 new or changed; services: 1 of 1 new or "
        "changed."
    )
    again = panelik("load", tmp_path)
    assert again.out == (
        "Catalogue unchanged (revision 1); clients: 0 of 1 new or changed; services: 0 of 1 new "
        "or changed."
    )


def test_every_mistake_is_listed_and_nothing_is_changed(panelik: Panelik, tmp_path: Path) -> None:
    wrong = write(
        tmp_path,
        clients=[client(currency="EUROS")],
        services=[service(cycle="weekly"), service(id="S-2", product="nothing")],
    )
    told = panelik("load", wrong)
    assert told.code == 1
    assert "clients.csv:2" in told.err
    assert "services.csv:2" in told.err
    assert "services.csv:3" in told.err
    assert told.err.endswith("3 mistakes. Nothing was changed.")
    assert panelik("credit", "C-1", "1.00").err == (
        'There is no client "C-1". The id is the one in clients.csv.'
    )


def test_a_folder_that_is_not_there(panelik: Panelik, tmp_path: Path) -> None:
    told = panelik("load", tmp_path / "nowhere")
    assert told.code == 1
    assert "nowhere" in told.err


def test_amounts_and_dates_of_known_services_stay(panelik: Panelik, tmp_path: Path) -> None:
    panelik("load", folder(tmp_path))
    kept = panelik("load", folder(tmp_path, name="Start Plus", **CHANGED))
    assert "services: 1 of 1 new or changed" in kept.out
    shown = panelik("load", tmp_path, "--state", "replace")
    assert "S-1: amount 29.00 PLN -> 31.00 PLN" in shown.out


def test_replacing_the_state_says_what_was_and_what_is(panelik: Panelik, tmp_path: Path) -> None:
    panelik("load", folder(tmp_path))
    shown = panelik("load", folder(tmp_path, **CHANGED), "--state", "replace")
    assert shown.code == 0
    assert shown.out.startswith(
        "S-1: amount 29.00 PLN -> 31.00 PLN\n"
        "S-1: next_due_date 2027-02-28 -> 2027-03-31\n"
        "Catalogue unchanged (revision 1); clients: 0 of 1 new or changed; services: 1 of 1 new"
    )
    again = panelik("load", tmp_path, "--state", "replace")
    assert "->" not in again.out
    assert "services: 0 of 1" in again.out
