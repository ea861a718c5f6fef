"""Clients of whose services anything may be true that renewing depends on, grown from a seed."""

from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from sqlalchemy import insert

from billing.ports.work import UnitOfWork
from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.services.service import LIVE, Service, ServiceStatus, SuspendedFor
from billing.rules.shop.catalog import Catalog, Policy
from billing.views.account import ClientInfo
from billing.views.services import CancellationStatus, CancelWhen
from storage.tables.services import cancellations
from tests.billing.actions.company import catalogue
from tests.make import NOW, TODAY, known, product_line, quote, renewal_line, service
from tests.storage.company import add_invoice, client_row
from tests.storage.panel import order

CYCLES = (
    *[BillingCycle.MONTHLY] * 4, *[BillingCycle.ANNUALLY] * 3, BillingCycle.QUARTERLY,
    BillingCycle.BIENNIALLY, BillingCycle(2, BillingCycle.MONTHLY.unit), BillingCycle.ONE_TIME,
    BillingCycle.FREE,
)  # fmt: skip
STATUSES = (
    *[ServiceStatus.ACTIVE] * 8, *[ServiceStatus.SUSPENDED] * 3, ServiceStatus.PENDING,
    ServiceStatus.COMPLETED, ServiceStatus.TERMINATED, ServiceStatus.CANCELLED,
    ServiceStatus.FRAUD,
)  # fmt: skip
DAYS = (-400, -31, -1, 0, 1, 6, 7, 8, 29, 30, 31, 59, 60, 61, 200)
"""Around today, the windows, and what counts as due soon."""

TITLES = ("", "", "Sklep", "Żaba", "abc", "Zet", "zet", "ł", "\U0001f600")
WINDOWS = (0, 7, 30, 60)


@dataclass(slots=True)
class Invented:
    """One client, written as it is invented; others are there already."""

    random: Random
    uow: UnitOfWork

    async def client(self, ref: str) -> ClientInfo:
        """Write a client with services, holds, requests to cancel and a cart."""
        row = client_row(ref, currency=self.random.choice(["PLN", "EUR"]))
        await self.uow.loading.upsert_clients([row], at=NOW)
        client = known(await self.uow.clients.by_ref(ref))
        owned = await self._services(client)
        for one in owned:
            await self._happen(one)
        await self._fill_cart(client, owned)
        return client

    async def _services(self, client: ClientInfo) -> list[Service]:
        """Up to 14 services, then up to 8 add-ons of them."""
        tops = [self._service(client, None) for _ in range(self.random.randint(0, 14))]
        tops = await self._written(tops)
        if not tops:
            return []
        count = self.random.randint(0, 8)
        addons = [self._service(client, self.random.choice(tops).id) for _ in range(count)]
        return tops + await self._written(addons)

    async def _written(self, new: list[Service]) -> list[Service]:
        ids = await self.uow.services.add(new, invoice_line_ids=[None] * len(new))
        return [replace(one, id=number) for one, number in zip(new, ids, strict=True)]

    def _service(self, client: ClientInfo, parent: int | None) -> Service:
        random = self.random
        status = random.choice(STATUSES)
        # Most are like each other, so that classes have several, and are in the client's currency.
        currency = random.choice([client.currency] * 9 + ["CZK"])
        minor = random.choice([1000, 1000, 2999, 7, 0, None])
        due_date_known = random.random() < 0.85
        has_date = due_date_known and random.random() < 0.9
        return service(
            client_id=client.id,
            parent_id=parent,
            product_id=random.choice(["start", "start", "vps", "gone", "ssl"]),
            name=random.choice(["Hosting", "hosting", "Łódź", "VPS"]),
            label=random.choice(TITLES),
            domain=random.choice(["", "a.example"]),
            currency=currency,
            first_amount=None,
            amount=None if minor is None else Money(minor, currency),
            cycle=random.choice(CYCLES),
            next_due_date=TODAY + timedelta(days=random.choice(DAYS)) if has_date else None,
            due_date_known=due_date_known,
            anchor_day=random.randint(1, 31),
            status=status,
            suspended_for=random.choice([*SuspendedFor, SuspendedFor.NON_PAYMENT])
            if status is ServiceStatus.SUSPENDED
            else None,
        )

    async def _happen(self, one: Service) -> None:
        """Put it on an invoice, hold it by an order, ask to cancel it; mostly none of these."""
        is_on_invoice = self.random.random() < 0.15
        if is_on_invoice:
            statuses = [*InvoiceStatus, *[InvoiceStatus.UNPAID] * 4]
            await self._invoice(one, self.random.choice(statuses))
        if self.random.random() < (0.3 if is_on_invoice else 0.05):
            revision = one.id  # unique for each order of a client
            made = order(one.client_id, quote(service_id=one.id), cart_revision=revision)
            await self.uow.orders.hold(await self.uow.orders.add(made))
        if self.random.random() < 0.2 and one.status in LIVE:
            await self._ask_to_cancel(one)

    async def _invoice(self, one: Service, status: InvoiceStatus) -> None:
        quotes = [quote(service_id=one.id)]
        paid = Money(self.random.choice([0, 100, 10**6]), "PLN")
        await add_invoice(self.uow, *quotes, client_id=one.client_id, status=status, paid=paid)

    async def _ask_to_cancel(self, one: Service) -> None:
        with_period = self.random.random() < 0.7
        ends_on = one.next_due_date or TODAY + timedelta(days=self.random.choice(DAYS))
        row = {
            "service_id": one.id,
            "client_id": one.client_id,
            "open_service_id": one.id,
            "takes_effect": CancelWhen.PERIOD_END if with_period else CancelWhen.NOW,
            "reason": "",
            "status": self.random.choice(
                [CancellationStatus.REQUESTED, CancellationStatus.ACCEPTED]
            ),
            "requested_at": NOW,
            "effective_on": self.random.choice([ends_on, ends_on, None]),
        }
        await self.uow.services.connection.execute(insert(cancellations), row)  # type: ignore[attr-defined] # the SQL behind the port

    async def _fill_cart(self, client: ClientInfo, owned: list[Service]) -> None:
        wanted = [one for one in owned if self.random.random() < 0.25]
        lines = [
            renewal_line(one.id, id=0, cycle=self.random.choice([one.cycle, *CYCLES[:8]]))
            for one in wanted
        ]
        if self.random.random() < 0.3:
            lines.append(product_line(id=0))
        await self.uow.carts.save(await self.uow.carts.get(client.id), lines)


def invent_catalogue(random: Random) -> Catalog:
    """The company's products under any policy on renewals."""
    windows = {cycle: random.choice(WINDOWS) for cycle in set(CYCLES[:8]) if random.random() < 0.5}
    policy = Policy(opens_days_before=windows, change_cycle_on_renewal=random.random() < 0.7)
    return catalogue(policy=policy)
