import pytest

from bot.sandbox.methods.api import BotApi
from bot.sandbox.people import ANNA


class Stopwatch:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def api(stopwatch: Stopwatch) -> BotApi:
    """A sandbox in which Anna has written to the bot already."""
    api = BotApi(stopwatch=stopwatch)
    api.meet(ANNA.id)
    return api
