"""A running process: it receives the bot's updates, or works beside a process that does."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from telegram.error import TelegramError

from billing.ports.work import UnavailableError
from bot.again import handle_again
from bot.app import Core, make_application
from bot.connecting import connected
from bot.lease import RENEW_SECONDS
from bot.modes import Mode, RightToReceive, receiving
from bot.receiving import Ingress, make_ingress, pages_beside_polling
from bot.scheduler import Ticker
from bot.telegram.pacing import Pace
from bot.ticking import sweeps, ticking
from handlers.chat.conversation.context import PanelikApplication
from handlers.commands_menu import publish, publish_to_staff
from handlers.routes import COMMANDS
from storage.errors import DatabaseError

log = logging.getLogger(__name__)

INGRESS_LOOK_SECONDS = 60
"""Seconds between looks whether Telegram still posts here."""

LOOK_SECONDS = 5
"""Seconds between checks that the database file is in its place, also when nobody writes."""


async def run(core: Core, stop: asyncio.Event, *, pace: Pace | None = None) -> None:
    """Serve clients until `stop` is set; AlreadyReceivingError or IngressError say why not.

    `pace` is for the sandbox, which has no limits to respect.
    """
    core.outage.stop = stop
    application = make_application(core, pace=pace)
    mode = Mode(core.settings.mode)
    async with receiving(core, mode) as right, connected(application, stop) as reached:
        if not reached:
            return
        await core.outage.through(lambda: _begin_as(core))
        await application.start()
        log.info("The bot @%s is running", application.bot.username)
        try:
            ingress = await core.outage.through(lambda: make_ingress(core, application))
            async with ticking(core) as ticker:
                ticker.every(
                    RENEW_SECONDS, "keep the right to receive", lambda: _keep(right, stop)
                )
                ticker.every(INGRESS_LOOK_SECONDS, "see whether updates come", ingress.look)
                ticker.every(
                    core.settings.outbox_seconds,
                    "handle again what the operator says",
                    lambda: handle_again(core, application, lambda: not ticker.is_stopping),
                )
                _stop_without_database(core, ticker, stop)
                told = core.outage.through(lambda: _tell_telegram(core, application))
                async with (
                    pages_beside_polling(core),
                    _beside(_stop_when(stop, ingress), told),
                ):
                    await ingress.run()
        finally:
            await application.stop()
    core.database.check_place()


async def work(core: Core, stop: asyncio.Event, *, pace: Pace | None = None) -> None:
    """Plan and send until `stop` is set, without fetching; any number of processes may do it."""
    core.outage.stop = stop
    application = make_application(core, pace=pace)
    async with connected(application, stop) as reached:
        if reached:
            await core.outage.through(lambda: _begin_as(core))
            log.info("Working for the bot @%s", application.bot.username)
            async with ticking(core) as ticker:
                _stop_without_database(core, ticker, stop)
                await stop.wait()
    core.database.check_place()


async def tick(core: Core) -> None:
    """Do everything that is due by now, for tests and the sandbox's clock."""
    for sweep in sweeps(core).values():
        await sweep()
    await core.actions.book_events()
    await core.actions.run_calls()
    await core.actions.send_email_codes()
    await core.actions.send_digests()
    await core.actions.send_outbox()


async def _keep(right: RightToReceive, stop: asyncio.Event) -> None:
    if refusal := await right.take():
        log.error("%s This process stops.", refusal)
        stop.set()


def _stop_without_database(core: Core, ticker: Ticker, stop: asyncio.Event) -> None:
    """Stop when the database's file is gone, because all writes would be lost."""

    async def look() -> None:
        try:
            core.database.check_place()
        except DatabaseError:
            stop.set()

    ticker.every(LOOK_SECONDS, "see whether the database is in its place", look)


async def _begin_as(core: Core) -> None:
    """Say so when another bot served these clients before."""
    before = await core.database.bots.begin(core.settings.bot_id)
    if before is not None:
        log.warning(
            "Bot %s served this database before, now it is bot %s. Who has not pressed Start in "
            "its chat cannot be written to. Give every process the same PANELIK_BOT_TOKEN.",
            before, core.settings.bot_id,
        )  # fmt: skip


async def _tell_telegram(core: Core, application: PanelikApplication) -> None:
    """Set commands and descriptions if they changed; a failure must not stop the bot.

    At a first start these are ten calls, and nobody has to wait for them.
    """
    store, bot = core.database.settings_store, application.bot
    try:
        company = (await core.actions.show_catalog()).company.name
        allowed = await core.actions.show_allowed(None)
        await publish(bot, store, COMMANDS, company=company, allowed=allowed)
        await publish_to_staff(bot, store, COMMANDS, staff=core.settings.staff, allowed=allowed)
    except TelegramError as error:
        log.warning("Telegram does not show the commands anew: %s", error)
    except UnavailableError:
        log.warning("The commands could not be read, the database is away; a start tries again")
    except Exception:
        log.exception("The commands could not be read; the next start tries again")


@asynccontextmanager
async def _beside(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Do work beside the block; at the end of the block, whatever is not done is cancelled."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _stop_when(stop: asyncio.Event, ingress: Ingress) -> None:
    await stop.wait()
    await ingress.stop()
