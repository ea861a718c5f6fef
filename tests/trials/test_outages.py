"""The machine was off, or a company comes with a past: nobody is flooded.

The small size runs always, the full one in `make soak`.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from billing.rules.loading.differences import ClientRow, ServiceRow
from billing.rules.reminders.stages import ReminderItem
from billing.rules.shop.catalog import Catalog
from bot import running
from bot.app import Core, open_core
from bot.sandbox.people import CROWD_FROM
from storage.tables.messages import reminder_items
from tests.billing.actions.reminders.reminding import Post
from tests.crowd import DAY, Crowd
from tests.database import Store, database_at, on_both_stores
from tests.fakes import StillClock
from tests.make import STAFF, catalog
from tests.storage.company import client_row, service_row
from tests.world import START, make_settings

pytestmark = pytest.mark.slow

MIDNIGHT = START - timedelta(hours=9, minutes=59)
"""A minute after the company's DAY has begun."""

FULL = [pytest.mark.soak, pytest.mark.timeout(3600)]


@dataclass(slots=True)
class Office:
    """A process that can be switched off, and what it has sent."""

    core: Core
    clock: StillClock
    post: Post

    async def is_off(self, **time: float) -> None:
        """Let time pass while nothing runs; then tick."""
        self.clock.advance(timedelta(**time))
        await running.tick(self.core)

    async def lives(self, days: int) -> list[Counter[int]]:
        """Tick every hour; how many messages each user got on each day."""
        got = []
        for _ in range(days):
            before = len(self.post.digests)
            for _ in range(24):
                await self.is_off(hours=1)
            got.append(Counter(digest.user_id for _, digest in self.post.digests[before:]))
        return got

    def stages(self) -> Counter[tuple[str, ...]]:
        """How often which stages stood in a message."""
        return Counter(
            tuple(item.stage for item in digest.items) for _, digest in self.post.digests
        )

    async def items(self) -> dict[tuple[str, str], int]:
        """How many reminder items there are, by stage and state."""
        stage, state = reminder_items.c.stage, reminder_items.c.state
        asked = select(stage, state, func.count()).group_by(stage, state)
        async with self.core.database.engines.single.connect() as connection:
            return {(row[0], str(row[1])): row[2] for row in await connection.execute(asked)}


@asynccontextmanager
async def open_office(url: str) -> AsyncIterator[Office]:
    clock = StillClock(MIDNIGHT)
    async with open_core(make_settings(url), clock=clock) as core:
        post = Post(clock)
        core.notifier = post
        yield Office(core, clock, post)


@pytest.fixture(
    params=[300, pytest.param(20_000, marks=FULL)], ids=["300 clients", "20 000 clients"]
)
def crowd(request: pytest.FixtureRequest) -> Crowd:
    return Crowd(request.param, days=3)


@pytest.fixture
def empty_url(store: Store, tmp_path: Path) -> Iterator[str]:
    with database_at(store, tmp_path) as found:
        yield found


@pytest.fixture
def url(store: Store, crowd: Crowd, tmp_path: Path) -> Iterator[str]:
    with database_at(store, tmp_path, crowd) as found:
        yield found


@on_both_stores
async def test_stopped_for_two_days_everybody_gets_one_message_with_the_most_urgent_stage(
    url: str, crowd: Crowd
) -> None:
    async with open_office(url) as office:
        await office.is_off()
        await office.is_off(days=2, hours=12)
        assert sorted(digest.user_id for _, digest in office.post.digests) == list(crowd.users)
        assert office.stages() == {("1",): crowd.clients}
        (tomorrow,) = await office.lives(1)
        assert tomorrow == Counter(crowd.users)
        assert office.stages() == {("1",): crowd.clients, ("0",): crowd.clients}


@on_both_stores
async def test_stopped_for_ten_days_nobody_is_flooded_and_what_was_left_out_is_recorded(
    url: str, crowd: Crowd
) -> None:
    async with open_office(url) as office:
        await office.is_off()
        await office.is_off(days=10, hours=12)
        assert office.stages() == {("-7",): crowd.clients}
        assert not any(await office.lives(2))
        items = await office.items()
        left_out = {stage: count for (stage, state), count in items.items() if state == "skipped"}
        assert left_out == dict.fromkeys(("7", "1", "0", "-1", "-3"), crowd.clients)


@dataclass(frozen=True, slots=True)
class Overdue:
    """A company's data in which everything has been overdue for some AGES."""

    catalog: Catalog
    count: int

    def clients(self) -> Iterator[ClientRow]:
        for number in range(self.count // len(AGES)):
            yield client_row(f"C-{number}", telegram_ids=(CROWD_FROM + number,))

    def services(self) -> Iterator[ServiceRow]:
        for number in range(self.count):
            due = DAY - timedelta(days=AGES[number % len(AGES)])
            yield service_row(
                f"S-{number}", client=f"C-{number // len(AGES)}", next_due_date=due,
                anchor_day=due.day,
            )  # fmt: skip


AGES = (1, 2, 3, 5, 6, 7, 8, 10, 30, 300)


@on_both_stores
@pytest.mark.parametrize(
    "count", [300, pytest.param(5_000, marks=FULL)], ids=["300 services", "5 000 services"]
)
async def test_the_first_load_of_a_company_whose_services_are_overdue_floods_nobody(
    store: Store, empty_url: str, count: int
) -> None:
    async with open_office(empty_url) as office:
        await office.core.actions.load_company(Overdue(catalog(), count), by=STAFF)
        days = await office.lives(9)
    everybody = Counter(range(CROWD_FROM, CROWD_FROM + count // len(AGES)))
    # The stages after the due date are 1, 3 and 7: what was due before the load is not caught up.
    assert days == [everybody] * 3 + [{}] + [everybody] * 3 + [{}, {}]
    for sent, digest in office.post.digests:
        assert {item.days_left for item in digest.items} <= {-1, -3, -7}
        assert {ReminderItem(0, item.planned_for, item.stage).day for item in digest.items} == {
            sent.astimezone(office.core.settings.zone).date()
        }
