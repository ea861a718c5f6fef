"""The bot that serves the clients of a database, and facts that hold for one bot only."""

from dataclasses import dataclass

from sqlalchemy import select, update

from storage.engines.engine import Engines
from storage.statements import upsert
from storage.tables.accounts import users
from storage.tables.running import kept_settings

KEY = "bot"
"""The key under which the bot's id is kept."""


@dataclass(frozen=True, slots=True)
class Bots:
    """Remembers the bot that was started last."""

    engines: Engines

    async def begin(self, bot_id: int) -> int | None:
        """Note that this bot serves from now on; return the previous bot if it was another.

        Users who had blocked the previous bot have not blocked this one, so all are reachable.
        """
        async with self.engines.writer.begin() as connection:
            query = select(kept_settings.c.value).where(kept_settings.c.key == KEY)
            before: str | None = (await connection.execute(query)).scalar()
            if before == str(bot_id):
                return None
            statement = upsert(kept_settings, connection).values(key=KEY, value=str(bot_id))
            await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["key"], set_={"value": statement.excluded.value}
                )
            )
            if before is None:
                return None
            await connection.execute(
                update(users).where(users.c.unreachable.is_not(None)).values(unreachable=None)
            )
        return int(before)
