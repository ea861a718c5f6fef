"""Which bot serves the clients of a database, and what is only so of one bot."""

from dataclasses import dataclass

from sqlalchemy import select, update

from storage.engine import Engines
from storage.statements import upsert
from storage.tables.accounts import users
from storage.tables.running import kept_settings

KEY = "bot"
"""Under which the bot's number is kept."""


@dataclass(frozen=True, slots=True)
class Bots:
    """Remembers the bot that was started last."""

    engines: Engines

    async def begin(self, bot_id: int) -> int | None:
        """This bot serves from now on; the one that served before, if it was another.

        Who had blocked that one has not blocked this one: all are taken to be reachable.
        """
        async with self.engines.writer.begin() as connection:
            asked = select(kept_settings.c.value).where(kept_settings.c.key == KEY)
            before: str | None = (await connection.execute(asked)).scalar()
            if before == str(bot_id):
                return None
            noted = upsert(kept_settings, connection).values(key=KEY, value=str(bot_id))
            await connection.execute(
                noted.on_conflict_do_update(
                    index_elements=["key"], set_={"value": noted.excluded.value}
                )
            )
            if before is None:
                return None
            await connection.execute(
                update(users).where(users.c.unreachable.is_not(None)).values(unreachable=None)
            )
        return int(before)
