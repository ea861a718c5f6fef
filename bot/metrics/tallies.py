"""Counters of a process: plain numbers, so that counting costs less than a microsecond.

prometheus-client turns them into text when somebody scrapes; its own counters would take a
twentieth of an update's time.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

Values = tuple[str, ...]
"""The values of the labels, in their order."""


@dataclass(slots=True)
class Tally:
    """A sum that only grows, for each combination of labels."""

    name: str
    meaning: str
    labels: Sequence[str]
    sums: dict[Values, float] = field(default_factory=dict)

    def add(self, *values: str, by: float = 1.0) -> None:
        """Add to the sum of these labels."""
        self.sums[values] = self.sums.get(values, 0.0) + by


@dataclass(slots=True)
class Level:
    """A number that is set, for each combination of labels."""

    name: str
    meaning: str
    labels: Sequence[str]
    levels: dict[Values, float] = field(default_factory=dict)

    def set(self, *values: str, to: float) -> None:
        """Set the number of these labels."""
        self.levels[values] = to


@dataclass(slots=True)
class Spread:
    """How many measurements fall into each class, for each combination of labels.

    `bounds` are the upper bounds of the classes; one more class has all that is larger.
    """

    name: str
    meaning: str
    labels: Sequence[str]
    bounds: Sequence[float]
    classes: dict[Values, list[int]] = field(default_factory=dict)
    sums: dict[Values, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.labels:
            self._begin(())

    def add(self, *values: str, measured: float) -> None:
        """Count a measurement."""
        classes = self.classes.get(values) or self._begin(values)
        classes[bisect_left(self.bounds, measured)] += 1
        self.sums[values] += measured

    def _begin(self, values: Values) -> list[int]:
        self.sums[values] = 0.0
        self.classes[values] = classes = [0] * (len(self.bounds) + 1)
        return classes


Counter = Tally | Level | Spread
