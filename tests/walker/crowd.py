"""The people of a walk: clients of all kinds, some shared by two users, some left alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from billing.rules.cycles import BillingCycle, add_cycle, anchor_for
from billing.rules.loading.differences import ClientRow, ServiceRow
from billing.rules.money import Money
from billing.rules.services.service import ServiceStatus, SuspendedFor
from billing.rules.shop.catalog import Catalog
from bot.sandbox.people import CROWD_FROM

BYSTANDERS = 10
"""Clients whom nobody acts for: nothing of theirs may change."""

HOSTING = ("hosting-s", "hosting-m", "hosting-l")
CYCLES = (BillingCycle.MONTHLY, BillingCycle.QUARTERLY, BillingCycle.ANNUALLY)


def mark(client: int) -> str:
    """A word that only this client's screens may show."""
    return f"kl{client:04}x"


@dataclass(frozen=True, slots=True)
class Crowd:
    """`people` users; every third client is shared by two of them."""

    people: int
    today: date
    catalog: Catalog

    def client_of(self, person: int) -> int:
        """The client a person acts for: 0 and 1 share one, 2 and 3 have their own, and so on."""
        group, place = divmod(person, 4)
        return group * 3 + (0, 0, 1, 2)[place]

    def user(self, person: int) -> int:
        """A Telegram id above 32 bits for every other person."""
        return CROWD_FROM + person + (2**40 if person % 2 else 0)

    @property
    def acting(self) -> int:
        """Clients that somebody acts for."""
        return self.client_of(self.people - 1) + 1

    def clients(self) -> Iterator[ClientRow]:
        """Every client, the bystanders last; two currencies, two languages, own tax rates."""
        users: dict[int, list[int]] = {}
        for person in range(self.people):
            users.setdefault(self.client_of(person), []).append(self.user(person))
        for number in range(self.acting + BYSTANDERS):
            currency = "EUR" if number % 5 == 4 else "PLN"
            yield ClientRow(
                ref=f"W{number}",
                name=f"Klient {mark(number)}",
                email="",
                country="PL",
                language="en" if number % 2 else "pl",
                timezone="Europe/Warsaw",
                currency=currency,
                tax_rate=(None, 800, 0)[number % 3],
                tax_id="",
                credit=Money(5000 * (number % 4), currency),
                telegram_ids=tuple(users.get(number, ())),
            )

    def services(self) -> Iterator[ServiceRow]:
        """Six services each, in every status, and an add-on of the first."""
        for number in range(self.acting + BYSTANDERS):
            for place in range(6):
                yield self._service(number, place)
        for number in range(self.acting + BYSTANDERS):
            yield self._addon(number)

    def _service(self, number: int, place: int) -> ServiceRow:
        status = (
            ServiceStatus.ACTIVE,
            ServiceStatus.ACTIVE,
            ServiceStatus.SUSPENDED,
            ServiceStatus.ACTIVE,
            ServiceStatus.SUSPENDED,
            ServiceStatus.TERMINATED,
        )[place]
        reason = {2: SuspendedFor.NON_PAYMENT, 4: SuspendedFor.ABUSE}.get(place)
        due = self.today + timedelta(days=(number * 7 + place * 11) % 60 - 15)
        return self._row(number, f"{place}", HOSTING[place % 3], due, status, reason)

    def _addon(self, number: int) -> ServiceRow:
        due = self.today + timedelta(days=number % 20)
        return self._row(
            number, "a", "backup", due, ServiceStatus.ACTIVE, None, parent=f"W{number}-0"
        )

    def _row(
        self,
        number: int,
        place: str,
        product: str,
        due: date,
        status: ServiceStatus,
        reason: SuspendedFor | None,
        parent: str = "",
    ) -> ServiceRow:
        currency = "EUR" if number % 5 == 4 else "PLN"
        cycle = CYCLES[(number + len(parent)) % 3]
        registered = add_cycle(due, anchor_day=due.day, cycle=cycle) - timedelta(days=1500)
        return ServiceRow(
            ref=f"W{number}-{place}",
            client=f"W{number}",
            product=product,
            parent=parent,
            name=f"Hosting {mark(number)}",
            domain="" if parent else f"{mark(number)}-{place}.example",
            first_amount=Money(1990, currency),
            amount=Money(1990 + number, currency),
            cycle=cycle,
            registered_on=registered,
            next_due_date=due,
            anchor_day=anchor_for(registered, due),
            status=status,
            suspended_for=reason,
        )
