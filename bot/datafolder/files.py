"""Opening the files of a data folder: regular files of a bounded size only.

Opening a pipe could block for ever and reading a device might never end, also behind a link.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TextIO

MEBIBYTE = 1024 * 1024
LONGEST_LINE = 65_536
"""Characters; a row of a table has a few hundred."""

KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class FileRefusedError(Exception):
    """A file is not read; the text says why, and `line` where (0: the whole file)."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.line = line


def is_there(path: Path) -> bool:
    """Return whether anything has that name, even a broken link."""
    return os.path.lexists(path)


def open_regular(path: Path, *, most: int) -> BinaryIO:
    """Open a file of at most so many bytes; links are followed. FileRefusedError says why not."""
    try:
        _check_kind(path.stat())
        # The file may have been replaced since: opening a pipe must not block even then.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise FileRefusedError("is a link that leads nowhere") from None
    except OSError as error:
        raise FileRefusedError(f"cannot be read: {error.strerror}") from error
    file = os.fdopen(descriptor, "rb")
    try:
        status = os.fstat(descriptor)
        _check_kind(status)
        _check_size(status.st_size, most)
    except BaseException:
        file.close()
        raise
    return file


def read_whole(path: Path, *, most: int) -> bytes:
    """The content of such a file; it may grow while it is read."""
    with open_regular(path, most=most) as file:
        try:
            content = file.read(most + 1)
        except OSError as error:
            raise FileRefusedError(f"cannot be read: {error.strerror}") from error
    _check_size(len(content), most)
    return content


def bounded_lines(file: TextIO, *, most: int) -> Iterator[str]:
    """Yield lines with their ends; FileRefusedError if a line or the file is too long."""
    number = total = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        total += len(line)
        if len(line) > LONGEST_LINE:
            reason = f"is longer than {LONGEST_LINE} characters; the rest was not read"
            raise FileRefusedError(reason, number)
        _check_size(total, most)
        yield line


def _check_kind(status: os.stat_result) -> None:
    if stat.S_ISREG(status.st_mode):
        return
    kind = next((name for is_kind, name in KINDS if is_kind(status.st_mode)), "something else")
    raise FileRefusedError(f"is {kind}, not a file")


def _check_size(size: int, most: int) -> None:
    if size > most:
        raise FileRefusedError(f"is larger than {most // MEBIBYTE} MB")
