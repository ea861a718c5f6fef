"""`panelik demo`: the real bot against the sandbox, without a token."""

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from starlette.applications import Starlette

from billing.rules.audit import Actor
from bot import running
from bot.app import Core, open_core
from bot.commands.data.load import check_folder
from bot.commands.data.load_report import print_suspicions
from bot.commands.demo_bot import bot_of, until_stopped
from bot.commands.demo_lines import OTHER_CLIENT, newcomer_lines, operator_lines
from bot.commands.demo_links import link_person
from bot.commands.demo_settings import (
    INVENTED,
    Beside,
    ask_again_soon,
    demo_settings,
    of_panel,
    ways,
)
from bot.commands.demo_time import keep_demo_time
from bot.commands.session import fail, guarded
from bot.modes import Mode
from bot.sandbox.clock import SandboxClock
from bot.sandbox.demodata import write_demo_folder
from bot.sandbox.demopeople import peopled, telegram_of
from bot.sandbox.mailbox import Mailbox, mail_server
from bot.sandbox.methods.api import TOKEN, BotApi
from bot.sandbox.panels.demo_panel import ZONE, DemoPanel, demo_panel
from bot.sandbox.panels.fossbilling.demo_words import write_panel_words
from bot.sandbox.people import GROUP_ID, GUEST, LINKED, STAFF, Profile
from bot.sandbox.server import create_app, serve
from bot.sockets import CannotListenError
from bot.telegram.pacing import Pace

PORT = 8787
MORNING = time(8, 30)
NEWCOMER = "C-1003"
"""A client of the invented company to whom nobody is linked yet."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A bot that runs on a sandbox, with what tests and the tour need of both."""

    url: str
    core: Core
    api: BotApi
    clock: SandboxClock
    bot: asyncio.Task[None]
    people: Sequence[Profile] = ()
    """Who uses the first clients of the folder; the note names the client."""
    panel: DemoPanel | None = None
    """The panel outside, if there is one."""


def demo(
    port: Annotated[int, typer.Option(help="Where the chat page is; 0 takes a free port.")] = PORT,
    folder: Annotated[
        Path | None, typer.Option(help="Your own data folder instead of the invented company's.")
    ] = None,
    mode: Annotated[Mode, typer.Option(help="How the bot's updates come.")] = Mode.POLLING,
    panel: Annotated[
        Beside, typer.Option(help="Who owns the data: Panelik itself, or a panel beside it.")
    ] = Beside.EMBEDDED,
) -> None:
    """Try the bot in a browser: no token, nothing real, everything is gone at the end."""
    if folder is not None and panel is not Beside.EMBEDDED:
        fail("A folder is for Panelik's own data; with --panel the data is the panel's.")
    guarded(lambda: _demo(port, folder, mode, panel))


async def _demo(port: int, folder: Path | None, mode: Mode, panel: Beside) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    with TemporaryDirectory(prefix="panelik-demo-") as home:
        try:
            async with sandbox(
                Path(home), port=port, folder=folder, mode=mode, panel=panel
            ) as box:
                await _welcome(box, invented=folder is None)
                await until_stopped(box.bot, stop)
        except CannotListenError as error:
            fail(f"{error} Is another demo running? Choose another port: panelik demo --port 0")


async def _welcome(box: Sandbox, *, invented: bool) -> None:
    typer.echo(f"Chat with the bot at {box.url}/  (Ctrl+C ends it)")
    if box.panel is not None:
        typer.echo(f"Beside it a panel that is a stand-in, at {box.panel.url}")
    if invented:
        ref = NEWCOMER if box.panel is None else box.panel.newcomer
        code, _ = await box.core.actions.issue_link_code(ref, by=Actor("demo"))
        link = f"{box.url}/page/#{GUEST.id}?start={code}"
        typer.echo(newcomer_lines(GUEST.first_name, link))
    else:
        for person in box.people:
            typer.echo(f"{person.first_name} is a user of your client {person.note}")
        typer.echo(OTHER_CLIENT)
    typer.echo(operator_lines(box.core.settings, "orders" if invented else "link CLIENT"))


