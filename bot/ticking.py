"""What happens by itself while a process runs.

All processes do all of it, and unique keys and claims in the database make one winner. Exceptions:
only the process that holds the sender's lease sends reminders, because Telegram limits the pace of
the bot and not of each process; and only the one that holds the reader's lease reads a connected
panel, which limits calls. Every process sends from the outbox (receipts, the operator's answers):
these messages are few, somebody waits for them, and they must not wait until the lease of a dead
process runs out.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial

from billing.ports.work import UnavailableError
from bot.app import Core
from bot.clock import Seconds, steady_seconds
from bot.lease import RELEASE_SECONDS, RENEW_SECONDS, ProcessLease, this_process
from bot.metrics.beat import BEAT_SECONDS, beat
from bot.panel_watch import WATCH_SECONDS, PanelWatch
from bot.scheduler import Action, Ticker

SENDER = "sender"
READER = "reader"
GoOn = Callable[[], bool]

SWEEPS_AFTER_SECONDS = 0.5
"""Seconds until the sweeps begin: whoever wrote before the start is answered first."""

NIGHT_SECONDS = 60
"""How often it is seen whether everything is to be read."""

PROBE_SECONDS = 10
"""How often a process sees whether the database can be used: one that stalls refuses nothing."""


@asynccontextmanager
async def ticking(core: Core, *, steady: Seconds = steady_seconds) -> AsyncIterator[Ticker]:
    """Tick inside the block; at its end, messages being sent get the time to arrive."""
    ticker = Ticker(turn=core.meter.tick, on_outage=core.outage.note)
    sender = ProcessLease(core.database.leases, core.clock, SENDER, steady=steady)
    for name, sweep in sweeps(core).items():
        ticker.every(core.settings.tick_seconds, name, sweep, first=SWEEPS_AFTER_SECONDS)
    _add_frequent(core, ticker, sender)
    reader = ProcessLease(core.database.leases, core.clock, READER, steady=steady)
    if core.connected is not None:
        _add_readings(core, ticker, reader)
        watch = PanelWatch(core.connected)
        ticker.every(
            WATCH_SECONDS, "look what the panel lets us do", watch.look,
            first=SWEEPS_AFTER_SECONDS,
        )  # fmt: skip
    # The operator may have set another chat since.
    await core.outage.through(core.actions.try_operator_chat)
    ticker.start()
    try:
        yield ticker
    finally:
        await ticker.stop()
        await sender.release()
        if core.connected is not None:
            await reader.release()
        with suppress(UnavailableError, TimeoutError):
            async with asyncio.timeout(RELEASE_SECONDS):
                await beat(core.database.processes, core.meter, this_process(), ends=True)


def _add_frequent(core: Core, ticker: Ticker, sender: ProcessLease) -> None:
    """Let a ticker do what people wait for, and what shows that this process runs."""

    async def note_process() -> None:
        await beat(core.database.processes, core.meter, this_process())

    async def send_reminders() -> None:
        if sender.is_ours or await sender.take():
            await core.actions.send_digests(lambda: sender.is_ours and not ticker.is_stopping)

    for name, work in queues(core).items():
        go_on = partial(work, lambda: not ticker.is_stopping)
        ticker.every(core.settings.outbox_seconds, name, go_on)
    ticker.every(core.settings.outbox_seconds, "send reminders", send_reminders)
    ticker.every(RENEW_SECONDS, "keep the right to send reminders", sender.take)
    ticker.every(PROBE_SECONDS, "see whether the database can be used", core.outage.look)
    ticker.every(BEAT_SECONDS, "note that this process runs", note_process)


def _add_readings(core: Core, ticker: Ticker, reader: ProcessLease) -> None:
    """Let one process for all read a connected panel; at the first start that is everything."""

    def may_go_on() -> bool:
        return reader.is_ours and not ticker.is_stopping

    async def read_changes() -> None:
        if reader.is_ours or await reader.take():
            await core.actions.read_changes(may_go_on)

    async def read_everything() -> None:
        if reader.is_ours or await reader.take():
            await core.actions.read_everything.tonight(may_go_on)

    ticker.every(RENEW_SECONDS, "keep the right to read the panel", reader.take)
    ticker.every(
        core.settings.panel_feed_seconds, "read what has changed in the panel", read_changes,
        first=SWEEPS_AFTER_SECONDS,
    )  # fmt: skip
    ticker.every(
        NIGHT_SECONDS, "read everything in the panel", read_everything, first=SWEEPS_AFTER_SECONDS
    )


def queues(core: Core) -> dict[str, Callable[[GoOn], Awaitable[object]]]:
    """Return what works off what waits, as long as it is told to go on."""
    return {
        "book what came": core.actions.book_events,
        "do what the panel is owed": core.actions.run_calls,
        "send messages": core.actions.send_outbox,
        "send codes by e-mail": core.actions.send_email_codes,
    }


def sweeps(core: Core) -> dict[str, Action]:
    """Return the actions that run now and then; each may run at any time and again."""

    async def purge() -> None:
        await core.database.conversations.purge(before=core.clock.now())

    return {
        "expire proformas": core.actions.expire_invoices,
        "end cancelled services": core.actions.end_cancelled,
        "read what the panel offers": core.actions.refresh_catalogue,
        "plan reminders": core.actions.plan_reminders,
        "tell the operator of the day": core.actions.tell_summary,
        "tell the operator of wrong codes": core.actions.tell_wrong_codes,
        "give back what a wrong clock has claimed": core.actions.give_back_claims,
        "forget old messages": core.actions.forget_old,
        "forget old conversations": purge,
    }
