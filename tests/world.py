"""The whole bot in one process, on a real database with the invented company's data.

Nothing is replaced but Telegram (the strict sandbox, in memory) and the clock, which stands at
START until a test moves it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from billing.ports.connected import ConnectedPanel
from billing.ports.panel import Panel
from bot import running
from bot.app import Core, make_application, money_inbox, open_core
from bot.datafolder.folder import read_folder
from bot.sandbox.demodata import write_demo_folder
from bot.sandbox.methods.api import TOKEN, BotApi
from bot.sandbox.people import ANNA, GUEST, JOHN, PIOTR, Profile
from bot.settings import Settings
from bot.telegram.pacing import Pace
from handlers.chat.conversation.context import PanelikApplication
from tests.connected.fake import FakePanel, offers_of
from tests.database import Fill, file_at
from tests.drivers import InProcess
from tests.fakes import StillClock
from tests.make import STAFF, digits
from tests.person import Person
from tests.telegram import FakeRequest

START = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
"""A Tuesday morning, ten o'clock in Warsaw."""

OPERATOR = 9001
UNHURRIED = Pace(per_chat=10_000, chat_burst=10_000, bulk_per_second=10_000)


@dataclass(slots=True)
class World:
    """One company, its bot, and the people who chat with it."""

    core: Core
    api: BotApi
    application: PanelikApplication
    clock: StillClock
    driver: InProcess

    def person(self, profile: Profile) -> Person:
        """Somebody to be."""
        return Person(self.driver, profile)

    async def passes(self, **time: float) -> None:
        """Let time pass (`days=3`), and everything happen that is due by then."""
        self.clock.advance(timedelta(**time))
        await running.tick(self.core)
        await self.driver.settle()


def make_settings(
    url: str,
    token: str = TOKEN,
    *,
    operator_chat: int = OPERATOR,
    staff: frozenset[int] = frozenset(),
    **others: Any,
) -> Settings:
    """The settings of the invented company."""
    return Settings(
        bot_token=token,
        database_url=url,
        provider_token="284685063:TEST:sandbox",
        operator_chat=operator_chat,
        staff=staff,
        **others,
        _env_file=None,
    )


async def load_world(url: str, *, now: datetime = START) -> None:
    """Fill a database with the demo data as of an instant."""
    settings = make_settings(url)
    today = now.astimezone(settings.zone).date()
    with TemporaryDirectory(prefix="panelik-world-") as home:
        data = read_folder(write_demo_folder(Path(home), today), currency="PLN")
        async with open_core(settings, clock=StillClock(now)) as core:
            await core.actions.load_company(data, by=STAFF)


@cache
def world_of(now: datetime) -> Fill:
    """The same for one instant."""
    return partial(load_world, now=now)


def prepare(path: Path, *, now: datetime = START) -> Path:
    """Write a loaded database to a path; call it outside of an event loop."""
    file_at(path, world_of(now))
    return path


@asynccontextmanager
async def open_world(
    database: Path | str,
    *,
    now: datetime = START,
    token: str = TOKEN,
    panel: Panel | None = None,
    connected: ConnectedPanel | None = None,
    operator_chat: int = OPERATOR,
    staff: frozenset[int] = frozenset(),
    looks_behind: bool = False,
    **others: Any,
) -> AsyncIterator[World]:
    """The bot on a loaded database: a file, or whatever a URL names; `token` says which bot.

    With a `connected` panel outside, what it is owed is done by the ticks; if the bot
    `looks_behind`, clients are read anew while they look. `staff` may act in the operator's chat;
    `others` are more settings.
    """
    url = f"sqlite:///{database}" if isinstance(database, Path) else database
    clock = StillClock(now)
    api = BotApi(clock, token=token)
    api.add_person(Profile(OPERATOR, "Operator"))
    for user in (OPERATOR, ANNA.id, JOHN.id, PIOTR.id, GUEST.id, operator_chat):
        api.meet(user)
    settings = make_settings(url, token, operator_chat=operator_chat, staff=staff, **others)
    async with open_core(
        settings, clock=clock, digits=digits, panel=panel, connected=connected
    ) as core:
        if isinstance(connected, FakePanel) and connected.offers is None:
            connected.offers = offers_of(await core.actions.show_catalog())
        application = make_application(core, request=FakeRequest(api), pace=UNHURRIED)
        # A busy machine must not turn a note into a part of the screen.
        patient = replace(application.deps.config, patience=60.0)
        application.deps = replace(application.deps, config=patient)
        if not looks_behind:
            application.refresher = None
        async with application:
            driver = InProcess(application, api, money_inbox(core))
            yield World(core, api, application, clock, driver)
            if application.refresher is not None:
                await application.refresher.close()
