"""The place of a SQLite file, and the check that it still is the file that was opened.

If the file is moved, replaced or deleted under a running process, its writes would be lost, and
the next start would begin with an empty database. So every transaction checks that the file is in
its place, only `make` creates one, and a small file beside it says that there was one.
"""

import os
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from storage.errors import DatabaseError, NoDatabaseError

MARK = ".made"
TOLD = """\
Panelik has made {name} in this folder.
While this file is here, it makes no empty database in the place of one that is gone.
"""

_GONE = (
    "it was moved, replaced or deleted while Panelik was running. Stop all its processes, put the "
    "file back in its place, and start them again"
)


class Place:
    """The path of a database, and the identity of its file since the first connection."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path).absolute()
        self._opened: tuple[int, int] | None = None

    @property
    def address(self) -> str:
        """The address with which SQLite opens an existing file and never makes one."""
        return f"file:{quote(str(self.path))}?mode=rw"

    def check(self) -> None:
        """Raise DatabaseError if the file is not the one of the first call.

        It takes two microseconds.
        """
        try:
            status = os.stat(self.path)  # noqa: PTH116 - half the time of Path.stat
        except OSError:
            identity = None
        else:
            identity = status.st_dev, status.st_ino
        if self._opened is None:
            self._opened = identity
        elif identity != self._opened:
            raise DatabaseError(f"{self.path}: {_GONE}")

    def find(self) -> None:
        """Raise NoDatabaseError if there is no database."""
        self._check_folder()
        if not self.path.exists():
            raise NoDatabaseError(f"{self.path} does not exist{self._moved_message()}")
        if self._is_empty():
            raise NoDatabaseError(f"{self.path} has no tables yet{self._moved_message()}")

    def make(self) -> bool:
        """Make an empty file if there is none; return whether one was made.

        NoDatabaseError if there was one before, which has to be put back.
        """
        self._check_folder()
        if self.path.exists() and not self._is_empty():
            return False
        if self._mark.exists():
            self.find()
        try:
            self.path.touch()
        except OSError as error:
            raise DatabaseError(f"{self.path} cannot be made: {error.strerror}") from error
        return True

    def mark(self) -> None:
        """Write the small file beside the database; a read-only folder has none."""
        if not self._mark.exists():
            with suppress(OSError):
                self._mark.write_text(TOLD.format(name=self.path.name), encoding="utf-8")

    @property
    def _mark(self) -> Path:
        return self.path.with_name(self.path.name + MARK)

    def _check_folder(self) -> None:
        if not self.path.parent.is_dir():
            raise DatabaseError(f"{self.path}: the folder {self.path.parent} does not exist")

    def _is_empty(self) -> bool:
        with suppress(OSError):
            # The first tables may still be in the write-ahead log.
            log = self.path.with_name(self.path.name + "-wal")
            return not self.path.stat().st_size and not (log.exists() and log.stat().st_size)
        return False

    def _moved_message(self) -> str:
        if not self._mark.exists():
            return ""
        return (
            f", although it was made here before ({self._mark.name} beside it says so). Put it or "
            f"a copy of it back. To begin with an empty one, remove {self._mark.name} first"
        )
