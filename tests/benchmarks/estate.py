"""A large company for benchmarks: clients with a thousand services each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from billing.rules.cycles import BillingCycle
from billing.rules.loading.differences import ClientRow, ServiceRow
from billing.rules.money import Money
from billing.rules.services.service import ServiceStatus
from billing.rules.shop.catalog import Catalog
from bot.app import open_core
from bot.datafolder.folder import read_folder
from bot.sandbox.demodata import write_demo_folder
from bot.sandbox.people import CROWD_FROM
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
    """`clients` clients with `each` services, and the people who act for them in turn."""

    catalog: Catalog
    today: date
    people: int
    number: int = 100
    each: int = 1000

    def clients(self) -> Iterator[ClientRow]:
        """Every client, with their share of the people."""
        for number in range(self.number):
            users = tuple(range(CROWD_FROM + number, CROWD_FROM + self.people, self.number))
            yield ClientRow(
                f"B{number}", f"Firma {number}", "", "PL", "pl", "Europe/Warsaw", "PLN", None, "",
                Money(0, "PLN"), users,
            )  # fmt: skip

    def services(self) -> Iterator[ServiceRow]:
        """Due in two months to a year: nobody is reminded while others measure taps."""
        for number in range(self.number):
            for place in range(self.each):
                due = self.today + timedelta(days=61 + (place * 37 + number) % 300)
                yield ServiceRow(
                    f"B{number}-{place}", f"B{number}", "hosting-s", "", f"Hosting {place}",
                    f"strona-{number}-{place}.example", Money(1490, "PLN"), Money(1490, "PLN"),
                    CYCLES[place % 4], due - timedelta(days=900), due, due.day,
                    ServiceStatus.ACTIVE,
                )  # fmt: skip


async def build(url: str, home: Path, *, people: int, clients: int) -> None:
    """Load the demo company's catalogue and the estate into a database."""
    settings = make_settings(url)
    async with open_core(settings) as core:
        today = core.clock.now().astimezone(settings.zone).date()
        await core.actions.load_company(
            read_folder(write_demo_folder(home / "data", today), currency="PLN"), by=STAFF
        )
        catalog = await core.actions.show_catalog()
        await core.actions.load_company(Estate(catalog, today, people, clients), by=STAFF)
