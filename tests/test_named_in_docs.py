"""What the documentation and the docstrings of modules name exists in the code.

Names are read from `code spans` and from blocks of Python. A span that looks like a path, a
module, a class, a function or a command has to lead to one.
"""

import ast
import builtins
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.commands.cli import app
from handlers import buttons
from tests.metric_names import alerts, metric_names

ROOT = Path(__file__).parents[1]
PACKAGES = ("billing", "bot", "handlers", "locales", "storage")
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
SOURCES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))

TESTS = sorted((ROOT / "tests").rglob("*.py"))

SPAN = re.compile(r"`([^`\n]+)`")
BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
PATH = re.compile(rf"(?:{'|'.join(PACKAGES)}|tests|docs)/[\w./-]*")
TEST = re.compile(r"(tests/[\w/]+\.py)::(\w+)")
DOTTED = re.compile(rf"(?:{'|'.join(PACKAGES)})(?:\.\w+)+")
CLASS = re.compile(r"[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+")
FUNCTION = re.compile(r"([a-z_][a-z0-9_]*)\(.*\)")
SNAKE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
BUTTON = re.compile(r"\bbuttons\.([A-Z]\w+)")
COMMAND = re.compile(r"panelik ((?:[a-z]+ ?)+)")

ELSEWHERE = {
    "BotFather": "Telegram's",
    "pg_dump": "PostgreSQL's",
    "utils.py": "named to say that there is none",
    "ConversationHandler": "python-telegram-bot's, named to say that it is not used",
}
"""Names that look like ours and are not."""


@cache
def vocabulary() -> frozenset[str]:
    """Every identifier of the sources and every word in their strings, but not in docstrings."""
    words: set[str] = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            words |= set(_words(node))
    for path in (ROOT / "bot" / "sandbox" / "demo").iterdir():
        words |= set(re.findall(r"\w+", path.read_text("utf-8")))
    return frozenset(words)


def _words(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Expr(value=ast.Constant()):
            return
        case (
            ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name)
        ):
            yield name
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
            yield name
        case ast.keyword(arg=str(name)) | ast.alias(name=name):
            yield name
        case ast.Constant(value=str(value)) if "\n" not in value:
            yield from re.findall(r"\w+", value)


@cache
def commands() -> dict[str, set[str]]:
    """The commands, each with its subcommands."""
    group: Any = typer.main.get_command(app)
    return {name: set(getattr(one, "commands", ())) for name, one in group.commands.items()}


def unknown(span: str) -> str | None:
    """What a code span names that does not exist; None when all is well."""
    if span in metric_names() | {alert["alert"] for alert in alerts()}:
        return None
    if PATH.fullmatch(span) or TEST.fullmatch(span):
        return None if is_there(span) else span
    if re.fullmatch(r"\w+\.py", span):
        known = span in ELSEWHERE or any(path.name == span for path in SOURCES + TESTS)
        return None if known else span
    if DOTTED.fullmatch(span):
        return None if leads_somewhere(span) else span
    if command := COMMAND.match(span):
        return unknown_command(command.group(1).split())
    if CLASS.fullmatch(span):
        return None if is_known(span) else span
    name = match.group(1) if (match := FUNCTION.fullmatch(span)) else span
    if name != span or SNAKE.fullmatch(span):
        return None if is_known(name.removeprefix("panelik_")) else span
    return None


def is_known(name: str) -> bool:
    return name in vocabulary() or name in ELSEWHERE or hasattr(builtins, name)


def is_there(span: str) -> bool:
    """Whether it is a file, the beginning of one, or a test in one."""
    if test := TEST.fullmatch(span):
        path, name = ROOT / test.group(1), test.group(2)
        return path.exists() and bool(re.search(rf"(def|class) {name}\b", path.read_text("utf-8")))
    return (ROOT / span).exists() or bool(list(ROOT.glob(span + "*")))


def leads_somewhere(dotted: str) -> bool:
    """Whether it is a module, or something in one."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            there: Any = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if not hasattr(there, part):
                return False
            there = getattr(there, part)
        return True
    return False


def unknown_command(words: list[str]) -> str | None:
    name, *rest = words
    if name not in commands():
        return f"panelik {name}"
    below = commands()[name]
    return f"panelik {name} {rest[0]}" if rest and below and rest[0] not in below else None


def times_quoted(code: str) -> int:
    """In how many modules an example stands word for word."""
    words = " ".join(code.split())
    return sum(words in text for text in texts())


@cache
def texts() -> tuple[str, ...]:
    return tuple(" ".join(path.read_text("utf-8").split()) for path in SOURCES)


def examples_in(docstring: str) -> list[str]:
    """The indented blocks of a docstring that define something."""
    blocks = re.findall(r"(?:^ {4}.*\n)+", docstring + "\n", re.MULTILINE)
    return [block for block in blocks if re.match(r" +(?:async )?(?:def|class) ", block)]


def modules_with_docstrings() -> Iterator[Any]:
    for path in SOURCES:
        if ast.get_docstring(ast.parse(path.read_text("utf-8"))):
            yield pytest.param(path, id=path.relative_to(ROOT).as_posix())


@pytest.mark.slow
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_documents_name_what_there_is(path: Path) -> None:
    text = path.read_text("utf-8")
    assert [name for span in SPAN.findall(text) if (name := unknown(span))] == []
    assert [button for button in BUTTON.findall(text) if not hasattr(buttons, button)] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_examples_in_documents_are_quoted(path: Path) -> None:
    assert [
        code for code in BLOCK.findall(path.read_text("utf-8")) if not times_quoted(code)
    ] == []


@pytest.mark.slow
@pytest.mark.parametrize("path", list(modules_with_docstrings()))
def test_docstrings_of_modules_name_what_there_is(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    assert [name for span in SPAN.findall(docstring) if (name := unknown(span))] == []
    # Only its own docstring may have it: then nobody has it.
    own = " ".join(docstring.split())
    quoted = [" ".join(code.split()) for code in examples_in(docstring)]
    assert [
        code for code in quoted if sum(code in text for text in texts()) < 1 + (code in own)
    ] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "span",
    ["bot/telegram/nothing.py", "billing.rules.money.nothing", "panelik nothing",
     "panelik reminders nothing", "RenameNothing", "rename_nothing()", "rename_nothing"],
)  # fmt: skip
def test_a_name_that_leads_nowhere_is_seen(span: str) -> None:
    assert unknown(span)


def test_an_example_that_nobody_wrote_is_seen() -> None:
    assert not times_quoted("async def rename(ctx: Context, tapped: RenameService) -> None:")
    assert times_quoted("async def ask(ctx: Context, tapped: AskServiceName) -> None:")


def test_every_module_that_make_runs_is_kept_in_the_repository() -> None:
    modules = re.findall(r"python -m ([\w.]+)", (ROOT / "Makefile").read_text("utf-8"))
    assert modules
    listing = ["git", "ls-files", "*.py"]
    kept = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603 - git's own list
    for module in modules:
        path = module.replace(".", "/")
        assert {f"{path}.py", f"{path}/__main__.py"} & set(kept.split()), module