@asynccontextmanager
async def sandbox(
    home: Path,
    *,
    port: int = 0,
    folder: Path | None = None,
    pace: Pace | None = None,
    start: datetime | None = None,
    database_url: str = "",
    mode: Mode = Mode.POLLING,
    panel: Beside = Beside.EMBEDDED,
) -> AsyncIterator[Sandbox]:
    """Run the sandbox's server and the real bot on a fresh database, over HTTP.

    CannotListenError if the port is taken. `pace` is for visitors who are quicker than people;
    `start` replaces today; the database is a file in `home` unless a URL is given.
    """
    api, mailbox = telegram_of(clock := SandboxClock(start)), Mailbox()
    async with AsyncExitStack() as stack:
        beside = await stack.enter_async_context(_panel(panel, clock))
        time_machine = _TimeMachine(clock, beside)
        app = time_machine.app(api, mailbox)
        url = await stack.enter_async_context(serve(app, port=port))
        smtp_port = await stack.enter_async_context(mail_server(mailbox))
        settings = demo_settings(
            **_reached_at(url, database_url or f"sqlite:///{home}/panelik.sqlite"),
            **ways(mode, smtp_port),
            **({} if folder else INVENTED | _terms(beside)),
        )
        core = await stack.enter_async_context(open_core(settings, clock=clock))
        today = _begin_the_day(clock, settings.zone)
        await keep_demo_time(core, clock.moved)
        if beside is None:
            data = folder or write_demo_folder(home / "data", today)
            people = await _load(core, data, api, rename=folder is not None)
        else:
            people = await _load_beside(core, beside, home, api)
        time_machine.core.set_result(core)
        bot = await stack.enter_async_context(bot_of(core, pace))
        yield Sandbox(url, core, api, clock, bot, people, beside)


def _reached_at(url: str, database_url: str) -> dict[str, Any]:
    """Return the settings of where Telegram and the database are, and whose chat it is."""
    return {
        "bot_token": TOKEN,
        "api_url": url,
        "database_url": database_url,
        "operator_chat": GROUP_ID,
        "staff": frozenset(person.id for person in STAFF),
    }


def _terms(beside: DemoPanel | None) -> dict[str, Any]:
    return {} if beside is None else of_panel(beside.url, beside.token, ZONE.key)


class _TimeMachine:
    """Moves the clock of a demo; `core` is set as soon as there is a bot."""

    def __init__(self, clock: SandboxClock, beside: DemoPanel | None) -> None:
        self._clock = clock
        self._beside = beside
        self.core: asyncio.Future[Core] = asyncio.get_running_loop().create_future()

    def app(self, api: BotApi, mailbox: Mailbox) -> Starlette:
        """The server of the sandbox, whose page moves this clock."""
        return create_app(
            api,
            advance=self.advance,
            next_reminder_at=self.next_reminder_at,
            mailbox=mailbox,
            panel=None if self._beside is None else self._beside.routes,
        )

    async def advance(self, delta: timedelta) -> None:
        """Let time pass, first for the panel outside, and do what has become due."""
        self._clock.advance(delta)
        if self._beside is not None:
            await self._beside.catch_up()
        core = await self.core
        await keep_demo_time(core, self._clock.moved)
        await core.actions.read_changes()
        await running.tick(core)

    async def next_reminder_at(self) -> datetime | None:
        """The instant of the next reminder."""
        return await (await self.core).actions.next_reminder()


@asynccontextmanager
async def _panel(panel: Beside, clock: SandboxClock) -> AsyncIterator[DemoPanel | None]:
    """Run the panel outside, from this morning on; nothing for the embedded one."""
    if panel is Beside.EMBEDDED:
        yield None
        return
    _begin_the_day(clock, ZONE)
    async with demo_panel(clock) as opened:
        yield opened


async def _load_beside(
    core: Core, beside: DemoPanel, home: Path, api: BotApi
) -> Sequence[Profile]:
    """Load the words about what the panel offers, and link the people to its clients."""
    ask_again_soon(core)
    folder = write_panel_words(home / "data", core.clock.now().astimezone(ZONE).date())
    await core.actions.load_company(await check_folder(core, folder, quiet=True), by=Actor("demo"))
    await core.actions.read_catalogue()
    people = tuple(beside.people())
    for person, ref in people:
        api.add_person(person)
        if person.id in {one.id for one in LINKED}:
            language, name = person.language_code, person.first_name
            await link_person(core, person.id, ref, language=language, name=name)
    await core.actions.read_first()
    return [person for person, _ in people]


async def _load(core: Core, folder: Path, api: BotApi, *, rename: bool) -> Sequence[Profile]:
    """Load a folder; its first clients get the sandbox's people as users, who are returned.

    `rename` lets the page name their clients instead of the invented company's.
    """
    checked_folder = await check_folder(core, folder, quiet=True)
    print_suspicions(checked_folder)
    shared = peopled(checked_folder)
    await core.actions.load_company(shared, by=Actor("demo"))
    people = tuple(shared.people())
    for person in people if rename else ():
        api.add_person(person)
    return people


def _begin_the_day(clock: SandboxClock, zone: ZoneInfo) -> date:
    """Set the clock to this morning, before any reminder, so that every demo begins alike."""
    now = clock.now().astimezone(zone)
    clock.advance(datetime.combine(now.date(), MORNING, zone) - now)
    return now.date()
