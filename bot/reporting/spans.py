"""Spans of updates, ticks and calls of the Bot API to an OpenTelemetry collector, if wanted.

A span has names and numbers of ours: never a text, an error's message or a chat's number.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.metrics.spans import Ended
from bot.reporting.missing import needs
from bot.turns import Outcome, Turn

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

PATH = "/v1/traces"
"""Where a collector takes spans over HTTP."""


class OtlpSpans:
    """Spans that are sent in batches, by a thread of their own."""

    def __init__(self, provider: "TracerProvider") -> None:
        from opentelemetry.trace import SpanKind, Status, StatusCode

        self._provider = provider
        self._tracer = provider.get_tracer("panelik")
        self._client = SpanKind.CLIENT
        self._error = Status(StatusCode.ERROR)

    @contextmanager
    def turn(self, turn: Turn, name: str) -> Iterator[None]:
        """Make a span of an update or a tick."""
        with self._tracer.start_as_current_span(
            name, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield
            finally:
                span.set_attribute("panelik.turn", turn.id)
                span.set_attribute("panelik.outcome", turn.outcome.value)
                span.set_attribute("panelik.statements", turn.statements)
                if turn.outcome is Outcome.FAILED:
                    span.set_status(self._error)

    @contextmanager
    def call(self, method: str) -> Iterator[Ended]:
        """Make a span of one attempt to call the Bot API."""
        with self._tracer.start_as_current_span(
            method, kind=self._client, record_exception=False, set_status_on_exception=False
        ) as span:
            yield lambda outcome: span.set_attribute("panelik.outcome", outcome)

    async def end(self) -> None:
        """Send what is left; that may take some seconds."""
        await asyncio.to_thread(self._provider.shutdown)


def start_spans(endpoint: str, *, version: str) -> OtlpSpans:
    """Return spans that go to a collector; MissingLibraryError without the libraries."""
    with needs("opentelemetry", "otel", "PANELIK_OTLP_ENDPOINT"):
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

    resource = Resource.create({"service.name": "panelik", "service.version": version})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint + PATH)))
    return OtlpSpans(provider)
