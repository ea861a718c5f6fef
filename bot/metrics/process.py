"""The numbers of a process as Prometheus reads them."""

from collections.abc import Iterable, Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry, Metric, PlatformCollector, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.registry import Collector

from bot.metrics.meter import Meter
from bot.metrics.tallies import Level, Spread, Tally


class ProcessMetrics(Collector):
    """What a meter has counted so far."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter

    def collect(self) -> Iterable[Metric]:
        """Yield the families."""
        for counter in self._meter.counters:
            match counter:
                case Tally():
                    yield _tally(counter)
                case Level():
                    yield _level(counter)
                case Spread():
                    yield _spread(counter)


def make_registry(meter: Meter) -> CollectorRegistry:
    """Return a registry of what is counted, with the process's memory and processor time."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    registry.register(ProcessMetrics(meter))
    return registry


def _tally(tally: Tally) -> Metric:
    family = CounterMetricFamily(tally.name, tally.meaning, labels=tally.labels)
    for values, number in tally.sums.items():
        family.add_metric(values, number)
    return family


def _level(level: Level) -> Metric:
    family = GaugeMetricFamily(level.name, level.meaning, labels=level.labels)
    for values, number in level.levels.items():
        family.add_metric(values, number)
    return family


def _spread(spread: Spread) -> Metric:
    family = HistogramMetricFamily(spread.name, spread.meaning, labels=spread.labels)
    for values, classes in spread.classes.items():
        family.add_metric(values, list(_buckets(spread, classes)), spread.sums[values])
    return family


def _buckets(spread: Spread, classes: Iterable[int]) -> Iterator[tuple[str, float]]:
    """Yield each upper bound with the number of measurements up to it."""
    bounds = (*(str(float(bound)) for bound in spread.bounds), "+Inf")
    yield from zip(bounds, accumulate(classes), strict=True)
