"""`panelik run`: the bot, by polling or a webhook; `panelik work`: more processes beside it."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated

import typer
from telegram.error import InvalidToken

from bot import loop, running
from bot.app import STARS_WARNING, Core
from bot.commands.data.kept_owner import keep_first_owner
from bot.commands.data.kept_terms import check_terms, keep_first_terms
from bot.commands.demo_time import is_demo
from bot.commands.session import fail, guarded, opened, settings_or_exit
from bot.health.watching import watched
from bot.modes import AlreadyReceivingError, Mode
from bot.reporting.missing import MissingLibraryError
from bot.reporting.watched import reporting
from bot.settings import Settings
from bot.sockets import CannotListenError
from bot.telegram.refusals import NOT_ACCEPTED, IngressError

log = logging.getLogger(__name__)

NEW_DATABASE = (
    "There was no database %s: a new, empty one was made. If there should be one, stop and put it "
    "in its place; otherwise load your data with `panelik load FOLDER`."
)

DEMO = (
    "This database belongs to a demo: its times are the demo's, and nothing in it is real. Name "
    "another one with PANELIK_DATABASE_URL."
)

Task = Callable[[Core, asyncio.Event], Awaitable[None]]


ModeOption = Annotated[
    Mode | None,
    typer.Option(help="How updates come; without it, PANELIK_MODE says so.", show_default=False),
]


def run(mode: ModeOption = None) -> None:
    """Run the bot until Ctrl+C. The database is brought up to date first."""
    settings = settings_or_exit() if mode is None else settings_or_exit(mode=mode)
    _until_stopped(settings, running.run, make=True)


def work() -> None:
    """Help a bot that runs: plan and send, until Ctrl+C. Start as many as you like."""
    _until_stopped(settings_or_exit(), running.work)


def _until_stopped(settings: Settings, task: Task, *, make: bool = False) -> None:
    try:
        guarded(lambda: serve(settings, task, make=make), run_all=loop.run)
    except (AlreadyReceivingError, IngressError, CannotListenError) as error:
        fail(str(error))
    except MissingLibraryError as error:
        fail(str(error), code=2)
    except InvalidToken:
        fail(NOT_ACCEPTED)


async def serve(settings: Settings, task: Task, *, make: bool) -> None:
    """Run the task until a signal asks to stop; `make` creates a missing database."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    if settings.provider_token:
        log.warning(STARS_WARNING)
    async with opened(settings, make=make) as core:
        if core.database.is_new:
            log.warning(NEW_DATABASE, core.database.name)
        if await is_demo(core):
            fail(DEMO, code=2)
        await keep_first_owner(core)
        await check_terms(core)
        await keep_first_terms(core)
        async with reported(core), watched(core, stop):
            await task(core, stop)


def reported(core: Core) -> AbstractAsyncContextManager[None]:
    """Report errors and spans inside the block, as the settings say."""
    dsn = core.settings.sentry_dsn
    return reporting(
        core.meter,
        sentry_dsn=dsn.get_secret_value() if dsn else None,
        otlp_endpoint=core.settings.otlp_endpoint,
    )
