"""The processes on a database: each notes now and then that it runs and what it has done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from storage.engines.connection import Connection
from storage.engines.engine import Engines
from storage.statements import upsert
from storage.tables.running import ProcessFacts, processes

KEPT = timedelta(days=7)
"""How long a process is remembered after its last note."""

MOST = 200
"""The latest processes that are read."""


@dataclass(frozen=True, slots=True)
class Process:
    """One process, running or not; `name` is its name in leases.

    `seen_at` is when it last said that it runs, `ended_at` when it stopped in good order.
    """

    name: str
    version: str
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None
    facts: ProcessFacts = field(default_factory=ProcessFacts)

    @property
    def ticks(self) -> Mapping[str, datetime]:
        """When each tick last ended well."""
        return self.facts.ticks


@dataclass(frozen=True, slots=True)
class Processes:
    """The rows of processes; each call is a transaction of its own."""

    engines: Engines

    async def note(self, process: Process) -> None:
        """Keep what a process says of itself, and forget those of long ago."""
        row = {
            "name": process.name, "version": process.version, "started_at": process.started_at,
            "seen_at": process.seen_at, "ended_at": process.ended_at, "facts": process.facts,
        }  # fmt: skip
        async with self.engines.writer.begin() as connection:
            statement = upsert(processes, connection).values(row)
            changed = {name: statement.excluded[name] for name in row if name != "name"}
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["name"], set_=changed)
            )
            old = processes.c.seen_at < process.seen_at - KEPT
            await connection.execute(delete(processes).where(old))


async def read_processes(connection: Connection, now: datetime) -> tuple[Process, ...]:
    """Read the processes that are remembered, the last seen first."""
    p = processes.c
    query = select(p.name, p.version, p.started_at, p.seen_at, p.ended_at, p.facts)
    latest = query.where(p.seen_at >= now - KEPT).order_by(p.seen_at.desc()).limit(MOST)
    return tuple(
        Process(
            row.name,
            row.version,
            row.started_at,
            row.seen_at,
            row.ended_at,
            row.facts or ProcessFacts(),
        )
        for row in await connection.execute(latest)
    )
