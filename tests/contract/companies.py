"""The same invented company twice: with its data here, and in a FOSSBilling that we are beside.

Anna (client 2 there) has:

- 5: Opieka WWW, 49.00 a month, due on 31 January 2027,
- 6: Hosting Start anna.example, 19.90 a month, suspended, due on 19 October 2026, on an open
  invoice there,
- 7: Opieka WWW, 49.00 a month, due on 27 November 2026, on an open invoice there,
- 8 and 9: a migration that is done, and a domain,

and Jan (client 1) hosting 1 with the add-on 2, and 3 and 4 like Anna's 5. It is 28 November 2026.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import select

from billing.actions.panel.mirror import mirror
from billing.rules.cycles import BillingCycle
from billing.rules.loading.differences import ServiceRow
from billing.rules.money import Money
from billing.rules.panel.panel_calls import PanelCall
from billing.rules.payments.invoices import Invoice
from billing.rules.services.service import Service, ServiceStatus
from billing.rules.shop.catalog import Catalog, NameKind
from billing.rules.shop.quotes import Taxation
from billing.views.account import ClientInfo
from billing.views.notices.notice import Notice
from billing.views.notices.panel import (
    CallNeedsYou,
    NotCarriedOut,
)
from billing.views.panel import PanelAccount
from billing.views.payments import OrderPage
from billing.views.services import CancelWhen
from bot.app import Core, open_core
from bot.panels.fossbilling.budget import Budget
from bot.panels.fossbilling.http import Access, PanelHttp, Times
from bot.panels.fossbilling.panel import FossBilling
from bot.sandbox.clock import Clock
from bot.sandbox.panels.fossbilling.api import ADMIN_TOKEN, PanelApi
from bot.sandbox.panels.fossbilling.billing import add_funds
from bot.sandbox.panels.fossbilling.server import create_app, serve
from bot.sandbox.panels.fossbilling.traps import Traps
from bot.sandbox.panels.fossbilling.world import World
from storage.notices import from_columns
from storage.tables.messages import outbox
from tests.billing.actions.company import BANK, Folder
from tests.contract.troubles import Troubles
from tests.fakes import StillClock
from tests.make import STAFF, addon, catalog, digits, price, product
from tests.storage.company import client_row
from tests.world import make_settings

START = datetime(2026, 11, 28, 16, 18, 6, tzinfo=UTC)
PL = "pl"
MONTHLY, ANNUALLY, ONCE = BillingCycle.MONTHLY, BillingCycle.ANNUALLY, BillingCycle.ONE_TIME
FREE = BillingCycle.FREE
ANNA, JAN = "2", "1"
KNOWN = frozenset(str(number) for number in range(1, 16))
"""The services that there are from the beginning."""
PATIENT = Times(connect=20.0, read=20.0, write=20.0, reads=1)
"""A call waits long enough for a busy machine; nothing here is slow on purpose."""

PRODUCTS = (
    product("start", ref="2", number=1, asks_for=NameKind.DOMAIN, prices=(
        price("19.90"), price("199.00", ANNUALLY, setup="49.00"),
    )),
    product("care", ref="3", number=2, prices=(price("49.00"), price("490.00", ANNUALLY))),
    product("migration", ref="4", number=3, prices=(price("120.00", ONCE),)),
    product("trial", ref="5", number=4, prices=(price("0", FREE),)),
    addon("space", ref="6", number=5, fits=("start", "care"), max_per_service=9, prices=(
        price("9.00", setup="5.00"), price("90.00", ANNUALLY),
    )),
    addon("ssl", ref="7", number=6, fits=("start", "care"), prices=(price("80.00", ONCE),)),
)  # fmt: skip
NUMBERS = {made.id: made.number for made in PRODUCTS}


def catalogue() -> Catalog:
    return catalog(*PRODUCTS)


@dataclass(slots=True)
class Company:
    """A company at work. What differs is in the two classes below."""

    clock: StillClock
    core: Core = field(init=False)

    async def client(self, ref: str = ANNA) -> ClientInfo:
        async with self.core.database.work.reading() as uow:
            client = await uow.clients.by_ref(ref)
        assert client is not None
        return client

    async def services(self, ref: str = ANNA) -> dict[str, Service]:
        """The client's services by the ids that the panel gave them; ours have a #."""
        client = await self.client(ref)
        async with self.core.database.work.reading() as uow:
            own = await uow.services.owned_elsewhere(client.id)
            live = [one.service for one in await uow.services.live(client.id)]
        return {one.ref or f"#{one.id}": one for one in (*live, *own)}

    async def made(self, ref: str = ANNA) -> list[Service]:
        """What the client has ordered since the beginning, the oldest first."""
        made = [one for name, one in (await self.services(ref)).items() if name not in KNOWN]
        return sorted(made, key=lambda one: one.id)

    async def service(self, name: str, ref: str = ANNA) -> Service:
        return (await self.services(ref))[name]

    async def invoices(self, ref: str = ANNA) -> tuple[Invoice, ...]:
        """The client's invoices, the newest last."""
        client, found = await self.client(ref), []
        for number in range(1, 200):
            async with self.core.database.work.reading() as uow:
                invoice = await uow.invoices.get(client.id, number)
            if invoice is not None:
                found.append(invoice)
        return tuple(found)

    async def open(self, ref: str = ANNA) -> tuple[Invoice, ...]:
        return tuple(one for one in await self.invoices(ref) if one.is_open)

    async def puts_renewals(self, *names: str, ref: str = ANNA) -> None:
        """Put renewals into the cart."""
        client, services = await self.client(ref), await self.services(ref)
        for name in names:
            await self.core.actions.add_renewal(client, PL, services[name].id)

    async def puts(
        self,
        product_id: str,
        cycle: BillingCycle = MONTHLY,
        *,
        name: str = "",
        addons: Sequence[tuple[str, BillingCycle]] = (),
        ref: str = ANNA,
    ) -> None:
        """Put a new product into the cart, with add-ons."""
        await self.core.actions.add_product(
            await self.client(ref), PL, product_number=NUMBERS[product_id], cycle=cycle,
            name=name, addons=[(NUMBERS[one], its) for one, its in addons],
        )  # fmt: skip

    async def puts_addon(
        self, addon_id: str, service: str, cycle: BillingCycle = MONTHLY, *, ref: str = ANNA
    ) -> None:
        """Put an add-on of a known service into the cart."""
        await self.core.actions.add_addon(
            await self.client(ref), PL, product_number=NUMBERS[addon_id], cycle=cycle,
            service_id=(await self.service(service, ref)).id,
        )  # fmt: skip

    async def confirms(self, ref: str = ANNA) -> None:
        """Confirm what is in the cart."""
        raise NotImplementedError

    async def settles(self) -> None:
        """Let time pass until nothing is owed any more."""
        raise NotImplementedError

    async def pays(self, *, ref: str = ANNA) -> None:
        """Transfers come for all that is open and was ordered here; then it is carried out."""
        for invoice in await self.open(ref):
            if invoice.order_id is not None:
                await self.core.actions.record_transfer(invoice.number, by=STAFF)
        await self.settles()

    async def cancels(self, name: str, ref: str = ANNA) -> None:
        """Ask to end a service now."""
        await self.core.actions.request_cancellation(
            await self.client(ref), (await self.service(name, ref)).id, when=CancelWhen.NOW,
            reason="Za drogo 🙂",
        )  # fmt: skip

    async def buys(self, *, ref: str = ANNA) -> None:
        """Confirm and pay."""
        await self.confirms(ref)
        await self.settles()
        await self.pays(ref=ref)


