"""What the documentation names exists, and its lines are short.

Names are those of files, headings, make targets, commands and settings.
"""

import re
from pathlib import Path

import pytest
import typer

from bot.commands.cli import app
from storage.tables.schema import schema
from tests.described_settings import describe_settings

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
MAKE = re.compile(r"(?:^ {4}|`|^)make ([a-z-]+)", re.MULTILINE)
COMMAND = re.compile(r"(?:(?:^ {4}|`|^|bin/)panelik|-m bot) ([a-z]+)", re.MULTILINE)
WIDTH = 99
SETTING = re.compile(r"PANELIK_[A-Z_]+")


def each_document() -> list[object]:
    return [pytest.param(path, id=path.relative_to(ROOT).as_posix()) for path in DOCUMENTS]


def commands() -> set[str]:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    return set(group.commands)


def anchor(heading: str) -> str:
    """The name that a heading gets on the web."""
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return kept.replace(" ", "-")


def prose(path: Path) -> str:
    """A document without its blocks of code."""
    return re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)


def leads_somewhere(target: str, document: Path) -> bool:
    """Whether a relative link's file exists, and in it the heading."""
    name, _, part = target.partition("#")
    file = document.parent / name if name else document
    return file.exists() and (not part or part in map(anchor, HEADING.findall(prose(file))))


def may_be_long(line: str) -> bool:
    """Rows of tables cannot be wrapped, and addresses are better left whole."""
    is_csv = line.count(",") > 5 and " " not in line
    return line.startswith("|") or "://" in line or is_csv


@pytest.mark.parametrize("path", each_document())
def test_lines_are_wrapped(path: Path) -> None:
    lines = enumerate(path.read_text("utf-8").splitlines(), start=1)
    assert [n for n, line in lines if len(line) > WIDTH and not may_be_long(line)] == []


@pytest.mark.parametrize("path", each_document())
def test_links_lead_somewhere(path: Path) -> None:
    targets = [link for link in LINK.findall(prose(path)) if not re.match(r"[a-z]+:", link)]
    assert [target for target in targets if not leads_somewhere(target, path)] == []


@pytest.mark.parametrize("path", each_document())
def test_make_targets_exist(path: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert set(MAKE.findall(path.read_text("utf-8"))) - set(targets) == set()


@pytest.mark.parametrize("path", each_document())
def test_commands_exist(path: Path) -> None:
    assert set(COMMAND.findall(path.read_text("utf-8"))) - commands() == set()


@pytest.mark.parametrize("path", each_document())
def test_settings_exist(path: Path) -> None:
    known = {setting.name for setting in describe_settings()}
    assert set(SETTING.findall(path.read_text("utf-8"))) - known == set()


def test_every_command_is_explained() -> None:
    operating = (ROOT / "docs" / "operating.md").read_text("utf-8")
    headings = re.findall(r"^## panelik ([a-z]+)$", operating, re.MULTILINE)
    listed = re.findall(r"^\| \[`panelik ([a-z]+)`\]", operating, re.MULTILINE)
    assert set(headings) == commands()
    assert listed == headings


def test_how_long_each_table_is_kept_is_written_down() -> None:
    """Everything that grows has an end, or a reason in the documentation."""
    operating = (ROOT / "docs" / "operating.md").read_text("utf-8")
    _, _, kept = operating.partition("## How long things are kept")
    listed = re.findall(r"^\| `([a-z_]+)` \| [^|]+ \| [^|]+ \|$", kept, re.MULTILINE)
    assert sorted(listed) == sorted(schema.tables)


def test_what_readers_look_for_is_found_by_these_patterns() -> None:
    text = "    make demo\n`make test`\n`panelik paid X`\n$ /bin/panelik run\npython -m bot check"
    assert MAKE.findall(text) == ["demo", "test"]
    assert COMMAND.findall(text) == ["paid", "run", "check"]
