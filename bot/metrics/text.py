"""Everything that a scrape gets: the numbers of this process and those of the database."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from prometheus_client import CollectorRegistry, generate_latest

from billing.ports.work import UnavailableError
from bot.metrics.database import DatabaseMetrics
from bot.metrics.meter import Meter
from bot.metrics.process import make_registry
from bot.outage import Outage
from storage.numbers import Numbers

log = logging.getLogger(__name__)

FRESH_SECONDS = 5.0
"""The database is read once in so many seconds at most, however often somebody scrapes."""


class MetricsText:
    """The text of /metrics."""

    def __init__(
        self, meter: Meter, read: Callable[[], Awaitable[Numbers]], outage: Outage
    ) -> None:
        self._of_process = make_registry(meter)
        self._read = read
        self._outage = outage
        self._lock = asyncio.Lock()
        self._read_at = -FRESH_SECONDS
        self._numbers: Numbers | None = None

    async def make(self) -> bytes:
        """Return the text; without the database's numbers if it does not answer in time."""
        async with self._lock:
            if time.monotonic() - self._read_at >= FRESH_SECONDS:
                self._numbers = await self._fresh()
                self._read_at = time.monotonic()
        of_database = CollectorRegistry()
        of_database.register(DatabaseMetrics(self._numbers, is_away=self._outage.is_on))
        return generate_latest(self._of_process) + generate_latest(of_database)

    async def _fresh(self) -> Numbers | None:
        try:
            return await self._read()
        except UnavailableError as error:
            self._outage.note(error)
        except TimeoutError:
            log.warning("The database's numbers could not be read in time")
        return None
