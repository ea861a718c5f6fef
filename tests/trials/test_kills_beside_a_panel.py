"""A worker is killed (`kill -9`) while it writes into a panel, and all is done once."""

import signal
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import cycle
from pathlib import Path

import pytest

from bot.sandbox.faults import Fault
from bot.sandbox.methods.api import TOKEN
from bot.sandbox.panels.fossbilling.api import ADMIN_TOKEN, PanelApi
from tests.contract.companies import JAN, Beside, load_clients, open_beside
from tests.contract.test_lost_answers import everything_is_there_once, fills
from tests.contract.troubles import Trouble, Troubles
from tests.database import Store, database_at, on_both_stores
from tests.make import STAFF
from tests.process import MortalBot
from tests.trials.writing import write

LATENCY_MS = 5
APART = timedelta(days=1)
"""Each life begins so much later: what a dead one has claimed is free again."""


class Deadly(Troubles):
    """Kills the worker at every other write: before its effect and after it, in turn."""

    bot: MortalBot

    def __init__(self, api: PanelApi) -> None:
        super().__init__(api)
        self.turns = cycle([Trouble.KILLED_BEFORE, None, Trouble.KILLED_AFTER, None])

    async def before(self, method: str) -> None:
        if self.is_write(method) and (trouble := next(self.turns)):
            self.at[len(self.calls)] = trouble
        await super().before(method)

    def _meet(self, number: int, trouble: Trouble) -> None:
        super()._meet(number, trouble)
        assert self.bot.process is not None
        self.bot.process.kill()


async def lives(company: Beside, bot: MortalBot) -> int:
    """Start the worker anew after each violent death until nothing is owed; how often it died."""
    deaths = 0
    while True:
        bot.main = partial(write, company.clock.now())
        bot.start()
        code = await bot.ended()
        company.clock.advance(APART)
        if code == 0:
            return deaths
        assert code == -signal.SIGKILL, bot.log
        deaths += 1
        # Whatever it was about is a row that the next one finds.
        assert await company.calls()


@pytest.fixture
def empty(store: Store, tmp_path: Path) -> Iterator[str]:
    """A database with the company's clients, who have nothing yet."""
    with database_at(store, tmp_path, load_clients) as url:
        yield url


@pytest.mark.slow
@on_both_stores
async def test_an_order_and_its_payments_are_there_once(empty: str, tmp_path: Path) -> None:
    async with open_beside(empty) as company:
        settings = {
            "BOT_TOKEN": TOKEN, "DATABASE_URL": empty, "PANEL": "fossbilling",
            "PANEL_URL": company.address, "PANEL_TOKEN": ADMIN_TOKEN,
            "PRICES_INCLUDE_TAX": "false", "PANEL_CALLS_PER_HOUR": "1000000",
        }  # fmt: skip
        deadly = company.api.faults = Deadly(company.api)
        deadly.add(Fault("*", "delay", count=None, delay_ms=LATENCY_MS))
        deadly.bot = MortalBot(tmp_path, settings)
        await fills(company)
        await company.confirms(JAN)
        assert await lives(company, deadly.bot) >= 4
        for invoice in await company.open(JAN):
            if invoice.order_id is not None:
                await company.core.actions.record_transfer(invoice.number, by=STAFF)
        assert await lives(company, deadly.bot) >= 1
        assert {one for _, one in deadly.met} == {Trouble.KILLED_BEFORE, Trouble.KILLED_AFTER}
        await everything_is_there_once(company)
        assert deadly.most_at_once == 1
