import pytest

from bot.sandbox.api import BotApi
from bot.sandbox.people import ANNA


@pytest.fixture
def api() -> BotApi:
    """A sandbox in which Anna has written to the bot already."""
    api = BotApi()
    api.meet(ANNA.id)
    return api
