"""The numbers of the database as Prometheus reads them; every process shows the same ones."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from billing.rules.panel.panel_calls import CallState
from billing.rules.payments.payment import PaymentStatus
from bot.metrics.beat import is_running, last_ticks
from storage.leases import Lease
from storage.numbers import Numbers
from storage.tables.states import SendState

State = TypeVar("State", bound=StrEnum)


class DatabaseMetrics(Collector):
    """One reading; None when the database did not answer in time."""

    def __init__(self, numbers: Numbers | None, *, is_away: bool = False) -> None:
        self._numbers = numbers
        self._is_away = is_away

    def collect(self) -> Iterable[Metric]:
        """Yield the families of the reading."""
        is_up = self._numbers is not None and not self._is_away
        yield _gauge("panelik_database_up", "Whether the database can be used", is_up)
        if self._numbers is not None:
            yield from _families(self._numbers)


def _families(numbers: Numbers) -> Iterator[Metric]:
    yield from _queues(numbers)
    yield _gauge("panelik_outbox_failed", "Messages given up in a day", numbers.outbox_failed)
    yield from _stuck(numbers)
    yield _gauge("panelik_unplaced_money", "Money that fits nothing", numbers.unplaced)
    yield _states("panelik_reminders_today", SendState, numbers.digests_of_day)
    yield _states("panelik_payments_day", PaymentStatus, numbers.payments)
    yield _states("panelik_panel_calls", CallState, numbers.panel_calls)
    age = seconds_since(numbers.oldest_call_at, numbers.at)
    yield _gauge("panelik_panel_call_oldest_seconds", "Age of the oldest panel call", age)
    away = seconds_since(numbers.panel.away_since, numbers.at)
    yield _gauge("panelik_panel_away_seconds", "For how long the panel has not answered", away)
    known = seconds_since(numbers.panel.changes_read_at, numbers.at)
    yield _gauge("panelik_panel_mirror_seconds", "Age of what is known of the panel", known)
    running = sum(is_running(process, numbers.at) for process in numbers.processes)
    yield _gauge("panelik_processes", "Processes that run", running)
    yield _labelled("panelik_lease_left_seconds", "lease", _leases(numbers.leases))
    yield _labelled(
        "panelik_tick_age_seconds",
        "tick",
        {
            name: seconds_since(done_at, numbers.at)
            for name, done_at in last_ticks(numbers.processes).items()
        },
    )


def _queues(numbers: Numbers) -> Iterator[Metric]:
    """Yield what waits for chats, to be booked, to be handled again, and of reminders."""
    at = numbers.at
    queues = {
        "outbox": numbers.outbox,
        "inbox": numbers.inbox,
        "again": numbers.again,
        "reminders": numbers.digests,
    }
    for name, values in (
        ("panelik_queue_waiting", {q: queue.waiting for q, queue in queues.items()}),
        ("panelik_queue_due", {q: queue.due for q, queue in queues.items()}),
        (
            "panelik_queue_oldest_seconds",
            {q: seconds_since(queue.oldest_at, at) for q, queue in queues.items()},
        ),
        (
            "panelik_queue_late_seconds",
            {q: seconds_since(queue.due_since, at) for q, queue in queues.items()},
        ),
    ):
        yield _labelled(name, "queue", values)


def _stuck(numbers: Numbers) -> Iterator[Metric]:
    """Yield what the operator has to decide about."""
    stuck = numbers.stuck.items()
    yield _labelled("panelik_inbox_stuck", "state", {s.value: b.number for s, b in stuck})
    ages = {s.value: seconds_since(b.oldest_at, numbers.at) for s, b in stuck}
    yield _labelled("panelik_inbox_stuck_oldest_seconds", "state", ages)


def _leases(leases: Iterable[Lease]) -> dict[str, float]:
    """Return the time left by the kind of lease; of a kind that many processes have, the most."""
    left: dict[str, float] = {}
    for lease in leases:
        kind = lease.name.partition(" ")[0]
        left[kind] = max(lease.left.total_seconds(), left.get(kind, 0.0))
    return left


def seconds_since(moment: datetime | None, now: datetime) -> float:
    """Return the age of something; 0 if there is nothing, or a clock was wrong."""
    return 0.0 if moment is None else max((now - moment).total_seconds(), 0.0)


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)


def _states(name: str, states: type[State], counts: Mapping[State, int]) -> Metric:
    """Every state has its line, also one with nothing in it."""
    return _labelled(name, "state", {state.value: counts.get(state, 0) for state in states})


def _labelled(name: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, MEANINGS[name], labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family


MEANINGS = {
    "panelik_queue_waiting": "What waits in a queue, at most 10000",
    "panelik_queue_due": "What is due in a queue and nobody works on",
    "panelik_queue_oldest_seconds": "Age of the oldest that waits",
    "panelik_queue_late_seconds": "For how long the first that is due has waited",
    "panelik_inbox_stuck": "Updates and payments that wait for the operator, at most 10000",
    "panelik_inbox_stuck_oldest_seconds": "Age of the oldest of them",
    "panelik_reminders_today": "Reminders of today",
    "panelik_payments_day": "Attempts to pay that began in the last day",
    "panelik_panel_calls": "Panel calls that are not over",
    "panelik_lease_left_seconds": "Time that a lease has left; 0: nobody has it",
    "panelik_tick_age_seconds": "Since when a tick last ended well, in any process",
}
