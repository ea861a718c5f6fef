"""The file of link codes for a mailing; only its owner may read it."""

import csv
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from billing.views.access import IssuedCode
from bot.commands.session import fail

HEAD = ("client", "name", "email", "language", "code", "link", "valid_until")


@contextmanager
def new_file(path: Path, *, overwrite: bool) -> Iterator[TextIO]:
    """Open a file that takes its place when the work with it succeeds, with mode 0600.

    Exit 1 for a file that is there already, unless it may be replaced, and for a folder in which
    nothing can be written.
    """
    if path.is_dir() or (path.exists() and not overwrite):
        fail(f"{path} is there already. Name another file, or add --overwrite to replace it.")
    try:
        number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror}")
    temporary = Path(name)
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="") as file:
            yield file
        if overwrite:
            temporary.replace(path)
        else:
            # Unlike a replacement, this is refused if somebody has made the file meanwhile.
            path.hardlink_to(temporary)
    except FileExistsError:
        fail(f"{path} is there already. Nothing was replaced.")
    finally:
        temporary.unlink(missing_ok=True)


def write_codes(file: TextIO, codes: Sequence[IssuedCode], bot: str) -> None:
    """Write a line for each code, with a deep link to the bot of that name."""
    rows = csv.writer(file)
    rows.writerow(HEAD)
    for one in codes:
        client, link = one.client, f"https://t.me/{bot}?start=c_{one.code}"
        rows.writerow(
            (
                client.ref,
                client.name,
                client.email,
                client.language,
                one.code,
                link,
                f"{one.expires_at:%Y-%m-%d %H:%M} UTC",
            )
        )
