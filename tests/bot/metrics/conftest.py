"""The invented company's bot with its updates counted, and a reader of the numbers."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.metrics.text import MetricsText
from bot.sandbox.errors import Json
from bot.sandbox.people import Profile
from bot.telegram.reading import read_update
from tests.drivers import InProcess
from tests.person import Person
from tests.world import World, open_world, prepare


class ThroughTheGate(InProcess):
    """Hands updates to the application by its gate, as polling does."""

    async def _handle(self, update: Json) -> None:
        if self.money is not None and self.money.carries_money(update):
            await super()._handle(update)
            return
        parsed = read_update(update, self.application.bot)
        await self.application.update_processor.process_update(
            parsed, self.application.process_update(parsed)
        )


@dataclass(slots=True)
class MeasuredWorld:
    """A world whose updates pass the gate."""

    world: World
    driver: ThroughTheGate

    def person(self, profile: Profile) -> Person:
        return Person(self.driver, profile)

    async def numbers(self) -> dict[str, float]:
        """Every series of a scrape, such as `panelik_updates_total{kind="tap"}`."""
        core = self.world.core
        text = (await MetricsText(core.meter, core.numbers, core.outage).make()).decode()
        return read_series(text)


def read_series(text: str) -> dict[str, float]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


@pytest.fixture
def world_file(tmp_path: Path) -> Path:
    return prepare(tmp_path / "world.db")


@pytest.fixture
async def measured(world_file: Path) -> AsyncIterator[MeasuredWorld]:
    async with open_world(world_file) as world:
        money = world.driver.money
        yield MeasuredWorld(world, ThroughTheGate(world.application, world.api, money))
