"""The command line on a database of its own, and the people whom its words reach."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from typer.testing import CliRunner

from bot.clock import SystemClock
from bot.commands.cli import app
from tests.database import make_database
from tests.world import World, open_world, prepare

T = TypeVar("T")
CLOCK = SystemClock()
"""Commands know no other clock than the machine's."""

BEGIN = CLOCK.now()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended and what it printed; the spaces of tables are left out."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Panelik:
    """`panelik`, in a folder with an empty database and a terminal so many characters wide."""

    home: Path
    columns: int = 200

    def __call__(self, *args: str | Path, **settings: str) -> Outcome:
        """Run a command; settings by their names, like `TAX_RATE="8"`."""
        given = {"DATABASE_URL": f"sqlite:///{self.database}", **settings}
        env = {f"PANELIK_{name}": value for name, value in given.items()}
        env["COLUMNS"] = str(self.columns)
        result = CliRunner().invoke(app, [str(arg) for arg in args], env=env)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Outcome(result.exit_code, _words(result.stdout), _words(result.stderr))

    @property
    def database(self) -> Path:
        """The database file."""
        return self.home / "panelik.sqlite"

    def lets(self, happen: Callable[[World], Awaitable[T]]) -> T:
        """Let people chat with the bot on the same database, and give what comes of it."""

        async def chat() -> T:
            async with open_world(self.database, now=CLOCK.now()) as world:
                return await happen(world)

        return asyncio.run(chat())


def _words(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())


@pytest.fixture
def panelik(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logging_as_before: None) -> Panelik:
    monkeypatch.chdir(tmp_path)
    found = Panelik(tmp_path)
    make_database(found.database)
    assert not any(name.startswith("PANELIK_") for name in os.environ)
    return found


@pytest.fixture
def loaded(panelik: Panelik) -> Panelik:
    """The same with the invented company loaded."""
    prepare(panelik.database, now=BEGIN)
    return panelik
