"""What happens by itself while a process runs.

All processes do all of it, and unique keys and claims in the database make one winner. The one
exception: only the process that holds the sender's lease sends reminders, because Telegram limits
the pace of the bot and not of each process. Every process sends from the outbox (receipts, the
operator's answers): these messages are few, somebody waits for them, and they must not wait until
the lease of a dead process runs out.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.app import Heart
from bot.clock import Seconds, steady_seconds
from bot.lease import RENEW_SECONDS, ProcessLease
from bot.scheduler import Action, Ticker

SENDER = "sender"


@asynccontextmanager
async def ticking(heart: Heart, *, steady: Seconds = steady_seconds) -> AsyncIterator[Ticker]:
    """Tick inside the block; at its end, messages being sent get the time to arrive."""
    ticker = Ticker()
    sender = ProcessLease(heart.database.leases, heart.clock, SENDER, steady=steady)
    for name, sweep in sweeps(heart).items():
        ticker.every(heart.settings.tick_seconds, name, sweep)

    async def book_money() -> None:
        await heart.actions.book_events(lambda: not ticker.is_stopping)

    async def send_messages() -> None:
        await heart.actions.send_outbox(lambda: not ticker.is_stopping)

    async def send_reminders() -> None:
        if sender.is_ours or await sender.take():
            await heart.actions.send_digests(lambda: sender.is_ours and not ticker.is_stopping)

    ticker.every(heart.settings.outbox_seconds, "book what came", book_money)
    ticker.every(heart.settings.outbox_seconds, "send messages", send_messages)
    ticker.every(heart.settings.outbox_seconds, "send reminders", send_reminders)
    ticker.every(RENEW_SECONDS, "keep the right to send reminders", sender.take)
    # The operator may have set another chat since.
    await heart.actions.try_operator_chat()
    ticker.start()
    try:
        yield ticker
    finally:
        await ticker.stop()
        await sender.release()


def sweeps(heart: Heart) -> dict[str, Action]:
    """Return the actions that run now and then; each may run at any time and again."""

    async def purge() -> None:
        await heart.database.conversations.purge(before=heart.clock.now())

    return {
        "expire proformas": heart.actions.expire_invoices,
        "end cancelled services": heart.actions.end_cancelled,
        "plan reminders": heart.actions.plan_reminders,
        "tell the operator of the day": heart.actions.tell_summary,
        "tell the operator of wrong codes": heart.actions.tell_wrong_codes,
        "give back what a wrong clock has claimed": heart.actions.give_back_claims,
        "forget old messages": heart.actions.forget_old,
        "forget old conversations": purge,
    }
