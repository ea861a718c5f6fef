"""People and a world to live in, for stories."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.commands.demo import Sandbox, sandbox
from bot.modes import Mode
from bot.sandbox.people import ANNA, GUEST, JOHN, PIOTR
from tests.database import Store, database_at
from tests.person import Person
from tests.world import START, UNHURRIED, World, open_world, world_of


@pytest.fixture
def store() -> Store:
    """SQLite; the main stories name both."""
    return Store.SQLITE


@pytest.fixture
def prepared(store: Store, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with the invented company's data."""
    with database_at(store, tmp_path, world_of(START)) as url:
        yield url


@pytest.fixture
async def world(prepared: str) -> AsyncIterator[World]:
    async with open_world(prepared) as opened:
        yield opened


@pytest.fixture
def anna(world: World) -> Person:
    """Polish, nine services in every status, 60 zł of credit."""
    return world.person(ANNA)


@pytest.fixture
def john(world: World) -> Person:
    """English, pays EUR without tax."""
    return world.person(JOHN)


@pytest.fixture
def piotr(world: World) -> Person:
    """Shares Anna's account."""
    return world.person(PIOTR)


@pytest.fixture
def guest(world: World) -> Person:
    """Not linked to any client."""
    return world.person(GUEST)


@pytest.fixture
def mode() -> Mode:
    """How updates come; the stories over HTTP name both ways."""
    return Mode.POLLING


@pytest.fixture
async def box(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logging_as_before: None, mode: Mode
) -> AsyncIterator[Sandbox]:
    """The real bot and the sandbox over HTTP, as in the demo, on the morning of START."""
    monkeypatch.chdir(tmp_path)
    async with sandbox(tmp_path, pace=UNHURRIED, start=START, mode=mode) as opened:
        yield opened
