"""The fields of `panelik status --json`; their names are documented and do not change."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from billing.rules.panel.panel_calls import CallState
from billing.rules.payments.payment import PaymentStatus
from bot.commands.output.as_json import Record
from bot.metrics.beat import is_running, last_ticks
from storage.leases import Lease
from storage.numbers import Backlog, Numbers, Queue
from storage.processes import Process
from storage.tables.states import SendState

State = TypeVar("State", bound=StrEnum)


def status_fields(numbers: Numbers, problems: Sequence[str]) -> Record:
    """Return one reading; `problems` are the sentences for people."""
    return {
        "at": numbers.at,
        "problems": list(problems),
        "processes": [_process(process, numbers) for process in numbers.processes],
        "leases": [_lease(lease) for lease in numbers.leases],
        "outbox": _queue(numbers.outbox),
        "outbox_failed": numbers.outbox_failed,
        "inbox": _queue(numbers.inbox),
        "again": _queue(numbers.again),
        "stuck": {state.value: _backlog(backlog) for state, backlog in numbers.stuck.items()},
        "unplaced": numbers.unplaced,
        "reminders": _queue(numbers.digests),
        "reminders_today": _states(SendState, numbers.digests_of_day),
        "payments_day": _states(PaymentStatus, numbers.payments),
        "panel_calls": _states(CallState, numbers.panel_calls),
        "oldest_panel_call_at": numbers.oldest_call_at,
        "panel_read_at": numbers.panel.changes_read_at,
        "panel_away_since": numbers.panel.away_since,
        "panel_unread": [{"client": ref, "rows": rows} for ref, rows in numbers.unread_clients],
        "ticks": last_ticks(numbers.processes),
    }


def _process(process: Process, numbers: Numbers) -> Record:
    return {
        "process": process.name,
        "version": process.version,
        "running": is_running(process, numbers.at),
        "started_at": process.started_at,
        "seen_at": process.seen_at,
        "ended_at": process.ended_at,
        "updates": process.facts.updates,
        "failed_updates": process.facts.failures,
        "last_update_at": process.facts.last_update_at,
    }


def _lease(lease: Lease) -> Record:
    return {
        "task": lease.name.partition(" ")[0],
        "process": lease.owner,
        "taken_at": lease.taken_at,
        "seconds_left": lease.left.total_seconds(),
    }


def _queue(queue: Queue) -> Record:
    return {
        "waiting": queue.waiting,
        "due": queue.due,
        "oldest_at": queue.oldest_at,
        "due_since": queue.due_since,
    }


def _backlog(backlog: Backlog) -> Record:
    return {"number": backlog.number, "oldest_at": backlog.oldest_at}


def _states(states: type[State], counts: Mapping[State, int]) -> dict[str, int]:
    return {state.value: counts.get(state, 0) for state in states}
