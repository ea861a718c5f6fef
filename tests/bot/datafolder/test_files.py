"""Files that are none, or have no end: each is named, and nothing is waited for."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.datafolder.files import LONGEST_LINE
from bot.datafolder.folder import MOST_MISTAKES
from bot.datafolder.rows import MOST_BYTES
from tests.bot.datafolder.folders import CATALOG, client, load, mistakes, service, write

FILES = ("catalog.yaml", "clients.csv", "services.csv")


def pipe(path: Path) -> None:
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def nowhere(path: Path) -> None:
    path.symlink_to("nowhere")


def circle(path: Path) -> None:
    path.symlink_to(path)


def to_a_pipe(path: Path) -> None:
    os.mkfifo(path.with_suffix(".pipe"))
    path.symlink_to(path.with_suffix(".pipe"))


def folder(path: Path) -> None:
    path.mkdir()


def listening(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the address of a socket is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path.name)
    os.chdir(here)


def large(path: Path) -> None:
    path.touch()
    os.truncate(path, MOST_BYTES + 1)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (pipe, "is a pipe, not a file"),
        (to_a_pipe, "is a pipe, not a file"),
        (endless, "is a device, not a file"),
        (folder, "is a folder, not a file"),
        (listening, "is a socket, not a file"),
        (nowhere, "is a link that leads nowhere"),
        (circle, "cannot be read: Too many levels of symbolic links"),
        (large, "is larger than"),
    ],
)
def test_anything_but_a_regular_file_is_named(
    tmp_path: Path, name: str, make: Callable[[Path], None], reason: str
) -> None:
    (write(tmp_path, services=[service()]) / name).unlink()
    make(tmp_path / name)
    assert any(line.startswith(f"{name}: {reason}") for line in mistakes(tmp_path))


@pytest.mark.parametrize("name", FILES)
def test_a_link_to_a_file_is_followed(tmp_path: Path, name: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (write(tmp_path, services=[service()]) / name).rename(elsewhere / name)
    (tmp_path / name).symlink_to(elsewhere / name)
    assert len(list(load(tmp_path).services())) == 1


@pytest.mark.parametrize("name", ["clients.csv", "services.csv"])
def test_a_line_without_an_end_is_not_read(tmp_path: Path, name: str) -> None:
    with (write(tmp_path, services=[service()]) / name).open("a") as file:
        file.write("," * (LONGEST_LINE + 1))
    expected = f"{name}:3: is longer than {LONGEST_LINE} characters; the rest was not read"
    assert mistakes(tmp_path) == [expected]


def test_a_header_without_an_end_is_not_read(tmp_path: Path) -> None:
    told = mistakes(write(tmp_path, clients=";" * (LONGEST_LINE + 1)))
    assert told == [
        f"clients.csv:1: is longer than {LONGEST_LINE} characters; the rest was not read"
    ]


@pytest.mark.slow
def test_reading_ends_after_the_most_mistakes(tmp_path: Path) -> None:
    wrong = [client(id=f"C-{number}", country="Poland") for number in range(MOST_MISTAKES * 2)]
    told = mistakes(write(tmp_path, clients=wrong))
    assert len(told) == MOST_MISTAKES + 2
    assert told[-1].endswith("so much is wrong that the rest was not read")


def bomb(levels: int, *, of: str = "lol") -> str:
    """Each level stands for nine of the one before it."""
    above = (
        f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n"
        for level in range(1, levels + 1)
    )
    return f"a0: &a0 [{of}]\n" + "".join(above)


@pytest.mark.slow
@pytest.mark.parametrize("levels", [6, 9, 30])
def test_aliases_that_stand_for_too_much_are_refused(tmp_path: Path, levels: int) -> None:
    (told,) = mistakes(write(tmp_path, catalog=bomb(levels)))
    assert "holds more than 100000 values, with what aliases (*name) stand for" in told


@pytest.mark.slow
def test_aliases_of_mappings_are_counted_too(tmp_path: Path) -> None:
    lines = ["a0: &a0 {k: v}"]
    lines += [
        f"a{n}: &a{n} {{{', '.join(f'k{m}: *a{n - 1}' for m in range(9))}}}" for n in range(1, 9)
    ]
    (told,) = mistakes(write(tmp_path, catalog="\n".join(lines)))
    assert "holds more than 100000 values" in told


@pytest.mark.slow
def test_a_mistake_that_aliases_repeat_is_listed_no_more_than_so_often(tmp_path: Path) -> None:
    wrong = "policy:\n  reminder_stages: [" + ", ".join(["&x 1000", *["*x"] * 5000]) + "]\n"
    assert len(mistakes(write(tmp_path, catalog=CATALOG + wrong))) == 200


@pytest.mark.slow
@pytest.mark.parametrize("deep", ["[" * 45 + "]" * 45, "{a: " * 45 + "}" * 45, "[" * 50_000])
def test_what_is_nested_too_deeply_is_refused(tmp_path: Path, deep: str) -> None:
    (told,) = mistakes(write(tmp_path, catalog=f"company: {deep}"))
    assert "is nested too deeply" in told


def test_anchors_may_save_writing(tmp_path: Path) -> None:
    shared = CATALOG.replace(
        "prices: {PLN: {monthly: 29.00, annually: 290.00}, EUR: {monthly: 6.90}}",
        "prices: &prices {PLN: {monthly: 29.00}}\n"
        "  - {id: second, group: hosting, name: Second, prices: *prices}",
    )
    products = load(write(tmp_path, catalog=shared)).catalog.products
    assert products[0].prices == products[1].prices
