"""`panelik demo` and `panelik tour`: what a newcomer tries first."""

import signal
import socket
import subprocess
import sys
from datetime import date
from pathlib import Path
from urllib.request import urlopen

import pytest

from bot.sandbox.demodata import write_demo_folder
from tests.bot.commands.conftest import Panelik

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


def test_with_a_folder_it_says_how_to_be_one_of_its_clients(tmp_path: Path) -> None:
    folder = write_demo_folder(tmp_path / "data", date(2026, 11, 23))
    _, *told = told_by_a_demo(tmp_path, "--folder", folder)
    assert told[0].endswith("make a code as below; in the chat send /link CODE.")
    assert told[-1].endswith(" link CLIENT")
