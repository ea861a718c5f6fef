"""What one process counts while it runs; the names are those in `deploy/` and in docs/growing.md.

No label has personal data, and each has few values: words of our own, or the Bot API's methods.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)

from billing.ports.outside import Clock
from bot.metrics.spans import NoSpans, Spans
from bot.turns import Outcome, Turn, random_id, within

SECONDS = (0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the classes of durations."""

STATEMENTS = (0, 1, 2, 3, 4, 5, 6, 8, 12, 20, 50)
"""Upper bounds of the classes of SQL statements; a tap has six at most."""

# Otherwise each counter would have a second series with the time of its first count.
disable_created_metrics()  # type: ignore[no-untyped-call] # the library's own annotation is missing


@dataclass(slots=True)
class Counts:
    """What `panelik status` shows of a process."""

    updates: int = 0
    failures: int = 0
    last_update_at: datetime | None = None
    ticks: dict[str, datetime] = field(default_factory=dict)
    """When each tick last ended well."""


class Meter:
    """The numbers of one process, in a registry of its own."""

    def __init__(self, clock: Clock, version: str) -> None:
        self.clock = clock
        self.version = version
        self.started_at = clock.now()
        self.counts = Counts()
        self.spans: Spans = NoSpans()
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self.gauge("panelik_build", "Always 1", "version").labels(version).set(1)
        self._updates = self.counter("panelik_updates", "Updates handled", "kind", "outcome")
        self._update_seconds = self.histogram(
            "panelik_update_seconds", "From the arrival of an update to its end"
        )
        self._answer_seconds = self.histogram(
            "panelik_answer_seconds", "From the arrival of an update to what the person sees first"
        )
        self._statements = self.histogram(
            "panelik_update_statements", "SQL statements per update", bounds=STATEMENTS
        )
        self._ticks = self.counter("panelik_ticks", "Ticks", "tick", "outcome")
        self._tick_seconds = self.counter("panelik_tick_seconds", "Time spent in ticks", "tick")
        self._tick_done_at = self.gauge(
            "panelik_tick_done_timestamp_seconds", "When the tick last ended well here", "tick"
        )

    def counter(self, name: str, meaning: str, *labels: str) -> Counter:
        """Add a counter to the registry."""
        return Counter(name, meaning, labels, registry=self.registry)

    def gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        """Add a gauge to the registry."""
        return Gauge(name, meaning, labels, registry=self.registry)

    def histogram(
        self, name: str, meaning: str, *labels: str, bounds: Sequence[float] = SECONDS
    ) -> Histogram:
        """Add a histogram to the registry, of seconds unless other bounds are given."""
        return Histogram(name, meaning, labels, buckets=bounds, registry=self.registry)

    @contextmanager
    def update(
        self, kind: str, number: int, private: Callable[[], Collection[str]] = tuple
    ) -> Iterator[Turn]:
        """Count what happens inside the block as the work on one update.

        What `private` returns is hidden in the log.
        """
        turn = Turn(str(number), kind, private)
        with within(turn), self.spans.turn(turn, kind):
            try:
                yield turn
            finally:
                self._end_update(turn)

    @contextmanager
    def tick(self, name: str) -> Iterator[None]:
        """Count what happens inside the block as one tick; an error must be noted within it."""
        turn = Turn(random_id(), "tick", outcome=Outcome.DONE)
        with within(turn), self.spans.turn(turn, name):
            try:
                yield
            except BaseException:
                turn.outcome = Outcome.CUT_OFF
                raise
            finally:
                self._end_tick(name, turn)

    def note_answer(self, turn: Turn) -> None:
        """Note that a person sees something; only the first time counts."""
        if not turn.is_answered:
            turn.is_answered = True
            self._answer_seconds.observe(turn.seconds)

    def _end_update(self, turn: Turn) -> None:
        self._updates.labels(turn.kind, turn.outcome.value).inc()
        self._update_seconds.observe(turn.seconds)
        if turn.outcome is not Outcome.LEFT_OUT:
            self._statements.observe(turn.statements)
        self.counts.updates += 1
        self.counts.failures += turn.outcome is Outcome.FAILED
        self.counts.last_update_at = self.clock.now()

    def _end_tick(self, name: str, turn: Turn) -> None:
        self._ticks.labels(name, turn.outcome.value).inc()
        self._tick_seconds.labels(name).inc(turn.seconds)
        if turn.outcome is Outcome.DONE:
            now = self.counts.ticks[name] = self.clock.now()
            self._tick_done_at.labels(name).set(now.timestamp())
