"""The rules of the project that a machine checks: layers, sizes, and what never appears."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("billing", "bot", "handlers", "locales", "storage")
SOURCES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))

MOST_LINES = 260
MOST_LINES_OF_A_FUNCTION = 40

MIGRATIONS = "storage/migrations/versions/"
"""Generated lists of tables: read once and never changed."""

MAPS = {
    "handlers/routes.py": "every command, tap and question of the bot, and what answers it",
    "handlers/buttons.py": "every button of the bot in one list, as a map of addresses is",
    "billing/actions/registry.py": "every action in one list, and what each is given",
}

LISTS = {"make_actions", "make_application"}
"""Composition, one line per part: in two pieces it would be harder to read."""

CLOCKS = {
    "bot/clock.py": "the clock itself",
    "bot/sandbox/clock.py": "the clock that the time machine moves",
}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def found(paths: list[Path], wrong: Callable[[ast.AST], bool]) -> list[str]:
    """The places, file and line, of all nodes that are wrong."""
    return [
        f"{named(path)}:{getattr(node, 'lineno', '?')}"
        for path in paths
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if wrong(node)
    ]


def test_there_is_something_to_look_at() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in SOURCES} == set(PACKAGES)
    assert Path(__file__) in TESTS


def test_a_file_is_a_page_or_two() -> None:
    lengths = {named(path): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    too_long = {
        name: lines
        for name, lines in lengths.items()
        if lines >= MOST_LINES and name not in MAPS and not name.startswith(MIGRATIONS)
    }
    assert too_long == {}


@pytest.mark.slow
def test_a_function_is_seen_at_one_glance() -> None:
    def too_long(node: ast.AST) -> bool:
        return (
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and node.name not in LISTS
            and (node.end_lineno or 0) - node.lineno + 1 >= MOST_LINES_OF_A_FUNCTION
        )

    assert found([path for path in SOURCES if MIGRATIONS not in named(path)], too_long) == []


def test_packages_explain_themselves_by_their_place() -> None:
    inits = [path for path in SOURCES + TESTS if path.name == "__init__.py"]
    assert [named(path) for path in inits if path.read_text("utf-8")] == []


def test_every_folder_of_code_is_a_package() -> None:
    loose = {
        named(path.parent)
        for path in SOURCES + TESTS
        if MIGRATIONS not in named(path) and not path.with_name("__init__.py").exists()
    }
    assert loose - {"storage/migrations"} == set()


def is_call_of(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


@pytest.mark.slow
def test_nothing_is_printed() -> None:
    assert found(SOURCES, lambda node: is_call_of(node, "print")) == []


def is_inexact(node: ast.AST) -> bool:
    """A float, or a division that would make one."""
    return (
        (isinstance(node, ast.Constant) and isinstance(node.value, float | complex))
        or is_call_of(node, "float")
        or (isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div))
    )


@pytest.mark.slow
def test_billing_never_computes_with_floats() -> None:
    billing = [path for path in SOURCES if named(path).startswith("billing/")]
    assert found(billing, is_inexact) == []


READINGS = {
    ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("date", "today"),
    ("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime"),
}  # fmt: skip


def reads_the_clock(node: ast.AST) -> bool:
    """Whether it asks the machine for the time; `monotonic` measures, it does not tell."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    owner = node.func.value
    name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
    return (name, node.func.attr) in READINGS


@pytest.mark.slow
def test_only_clocks_know_what_time_it_is() -> None:
    others = [path for path in SOURCES if named(path) not in CLOCKS]
    assert found(others, reads_the_clock) == []
    clocks = [path for path in SOURCES if named(path) in CLOCKS]
    assert len({place.split(":")[0] for place in found(clocks, reads_the_clock)}) == len(CLOCKS)


def is_a_mock(node: ast.AST) -> bool:
    match node:
        case ast.Import(names=names):
            return any(name.name in {"mock", "unittest.mock"} for name in names)
        case ast.ImportFrom(module=module, names=names):
            return module in {"mock", "unittest.mock"} or (
                module == "unittest" and any(name.name == "mock" for name in names)
            )
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in {"Mock", "MagicMock", "AsyncMock", "NonCallableMock"}
        case _:
            return False


@pytest.mark.slow
def test_no_test_mocks() -> None:
    assert found(SOURCES + TESTS, is_a_mock) == []


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("print('hello')", lambda node: is_call_of(node, "print")),
        ("0.23", is_inexact),
        ("float('1')", is_inexact),
        ("a / b", is_inexact),
        ("datetime.now(UTC)", reads_the_clock),
        ("datetime.datetime.now()", reads_the_clock),
        ("date.today()", reads_the_clock),
        ("time.time()", reads_the_clock),
        ("from unittest.mock import Mock", is_a_mock),
        ("from unittest import mock", is_a_mock),
        ("Mock()", is_a_mock),
    ],
)
def test_the_rules_above_see_what_they_forbid(code: str, wrong: Callable[[ast.AST], bool]) -> None:
    assert any(wrong(node) for node in ast.walk(ast.parse(code)))


# -- who may import whom ------------------------------------------------------------------------

