"""What a process has imported when it begins to work: its memory and its start depend on that."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.database import make_database

POLLING = """
import asyncio, json, sys
import bot.__main__
import typer

typer.main.get_group(bot.__main__.app).commands["run"]
from bot.app import make_application, open_core
from bot.receiving import make_ingress
from bot.settings import Settings
from bot.ticking import ticking

async def main(url):
    settings = Settings(bot_token="7000000001:" + "A" * 35, database_url=url, _env_file=None)
    async with open_core(settings) as core:
        await make_ingress(core, make_application(core))
        async with ticking(core) as ticker:
            await core.actions.show_catalog()

asyncio.run(main(sys.argv[1]))
print(json.dumps(sorted(sys.modules)))
"""
"""`panelik run` until it would ask Telegram for updates, on a database that is up to date."""

ON_USE = {
    "alembic": "a database is migrated",
    "babel.messages": "a checkout's catalogues are compiled",
    "bot.datafolder": "a data folder is loaded",
    "bot.documents.charts": "a chart is drawn",
    "bot.panels.fossbilling": "the settings name it",
    "bot.health.listener": "health is asked for",
    "bot.sandbox": "a demo runs",
    "bot.web.app": "Telegram posts updates",
    "icalendar": "a calendar is made",
    "mako": "a database is migrated",
    "opentelemetry": "spans are reported",
    "PIL": "a chart is drawn",
    "prometheus_client": "numbers are asked for",
    "pygments": "nothing here prints code",
    "rich": "a command prints a table",
    "segno": "a code is drawn",
    "sqlalchemy.orm": "nothing here maps classes",
    "sentry_sdk": "errors are reported",
    "starlette": "requests are answered",
    "uvicorn": "requests are answered",
    "tenacity": "a panel outside is asked",
    "yaml": "a data folder is loaded",
}
"""Modules that are not imported until the reason beside them."""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    url = make_database(tmp_path_factory.mktemp("polling") / "panelik.db")
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", POLLING, url],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return frozenset(json.loads(done.stdout))


def test_a_process_that_polls_imports_what_it_uses(imported: frozenset[str]) -> None:
    assert {"telegram.ext", "sqlalchemy", "aiohttp", "handlers.routes"} <= imported


@pytest.mark.parametrize("module", ON_USE)
def test_a_process_that_polls_does_without(imported: frozenset[str], module: str) -> None:
    found = [name for name in imported if name == module or name.startswith(f"{module}.")]
    assert found == []