@dataclass(slots=True)
class Embedded(Company):
    """The data is ours."""

    async def confirms(self, ref: str = ANNA) -> None:
        client = await self.client(ref)
        review = await self.core.actions.review_checkout(client, PL, use_credit=False)
        cart = review.quoted_cart
        gateway = BANK if cart.totals.gross else None
        await self.core.actions.place_order(
            client, PL, revision=cart.revision, seal=cart.seal, gateway_number=gateway,
            use_credit=False,
        )  # fmt: skip

    async def settles(self) -> None:
        """Nothing is owed. The operator accepts new services, which a panel sets up by itself."""
        assert await self.core.actions.run_calls() == 0
        for order in await self.core.actions.list_orders():
            await self.core.actions.decide_order(order.service.id, accept=True, by=STAFF)

    async def cancels(self, name: str, ref: str = ANNA) -> None:
        """The operator carries the request out, which a panel is told of."""
        await Company.cancels(self, name, ref)
        for request, _, _ in await self.core.actions.list_cancellations():
            await self.core.actions.decide_cancellation(request.id, accept=True, by=STAFF)
        await self.core.actions.end_cancelled()


@dataclass(slots=True)
class Beside(Company):
    """The data is in the panel, which may have bad days."""

    api: PanelApi
    address: str
    url: str
    panel: FossBilling = field(init=False)
    _process: AsyncExitStack = field(init=False)

    @property
    def troubles(self) -> Troubles:
        """What goes wrong there."""
        assert isinstance(self.api.faults, Troubles)
        return self.api.faults

    @property
    def world(self) -> World:
        """What the panel has."""
        return self.api.world

    async def starts(self) -> None:
        """Open the database and a connection to the panel, as a process does."""
        self._process = AsyncExitStack()
        self.panel = await self._process.enter_async_context(connected(self.address, self.clock))
        self.core = await self._process.enter_async_context(
            open_core(
                make_settings(self.url), clock=self.clock, digits=digits, connected=self.panel
            )
        )

    async def stops(self) -> None:
        """End the process."""
        await self._process.aclose()

    async def orders(self, ref: str = ANNA) -> OrderPage:
        client = await self.client(ref)
        quoted = (await self.core.actions.show_cart(client, PL)).quoted_cart
        return await self.core.actions.send_order(
            client, PL, revision=quoted.revision, seal=quoted.seal
        )

    async def confirms(self, ref: str = ANNA) -> None:
        await self.orders(ref)

    async def runs(self, **time: float) -> int:
        """Do what is owed, some time later; where we are killed by that, start again."""
        self.clock.advance(timedelta(**time))
        work = asyncio.create_task(self.core.actions.run_calls())
        self.troubles.victim = work
        try:
            return await work
        except asyncio.CancelledError:
            await self.stops()
            await self.starts()
            return 0

    async def takes(self, steps: int) -> None:
        """Take so many steps of what is owed."""
        left = iter(range(steps))
        await self.core.actions.run_calls(lambda: next(left, None) is not None)

    async def alerts(self) -> list[Notice]:
        """What the operator is sent about calls, oldest first."""
        query = select(outbox.c.topic, outbox.c.facts).order_by(outbox.c.id)
        async with self.core.database.engines.readers.connect() as connection:
            rows = (await connection.execute(query)).all()
        notices = [from_columns(topic, facts) for topic, facts in rows]
        return [one for one in notices if isinstance(one, (CallNeedsYou, NotCarriedOut))]

    async def settles(self) -> None:
        for _ in range(40):
            await self.runs(minutes=3)
            if not await self.calls():
                return

    async def calls(self) -> list[PanelCall]:
        """Those that are not over."""
        return [one.call for one in (await self.core.actions.list_calls()).items]

    async def reads_all(self) -> None:
        """Read everything into our tables, as a sync does."""
        async for account in self.panel.everything([ANNA, JAN]):
            await adopt(self.core, account)

    def gives(self, amount: float, ref: str = ANNA) -> None:
        """Put money on a balance there, as one top-up."""
        add_funds(self.api.world, int(ref), amount, "top-up")


