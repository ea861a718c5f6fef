import os
from pathlib import Path

import pytest

from bot.datafolder import kept
from bot.datafolder.mistakes import FolderError
from tests.bot.datafolder.folders import client, csv, load, mistakes, service, write

HEADER = ",".join(client())


def test_excel_may_write_it(tmp_path: Path) -> None:
    columns = tuple(reversed(list(client())))
    text = "\ufeff" + csv(columns, [client(name='"Nowak; Anna"')], separator=";")
    folder = write(tmp_path, clients=text.replace("\n", "\r\n") + ";" * 10 + "\r\n\r\n")
    assert [row.name for row in load(folder).clients()] == ["Nowak; Anna"]


def test_columns_are_told_from_each_other_in_any_case(tmp_path: Path) -> None:
    text = csv(tuple(client()), [client()]).replace("id,name", " ID ,Name", 1)
    assert load(write(tmp_path, clients=text)).client_count == 1


def test_missing_unknown_and_repeated_columns_are_told(tmp_path: Path) -> None:
    text = HEADER.replace("email", "mail").replace("country", "name") + "\n"
    assert mistakes(write(tmp_path, clients=text)) == [
        'clients.csv:1: column "country" is missing',
        'clients.csv:1: column "email" is missing',
        'clients.csv:1: column "name" is there twice',
        'clients.csv:1: unknown column "mail"; did you mean "email"?',
    ]


def test_a_row_with_too_few_cells_keeps_its_id(tmp_path: Path) -> None:
    folder = write(tmp_path, clients=f"{HEADER}\nC-1,Anna\n", services=[service()])
    assert mistakes(folder) == [
        (
            "clients.csv:2: has 2 cells where the header has 11; "
            "a cell with the separator in it is put in quotation marks"
        )
    ]


def test_lines_are_counted_across_cells_with_line_breaks(tmp_path: Path) -> None:
    rows = [client(name='"A\nB"'), client(id="C-2", country="Polska")]
    assert [line.split(" ")[0] for line in mistakes(write(tmp_path, clients=csv(
        tuple(client()), rows,
    )))] == ["clients.csv:2:", "clients.csv:4:"]  # fmt: skip


def test_another_encoding_is_named_line_by_line(tmp_path: Path) -> None:
    folder = write(tmp_path, services=[service()])
    text = csv(tuple(client()), [client(), client(id="C-2", name="Żółw")])
    (folder / "clients.csv").write_bytes(text.encode("cp1250"))
    assert mistakes(folder) == ["clients.csv:3: is not UTF-8; save the file with that encoding"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_what_excel_calls_unicode_text_is_named_once(tmp_path: Path, encoding: str) -> None:
    folder = write(tmp_path, services=[service()])
    (folder / "clients.csv").write_bytes(csv(tuple(client()), [client()]).encode(encoding))
    assert mistakes(folder) == ["clients.csv:1: is not UTF-8; save the file with that encoding"]


def test_an_open_quotation_mark_ends_the_reading_and_accuses_nobody_else(tmp_path: Path) -> None:
    text = f'{HEADER}\nC-0,"Anna\n' + csv(tuple(client()), [client()])
    found = mistakes(write(tmp_path, clients=text, services=[service()]))
    assert found == [
        (
            "clients.csv:2: unexpected end of data; is a quotation mark not closed? "
            "The rest was not read"
        )
    ]


def test_an_empty_file_is_told_its_first_line(tmp_path: Path) -> None:
    assert mistakes(write(tmp_path, clients="\n\n")) == [
        f"clients.csv:1: is empty; its first line is {HEADER}"
    ]


def test_a_file_changed_between_check_and_use_is_refused(tmp_path: Path) -> None:
    folder = load(write(tmp_path))
    with (tmp_path / "clients.csv").open("a") as file:
        file.write("C-2,half a row")
    with pytest.raises(FolderError, match=r"clients\.csv: was changed while it was being loaded"):
        list(folder.clients())


def test_a_file_changed_behind_our_back_is_refused_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOST", 0)
    path = write(tmp_path, services=[service()]) / "services.csv"
    folder, status = load(tmp_path), path.stat()
    path.write_text(path.read_text().replace("monthly", "mumbly!"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    with pytest.raises(FolderError, match=r"services\.csv: was changed"):
        list(folder.services())
