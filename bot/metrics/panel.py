"""Counting what a connected panel's API is asked."""

from bot.metrics.meter import Meter


class PanelRequests:
    """How requests ended, and how long the panel took; methods are the panel's own names."""

    def __init__(self, meter: Meter) -> None:
        self._requests = meter.tally(
            "panelik_panel_requests", "Requests to a connected panel", "method", "outcome"
        )
        self._seconds = meter.spread(
            "panelik_panel_request_seconds", "How long a connected panel took to answer", "method"
        )

    def note(self, method: str, outcome: str, seconds: float) -> None:
        """Count one request."""
        self._requests.add(method, outcome)
        self._seconds.add(method, measured=seconds)
