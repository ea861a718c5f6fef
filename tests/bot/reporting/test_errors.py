import builtins
from typing import Any

import pytest

from bot.reporting.errors import cleaned_event, start_sentry
from bot.reporting.missing import MissingLibraryError
from bot.reporting.spans import start_spans
from bot.turns import Turn, within


def hide(text: str) -> str:
    return text.replace("Kowalska", "***")


def test_every_text_of_an_event_is_cleaned_and_what_people_write_is_left_out() -> None:
    event = {
        "request": {"data": "Kowalska"},
        "user": {"id": 1},
        "breadcrumbs": {"values": ["Kowalska"]},
        "extra": {"args": "Kowalska"},
        "level": "error",
        "release": "panelik@1.0",
        "exception": {
            "values": [
                {
                    "value": "no Kowalska",
                    "stacktrace": {"frames": [{"vars": {"name": "Kowalska"}, "lineno": 3}]},
                }
            ]
        },
    }
    with within(Turn("81", "tap")):
        cleaned = cleaned_event(event, hide)
    assert cleaned == {
        "level": "error",
        "release": "panelik@1.0",
        "tags": {"turn": "81", "kind": "tap"},
        "exception": {"values": [{"value": "no ***", "stacktrace": {"frames": [{"lineno": 3}]}}]},
    }


def test_an_event_outside_of_a_turn_has_no_tags() -> None:
    assert cleaned_event({"message": "hello"}, hide) == {"message": "hello"}


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation without extras."""
    real = builtins.__import__

    def load(name: str, *args: Any, **more: Any) -> Any:
        if name.startswith(("sentry_sdk", "opentelemetry")):
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", load)


@pytest.mark.usefixtures("bare")
def test_a_library_that_is_missing_is_named_with_the_way_to_get_it() -> None:
    with pytest.raises(MissingLibraryError, match=r"SENTRY_DSN is set.*panelik\[sentry\]"):
        start_sentry("http://key@localhost/1", version="1", clean=hide)
    with pytest.raises(MissingLibraryError, match=r"OTLP_ENDPOINT is set.*panelik\[otel\]"):
        start_spans("http://localhost:4318", version="1")
