from pathlib import Path

import pytest

from bot.datafolder.folder import read_folder
from bot.datafolder.mistakes import FolderError, Mistake, report
from tests.bot.datafolder.folders import CATALOG, client, load, mistakes, service, write


def test_the_catalogue_alone_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "catalog.yaml").write_text(CATALOG)
    folder = load(tmp_path)
    assert (folder.client_count, folder.service_count) == (0, 0)
    assert not [*folder.clients(), *folder.services()]


def test_a_folder_without_a_catalogue_is_refused(tmp_path: Path) -> None:
    assert mistakes(write(tmp_path, catalog=None, services=[service()])) == [
        "catalog.yaml: is missing"
    ]


def test_a_path_that_is_not_a_folder_is_refused(tmp_path: Path) -> None:
    missing = tmp_path / "nowhere"
    assert mistakes(missing) == [f"{missing}: is not a folder"]


def test_a_misspelt_file_name_is_not_passed_over(tmp_path: Path) -> None:
    (write(tmp_path) / "service.csv").write_text("")
    (tmp_path / "notes.txt").write_text("other files are no concern of ours")
    assert mistakes(tmp_path) == [
        'service.csv: is not a file we know; did you mean "services.csv"?'
    ]


def test_every_mistake_of_every_file_is_told_in_order(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        catalog=CATALOG.replace("6.90", "6 90").replace("Chmurnik", ""),
        clients=[client(country="Polska"), client(id="C-2", credit="much")],
        services=[service(status=""), service(id="S-2", client="C-3"), service()],
    )
    places = [line.split(": ")[0] for line in mistakes(folder)]
    assert places == [
        "catalog.yaml:2", "catalog.yaml:10", "clients.csv:2", "clients.csv:3",
        "services.csv:2", "services.csv:3", "services.csv:4",
    ]  # fmt: skip


def test_a_long_list_is_cut_with_its_length() -> None:
    found = [Mistake("clients.csv", line, "is wrong") for line in range(1, 251)]
    printed = list(report(found))
    assert len(printed) == 201
    assert printed[-1] == "... and 50 more"
    assert "... and 50 more" in str(FolderError(found))


def test_progress_is_told_row_by_row_in_the_end(tmp_path: Path) -> None:
    steps: list[int] = []
    rows = [client(id=f"C-{number}") for number in range(2500)]
    folder = read_folder(write(tmp_path, clients=rows), currency="PLN", progress=steps.append)
    assert folder.client_count == sum(steps) == 2500


@pytest.mark.parametrize("known", ["clients", "services"])
def test_rows_can_be_read_again_and_again(tmp_path: Path, known: str) -> None:
    folder = load(write(tmp_path, services=[service()]))
    read = getattr(folder, known)
    assert list(read()) == list(read())
