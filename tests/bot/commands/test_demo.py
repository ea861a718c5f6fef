"""`panelik demo` and `panelik tour`: what a newcomer tries first."""

import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

from tests.bot.commands.conftest import Panelik


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


def test_the_demo_begins_at_once_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    command = [sys.executable, "-u", "-m", "bot", "demo", "--port", "0"]
    with subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as demo:
        assert demo.stdout is not None
        line = demo.stdout.readline()
        address = line.split()[5]
        with urlopen(address) as page:  # noqa: S310 - the address of this machine
            assert b"<title>" in page.read()
        demo.send_signal(signal.SIGINT)
        told, _ = demo.communicate(timeout=20)
    assert line.startswith("Chat with the bot at http://127.0.0.1:")
    assert demo.returncode == 0
    assert "Traceback" not in told
