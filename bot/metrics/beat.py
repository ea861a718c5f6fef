"""What each process leaves in the database about itself, so that others can see that it runs."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.metrics.meter import Meter
from storage.processes import Process, Processes
from storage.tables.running import ProcessFacts

BEAT_SECONDS = 30

SILENT = timedelta(seconds=BEAT_SECONDS * 3)
"""A process that has said nothing for so long does not run any more, or is stuck."""


async def beat(processes: Processes, meter: Meter, name: str, *, ends: bool = False) -> None:
    """Note that the process of that name runs, or that it `ends` in good order."""
    now, counts = meter.clock.now(), meter.counts
    facts = ProcessFacts(
        counts.updates, counts.failures, counts.last_update_at, dict(counts.ticks)
    )
    await processes.note(
        Process(
            name,
            meter.version,
            meter.started_at,
            now,
            ended_at=now if ends else None,
            facts=facts,
        )
    )


def is_running(process: Process, now: datetime) -> bool:
    """Return whether a process said so lately."""
    return process.ended_at is None and now - process.seen_at < SILENT


def last_ticks(processes: Iterable[Process]) -> dict[str, datetime]:
    """Return when each tick last ended well, in whichever process."""
    last: dict[str, datetime] = {}
    for process in processes:
        for name, done_at in process.ticks.items():
            last[name] = max(done_at, last.get(name, done_at))
    return dict(sorted(last.items()))
