"""How long polling waits after a failure."""

import logging

import pytest
from telegram.error import NetworkError

from bot.telegram.backoff import Backoff
from bot.telegram.floods import flood
from bot.telegram.repeating import DroppedError

BROKEN = DroppedError("Telegram closed the connection")


def test_pauses_double_up_to_half_a_minute_and_begin_anew_when_it_goes_well() -> None:
    backoff = Backoff(lambda: 1.0)
    assert [backoff.failed(BROKEN) for _ in range(6)] == [1, 2, 4, 8, 16, 30]
    backoff.went_well()
    assert backoff.failed(NetworkError("no")) == 1


def test_a_pause_is_as_long_as_telegram_asks() -> None:
    assert Backoff(lambda: 0.0).failed(flood(40)) == 40


def test_connections_that_break_when_they_were_idle_do_not_make_the_bot_deaf(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Some networks end a connection on which nothing moves before a long poll ends."""
    caplog.set_level(logging.WARNING)
    backoff = Backoff(lambda: 1.0)
    assert [backoff.failed(BROKEN, after=20) for _ in range(8)] == [1] * 8
    assert len(caplog.records) == 1
    assert [backoff.failed(BROKEN, after=1) for _ in range(2)] == [4, 8]


def test_a_server_that_does_not_answer_is_given_time() -> None:
    backoff = Backoff(lambda: 1.0)
    waits = [backoff.failed(NetworkError("timed out"), after=20) for _ in range(3)]
    assert waits == [1, 2, 4]
