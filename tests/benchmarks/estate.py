"""A large company for benchmarks: clients with as many services as one likes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from billing.rules.cycles import BillingCycle
from billing.rules.loading.differences import ClientRow, ServiceRow
from billing.rules.money import Money
from billing.rules.services.service import ServiceStatus
from billing.rules.shop.catalog import Catalog
from bot.app import open_core
from bot.datafolder.folder import read_folder
from bot.sandbox.demodata import write_demo_folder
from bot.sandbox.people import CROWD_FROM
from storage.engines.engine import is_sqlite
from tests.make import STAFF
from tests.world import make_settings

CYCLES = (
    BillingCycle.MONTHLY,
    BillingCycle.QUARTERLY,
    BillingCycle.SEMI_ANNUALLY,
    BillingCycle.ANNUALLY,
)


@dataclass(frozen=True, slots=True)
class Estate:
    """Clients with so many services each, and the people who act for them in turn."""

    catalog: Catalog
    today: date
    people: int
    sizes: Sequence[int]

    def clients(self) -> Iterator[ClientRow]:
        """Every client, with their share of the people."""
        for number in range(len(self.sizes)):
            users = tuple(range(CROWD_FROM + number, CROWD_FROM + self.people, len(self.sizes)))
            yield ClientRow(
                f"B{number}", f"Firma {number}", "", "PL", "pl", "Europe/Warsaw", "PLN", None, "",
                Money(0, "PLN"), users,
            )  # fmt: skip

    def services(self) -> Iterator[ServiceRow]:
        """Due in two months to a year: nobody is reminded while others measure taps."""
        for number, size in enumerate(self.sizes):
            for place in range(size):
                due = self.today + timedelta(days=61 + (place * 37 + number) % 300)
                yield ServiceRow(
                    f"B{number}-{place}", f"B{number}", "hosting-s", "", f"Hosting {place}",
                    f"strona-{number}-{place}.example", Money(1490, "PLN"), Money(1490, "PLN"),
                    CYCLES[place % 4], due - timedelta(days=900), due, due.day,
                    ServiceStatus.ACTIVE,
                )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loaded:
    """Fills a database with the demo company's catalogue and an estate for so many people."""

    people: int
    sizes: tuple[int, ...]

    async def __call__(self, url: str) -> None:
        """Load both, and let PostgreSQL look at what it has."""
        async with open_core(make_settings(url)) as core:
            today = core.clock.now().astimezone(core.settings.zone).date()
            with TemporaryDirectory(prefix="panelik-bench-") as home:
                demo = write_demo_folder(Path(home), today)
                await core.actions.load_company(read_folder(demo, currency="PLN"), by=STAFF)
            catalog = await core.actions.show_catalog()
            estate = Estate(catalog, today, self.people, self.sizes)
            await core.actions.load_company(estate, by=STAFF)
            if not is_sqlite(core.database.engines.url):
                # A server does this by itself; a file is never analysed.
                async with core.database.engines.writer.begin() as connection:
                    await connection.execute(text("ANALYZE"))