TRESPASSES = {
    "The layers of the project": (
        "locales.trespass", "import storage.engines.engine", "storage.engines.engine",
    ),
    "Inside the application": ("bot.telegram.trespass", "import bot.app", "bot.app"),
    "Inside the core": ("billing.rules.trespass", "import billing.views.cart", "billing.views"),
    "Inside the actions": (
        "billing.actions.messages.trespass", "import billing.actions.reminders.send",
        "billing.actions.reminders",
    ),
    "Inside the rules": (
        "billing.rules.services.trespass", "import billing.rules.shop.cart", "billing.rules.shop",
    ),
    "Conversations do not know the database": (
        "handlers.trespass.handlers", "import storage.engines.engine", "storage.engines.engine",
    ),
    "Inside the conversations": (
        "handlers.cart.trespass", "import handlers.orders.words", "handlers.orders",
    ),
    "Inside the chat": (
        "handlers.chat.sending.trespass", "import handlers.chat.updates.routing",
        "handlers.chat.updates",
    ),
    "A topic's handlers are its own": (
        "handlers.orders.trespass", "import handlers.cart.handlers", "handlers.cart.handlers",
    ),
    "Billing knows no framework": ("billing.actions.shop.trespass", "import telegram", "telegram"),
    "Rules use the standard library only": ("billing.rules.misstep", "import idna", "idna"),
    "Gateways, panels, documents and the data folder know only billing": (
        "bot.gateways.trespass", "import telegram", "telegram",
    ),
    "Only handlers meet Telegram and the actions": (
        "handlers.trespass.page", "import billing.actions.shop.cart", "billing.actions",
    ),
    "Only the demo and the tour use the sandbox": (
        "bot.commands.trespass", "import bot.sandbox.texts.html", "bot.sandbox.texts.html",
    ),
    "Only the composition root and the commands read settings": (
        "bot.panels.trespass", "import bot.settings", "bot.settings",
    ),
    "SQL lives in storage": ("handlers.trespass.sql", "import sqlalchemy", "sqlalchemy"),
}  # fmt: skip
"""One forbidden import per contract: the module that does it, how, and what it reaches."""


def lint_imports(folder: Path, cache: Path) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(  # noqa: S603 - our own linter on our own folder
        [command, "--no-logo", "--cache-dir", cache],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        env={"PYTHONPATH": str(folder), "COLUMNS": "200", "NO_COLOR": "1"},
    )


@pytest.mark.slow
def test_nobody_imports_what_they_may_not(tmp_path: Path) -> None:
    result = lint_imports(ROOT, tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


def contracts() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return [contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]]


@pytest.fixture(scope="module")
def trespassed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says about a copy of the sources in which every contract is broken."""
    copy = copy_of_the_sources(tmp_path_factory.mktemp("copy"))
    for module, statement, _ in TRESPASSES.values():
        path = copy.joinpath(*module.split(".")).with_suffix(".py")
        path.parent.mkdir(exist_ok=True)
        path.with_name("__init__.py").touch()
        path.write_text(f"{statement}\n", "utf-8")
    return refusal(copy)


def copy_of_the_sources(folder: Path) -> Path:
    contract_types = ROOT / "tests" / "contracts.py"
    for path in [ROOT / "pyproject.toml", *SOURCES, contract_types]:
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return folder


def refusal(folder: Path) -> str:
    """What the linter says about a folder that it must refuse."""
    result = lint_imports(folder, folder / "cache")
    assert result.returncode == 1, result.stdout + result.stderr
    return result.stdout


def complaints(output: str) -> Iterator[tuple[str, str]]:
    """Every broken contract with the imports that break it."""
    _, _, details = output.partition("Broken contracts")
    for part in re.split(r"\n(?=[^\n]+\n-{3,}\n)", details):
        title, _, body = part.strip().partition("\n")
        yield title, body


def test_every_contract_has_a_trespass_to_try_it() -> None:
    assert sorted(contracts()) == sorted(TRESPASSES)


@pytest.mark.slow
@pytest.mark.parametrize("contract", TRESPASSES)
def test_a_forbidden_import_is_found(contract: str, trespassed: str) -> None:
    importer, _, imported = TRESPASSES[contract]
    assert f"{contract} BROKEN" in trespassed
    body = dict(complaints(trespassed))[contract]
    chain = rf"{re.escape(importer)} -> {re.escape(imported)}"
    assert re.search(chain, body), body


PURE = [
    path
    for path in SOURCES
    if named(path).startswith(("handlers/", "billing/rules/"))
    and path.name != "__init__.py"
    and "handlers.chat.conversation.context import" not in path.read_text("utf-8")
    and named(path) not in {
        "handlers/chat/conversation/context.py", "handlers/chat/conversation/deps.py",
        "handlers/chat/sending/delivery.py", "handlers/chat/sending/markup.py",
        "handlers/chat/sending/other_messages.py", "handlers/chat/sending/photos.py",
        "handlers/chat/sending/raw.py", "handlers/chat/sending/refusals.py",
        "handlers/chat/sending/tapped.py",
        "handlers/chat/sending/text_messages.py", "handlers/commands_menu.py",
        "handlers/notices/notifier.py",
    }
]  # fmt: skip
"""Modules that may neither speak to Telegram nor call an action; the others are named."""


@pytest.fixture(scope="module")
def trespassed_everywhere(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says when every one of these modules imports what it may not."""
    copy = copy_of_the_sources(tmp_path_factory.mktemp("copy"))
    for path in PURE:
        with (copy / path.relative_to(ROOT)).open("a", encoding="utf-8") as file:
            file.write("\nimport telegram\nfrom billing.actions.shop import cart\n")
    return refusal(copy)


@pytest.mark.slow
@pytest.mark.parametrize("path", PURE, ids=named)
def test_no_module_slips_through(path: Path, trespassed_everywhere: str) -> None:
    module = named(path).removesuffix(".py").replace("/", ".")
    for imported in ("telegram", "billing.actions.shop.cart"):
        assert f"{module} -> {imported}\n" in trespassed_everywhere
