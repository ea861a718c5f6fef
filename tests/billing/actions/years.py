"""A database and an event loop for state machines that walk through a company's years."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from hypothesis.stateful import RuleBasedStateMachine

from billing.rules.errors import BillingError
from tests.billing.actions.company import prepare
from tests.database import open_database

T = TypeVar("T")


class Years(RuleBasedStateMachine):
    """The company's database, and a way to run actions from rules, which are not async."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = TemporaryDirectory()
        path = prepare(Path(self.folder.name) / "company.db")
        self.database = self.runner.run(open_database(path))

    def teardown(self) -> None:
        self.runner.run(self.database.close())
        self.runner.close()
        self.folder.cleanup()

    def does(self, doing: Awaitable[T]) -> T | None:
        """What comes of it, or nothing when billing refuses."""

        async def attempt() -> T | None:
            try:
                return await doing
            except BillingError:
                return None

        return self.runner.run(attempt())

    def see(self, reading: Awaitable[T]) -> T:
        async def read() -> T:
            return await reading

        return self.runner.run(read())
