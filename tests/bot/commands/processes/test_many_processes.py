"""Several processes on one database: what only one of them may do is done once."""

import asyncio
import json

import pytest
from sqlalchemy import text

from billing.actions.environment import Environment
from billing.actions.inbox.failed import KeepFailedUpdate, RetryStuck
from bot.app import terms_of
from bot.clock import SystemClock
from bot.sandbox.methods.api import BotApi
from bot.sandbox.people import ANNA
from storage.database import Database
from tests.bot.commands.processes.conftest import (
    PEOPLE,
    POLLING,
    RECEIVES,
    SECONDS,
    WEBHOOK,
    Place,
    running,
    times,
)
from tests.bot.telegram.updates import message
from tests.database import connect
from tests.make import STAFF
from tests.process import WORK
from tests.world import make_settings

pytestmark = pytest.mark.slow


async def settled(place: Place, looks: int) -> None:
    """Wait until Telegram posts to the address, and was asked so often where it posts."""
    async with asyncio.timeout(SECONDS):
        while True:
            hook = place.api.world.webhook
            is_set = hook is not None and hook.hook.url.startswith(place.address)
            if is_set and times(place.api, "getWebhookInfo") >= looks:
                return
            await asyncio.sleep(0.02)


async def test_of_processes_that_start_at_once_one_sets_the_webhook_and_only_if_it_differs(
    place: Place,
) -> None:
    nowhere, elsewhere, count = place.address, "http://localhost:9", 4
    for address, so_far in ((nowhere, 1), (nowhere, 1), (elsewhere, 2)):
        place.address = address
        looks = times(place.api, "getWebhookInfo")
        async with running([place.process() for _ in range(count)], RECEIVES):
            # The one that sets it need not ask.
            await settled(place, looks + count - 1)
            assert times(place.api, "setWebhook") == so_far
    assert times(place.api, "deleteWebhook") == 0


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (POLLING, WEBHOOK, "polls for this database. Stop it before you start one with a webhook"),
        (WEBHOOK, POLLING, "takes a webhook's posts for this database. Stop it before you start"),
        (POLLING, POLLING, "is running on this database. Stop it first"),
    ],
)
async def test_the_second_way_is_refused_and_touches_nothing_at_telegram(
    place: Place, first: str, second: str, said: str
) -> None:
    async with running([place.process(mode=first)], "is running"):
        await asyncio.sleep(1)
        hook = place.api.world.webhook
        before = [times(place.api, one) for one in ("setWebhook", "deleteWebhook")]
        late = place.process(mode=second)
        late.start()
        assert await late.ended() == 1
        assert said in late.log
        assert "Traceback" not in late.log
        assert [times(place.api, one) for one in ("setWebhook", "deleteWebhook")] == before
        assert place.api.world.webhook is hook


async def test_both_ways_started_at_once_never_both_run(place: Place) -> None:
    for _ in range(3):
        both = [place.process(mode=WEBHOOK), place.process(mode=POLLING)]
        for process in both:
            process.start()
        async with asyncio.timeout(SECONDS):
            while all(one.is_alive for one in both):  # noqa: ASYNC110 - other processes
                await asyncio.sleep(0.02)
        assert any("Another Panelik" in one.log for one in both)
        for process in both:
            if process.is_alive:
                await process.stop()


async def test_after_a_change_of_the_way_what_waited_is_answered(place: Place) -> None:
    async with running([place.process(mode=WEBHOOK)], RECEIVES):
        await settled(place, 0)
    place.api.visitor(ANNA.id).send("/start")
    async with running([place.process(mode=POLLING)], "is running"):
        async with asyncio.timeout(SECONDS):
            while ANNA.id not in answers(place.api):  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.02)
        assert place.api.world.webhook is None
    assert times(place.api, "deleteWebhook") == 1


def answers(api: BotApi) -> list[int]:
    """To whom the bot has sent messages, for each message."""
    return [int(params["chat_id"]) for method, params in api.calls if method == "sendMessage"]


async def asked_for_again(database: Database) -> None:
    """A message of each person failed, and the operator has said to handle them again."""
    terms = terms_of(make_settings("sqlite:///unused"))
    env = Environment(database.work, SystemClock(), terms)
    for user in PEOPLE:
        body = json.dumps(message(user, user, "/start"))
        kept = await KeepFailedUpdate(env)(f"1:{user}", body, error="OSError")
        await RetryStuck(env)(kept, by=STAFF)


async def states(database: Database) -> dict[str, int]:
    query = text("SELECT state, count(*) FROM inbox GROUP BY state")
    async with database.engines.readers.connect() as connection:
        return {str(row[0]): int(row[1]) for row in await connection.execute(query)}


async def test_updates_that_were_asked_for_again_are_handled_once_by_those_that_receive(
    place: Place,
) -> None:
    database = await connect(place.database_url)
    try:
        await asked_for_again(database)
        async with running([place.process(WORK) for _ in range(2)], "Working for the bot"):
            await asyncio.sleep(3)
            assert await states(database) == {"again": len(PEOPLE)}
            processes = [place.process() for _ in range(3)]
            async with running(processes, RECEIVES):
                async with asyncio.timeout(SECONDS):
                    while await states(database) != {"handled": len(PEOPLE)}:  # noqa: ASYNC110 - others do it
                        await asyncio.sleep(0.05)
                await asyncio.sleep(2)
    finally:
        await database.close()
    assert sorted(one for one in answers(place.api) if one in PEOPLE) == list(PEOPLE)
