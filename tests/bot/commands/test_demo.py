"""`panelik demo` and `panelik tour`: what a newcomer tries first."""

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from bot.commands.demo import Sandbox, sandbox
from bot.commands.demo_time import DemoClock, keep_demo_time
from bot.sandbox.demodata import write_demo_folder
from bot.sandbox.people import ANNA, GUEST, JOHN, PIOTR
from bot.sandbox.talk.http_driver import OverHttp
from tests.bot.commands.conftest import Outcome, Panelik
from tests.bot.commands.decisions.test_billing import by_transfer
from tests.person import Person

pytestmark = pytest.mark.slow


def test_the_tour_shows_what_it_should(panelik: Panelik) -> None:
    told = panelik("tour")
    assert (told.code, told.err) == (0, "")
    assert told.out.endswith("Every step showed what it should.")
    for words in ("Anna taps [Zobacz]", "(→ Dodano do koszyka.)", "odnowiono do", "Account: John"):
        assert words in told.out


def test_a_port_that_is_taken_is_told(panelik: Panelik) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = panelik("demo", "--port", port)
    assert (told.code, told.out) == (1, "")
    assert told.err == (
        f"Port {port} cannot be used: Address already in use. Is another demo running? Choose "
        "another port: panelik demo --port 0"
    )


def test_a_folder_with_mistakes_is_told(panelik: Panelik, tmp_path: Path) -> None:
    told = panelik("demo", "--port", "0", "--folder", tmp_path / "nothing")
    assert told.code == 1
    assert "nothing" in told.err


def told_by_a_demo(home: Path, *args: str | Path) -> list[str]:
    """What a demo prints until Ctrl+C ends it; its page is there as soon as it says so."""
    command = [sys.executable, "-u", "-m", "bot", "demo", "--port", "0", *map(str, args)]
    with subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as demo:
        assert demo.stdout is not None
        line = demo.stdout.readline()
        address = line.split()[5]
        with urlopen(address) as page:  # noqa: S310 - the address of this machine
            assert b"<title>" in page.read()
        demo.send_signal(signal.SIGINT)
        told = demo.stdout.read()  # communicate() would lose what readline() has read ahead
    assert demo.returncode == 0
    return [line.strip(), *told.splitlines()]


def test_the_demo_begins_at_once_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    where, *told = told_by_a_demo(tmp_path)
    assert where.startswith("Chat with the bot at http://127.0.0.1:")
    assert told[0].startswith("Maya is not linked yet; her link: ")
    assert told[-1].endswith(" orders")


def test_beside_a_panel_it_says_where_that_is_and_how_to_command_it(tmp_path: Path) -> None:
    _, where, *told = told_by_a_demo(tmp_path, "--panel", "fossbilling")
    address = where.split()[-1]
    assert address.startswith("http://127.0.0.1:")
    assert told[0].startswith("Maya is not linked yet; her link: ")
    assert f"PANELIK_PANEL=fossbilling PANELIK_PANEL_URL={address} " in told[-1]
    assert told[-1].endswith(" orders")


def test_a_folder_is_for_our_own_data(panelik: Panelik, tmp_path: Path) -> None:
    told = panelik("demo", "--panel", "fossbilling", "--folder", tmp_path)
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith("A folder is for Panelik's own data")


def test_with_a_folder_it_says_how_to_be_one_of_its_clients(tmp_path: Path) -> None:
    folder = write_demo_folder(tmp_path / "data", date(2026, 11, 23))
    _, *told = told_by_a_demo(tmp_path, "--folder", folder)
    assert told[:3] == [
        "Anna is a user of your client C-1001 · Anna Nowak",
        "Piotr is a user of your client C-1001 · Anna Nowak",
        "John is a user of your client C-1002 · John Smith",
    ]
    assert told[3].endswith("make a code as below; in the chat send /link CODE.")
    assert told[-1].endswith(" link CLIENT")


@pytest.fixture(params=[timedelta(hours=-7), timedelta(hours=30)], ids=["behind", "ahead"])
async def box(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Sandbox]:
    """A demo whose morning is some hours before the machine's time, or after it."""
    start = datetime.now(UTC) + request.param
    morning = start.astimezone(ZoneInfo("Europe/Warsaw")).time()
    monkeypatch.setattr("bot.commands.demo.MORNING", morning)
    async with sandbox(tmp_path, start=start) as opened:
        yield opened


async def beside(box: Sandbox, panelik: Panelik, *args: str) -> Outcome:
    """Run a command on the demo's database, in another process as it were."""
    url = box.core.settings.database_url.get_secret_value()
    return await asyncio.to_thread(panelik, *args, DATABASE_URL=url)


async def test_what_a_command_does_is_seen_at_once_by_the_demos_clock(
    box: Sandbox, panelik: Panelik
) -> None:
    async with aiohttp.ClientSession() as session:
        driver = OverHttp(box.url, session)
        anna = Person(driver, ANNA)
        await anna.sends("/renew")
        await anna.taps("☐", row=0)
        told = await beside(box, panelik, "paid", await by_transfer(anna))
        assert told.code == 0
        await anna.waits_for("Zapłacono: 42,00 zł", seconds=10)
        await driver.travel(days=3)
        told = await beside(box, panelik, "credit", "C-1001", "5.00")
        assert told.code == 0
        await anna.waits_for("5,00 zł", seconds=10)
    told = await beside(box, panelik, "audit")
    assert f"{box.clock.now():%Y-%m-%d}" in told.out


@pytest.mark.parametrize("command", ["run", "work"])
def test_a_bot_is_not_run_on_the_database_of_a_demo(loaded: Panelik, command: str) -> None:
    loaded.lets(lambda world: keep_demo_time(world.core, timedelta()))
    told = loaded(command, BOT_TOKEN="1:x", API_URL="http://127.0.0.1:9")
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("This database belongs to a demo")


async def test_a_database_that_is_no_demos_goes_by_the_machines_clock(loaded: Panelik) -> None:
    told = await asyncio.to_thread(loaded, "audit")
    assert f"{datetime.now(UTC):%Y-%m-%d}" in told.out
    assert DemoClock(timedelta(days=2)).now() - datetime.now(UTC) > timedelta(hours=47)


async def test_the_first_clients_of_a_folder_are_given_to_the_people(
    tmp_path: Path, panelik: Panelik
) -> None:
    folder = write_demo_folder(tmp_path / "data", datetime.now(UTC).date())
    table = folder / "clients.csv"
    rows = table.read_text("utf-8").replace(",1001 1003", ",").replace(",1002", ",")
    table.write_text(rows, "utf-8")
    async with sandbox(tmp_path, folder=folder) as box, aiohttp.ClientSession() as http:
        driver = OverHttp(box.url, http)
        for profile in (ANNA, PIOTR):
            person = Person(driver, profile)
            await person.sends("/services")
            person.sees("Hosting Obłok · żółw.example")
        john = Person(driver, JOHN)
        await john.sends("/services")
        john.sees("smith-and-sons.example")
        async with http.get(f"{box.url}/sandbox/people") as answer:
            notes = {person["id"]: person["note"] for person in await answer.json()}
    assert notes[ANNA.id] == notes[PIOTR.id] == "C-1001 · Anna Nowak"
    assert notes[JOHN.id] == "C-1002 · John Smith"
    assert notes[GUEST.id] == GUEST.note


def test_make_passes_the_port_on() -> None:
    root = Path(__file__).parents[3]
    made = subprocess.run(
        ["make", "-n", "demo", "PORT=8123", "FOLDER=my data"],  # noqa: S607 - as one types it
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert '/panelik demo --port 8123 --folder "my data"' in made.stdout
