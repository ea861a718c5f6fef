"""What must be true after a trial, whatever went wrong in it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import text

from bot.sandbox.methods.api import BotApi
from bot.sandbox.people import CROWD_FROM
from storage.database import Database
from tests.database import connect
from tests.trials.hands import waiting
from tests.trials.load import Load, Record, product_name, searches
from tests.walker.books import check_books

RENEWED_UNTIL = "2027-02-28"
"""The next due date of a service of the crowd after one renewal."""


async def everything_is_handled(api: BotApi, seconds: float, *, but_of: int = 0) -> None:
    """Wait until Telegram has nothing left to deliver, but what one person has sent."""
    async with asyncio.timeout(seconds):
        while waiting(api).keys() - {but_of}:  # noqa: ASYNC110 - the queue tells nobody
            await asyncio.sleep(0.05)


async def everything_is_booked_and_told(database_url: str, seconds: float) -> None:
    """Wait until no money waits to be booked, and no message to a person to be sent."""
    waits = (
        "SELECT (SELECT count(*) FROM inbox WHERE state = 'waiting')"
        " + (SELECT count(*) FROM outbox WHERE state = 'waiting' AND user_id != 0)"
    )
    async with opened(database_url) as database, asyncio.timeout(seconds):
        while (await _rows(database, waits))[0][0]:  # noqa: ASYNC110 - the tables tell nobody
            await asyncio.sleep(0.1)


async def check(api: BotApi, database_url: str, load: Load, record: Record) -> None:
    """Everything is handled and nothing happened twice; call it when all is told."""
    _every_search_is_answered_in_order(api, load, record)
    async with opened(database_url) as database:
        await check_books(database)
        await _all_money_is_booked_once(api, database, load)
        await _what_was_paid_was_done_once(database, load)
        await _failures_are_kept(database, record)
    _everybody_has_a_receipt(api, load)


@asynccontextmanager
async def opened(database_url: str) -> AsyncIterator[Database]:
    """The trial's database, for a look."""
    database = await connect(database_url)
    try:
        yield database
    finally:
        await database.close()


def _every_search_is_answered_in_order(api: BotApi, load: Load, record: Record) -> None:
    for user in load.searching:
        answered = searches(api, user)
        assert answered == sorted(answered), f"{user}: {answered}"
        wanted = {
            n for n in range(record.asked[user]) if (user, f"nr {n}") not in record.unanswered
        }
        assert set(answered) >= wanted, f"{user}: {answered}"


async def _all_money_is_booked_once(api: BotApi, database: Database, load: Load) -> None:
    """Each charge of the people is one payment, and there is no other."""
    taken = sorted(charge for user in load.buying for charge in charges(api, user))
    paid = await _rows(database, "SELECT charge_id FROM payments WHERE status = 'paid'")
    booked = sorted(row[0] for row in paid)
    inbox = await _rows(database, "SELECT event_id, state, attempts, error FROM inbox")
    assert booked == taken, f"Telegram took {taken}, and {booked} is booked: {inbox}"
    assert len(taken) == load.buyers, f"{len(taken)} charges"
    unplaced = await _rows(database, "SELECT * FROM unplaced_money")
    assert not unplaced, unplaced
    counts = "SELECT state, count(*) FROM inbox WHERE source = 'telegram' GROUP BY 1"
    states = await _rows(database, counts)
    assert states == [("booked", load.buyers)], states


async def _what_was_paid_was_done_once(database: Database, load: Load) -> None:
    """Each buyer has one proforma, one service more, and theirs renewed for one period."""
    invoices = "SELECT status, count(*), sum(paid - gross) FROM invoices GROUP BY 1"
    states = await _rows(database, invoices)
    assert states == [("paid", load.buyers, 0)], states
    owned: dict[int, list[tuple[str, str]]] = {}
    for user, domain, due in await _rows(database, _OWNED):
        owned.setdefault(user, []).append((domain, str(due)))
    for user in load.buying:
        renewed = f"strona-{user - CROWD_FROM}.example", RENEWED_UNTIL
        wanted = sorted([renewed, (product_name(user), "None")])
        assert sorted(owned[user]) == wanted, f"{user} has {owned[user]}"
    for user in load.searching:
        assert len(owned[user]) == 1, user


_OWNED = (
    "SELECT l.user_id, s.domain, s.next_due_date FROM services s"
    " JOIN links l ON l.client_id = s.client_id"
)


async def _failures_are_kept(database: Database, record: Record) -> None:
    """Whoever got no answer is in the operator's list."""
    kept = await _rows(database, "SELECT body FROM inbox WHERE state = 'failed'")
    messages = [json.loads(row[0]).get("message", {}) for row in kept]
    failed = {(one["from"]["id"], one.get("text", "")) for one in messages if one}
    assert record.unanswered <= failed, sorted(record.unanswered - failed)


def _everybody_has_a_receipt(api: BotApi, load: Load) -> None:
    for user in load.buying:
        messages = api.visitor(user).chat.messages.values()
        texts = [str(one.body.get("text", "")) for one in messages if one.from_bot]
        assert any("Zapłacono: 58,00" in said.replace("\xa0", " ") for said in texts), texts


def charges(api: BotApi, user: int) -> list[str]:
    """The charges that Telegram has made to somebody."""
    messages = api.visitor(user).chat.messages.values()
    paid = [one.body["successful_payment"] for one in messages if "successful_payment" in one.body]
    return [str(payment["telegram_payment_charge_id"]) for payment in paid]


async def _rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    async with database.engines.readers.connect() as db:
        return [tuple(row) for row in await db.execute(text(query))]
