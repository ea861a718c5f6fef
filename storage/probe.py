"""Trying whether the database can be used: a row is written, as every transaction does it."""

import asyncio
from dataclasses import dataclass

from sqlalchemy import select

from storage.engines.engine import Engines
from storage.errors import DatabaseError
from storage.kept_settings import SettingsStore

PATIENCE = 5.0
"""Seconds in which a database that can be used has written a row."""

READ_PATIENCE = 2.0
"""Seconds in which it has answered a question."""

KEY = "probe"


@dataclass(frozen=True, slots=True)
class Probe:
    """Attempts that raise DatabaseError if they fail, or do not end in time."""

    engines: Engines

    async def write(self) -> None:
        """Write a row and commit, which a database that is read-only or full refuses."""
        try:
            async with asyncio.timeout(PATIENCE):
                await SettingsStore(self.engines).set(KEY, "written")
        except TimeoutError as error:
            raise self._silent(PATIENCE) from error

    async def read(self) -> None:
        """Ask the database anything."""
        try:
            async with asyncio.timeout(READ_PATIENCE):
                async with self.engines.single.connect() as connection:
                    await connection.execute(select(1))
        except TimeoutError as error:
            raise self._silent(READ_PATIENCE) from error

    def _silent(self, seconds: float) -> DatabaseError:
        return DatabaseError(f"{self.engines.name}: it has not answered for {seconds:.0f} s")
