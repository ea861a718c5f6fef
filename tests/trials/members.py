"""What a trial tells its processes about their connections to SQLite."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot.app import Core

PRAGMAS = Path("pragmas")
"""The name of a file with pragmas for connections that write.

SQLite keeps them by the connection: nobody outside of a process can set them.
"""


def obey(core: Core) -> None:
    """Set the pragmas on every connection that begins to write."""
    if not core.database.is_one_file:
        return

    def set_pragmas(dbapi: Any, _record: object, _proxy: object) -> None:
        with suppress(FileNotFoundError):
            pragmas = PRAGMAS.read_text()
            dbapi.call(lambda connection: connection.executescript(pragmas))

    event.listen(core.database.engines.writer.sync_engine, "checkout", set_pragmas)
