"""An open database with its stores, as the composition root passes it to the other packages."""

from typing import Self

from billing.ports.conversations import Conversations
from billing.ports.work import Work
from storage.bots import Bots
from storage.conversations import SqlConversations
from storage.engines.engine import Engines, open_engines, parse_url
from storage.errors import NoDatabaseError, in_plain_words
from storage.kept_settings import SettingsStore
from storage.leases import Leases
from storage.migrate import check_schema, has_no_tables, migrate_engines
from storage.numbers import NumbersReader
from storage.panel_hours import PanelHours
from storage.probe import Probe
from storage.processes import Processes
from storage.uow import SqlWork


class Database:
    """The stores of one database, from `open` to `close`.

    `bot_id` is the bot whose message numbers are kept; 0 if the process does not use Telegram.
    """

    def __init__(self, engines: Engines, *, bot_id: int = 0) -> None:
        self.engines = engines
        self.bot_id = bot_id
        self.work: Work = SqlWork(engines, bot_id)
        self.conversations: Conversations = SqlConversations(engines, bot_id)
        self.settings_store = SettingsStore(engines)
        self.leases = Leases(engines)
        self.is_new = False
        self.bots = Bots(engines)
        self.processes = Processes(engines)
        self.panel_hours = PanelHours(engines)
        self.numbers = NumbersReader(engines)
        self.probe = Probe(engines)

    @classmethod
    async def open(
        cls, url: str, *, migrate: bool = True, make: bool = True, bot_id: int = 0
    ) -> Self:
        """Open the database at a URL, bringing its schema up to date first.

        If `migrate` is False, the schema must be up to date. If `make` is False, a missing
        database is a NoDatabaseError. DatabaseError says in plain words what is wrong: no such
        folder, no answer, no permission, locked, another program's, a newer version's.
        """
        engines = open_engines(parse_url(url))
        try:
            is_new = await _prepare(engines, migrate=migrate, make=make and migrate)
        except BaseException:
            await engines.dispose()
            raise
        opened = cls(engines, bot_id=bot_id)
        opened.is_new = is_new
        return opened

    @property
    def name(self) -> str:
        """The database's name for the operator; never with a password."""
        return self.engines.name

    @property
    def is_one_file(self) -> bool:
        """Whether it is a SQLite file, which processes of one machine share."""
        return self.engines.place is not None

    def check_place(self) -> None:
        """Raise DatabaseError if the file was moved, replaced or deleted since it was opened."""
        if self.engines.place is not None:
            self.engines.place.check()

    async def close(self) -> None:
        """Close every connection."""
        await self.engines.dispose()


async def _prepare(engines: Engines, *, migrate: bool, make: bool) -> bool:
    """Migrate or check the schema; return whether the database was empty before."""
    place = engines.place
    if place is not None:
        if make:
            place.make()
        else:
            place.find()
    with in_plain_words(engines.name):
        is_new = make and await has_no_tables(engines)
        if not migrate:
            await check_schema(engines)
        elif make or not await has_no_tables(engines):
            await migrate_engines(engines)
        else:
            raise NoDatabaseError(f"{engines.name} has no tables yet")
    if place is not None and make:
        place.mark()
    return is_new
