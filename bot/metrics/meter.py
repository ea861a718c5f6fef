"""What one process counts while it runs; the names are those in `deploy/` and in docs/growing.md.

No label has personal data, and each has few values: words of our own, or the Bot API's methods.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from billing.ports.outside import Clock
from bot.metrics.spans import NoSpans, Spans
from bot.metrics.tallies import Counter, Level, Spread, Tally
from bot.turns import Outcome, Turn, random_id, within

SECONDS = (0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the classes of durations."""

STATEMENTS = (0, 1, 2, 3, 4, 5, 6, 8, 12, 20, 50)
"""Upper bounds of the classes of SQL statements; a tap has six at most."""

C = TypeVar("C", Tally, Level, Spread)


@dataclass(slots=True)
class Counts:
    """What `panelik status` shows of a process."""

    updates: int = 0
    failures: int = 0
    last_update_at: datetime | None = None
    ticks: dict[str, datetime] = field(default_factory=dict)
    """When each tick last ended well."""


class Meter:
    """The numbers of one process."""

    def __init__(self, clock: Clock, version: str) -> None:
        self.clock = clock
        self.version = version
        self.started_at = clock.now()
        self.counts = Counts()
        self.spans: Spans = NoSpans()
        self.counters: list[Counter] = []
        self._add(Level("panelik_build", "Always 1", ["version"])).set(version, to=1)
        self._updates = self.tally("panelik_updates", "Updates handled", "kind", "outcome")
        self._update_seconds = self.spread(
            "panelik_update_seconds", "From the arrival of an update to its end"
        )
        self._answer_seconds = self.spread(
            "panelik_answer_seconds", "From the arrival of an update to what the person sees first"
        )
        self._statements = self.spread(
            "panelik_update_statements", "SQL statements per update", bounds=STATEMENTS
        )
        self._ticks = self.tally("panelik_ticks", "Ticks", "tick", "outcome")
        self._tick_seconds = self.tally("panelik_tick_seconds", "Time spent in ticks", "tick")
        self._tick_done_at = self._add(
            Level(
                "panelik_tick_done_timestamp_seconds",
                "When the tick last ended well here",
                ["tick"],
            )
        )

    def tally(self, name: str, meaning: str, *labels: str) -> Tally:
        """Add a sum to what is counted."""
        return self._add(Tally(name, meaning, labels))

    def spread(
        self, name: str, meaning: str, *labels: str, bounds: Sequence[float] = SECONDS
    ) -> Spread:
        """Add measurements to what is counted, of seconds unless other bounds are given."""
        return self._add(Spread(name, meaning, labels, bounds))

    def _add(self, counter: C) -> C:
        self.counters.append(counter)
        return counter

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
            self._answer_seconds.add(measured=turn.seconds)

    def _end_update(self, turn: Turn) -> None:
        self._updates.add(turn.kind, turn.outcome.value)
        self._update_seconds.add(measured=turn.seconds)
        if turn.outcome is not Outcome.LEFT_OUT:
            self._statements.add(measured=turn.statements)
        self.counts.updates += 1
        self.counts.failures += turn.outcome is Outcome.FAILED
        self.counts.last_update_at = self.clock.now()

    def _end_tick(self, name: str, turn: Turn) -> None:
        self._ticks.add(name, turn.outcome.value)
        self._tick_seconds.add(name, by=turn.seconds)
        if turn.outcome is Outcome.DONE:
            now = self.counts.ticks[name] = self.clock.now()
            self._tick_done_at.set(name, to=now.timestamp())
