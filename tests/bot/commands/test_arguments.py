"""Arguments that are not text: refused by every command, before anything is done."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot.commands.conftest import Panelik

BAD = "Ł\udcf3d\udcbc"

COMMANDS = [
    ("orders",),
    ("paid",),
    ("link",),
    ("credit", "C-1"),
    ("load",),
    ("demo", "--folder"),
    ("reminders", "log"),
    ("reminders", "undeliverable", "--csv"),
    ("check",),
    (),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_bytes_that_are_not_text_are_refused(panelik: Panelik, command: tuple[str, ...]) -> None:
    told = panelik(*command, BAD)
    assert (told.code, told.out) == (2, "")
    assert f"Argument {len(command) + 1} is not UTF-8: \\xc5\\x81\\xf3d\\xbc. Type it" in told.err


@pytest.mark.slow
def test_a_real_argument_of_bytes_ends_with_a_sentence(tmp_path: Path) -> None:
    command = [sys.executable.encode(), b"-m", b"bot", b"link", b"\xb3"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=60)  # noqa: S603 - our own command
    assert ended.returncode == 2
    assert b"Argument 2 is not UTF-8" in ended.stderr
    assert b"Traceback" not in ended.stderr
