"""A bot that runs: polls, ticks, and stops cleanly."""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.app import STARS_WARNING, Heart, make_application
from bot.scheduler import Ticker
from bot.telegram.ingress import Polling
from handlers.commands_menu import announce

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
    now = heart.clock.now()
    if not await leases.acquire(POLLER, owner, now=now, until=now + LEASE):
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


async def run(heart: Heart, stop: asyncio.Event) -> None:
    """Serve clients until `stop` is set; AlreadyPollingError or IngressError say why not."""
    if heart.settings.provider_token:
        log.warning(STARS_WARNING)
    application = make_application(heart)
    async with poller_lease(heart) as renew, application:
        await announce(application.bot, heart.database.settings_store)
        await application.start()
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


async def _keep(renew: Callable[[], Awaitable[bool]], stop: asyncio.Event) -> None:
    if not await renew():
        log.error("Another process polls for this database now; this one stops.")
        stop.set()


async def _stop_when(stop: asyncio.Event, polling: Polling) -> None:
    await stop.wait()
    await polling.stop()


def make_ticker(heart: Heart) -> Ticker:
    """What happens by itself, each in its own time."""
    actions, settings = heart.actions, heart.settings
    ticker = Ticker()
    ticker.every(settings.tick_seconds, "plan reminders", actions.plan_reminders)
    ticker.every(settings.tick_seconds, "expire proformas", actions.expire_invoices)
    ticker.every(settings.tick_seconds, "end cancelled services", actions.end_cancelled)
    ticker.every(settings.outbox_seconds, "send reminders", actions.send_digests)
    ticker.every(settings.outbox_seconds, "send messages", actions.send_outbox)
    return ticker