async def adopt(core: Core, account: PanelAccount) -> None:
    """Take over what a client of the panel has."""
    async with core.database.work.writing() as uow:
        client = await uow.clients.by_ref(account.client.ref)
        assert client is not None
        await uow.lock_client(client.id)
        await mirror(
            core.actions.run_calls.env, uow, client, account.snapshot, began_at=core.clock.now()
        )
        await uow.commit()


async def load_clients(url: str) -> None:
    """Fill a database with the catalogue and the clients, without services."""
    rows = (
        client_row(ANNA, name="Anna Nowak", tax_rate=0),
        client_row(JAN, name="Jan Kowalski", tax_rate=0),
    )
    async with open_core(make_settings(url), clock=StillClock(START)) as core:
        await core.actions.load_company(Folder(catalogue(), rows), by=STAFF)


async def load_services(url: str) -> None:
    """The same with the services that the panel has, as our own."""
    await load_clients(url)
    async with open_core(make_settings(url), clock=StillClock(START)) as core:
        await core.actions.load_company(Folder(catalogue(), (), SERVICES), by=STAFF)


def _row(ref: str, client: str, product_id: str, amount: str, **changes: object) -> ServiceRow:
    made = ServiceRow(
        ref=ref, client=client, product=product_id, parent="", name=product_id, domain="",
        first_amount=_pln(amount), amount=_pln(amount), cycle=MONTHLY,
        registered_on=START.date(), next_due_date=None, anchor_day=28,
        status=ServiceStatus.ACTIVE,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def _pln(amount: str) -> Money:
    return Money(int(Decimal(amount) * 100), "PLN")


def _due(year: int, month: int, day: int) -> dict[str, object]:
    due = datetime(year, month, day, tzinfo=UTC).date()
    return {"next_due_date": due, "anchor_day": day, "registered_on": due - timedelta(days=40)}


SERVICES = (
    _row("1", JAN, "start", "199.00", cycle=ANNUALLY, domain="jan.example", **_due(2027, 6, 16)),
    _row("2", JAN, "space", "90.00", cycle=ANNUALLY, parent="1", **_due(2027, 6, 16)),
    _row("3", JAN, "care", "49.00", **_due(2026, 12, 3)),
    _row("4", JAN, "care", "49.00", **_due(2026, 12, 18)),
    _row("5", ANNA, "care", "49.00", **_due(2027, 1, 31)),
)


@asynccontextmanager
async def open_embedded(url: str) -> AsyncIterator[Embedded]:
    clock = StillClock(START)
    async with open_core(make_settings(url), clock=clock, digits=digits) as core:
        company = Embedded(clock)
        company.core = core
        yield company


@asynccontextmanager
async def open_beside(
    url: str, *, traps: Traps | None = None, api: PanelApi | None = None
) -> AsyncIterator[Beside]:
    """Serve a panel and put the company beside it; all its traps are set unless told."""
    clock = StillClock(START)
    api = api or PanelApi(clock, traps=traps)
    api.faults = Troubles(api)
    async with serve(create_app(api)) as address:
        company = Beside(clock, api, address, url)
        await company.starts()
        await company.reads_all()
        company.troubles.begin()
        try:
            yield company
        finally:
            await company.stops()


@asynccontextmanager
async def connected(address: str, clock: Clock) -> AsyncIterator[FossBilling]:
    """Our side of a panel."""
    http = PanelHttp(Access(address, ADMIN_TOKEN), Budget(1_000_000), PATIENT)
    panel = FossBilling(http, ZoneInfo("UTC"), clock.now, Taxation(0, included=False))
    try:
        yield panel
    finally:
        await panel.close()
