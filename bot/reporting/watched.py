"""What a running process sends to the operator's other systems."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.logs import cleaned
from bot.metrics.meter import Meter
from bot.reporting.errors import start_sentry
from bot.reporting.spans import start_spans


@asynccontextmanager
async def reporting(
    meter: Meter, *, sentry_dsn: str | None, otlp_endpoint: str | None
) -> AsyncIterator[None]:
    """Report errors and spans inside the block; MissingLibraryError if a library is missing."""
    if sentry_dsn is not None:
        start_sentry(sentry_dsn, version=meter.version, clean=cleaned)
    if otlp_endpoint is None:
        yield
        return
    spans = meter.spans = start_spans(otlp_endpoint, version=meter.version)
    try:
        yield
    finally:
        await spans.end()
