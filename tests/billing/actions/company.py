"""An invented company at work: its database, its actions, two clients, a clock that stands still.

Anna (PLN, 23 % tax, users 11 and 12) has hosting S1 with the add-on A1; John (EUR, no tax, user
21) has hosting J1. Everything was loaded as an operator loads it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select

from billing.actions.environment import Environment, Terms
from billing.actions.load import Loaded
from billing.actions.registry import Actions, make_actions
from billing.ports.connected import ConnectedPanel
from billing.ports.outside import Notifier
from billing.ports.panel import Panel
from billing.rules.cycles import BillingCycle
from billing.rules.loading.differences import ClientRow, ServiceRow
from billing.rules.money import Money
from billing.rules.services.service import Service
from billing.rules.shop.catalog import Catalog, Group, NameKind, Price
from billing.views.account import ClientInfo
from billing.views.notices.notice import Notice, UnreadableNotice
from billing.views.notices.operator import OperatorNotice
from billing.views.notices.work import ProformaPaid
from billing.views.payments import PayMethod, Placed
from bot.gateways.bank import bank_gateway
from bot.gateways.telegram import telegram_gateway
from bot.gateways.telegram_notices import TelegramNotices
from bot.panels import embedded
from bot.panels.deferred import deferred
from storage.database import Database
from storage.notices import from_columns
from storage.tables.messages import outbox
from storage.tables.services import services
from storage.tables.states import SendState
from tests.database import connect, file_at
from tests.fakes import StillClock
from tests.make import (
    NOW,
    STAFF,
    TODAY,
    addon,
    catalog,
    company,
    digits,
    money,
    price,
    prices,
    product,
)
from tests.storage.company import client_row, service_row

N = TypeVar("N", bound=Notice)

PL = "pl"
BANK, TELEGRAM = 2, 3
"""The gateways' numbers."""

CREDIT: int | None = None
"""No gateway: credit alone pays."""

ANNA, PIOTR, JOHN, GUEST = 11, 12, 21, 99
"""Telegram users: Anna and Piotr act for "anna", John for "john"."""


def both(monthly: str, euros: str) -> tuple[Price, ...]:
    """Prices in both currencies."""
    return (*prices(monthly), *prices(euros, currency="EUR"))


def once(amount: str, euros: str, cycle: BillingCycle) -> tuple[Price, ...]:
    """A price that is paid once, or nothing."""
    return (price(amount, cycle), price(euros, cycle, currency="EUR"))


PRODUCTS = (
    product("start", prices=both("29.00", "7.00"), asks_for=NameKind.DOMAIN),
    product(
        "pro",
        asks_for=NameKind.DOMAIN,
        prices=(*prices("59.00", setup="10.00"), *prices("14.00", currency="EUR")),
    ),
    product("vps", group="vps", prices=both("35.00", "8.00")),
    product(
        "migration",
        group="other",
        asks_for=NameKind.DOMAIN,
        prices=once("149.00", "35.00", BillingCycle.ONE_TIME),
    ),
    product(
        "parking",
        group="other",
        asks_for=NameKind.DOMAIN,
        prices=once("0", "0", BillingCycle.FREE),
    ),
    addon("ssl", fits=("start", "pro"), prices=both("10.00", "2.00")),
    addon(
        "ip",
        fits=("start", "vps"),
        max_per_service=2,
        prices=(*prices("12.00", setup="20.00"), *prices("3.00", currency="EUR")),
    ),
    addon("backup", fits=("vps",), prices=both("9.00", "2.00")),
)


