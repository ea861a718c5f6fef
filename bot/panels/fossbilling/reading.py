"""What clients have in the panel: of one of them, or of all."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from billing.ports.connected import PanelUnreachableError
from billing.rules.panel.unread_rows import RowKind, UnreadRow
from billing.rules.services.service import ServiceKind
from billing.views.panel import PanelAccount, PanelClient, SeenInvoice
from bot.panels.fossbilling.accounts import invoice_of, known_client, owner_of, snapshot_of
from bot.panels.fossbilling.addons import Addons
from bot.panels.fossbilling.clients import read_client
from bot.panels.fossbilling.errors import RefusedError
from bot.panels.fossbilling.groups import joined
from bot.panels.fossbilling.http import PanelHttp
from bot.panels.fossbilling.invoices import orders_on, read_invoice
from bot.panels.fossbilling.kinds import Products, needs_products
from bot.panels.fossbilling.orders import SeenOrder, read_order
from bot.panels.fossbilling.paging import PAGE, all_of, every, listed, walk, whole
from bot.panels.fossbilling.unread import UnreadRows, number_of, read_row
from bot.panels.fossbilling.values import Row, id_of

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
        number, unread = id_of(ref), UnreadRows()
        orders, invoices = await all_of(
            [
                every(self.http, "admin/order/get_list", in_bulk=in_bulk, client_id=number),
                every(self.http, "admin/invoice/get_list", in_bulk=in_bulk, client_id=number),
            ]
        )
        seen = await self._orders_of(ref, orders, invoices, unread, in_bulk=in_bulk)
        mine = self._invoices(seen, invoices, unread, of=ref)
        shown = read_client(client, ref)
        return PanelAccount(shown, snapshot_of(shown, client, seen, mine, unread))

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
        return read_client(row, ref) if row else None

    async def clients(self) -> AsyncIterator[PanelClient]:
        """Read who the clients are."""
        async for page in walk(self.http, "admin/client/get_list", in_bulk=True):
            for row in page:
                client = known_client(row)
                if client is not None:
                    yield client

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
        began_at, unread = self.now(), UnreadRows()
        orders, numbers = await self._all_orders(refs, unread)
        invoices = await self._all_invoices(orders, numbers, refs, unread)
        async for page in walk(self.http, "admin/client/get_list", in_bulk=True):
            for row in page:
                client = known_client(row)
                if client is not None and (refs is None or client.ref in refs):
                    seen = await self._joined(orders.pop(client.ref, {}).values())
                    mine = invoices.pop(client.ref, {}).values()
                    kept = self.addons.kept_since(order.number for order in seen)
                    read_at = kept if kept is not None and kept < began_at else None
                    snapshot = snapshot_of(client, row, seen, mine, unread)
                    yield PanelAccount(client, snapshot, read_at)
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
            newest = max((int(number_of(one) or 0) for one in listed(first)), default=0)
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
        client = known_client(row)
        if client is None:
            raise PanelUnreachableError("admin/client/get: a client without a number")
        return (client,) if client.email.casefold() == email.strip().casefold() else ()

    async def _orders_of(
        self,
        ref: str,
        orders: Iterable[Row],
        invoices: Iterable[Row],
        unread: UnreadRows,
        *,
        in_bulk: bool,
    ) -> tuple[SeenOrder, ...]:
        """The client's orders with the add-ons that the list has left out."""
        seen = await self._read(orders, unread, of=ref)
        if seen:
            self.addons.note(seen.values())
        addons = await self.addons.of_mains(seen.values(), in_bulk=in_bulk)
        seen |= await self._read(addons, unread, of=ref)
        named = {number for invoice in invoices for number in orders_on(invoice)}
        named -= seen.keys() | set(unread.numbers(RowKind.ORDER))
        seen |= await self._read(await self.addons.by_ids(named, in_bulk=in_bulk), unread)
        mine = [order for order in seen.values() if order.client_ref == ref]
        return await self._joined(mine)

    async def _all_orders(
        self, refs: Collection[str] | None, unread: UnreadRows
    ) -> tuple[dict[str, dict[int, SeenOrder]], set[int]]:
        """The orders of these clients, by client, and the numbers of all that were read."""
        orders: dict[int, SeenOrder] = {}
        async for page in walk(self.http, "admin/order/get_list", in_bulk=True):
            orders |= await self._read(page, unread)
        self.addons.note(orders.values())
        others = unread.numbers(RowKind.ORDER)
        orders |= await self._read(await self.addons.missing(orders.values(), others), unread)
        mine: dict[str, dict[int, SeenOrder]] = {}
        for number, order in orders.items():
            if refs is None or order.client_ref in refs:
                mine.setdefault(order.client_ref, {})[number] = order
        return mine, set(orders).union(unread.numbers(RowKind.ORDER))

    async def _all_invoices(
        self,
        orders: dict[str, dict[int, SeenOrder]],
        numbers: set[int],
        refs: Collection[str] | None,
        unread: UnreadRows,
    ) -> dict[str, dict[str, SeenInvoice]]:
        """The invoices of these clients; orders that only their lines name are added to both."""
        invoices: dict[str, dict[str, SeenInvoice]] = {}
        async for page in walk(self.http, "admin/invoice/get_list", in_bulk=True):
            owned = [(owner_of(one, self.owner_of_invoice), one) for one in page]
            mine = [(ref, one) for ref, one in owned if refs is None or not ref or ref in refs]
            named = {number for _, one in mine for number in orders_on(one)} - numbers
            found = await self._read(
                await self.addons.by_ids(named, in_bulk=True, keep=True), unread
            )
            numbers |= found.keys()
            for order in found.values():
                orders.setdefault(order.client_ref, {})[order.number] = order
            for place, (ref, one) in enumerate(mine):
                if place % _AT_A_TIME == 0:
                    await asyncio.sleep(0)
                for seen in self._invoices(orders.get(ref, {}).values(), [one], unread, of=ref):
                    invoices.setdefault(ref, {})[seen.ref] = seen
        return invoices

    async def _joined(self, orders: Collection[SeenOrder]) -> tuple[SeenOrder, ...]:
        """The orders of a client, add-ons with what they belong to."""
        is_asked = any(
            order.service.kind is ServiceKind.ADDON and not order.parent_product
            for order in orders
        )
        return joined(orders, await self.addons.products() if is_asked else Products())

    async def _read(
        self, orders: Iterable[Row], unread: UnreadRows, *, of: str = ""
    ) -> dict[int, SeenOrder]:
        """The orders that can be read, by their numbers; `of` whom they were listed."""
        now, listed_rows, seen = self.now(), list(orders), {}
        products = Products()
        if any(needs_products(one) for one in listed_rows):
            products = await self.addons.products()
        for one in listed_rows:
            read = partial(read_order, one, self.zone, now, products)
            order = read_row(RowKind.ORDER, one, read)
            if isinstance(order, UnreadRow):
                unread.add(of or owner_of(one, self.owner_of_order), order)
            else:
                seen[order.number] = order
        self.owner_of_order |= {number: order.client_ref for number, order in seen.items()}
        return seen

    def _invoices(
        self, orders: Iterable[SeenOrder], invoices: Iterable[Row], unread: UnreadRows, *, of: str
    ) -> tuple[SeenInvoice, ...]:
        """The invoices of a client that can be read; "" for nobody knows whose."""
        known = {order.number: order for order in orders}
        address, seen = self.http.access.address, []
        for one in invoices:
            invoice = invoice_of(of, one, partial(read_invoice, one, known, self.zone, address))
            if of and (number := number_of(one)):
                self.owner_of_invoice[int(number)] = of
            if isinstance(invoice, UnreadRow):
                unread.add(of, invoice)
            elif invoice is not None:
                seen.append(invoice)
        return tuple(seen)
