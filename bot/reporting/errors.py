"""Errors of a process to Sentry, if the operator wants that: logged errors with their traceback.

What is sent is cleaned like the log. Local variables, requests and breadcrumbs, which quote what
people write, are left out from the start.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from bot.reporting.missing import needs
from bot.turns import current_turn

Clean = Callable[[str], str]

LEFT_OUT = ("request", "user", "extra", "breadcrumbs", "modules")
"""Parts of an event that nobody needs to find a mistake."""

FLUSH_SECONDS = 2.0


def start_sentry(dsn: str, *, version: str, clean: Clean) -> None:
    """Send errors to a project of Sentry from now on; MissingLibraryError without its library."""
    with needs("sentry-sdk", "sentry", "PANELIK_SENTRY_DSN"):
        import sentry_sdk
        from sentry_sdk.integrations.atexit import AtexitIntegration
        from sentry_sdk.integrations.excepthook import ExcepthookIntegration
        from sentry_sdk.integrations.logging import LoggingIntegration

    sentry_sdk.init(
        dsn,
        release=f"panelik@{version}",
        # No others: they would look into requests and queries.
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            LoggingIntegration(level=None, event_level=logging.ERROR),
            ExcepthookIntegration(always_run=True),
            AtexitIntegration(callback=lambda _pending, _timeout: None),
        ],
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        shutdown_timeout=FLUSH_SECONDS,
        before_send=lambda event, _hint: cleaned_event(event, clean),  # type: ignore[arg-type,return-value] # events are plain dicts
    )


def cleaned_event(event: Mapping[str, Any], clean: Clean) -> dict[str, Any]:
    """Return what may leave of an event, with the turn to which it belongs."""
    kept = {key: value for key, value in event.items() if key not in LEFT_OUT}
    turn = current_turn()
    if turn is not None:
        kept["tags"] = {**(kept.get("tags") or {}), "turn": turn.id, "kind": turn.kind}
    cleaned: dict[str, Any] = _cleaned(kept, clean)
    if "release" in kept:
        # It is ours, and looks like an e-mail address.
        cleaned["release"] = kept["release"]
    return cleaned


def _cleaned(value: Any, clean: Clean) -> Any:
    match value:
        case str():
            return clean(value)
        case Mapping():
            return {key: _cleaned(one, clean) for key, one in value.items() if key != "vars"}
        case list() | tuple():
            return [_cleaned(one, clean) for one in value]
        case _:
            return value