def catalogue(**changes: object) -> Catalog:
    """What the company offers."""
    made = catalog(
        *PRODUCTS,
        company=company(service_url="https://panel.example/s/{id}"),
        groups=tuple(Group(id_, {"en": id_}) for id_ in ("hosting", "vps", "other", "security")),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


CLIENTS = (
    client_row("anna", credit=money("100.00"), telegram_ids=(ANNA, PIOTR)),
    client_row(
        "john",
        name="John Smith",
        language="en",
        timezone="Europe/London",
        currency="EUR",
        tax_rate=0,
        credit=money("50.00", "EUR"),
        telegram_ids=(JOHN,),
    ),
)


def addon_row(ref: str = "A1", parent: str = "S1", **changes: object) -> ServiceRow:
    """An add-on "ssl", 10.00 PLN a month, due with its service."""
    made = service_row(
        ref,
        parent=parent,
        product="ssl",
        name="Add-on ssl",
        domain="",
        first_amount=money("10.00"),
        amount=money("10.00"),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


SERVICES = (
    service_row("S1"),
    addon_row(),
    service_row(
        "J1",
        client="john",
        domain="john.example",
        first_amount=money("7.00", "EUR"),
        amount=money("7.00", "EUR"),
    ),
)


@dataclass(frozen=True, slots=True)
class Folder:
    """A data folder without mistakes."""

    catalog: Catalog
    client_rows: tuple[ClientRow, ...] = ()
    service_rows: tuple[ServiceRow, ...] = ()

    def clients(self) -> Iterator[ClientRow]:
        return iter(self.client_rows)

    def services(self) -> Iterator[ServiceRow]:
        return iter(self.service_rows)


TERMS = Terms(ZoneInfo("Europe/Warsaw"), "PLN", tax_rate=2300, prices_include_tax=False)


@dataclass(slots=True)
class CompanyAtWork:
    """All actions, and a look into what it has written."""

    database: Database
    clock: StillClock
    actions: Actions
    catalog: Catalog

    async def client(self, ref: str = "anna") -> ClientInfo:
        """The client's current state."""
        async with self.database.work.reading() as uow:
            found = await uow.clients.by_ref(ref)
        assert found is not None
        return found

    async def credit(self, ref: str = "anna") -> Money:
        """What is on a client's account."""
        return (await self.client(ref)).credit

    async def load(
        self, *rows: ServiceRow, replace_state: bool = False, over_sales: bool = False
    ) -> Loaded:
        """Load services as the operator does."""
        folder = Folder(self.catalog, (), rows)
        return await self.actions.load_company(
            folder, replace_state=replace_state, over_sales=over_sales, by=STAFF
        )

    async def becomes(self, service_id: int, ref: str = "anna", **state: Any) -> None:
        """Change the billing state of a service by a way that closes no proforma."""
        changed = replace(await self.service(service_id, ref), **state)
        async with self.database.work.writing() as uow:
            await uow.services.save([changed])
            await uow.commit()

    async def owns(self, *rows: ServiceRow) -> tuple[int, ...]:
        """Load services; their ids."""
        await self.load(*rows)
        ids = await self.ids()
        return tuple(ids[row.ref] for row in rows)

    async def publishes(self, published: Catalog) -> None:
        """Load another catalogue."""
        self.catalog = published
        await self.actions.load_company(Folder(published), by=STAFF)

    async def ids(self) -> Mapping[str, int]:
        """Ids of loaded services by the company's own."""
        asked = select(services.c.ref, services.c.id).where(services.c.ref.is_not(None))
        async with self.database.engines.readers.connect() as connection:
            return dict((await connection.execute(asked)).all())

    async def service(self, service_id: int, ref: str = "anna") -> Service:
        """A service as it stands now."""
        client = await self.client(ref)
        async with self.database.work.reading() as uow:
            found = await uow.services.get(client.id, service_id)
        assert found is not None
        return found

    async def outbox(self) -> list[tuple[int, Notice]]:
        """What waits in the outbox: each user (0: the operator) and their notice, oldest first."""
        waiting = outbox.c.state == SendState.WAITING
        rows = select(outbox.c.user_id, outbox.c.topic, outbox.c.facts).where(waiting)
        async with self.database.engines.readers.connect() as connection:
            written = (await connection.execute(rows.order_by(outbox.c.id))).all()
        notices = []
        for user, topic, facts in written:
            notice = from_columns(topic, facts)
            assert not isinstance(notice, UnreadableNotice)
            notices.append((user, notice))
        return notices

    async def notices(self, kind: type[N]) -> list[tuple[int, N]]:
        """Those of one kind."""
        return [(user, one) for user, one in await self.outbox() if isinstance(one, kind)]

    async def users_with(self, kind: type[Notice]) -> list[int]:
        """Who is sent a notice of that kind."""
        return [user for user, _ in await self.notices(kind)]

    async def alerts(self) -> list[str]:
        """The topics of what the operator is sent, besides the news that a proforma is paid."""
        told = [one for _, one in await self.outbox() if isinstance(one, OperatorNotice)]
        return [one.topic for one in told if not isinstance(one, ProformaPaid)]

    async def place(
        self, ref: str = "anna", *, gateway: int | None = BANK, use_credit: bool = False
    ) -> Placed:
        """Confirm what is in the cart and pay it."""
        client = await self.client(ref)
        review = await self.actions.review_checkout(client, PL, use_credit=use_credit)
        return await self.actions.place_order(
            client,
            PL,
            revision=review.quoted_cart.revision,
            seal=review.quoted_cart.seal,
            gateway_number=gateway,
            use_credit=use_credit,
        )

    async def renew(
        self, *service_ids: int, ref: str = "anna", gateway: int | None = BANK
    ) -> Placed:
        """Put renewals into the cart and place them, without credit."""
        client = await self.client(ref)
        for service_id in service_ids:
            await self.actions.add_renewal(client, PL, service_id)
        return await self.place(ref, gateway=gateway)

    def passes(self, **time: float) -> None:
        """Let time pass."""
        self.clock.advance(timedelta(**time))

    def number(self, product_id: str) -> int:
        """A product's number in buttons."""
        return 1 + [made.id for made in PRODUCTS].index(product_id)


def code_of(method: PayMethod) -> str:
    """What takes the rest: a gateway's code, or "credit" where credit takes all."""
    return method.gateway.code if method.gateway else "credit"


async def tap_pay(
    company: CompanyAtWork,
    client: ClientInfo,
    *,
    gateway: int | None = BANK,
    use_credit: bool = False,
    revision: int | None = None,
    seal: int | None = None,
) -> Placed:
    """Pay what is in the cart now; or at an earlier revision and seal."""
    quoted = (await company.actions.show_cart(client, PL)).quoted_cart
    return await company.actions.place_order(
        client,
        PL,
        revision=quoted.revision if revision is None else revision,
        seal=quoted.seal if seal is None else seal,
        gateway_number=gateway,
        use_credit=use_credit,
    )


async def load_company(url: str) -> None:
    """Fill a database with the company's data."""
    database = await connect(url)
    try:
        actions = make_company(database).actions
        await actions.load_company(Folder(catalogue(), CLIENTS, SERVICES), by=STAFF)
    finally:
        await database.close()


def prepare(path: Path) -> Path:
    """Write a loaded database to a path; call it outside of an event loop."""
    file_at(path, load_company)
    return path


def make_company(
    database: Database,
    clock: StillClock | None = None,
    *,
    panel: Panel | None = None,
    connected: ConnectedPanel | None = None,
    terms: Terms = TERMS,
) -> CompanyAtWork:
    """Join the actions with a database, and with a panel outside if there is one."""
    if connected is not None:
        panel = deferred(connected)
    clock = clock or StillClock(NOW)
    actions = make_actions(
        Environment(database.work, clock, terms, digits),
        panel=panel or embedded.panel(),
        connected=connected,
        gateways=(bank_gateway(), telegram_gateway()),
        notifier=nobody,
        readers={"telegram": TelegramNotices()},
    )
    return CompanyAtWork(database, clock, actions, catalogue())


def nobody() -> Notifier:
    """Nothing is sent here."""
    raise AssertionError("no message goes out in these tests")


DUE = TODAY + timedelta(days=12)
"""When S1, A1 and J1 are due."""
