"""What is wrong with a running company, in sentences; the alert rules in `deploy/` say the same.

Limits are wide enough that a restart or one bad minute says nothing.
"""

from collections.abc import Iterator
from datetime import timedelta

from billing.ports.inbox import EventState
from billing.rules.panel.panel_calls import CallState
from bot.commands.output.sentences import count_of
from bot.commands.status.words import age
from bot.metrics.beat import SILENT, is_running, last_ticks
from storage.numbers import Numbers

NO_WORD = timedelta(hours=1)
"""So long a process that ended without a word is shown."""

TICK_MISSING = timedelta(minutes=15)
"""A tick may be missing so long, or three times its interval if that is longer."""

MESSAGES_LATE = timedelta(minutes=5)
MONEY_LATE = timedelta(minutes=2)
AGAIN_LATE = timedelta(minutes=2)
REMINDERS_LATE = timedelta(minutes=30)

CALL_OLD = timedelta(minutes=30)

AWAY_LONG = timedelta(minutes=5)
MIRROR_OLD = timedelta(minutes=15)

MOST_NAMED = 5
"""Clients who are named."""

RECEIVERS = ("poller", "webhook")
"""The leases of processes that receive updates."""

TICKS = {
    "plan reminders": "planned reminders",
    "send messages": "sent messages",
    "send reminders": "sent reminders",
    "book what came": "booked money",
    "do what the panel is owed": "done what the panel is owed",
    "expire proformas": "expired proformas",
    "end cancelled services": "ended cancelled services",
}
"""Ticks that clients notice, as something that a process has done."""


def problems(numbers: Numbers, *, tick_seconds: int) -> tuple[str, ...]:
    """Return a sentence for each thing that is wrong, the worst first."""
    missing = max(TICK_MISSING, timedelta(seconds=3 * tick_seconds))
    return (
        *_processes(numbers),
        *_ticks(numbers, missing),
        *_queues(numbers),
        *_panel(numbers),
        *_decisions(numbers),
    )


def _processes(numbers: Numbers) -> Iterator[str]:
    now = numbers.at
    running = [process for process in numbers.processes if is_running(process, now)]
    if not running:
        last = max((process.seen_at for process in numbers.processes), default=None)
        since = f" The last one said so {age(last, now)} ago." if last else ""
        yield f"No process runs on this database.{since}"
    elif not any(lease.left and lease.name.startswith(RECEIVERS) for lease in numbers.leases):
        yield "No process receives updates: `panelik run` does, `panelik work` does not."
    for process in numbers.processes:
        if process.ended_at is None and SILENT <= now - process.seen_at < NO_WORD:
            yield (
                f"{process.name} has said nothing for {age(process.seen_at, now)}: it was killed, "
                "or it hangs."
            )
    if len(versions := sorted({process.version for process in running})) > 1:
        yield f"Processes of several versions run: {', '.join(versions)}."


def _ticks(numbers: Numbers, missing: timedelta) -> Iterator[str]:
    """Name what no process does although one has run long enough for it."""
    last, now = last_ticks(numbers.processes), numbers.at
    began = [process.started_at for process in numbers.processes if is_running(process, now)]
    if not began or now - min(began) <= missing:
        return
    for name, what in TICKS.items():
        done_at = last.get(name, min(began))
        if now - done_at > missing:
            yield f"No process has {what} for {age(done_at, now)}."


def _queues(numbers: Numbers) -> Iterator[str]:
    queues = (
        ("Messages are", numbers.outbox, MESSAGES_LATE),
        ("Money to book is", numbers.inbox, MONEY_LATE),
        ("Updates to be handled again are", numbers.again, AGAIN_LATE),
        ("Reminders are", numbers.digests, REMINDERS_LATE),
    )
    for what, queue, limit in queues:
        since = queue.due_since
        if since is not None and numbers.at - since > limit:
            yield f"{what} late: the first of {queue.due} waits for {age(since, numbers.at)}."


def _panel(numbers: Numbers) -> Iterator[str]:
    away, known, now = numbers.panel.away_since, numbers.panel.changes_read_at, numbers.at
    if away is not None and now - away > AWAY_LONG:
        yield f"Your panel has not answered for {age(away, now)}."
    elif known is not None and now - known > MIRROR_OLD:
        yield f"What has changed in your panel was last read {age(known, now)} ago."
    if unread := numbers.unread_clients:
        named = "; ".join(f"client {ref}: {rows}" for ref, rows in unread[:MOST_NAMED])
        more = " and others" if len(unread) > MOST_NAMED else ""
        yield (
            f"Rows of your panel cannot be read: {named}{more}. Those clients see what was last "
            "read; correct the rows there."
        )


def _decisions(numbers: Numbers) -> Iterator[str]:
    if numbers.outbox_failed:
        messages = count_of(numbers.outbox_failed, "message")
        yield f"{messages} could not be sent in the last day; the log says why."
    if updates := numbers.stuck[EventState.FAILED].number:
        failed = count_of(updates, "update")
        yield f"{failed} could not be handled: `panelik updates` lists what waits for you."
    if numbers.unplaced:
        money = count_of(numbers.unplaced, "payment")
        yield f"Money waits for your decision: {money} in `panelik unplaced`."
    unclear = sum(numbers.panel_calls.get(s, 0) for s in (CallState.UNKNOWN, CallState.REFUSED))
    if unclear:
        calls = count_of(unclear, "panel call")
        yield f"Refused or without a known outcome: {calls} in `panelik calls`."
    oldest = numbers.oldest_call_at
    if oldest is not None and numbers.at - oldest > CALL_OLD and not unclear:
        since = age(oldest, numbers.at)
        yield f"Your panel does not do what it is owed: the oldest call waits for {since}."
