"""A bot that runs: polls, ticks, and stops cleanly."""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from telegram.error import InvalidToken, TelegramError

from bot.app import Heart, make_application
from bot.scheduler import Action, Ticker
from bot.telegram.backoff import Backoff
from bot.telegram.ingress import Polling
from bot.telegram.pacing import Pace
from handlers.chat.context import PanelikApplication
from handlers.commands_menu import publish
from handlers.routes import COMMANDS

log = logging.getLogger(__name__)

POLLER = "poller"
LEASE = timedelta(seconds=30)
RENEW_SECONDS = 10


class AlreadyPollingError(Exception):
    """Another process polls for this database; the text says which and what to do."""


@asynccontextmanager
async def poller_lease(heart: Heart) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    """Hold the right to poll; yields what renews it."""
    leases, owner = heart.database.leases, f"{socket.gethostname()}:{os.getpid()}"
    if not await _take_lease(heart, owner):
        held = await leases.holder(POLLER)
        whose = held.owner if held else "another process"
        raise AlreadyPollingError(
            f"Another Panelik ({whose}) is running on this database. Stop it first; if it has "
            f"crashed, try again in {LEASE.seconds} seconds."
        )

    async def renew() -> bool:
        """Keep it; False when another process has it by now."""
        return await leases.renew(POLLER, owner, until=heart.clock.now() + LEASE)

    try:
        yield renew
    finally:
        await leases.release(POLLER, owner)


async def _take_lease(heart: Heart, owner: str) -> bool:
    leases, now = heart.database.leases, heart.clock.now()
    if await leases.acquire(POLLER, owner, now=now, until=now + LEASE):
        return True
    held = await leases.holder(POLLER)
    if held is None or not _has_died(held.owner):
        return False
    # Nobody has to wait for the lease of a process that was killed to run out.
    await leases.release(POLLER, held.owner)
    return await leases.acquire(POLLER, owner, now=now, until=now + LEASE)


def _has_died(owner: str) -> bool:
    """Whether a process of this machine is gone; of others we cannot know."""
    host, _, number = owner.rpartition(":")
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


async def run(heart: Heart, stop: asyncio.Event, *, pace: Pace | None = None) -> None:
    """Serve clients until `stop` is set; AlreadyPollingError or IngressError say why not.

    `pace` is for the sandbox, which has no limits to respect.
    """
    application = make_application(heart, pace=pace)
    async with poller_lease(heart) as renew, connected(application, stop) as reached:
        if not reached:
            return
        await _tell_telegram(heart, application)
        await application.start()
        log.info("The bot @%s is running", application.bot.username)
        polling = Polling(application, max_in_flight=heart.settings.max_in_flight)
        ticker = make_ticker(heart)
        ticker.every(RENEW_SECONDS, "keep the right to poll", lambda: _keep(renew, stop))
        ticker.start()
        watcher = asyncio.create_task(_stop_when(stop, polling))
        try:
            await polling.run()
        finally:
            watcher.cancel()
            await ticker.stop()
            await application.stop()


@asynccontextmanager
async def connected(application: PanelikApplication, stop: asyncio.Event) -> AsyncIterator[bool]:
    """The application once Telegram has been reached, however long that takes; False if stopped.

    A machine may start before its network does. InvalidToken when Telegram refuses the token.
    """
    backoff = Backoff()
    try:
        while not stop.is_set():
            try:
                await application.initialize()
            except InvalidToken:
                raise
            except TelegramError as error:
                await _either(stop, backoff.failed(error))
            else:
                break
        yield not stop.is_set()
    finally:
        await application.shutdown()
        # python-telegram-bot leaves it open where the start did not go well.
        await application.bot.request.shutdown()


async def _either(stop: asyncio.Event, seconds: float) -> None:
    """Wait, but no longer than until `stop`."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


async def _tell_telegram(heart: Heart, application: PanelikApplication) -> None:
    """The commands and descriptions, if they changed; a failure must not stop the bot."""
    catalog = await heart.actions.show_catalog()
    store = heart.database.settings_store
    try:
        await publish(application.bot, store, COMMANDS, company=catalog.company.name)
    except TelegramError as error:
        log.warning("Telegram does not show the commands anew: %s", error)


async def _keep(renew: Callable[[], Awaitable[bool]], stop: asyncio.Event) -> None:
    if not await renew():
        log.error("Another process polls for this database now; this one stops.")
        stop.set()


async def _stop_when(stop: asyncio.Event, polling: Polling) -> None:
    await stop.wait()
    await polling.stop()


def make_ticker(heart: Heart) -> Ticker:
    """What happens by itself, each in its own time."""
    ticker = Ticker()
    for name, action in sweeps(heart).items():
        ticker.every(heart.settings.tick_seconds, name, action)
    for name, action in senders(heart).items():
        ticker.every(heart.settings.outbox_seconds, name, _all_of(action))
    return ticker


def sweeps(heart: Heart) -> dict[str, Action]:
    """What is looked for now and then; each may run at any time and any number of times."""

    async def purge() -> None:
        await heart.conversations.purge(before=heart.clock.now())

    return {
        "expire proformas": heart.actions.expire_invoices,
        "end cancelled services": heart.actions.end_cancelled,
        "plan reminders": heart.actions.plan_reminders,
        "forget old conversations": purge,
    }


def senders(heart: Heart) -> dict[str, Action]:
    """What sends waiting messages; returns how many there were."""
    return {
        "send reminders": heart.actions.send_digests,
        "send messages": heart.actions.send_outbox,
    }


async def tick(heart: Heart) -> None:
    """Everything that is due by now, at once: for tests and the time machine."""
    for sweep in sweeps(heart).values():
        await sweep()
    for send in senders(heart).values():
        await _all_of(send)()


def _all_of(send: Action) -> Action:
    """Send until nothing waits: a sender takes only as many as may be in flight."""

    async def send_all() -> None:
        while await send():
            pass

    return send_all
