"""A running process: it polls for the bot, or works beside a process that does."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram.error import TelegramError

from bot.app import Core, make_application, money_inbox
from bot.connecting import connected
from bot.lease import LEASE, RENEW_SECONDS, ProcessLease
from bot.scheduler import Ticker
from bot.telegram.ingress import Polling
from bot.telegram.pacing import Pace
from bot.ticking import sweeps, ticking
from handlers.chat.conversation.context import PanelikApplication
from handlers.commands_menu import publish, publish_to_staff
from handlers.routes import COMMANDS
from storage.errors import DatabaseError

log = logging.getLogger(__name__)

POLLER = "poller"

LOOK_SECONDS = 5
"""Seconds between checks that the database file is in its place, also when nobody writes."""


class AlreadyPollingError(Exception):
    """Another process polls for this database; the text says which and what to do."""


async def run(core: Core, stop: asyncio.Event, *, pace: Pace | None = None) -> None:
    """Serve clients until `stop` is set; AlreadyPollingError or IngressError say why not.

    `pace` is for the sandbox, which has no limits to respect.
    """
    application = make_application(core, pace=pace)
    async with only_poller(core) as poller, connected(application, stop) as reached:
        if not reached:
            return
        await _begin_as(core)
        await _tell_telegram(core, application)
        await application.start()
        log.info("The bot @%s is running", application.bot.username)
        polling = Polling(
            application,
            max_in_flight=core.settings.max_in_flight,
            money=money_inbox(core),
        )
        watcher = asyncio.create_task(_stop_when(stop, polling))
        try:
            async with ticking(core) as ticker:
                ticker.every(RENEW_SECONDS, "keep the right to poll", lambda: _keep(poller, stop))
                _stop_without_database(core, ticker, stop)
                await polling.run()
        finally:
            watcher.cancel()
            await application.stop()
    core.database.check_place()


async def work(core: Core, stop: asyncio.Event, *, pace: Pace | None = None) -> None:
    """Plan and send until `stop` is set, without fetching; any number of processes may do it."""
    application = make_application(core, pace=pace)
    async with connected(application, stop) as reached:
        if reached:
            await _begin_as(core)
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
    await core.actions.send_digests()
    await core.actions.send_outbox()


@asynccontextmanager
async def only_poller(core: Core) -> AsyncIterator[ProcessLease]:
    """Take the lease to poll; AlreadyPollingError while another process has it."""
    poller = ProcessLease(core.database.leases, core.clock, POLLER)
    if not await poller.take():
        lease = await poller.holder()
        whose = lease.owner if lease else "another process"
        raise AlreadyPollingError(
            f"Another Panelik ({whose}) is running on this database. Stop it first; if it has "
            f"crashed, try again in {LEASE.seconds} seconds. To have more of them, start them "
            "with `panelik work`."
        )
    try:
        yield poller
    finally:
        await poller.release()


async def _keep(poller: ProcessLease, stop: asyncio.Event) -> None:
    if not await poller.take():
        log.error("Another process polls for this database now; this one stops.")
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
    """Set commands and descriptions if they changed; a failure must not stop the bot."""
    catalog = await core.actions.show_catalog()
    store, bot = core.database.settings_store, application.bot
    allowed = await core.actions.show_allowed(None)
    try:
        company = catalog.company.name
        await publish(bot, store, COMMANDS, company=company, allowed=allowed)
        await publish_to_staff(bot, store, COMMANDS, staff=core.settings.staff, allowed=allowed)
    except TelegramError as error:
        log.warning("Telegram does not show the commands anew: %s", error)


async def _stop_when(stop: asyncio.Event, polling: Polling) -> None:
    await stop.wait()
    await polling.stop()
