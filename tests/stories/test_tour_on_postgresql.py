"""The tour of the sandbox, over HTTP, with a bot whose data is in PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands.demo import sandbox
from bot.sandbox.talk.tour import walk
from tests import postgresql
from tests.world import UNHURRIED

pytestmark = pytest.mark.slow


@pytest.fixture
def url() -> Iterator[str]:
    """A database without any table: the bot makes them."""
    with postgresql.copy("template0") as found:
        yield found


async def test_every_step_shows_what_it_should(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logging_as_before: None
) -> None:
    monkeypatch.chdir(tmp_path)
    told: list[str] = []
    async with sandbox(tmp_path, pace=UNHURRIED, database_url=url) as box:
        await walk(box.url, told.append)
    assert "odnowiono do" in "\n".join(told)
