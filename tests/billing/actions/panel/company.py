"""The company beside a panel outside, whose services the panel owns."""

from dataclasses import dataclass
from datetime import timedelta

from billing.actions.panel.mirror import mirror
from billing.rules.payments.invoices import Invoice
from billing.views.account import ClientInfo
from billing.views.payments import OrderPage
from storage.database import Database
from tests.billing.actions.company import PL, CompanyAtWork, make_company
from tests.connected.fake import Account, Bill, FakePanel, offers_of
from tests.make import NOW, TODAY


@dataclass(slots=True)
class Connected:
    """A company and its panel."""

    company: CompanyAtWork
    panel: FakePanel

    async def client(self) -> ClientInfo:
        return await self.company.client()

    async def account(self) -> Account:
        return self.panel.account(await self.client())

    async def bill(self) -> Bill:
        """The panel's last invoice."""
        return (await self.account()).bills[-1]

    async def order(self) -> OrderPage:
        """Confirm what is in the cart."""
        client = await self.client()
        quoted = (await self.company.actions.show_cart(client, PL)).quoted_cart
        return await self.company.actions.send_order(
            client, PL, revision=quoted.revision, seal=quoted.seal
        )

    async def orders_a_renewal(self, ref: str = "S1") -> OrderPage:
        """Put a renewal into the cart and confirm it."""
        number = (await self.company.ids())[ref]
        await self.company.actions.add_renewal(await self.client(), PL, number)
        return await self.order()

    async def shown(self, page: OrderPage) -> OrderPage:
        """The order as it stands by now."""
        return await self.company.actions.show_order(await self.client(), page.order.id)

    async def shown_bill(self, invoice_id: int) -> Invoice:
        """An invoice as it is kept by now."""
        page = await self.company.actions.show_invoice(await self.client(), invoice_id)
        return page.invoice

    async def reads(self) -> None:
        """Let the mirror have what the panel shows of the client now."""
        client, work = await self.client(), self.company.database.work
        seen = await self.panel.refresh(client)
        async with work.writing(client.id) as uow:
            await mirror(
                self.company.actions.run_calls.env, uow, client, seen,
                began_at=self.company.clock.now(),
            )  # fmt: skip
            await uow.commit()

    async def passes(self, **time: float) -> int:
        """Let time pass, then read what has changed; how many clients were read."""
        delta = timedelta(**time)
        self.company.clock.advance(delta)
        self.panel.passes(delta)
        return await self.company.actions.read_changes()

    async def works(self, **time: float) -> int:
        """Let time pass, then do what is owed; how many steps that took."""
        delta = timedelta(**time)
        self.company.clock.advance(delta)
        self.panel.passes(delta)
        return await self.company.actions.run_calls()


async def connect_panel(database: Database) -> Connected:
    """Put a panel beside the company; it owns what anna has."""
    panel = FakePanel(TODAY, NOW)
    connected = Connected(make_company(database, connected=panel), panel)
    for ref in ("anna", "john"):
        client = await connected.company.client(ref)
        async with database.work.reading() as uow:
            panel.adopt(client, list(await uow.services.owned_elsewhere(client.id)))
            panel.offers = offers_of(await uow.catalogs.current())
    return connected
