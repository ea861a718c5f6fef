"""One database, opened: what the composition root hands to the rest of the house."""

from typing import Self

from billing.ports.work import Work
from storage import sqlite
from storage.bots import Bots
from storage.conversations import MakeRow, Row_co, SqlConversations
from storage.engine import Engines, is_sqlite, open_engines, parse_url
from storage.errors import in_plain_words
from storage.kept_settings import SettingsStore
from storage.leases import Leases
from storage.migrate import check_schema, migrate_engines
from storage.uow import SqlWork


class Database:
    """The stores of one database; `open` makes it, `close` lets go of it.

    `bot_id` is the bot whose message numbers are kept; 0 where nobody talks to Telegram.
    """

    def __init__(self, engines: Engines, *, bot_id: int = 0) -> None:
        self.engines = engines
        self.bot_id = bot_id
        self.work: Work = SqlWork(engines, bot_id)
        self.settings_store = SettingsStore(engines)
        self.leases = Leases(engines)
        self.bots = Bots(engines)

    @classmethod
    async def open(cls, url: str, *, migrate: bool = True, bot_id: int = 0) -> Self:
        """Open the database at a URL, bringing its schema up to date first.

        With `migrate` False it must be up to date. DatabaseError says in plain words what is
        wrong: no such folder, no answer, no permission, locked, another program's, a newer
        version's.
        """
        engines = open_engines(parse_url(url))
        try:
            await _prepare(engines, migrate=migrate)
        except BaseException:
            await engines.dispose()
            raise
        return cls(engines, bot_id=bot_id)

    def conversations(self, make: MakeRow[Row_co]) -> SqlConversations[Row_co]:
        """The store of conversations; `make` is what a row becomes (`Conversation`)."""
        return SqlConversations(self.engines, self.bot_id, make)

    async def close(self) -> None:
        """Close every connection."""
        await self.engines.dispose()


async def _prepare(engines: Engines, *, migrate: bool) -> None:
    if is_sqlite(engines.url):
        sqlite.check_place(engines.url, may_make=migrate)
    with in_plain_words(engines.name):
        if migrate:
            await migrate_engines(engines)
        else:
            await check_schema(engines)
