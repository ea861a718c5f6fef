"""A FOSSBilling with a crowd in it: their services are its orders, our catalogue is its own."""

import random
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import cached_property
from typing import Any

from billing.rules.loading.differences import ClientRow, ServiceRow
from billing.rules.services.service import ServiceStatus, SuspendedFor
from billing.rules.shop.catalog import Catalog, Product, ProductKind
from bot.panels.fossbilling.offers import period_of
from bot.sandbox.clock import Clock
from bot.sandbox.panels.fossbilling.api import PanelApi
from bot.sandbox.panels.fossbilling.state import Client, Order
from tests.contract.troubles import Trouble, Troubles
from tests.walker.crowd import Crowd

STATUSES = {
    ServiceStatus.ACTIVE: "active",
    ServiceStatus.SUSPENDED: "suspended",
    ServiceStatus.TERMINATED: "canceled",
}
BAD = (Trouble.CUT, Trouble.LOST, Trouble.UNCLEAR)


@dataclass(slots=True)
class AnyClock:
    """The clock of whatever runs now."""

    of: Clock

    def now(self) -> datetime:
        return self.of.now()


@dataclass
class CrowdThere:
    """The same crowd by the panel's numbers: clients, services and products."""

    crowd: Crowd

    @cached_property
    def catalog(self) -> Catalog:
        products = tuple(replace(one, ref=str(one.number)) for one in self.crowd.catalog.products)
        return replace(self.crowd.catalog, products=products)

    def clients(self) -> Iterator[ClientRow]:
        for number, row in enumerate(self.crowd.clients(), start=1):
            yield replace(row, ref=str(number), credit=row.credit * 0)

    def services(self) -> Iterator[ServiceRow]:
        rows = list(self.crowd.services())
        numbers = {row.ref: str(number) for number, row in enumerate(rows, start=1)}
        for row in rows:
            # Of a cancelled one the panel keeps no date.
            ended = row.status is ServiceStatus.TERMINATED
            yield replace(
                row, ref=numbers[row.ref], parent=numbers.get(row.parent, ""),
                client=str(int(row.client[1:]) + 1),
                status=ServiceStatus.CANCELLED if ended else row.status,
                next_due_date=None if ended else row.next_due_date,
            )  # fmt: skip


def fill(api: PanelApi, people: CrowdThere) -> None:
    """Put the crowd into the panel in place of what is there."""
    data = api.world.data
    like = next(product for product in data.products if product["id"] == 3)
    client_like, order_like = data.clients[0], data.orders[3]
    data.invoices.clear()
    data.notes.clear()
    data.balances.clear()
    data.products[:] = [_product(one, people.catalog, like) for one in people.catalog.products]
    data.clients[:] = [_client(row, client_like) for row in people.clients()]
    data.orders[:] = [_order(row, order_like, people.catalog) for row in people.services()]


def _client(row: ClientRow, like: Client) -> Client:
    return replace(
        like, id=int(row.ref), email=f"{row.ref}@crowd.example", first_name=row.name,
        last_name="", currency=row.currency,
    )  # fmt: skip


def _order(row: ServiceRow, like: Order, catalog: Catalog) -> Order:
    product = next(one for one in catalog.products if one.id == row.product)
    due = row.next_due_date
    reason = "abuse" if row.suspended_for is SuspendedFor.ABUSE else None
    return replace(
        like, id=int(row.ref), client_id=int(row.client), product_id=product.number,
        group_id=f"g{row.parent or row.ref}", group_master=0 if row.parent else 1,
        title=row.name, currency=str(row.amount.currency), unpaid_invoice_id=None,
        service_id=int(row.ref), service_type="custom", period=period_of(row.cycle),
        price=row.amount.minor / 100, status=STATUSES.get(row.status, "canceled"), reason=reason,
        expires_at=datetime.combine(due, time(12)) if due else None, meta={}, config={},
    )  # fmt: skip


def _product(product: Product, catalog: Catalog, like: dict[str, Any]) -> dict[str, Any]:
    made = deepcopy(like)
    addons = [
        {"id": one.number} for one in catalog.products
        if one.kind is ProductKind.ADDON and product.id in one.fits
    ]  # fmt: skip
    made.update(
        id=product.number, type="custom", title=product.name.get("pl", product.id),
        addons=addons, pricing=_pricing(product),
        product_category_id=None if product.kind is ProductKind.ADDON else 1,
    )  # fmt: skip
    return made


def _pricing(product: Product) -> dict[str, Any]:
    """Prices in złoty; the panel makes the others of them."""
    nothing: dict[str, Any] = {"price": 0, "setup": 0}
    periods = ("1W", "1M", "3M", "6M", "1Y", "2Y", "3Y")
    recurrent: dict[str, dict[str, Any]] = {
        period: {**nothing, "enabled": False} for period in periods
    }
    pricing: dict[str, Any] = {
        "type": "free",
        "free": nothing,
        "once": nothing,
        "recurrent": recurrent,
    }
    for price in product.prices:
        if price.amount.currency != "PLN":
            continue
        offer = {"price": price.amount.minor / 100, "setup": price.setup.minor / 100}
        period = period_of(price.cycle)
        if period in recurrent:
            recurrent[period] = {**offer, "enabled": True}
            pricing["type"] = "recurrent"
        elif price.amount and pricing["type"] == "free":
            pricing |= {"type": "once", "once": offer}
    return pricing


class BadDays(Troubles):
    """Something goes wrong with a part of all calls, as often as `share` says."""

    def __init__(self, api: PanelApi, rng: random.Random, share: float) -> None:
        super().__init__(api)
        self.rng, self.share = rng, share

    async def before(self, method: str) -> None:
        if self.rng.random() < self.share:
            self.at[len(self.calls)] = self.rng.choice(BAD)
        await super().before(method)
