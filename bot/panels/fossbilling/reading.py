"""What clients have in the panel: of one of them, or of all."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from billing.ports.connected import PanelUnreachableError
from billing.views.panel import PanelAccount, PanelClient, SeenInvoice, Snapshot
from bot.panels.fossbilling.addons import Addons
from bot.panels.fossbilling.clients import balance_of, read_client
from bot.panels.fossbilling.errors import RefusedError
from bot.panels.fossbilling.http import PanelHttp
from bot.panels.fossbilling.invoices import client_of, orders_on, read_invoice
from bot.panels.fossbilling.orders import SeenOrder, joined, read_order
from bot.panels.fossbilling.paging import PAGE, all_of, walk, whole
from bot.panels.fossbilling.values import Row, id_of, ref_of, rows

_ONE_BY_ONE: Final = 10
"""Up to how many clients are read each for themselves without a question what costs less."""

_CALLS_OF_ONE: Final = 4
"""Calls for one client by themselves, as a rule."""


_AT_A_TIME: Final = 50
"""Invoices after which others in this process come first: a page of them takes 70 ms."""


@dataclass(slots=True)
class Reading:
    """Reads through `http` by the panel's `zone`; `now` is our clock.

    `owner_of_order` and `owner_of_invoice` are what readings have shown, for the change feed.
    """

    http: PanelHttp
    zone: ZoneInfo
    now: Callable[[], datetime]
    addons: Addons = field(init=False)
    owner_of_order: dict[int, str] = field(default_factory=dict)
    owner_of_invoice: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.addons = Addons(self.http, self.now)

    async def account(self, ref: str, *, in_bulk: bool = False) -> PanelAccount | None:
        """Read a client with what they have; None for one that the panel does not know."""
        client = await self.client_row(ref, in_bulk=in_bulk)
        if client is None:
            return None
        number = id_of(ref)
        orders, invoices = await all_of(
            [
                whole(self.http, "admin/order/get_list", in_bulk=in_bulk, client_id=number),
                whole(self.http, "admin/invoice/get_list", in_bulk=in_bulk, client_id=number),
            ]
        )
        seen = await self._orders_of(ref, orders.values(), invoices.values(), in_bulk=in_bulk)
        return PanelAccount(
            read_client(client),
            self._snapshot(client, seen, self._invoices(seen, invoices.values())),
        )

    async def client_row(self, ref: str, *, in_bulk: bool = False) -> Row | None:
        """Read the row of a client; None for one that the panel does not know."""
        try:
            number = id_of(ref)
        except ValueError:
            return None
        try:
            answer: Row = await self.http.read("admin/client/get", in_bulk=in_bulk, id=number)
        except RefusedError as error:
            if error.is_denied:
                raise
            # The code says no more than that something is wrong, and a client whom the panel does
            # not know loses everything here: the list must say so, too.
            if number in await whole(self.http, "admin/client/get_list", id=number):
                raise PanelUnreachableError(f"{error.call}: code {error.code}") from None
            return None
        return answer

    async def client(self, ref: str) -> PanelClient | None:
        """Read a client; None for one that the panel does not know."""
        row = await self.client_row(ref)
        return read_client(row) if row else None

    async def clients(self) -> AsyncIterator[PanelClient]:
        """Read who the clients are."""
        async for page in walk(self.http, "admin/client/get_list", in_bulk=True):
            for client in page:
                yield read_client(client)

    async def everything(self, refs: Collection[str] | None) -> AsyncIterator[PanelAccount]:
        """Read clients with what they have, all or some; of many refs nothing is walked twice."""
        # Each order and invoice of the panel is looked for among the refs.
        refs = None if refs is None else dict.fromkeys(refs).keys()
        if refs is not None and await self._costs_less(refs):
            for ref in refs:
                account = await self.account(ref, in_bulk=True)
                if account is not None:
                    yield account
            return
        began_at = self.now()
        orders, numbers = await self._all_orders(refs)
        invoices = await self._all_invoices(orders, numbers, refs)
        async for page in walk(self.http, "admin/client/get_list", in_bulk=True):
            for client in page:
                ref = ref_of(client.get("id"))
                if refs is None or ref in refs:
                    seen = joined(orders.pop(ref, {}).values())
                    snapshot = self._snapshot(client, seen, invoices.pop(ref, {}).values())
                    kept = self.addons.kept_since(order.number for order in seen)
                    read_at = kept if kept is not None and kept < began_at else None
                    yield PanelAccount(read_client(client), snapshot, read_at)
        self.addons.finish()

    async def _costs_less(self, refs: Collection[str]) -> bool:
        """Whether these clients each for themselves take fewer calls than everything."""
        if len(refs) <= _ONE_BY_ONE:
            return True
        pages = orders = newest = 0
        for call in ("admin/client/get_list", "admin/invoice/get_list", "admin/order/get_list"):
            first = await self.http.read(call, in_bulk=True, per_page=1, summary=1)
            orders = int(first["total"])
            pages += -(-orders // PAGE)
            newest = max((id_of(one.get("id")) for one in rows(first["list"])), default=0)
        return len(refs) * _CALLS_OF_ONE <= pages + self.addons.cost(orders, newest)

    async def find_clients(self, email: str) -> tuple[PanelClient, ...]:
        """Find the client with exactly this address; the panel has each address once."""
        if not email.strip():
            return ()
        try:
            row = await self.http.read("admin/client/get", email=email.strip())
        except RefusedError as error:
            if error.is_denied:
                raise
            return ()
        client = read_client(row)
        return (client,) if client.email.casefold() == email.strip().casefold() else ()

    async def _orders_of(
        self, ref: str, listed: Iterable[Row], invoices: Iterable[Row], *, in_bulk: bool
    ) -> tuple[SeenOrder, ...]:
        """The client's orders with the add-ons that the list has left out."""
        orders = self._read(listed)
        if orders:
            self.addons.note(orders.values())
        orders |= self._read(await self.addons.of_mains(orders.values(), in_bulk=in_bulk))
        named = {number for invoice in invoices for number in orders_on(invoice)}
        orders |= self._read(await self.addons.by_ids(named - orders.keys(), in_bulk=in_bulk))
        return joined(order for order in orders.values() if order.client_ref == ref)

    async def _all_orders(
        self, refs: Collection[str] | None
    ) -> tuple[dict[str, dict[int, SeenOrder]], set[int]]:
        """The orders of these clients, by client, and the numbers of all that were read."""
        orders: dict[int, SeenOrder] = {}
        async for page in walk(self.http, "admin/order/get_list", in_bulk=True):
            orders |= self._read(page)
        self.addons.note(orders.values())
        orders |= self._read(await self.addons.missing(orders.values()))
        mine: dict[str, dict[int, SeenOrder]] = {}
        for number, order in orders.items():
            if refs is None or order.client_ref in refs:
                mine.setdefault(order.client_ref, {})[number] = order
        return mine, set(orders)

    async def _all_invoices(
        self,
        orders: dict[str, dict[int, SeenOrder]],
        numbers: set[int],
        refs: Collection[str] | None,
    ) -> dict[str, dict[str, SeenInvoice]]:
        """The invoices of these clients; orders that only their lines name are added to both."""
        invoices: dict[str, dict[str, SeenInvoice]] = {}
        async for page in walk(self.http, "admin/invoice/get_list", in_bulk=True):
            mine = [one for one in page if refs is None or client_of(one) in refs]
            named = {number for one in mine for number in orders_on(one)} - numbers
            found = self._read(await self.addons.by_ids(named, in_bulk=True, keep=True))
            numbers |= found.keys()
            for order in found.values():
                orders.setdefault(order.client_ref, {})[order.number] = order
            for place, one in enumerate(mine):
                if place % _AT_A_TIME == 0:
                    await asyncio.sleep(0)
                ref = client_of(one)
                for seen in self._invoices(orders.get(ref, {}).values(), [one]):
                    invoices.setdefault(ref, {})[seen.ref] = seen
        return invoices

    def _read(self, orders: Iterable[Row]) -> dict[int, SeenOrder]:
        now = self.now()
        seen = {order.number: order for order in (read_order(o, self.zone, now) for o in orders)}
        self.owner_of_order |= {number: order.client_ref for number, order in seen.items()}
        return seen

    def _invoices(
        self, orders: Iterable[SeenOrder], invoices: Iterable[Row]
    ) -> tuple[SeenInvoice, ...]:
        known = {order.number: order for order in orders}
        address = self.http.access.address
        whole_rows = list(invoices)
        self.owner_of_invoice |= {id_of(one.get("id")): client_of(one) for one in whole_rows}
        seen = (read_invoice(one, known, self.zone, address=address) for one in whole_rows)
        return tuple(one for one in seen if one is not None)

    def _snapshot(
        self, client: Row, orders: Iterable[SeenOrder], invoices: Iterable[SeenInvoice]
    ) -> Snapshot:
        return Snapshot(
            tuple(order.service for order in orders),
            tuple(sorted(invoices, key=lambda one: int(one.ref))),
            is_closed=read_client(client).is_closed,
            balance=balance_of(client),
        )
