"""An account of any size beside the demo company's, for one who taps every button there is."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from tempfile import mkdtemp

from billing.actions.registry import Actions
from billing.rules.cycles import BillingCycle
from billing.rules.loading.differences import ClientRow, ServiceRow
from billing.rules.money import Money
from billing.rules.services.service import ServiceStatus
from billing.rules.shop.cart import CartLine
from billing.rules.shop.cart_parts import CartPart
from billing.rules.shop.catalog import Catalog
from billing.views.account import ClientInfo
from billing.views.services import CancelWhen
from bot.sandbox.people import CROWD_FROM
from tests.make import STAFF
from tests.world import START, World, open_world, prepare

EWA = CROWD_FROM + 1
CREDIT, BANK, TELEGRAM = 1, 2, 3
"""What buttons carry: the gateways' numbers, and what stands for credit alone."""

PL = "pl"
MONTHLY, QUARTERLY = BillingCycle.MONTHLY, BillingCycle.QUARTERLY
POOLS = 12
"""As many times a cart can be filled."""


@dataclass(frozen=True, slots=True)
class Estate:
    """Two clients of one user: `size` of everything for the first, a service for the second."""

    catalog: Catalog
    today: date
    size: int

    def clients(self) -> Iterator[ClientRow]:
        """The one that is linked first is current."""
        for ref, name in (("T-1", "Ewa"), ("T-2", "Drugie konto")):
            yield ClientRow(
                ref, name, "", "PL", PL, "Europe/Warsaw", "PLN", None, "",
                Money(10**8, "PLN"), (EWA,),
            )  # fmt: skip

    def services(self) -> Iterator[ServiceRow]:
        """Due soon, so that all can be renewed and reminded of; every first has an add-on."""
        for number in range(POOLS * self.size):
            yield self._row("T-1", f"T-1-{number}")
            if number % self.size == 0:
                yield self._row("T-1", f"T-1-{number}a", parent=f"T-1-{number}")
        yield self._row("T-2", "T-2-0")

    def _row(self, client: str, ref: str, *, parent: str = "") -> ServiceRow:
        due = self.today + timedelta(days=7)
        price = Money(1490, "PLN")
        return ServiceRow(
            ref, client, "backup" if parent else "hosting-s", parent, "Kopia" if parent else "WWW",
            "" if parent else f"{ref.lower()}.example", price, price, MONTHLY,
            due - timedelta(days=730), due, due.day, ServiceStatus.ACTIVE,
        )  # fmt: skip


@dataclass(slots=True)
class Account:
    """What there is to tap on; `pools` are services in no cart and on no proforma yet."""

    world: World
    client: ClientInfo
    other: ClientInfo
    size: int
    pools: Iterator[tuple[int, ...]]
    free: int
    ending: int
    on_invoice: int
    order: int
    invoices: tuple[int, ...]
    digest: int
    foreign_digest: int
    foreign_service: int

    @property
    def actions(self) -> Actions:
        """The verbs."""
        return self.world.core.actions

    async def fill_cart(self) -> None:
        """Put fresh renewals into the cart, as many as the account's size."""
        for service in next(self.pools):
            await self.actions.add_renewal(self.client, PL, service)

    async def cart(self, part: CartPart | None = None) -> tuple[int, int]:
        """The cart's revision, and the seal of what is in it, or in a part of it."""
        if part is not None:
            review = await self.actions.review_checkout(self.client, PL, part=part)
            return review.quoted_cart.revision, review.quoted_cart.seal
        view = await self.actions.show_cart(self.client, PL)
        return view.cart.revision, view.quoted_cart.seal

    async def seal_of(self, invoice: int) -> int:
        """The seal of what is left to pay of a proforma."""
        return (await self.actions.show_invoice(self.client, invoice)).invoice.seal

    async def lines(self) -> tuple[CartLine, ...]:
        """All lines of the cart."""
        return (await self.actions.show_cart(self.client, PL)).cart.lines

    async def line(self) -> int:
        """The last line of the cart."""
        return (await self.actions.show_cart(self.client, PL)).cart.lines[-1].id

    async def place(self, gateway: int = BANK) -> int:
        """A proforma for a cart that is filled anew."""
        await self.fill_cart()
        revision, seal = await self.cart()
        placed = await self.actions.place_order(
            self.client, PL, revision=revision, seal=seal, gateway_number=gateway, use_credit=False
        )
        return placed.invoice.id

    async def product(self, name: str) -> int:
        """A product's number."""
        found = (await self.actions.show_catalog()).product(name)
        assert found is not None
        return found.number


async def _fill(account: Account) -> None:
    """Proformas of every kind, an order that waits, a service that ends, reminders."""
    actions, client = account.actions, account.client
    for number in range(account.size):
        vps = await account.product("vps-s")
        await actions.add_product(
            client, PL, product_number=vps, cycle=MONTHLY, name=f"nowy {number}"
        )
        revision, seal = await account.cart()
        await actions.place_order(
            client, PL, revision=revision, seal=seal, gateway_number=None, use_credit=True
        )
    await actions.request_cancellation(client, account.ending, when=CancelWhen.NOW, reason="")
    for gateway in (BANK, TELEGRAM):
        await account.place(gateway)
    account.world.api.meet(EWA)
    await account.world.passes(hours=3)


@cache
def _filled(size: int) -> Path:
    path = prepare(Path(mkdtemp(prefix="panelik-tapping-")) / "filled.db")

    async def fill() -> None:
        async with open_world(path) as world:
            catalog = await world.core.actions.show_catalog()
            await world.core.actions.load_company(Estate(catalog, START.date(), size), by=STAFF)
            await _fill(await open_account(world, size))

    asyncio.run(fill())
    return path


def prepare_account(path: Path, size: int) -> Path:
    """Copy the database of such an account to a path; call it outside of an event loop first."""
    path.write_bytes(_filled(size).read_bytes())
    return path


async def open_account(world: World, size: int) -> Account:
    """Look up what there is."""
    async with world.core.database.work.reading() as uow:
        client, other = await uow.clients.by_ref("T-1"), await uow.clients.by_ref("T-2")
        assert client is not None
        assert other is not None
        owned = await uow.services.live(client.id)
        (foreign,) = await uow.services.live(other.id)
        digest = await uow.digests.latest(client.id, EWA)
        foreign_digest = await uow.digests.latest(other.id, EWA)
    unpaid = await world.core.actions.list_invoices(client, is_open=True)
    free = [o.service.id for o in owned if o.on_invoice is None and o.service.domain]
    orders = [o.service for o in owned if o.service.status is ServiceStatus.PENDING]
    on_invoice = [o.service.id for o in owned if o.on_invoice is not None]
    pools = iter(free[2:])
    return Account(
        world=world,
        client=client,
        other=other,
        size=size,
        pools=iter(lambda: tuple(islice(pools, size)), ()),
        free=free[0],
        ending=free[1],
        on_invoice=on_invoice[0] if on_invoice else 0,
        order=orders[0].id if orders else 0,
        invoices=tuple(invoice.id for invoice in unpaid.invoices),
        digest=digest or 0,
        foreign_digest=foreign_digest or 0,
        foreign_service=foreign.service.id,
    )
