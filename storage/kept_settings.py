"""Small facts the bot remembers between starts, such as the hash of the commands it has set."""

from dataclasses import dataclass

from sqlalchemy import select

from storage.engines.engine import Engines
from storage.statements import upsert
from storage.tables.running import kept_settings


@dataclass(frozen=True, slots=True)
class SettingsStore:
    """Text by key; each call is a transaction of its own."""

    engines: Engines

    async def get(self, key: str) -> str | None:
        """The text kept under a key."""
        async with self.engines.single.connect() as connection:
            query = select(kept_settings.c.value).where(kept_settings.c.key == key)
            value: str | None = (await connection.execute(query)).scalar()
        return value

    async def set(self, key: str, value: str) -> None:
        """Keep a text under a key, replacing the previous one."""
        async with self.engines.writer.begin() as connection:
            statement = upsert(kept_settings, connection).values(key=key, value=value)
            await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["key"], set_={"value": statement.excluded.value}
                )
            )
