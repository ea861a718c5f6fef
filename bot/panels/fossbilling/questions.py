"""What a write asks before and after: single rows of the panel, and short lists of them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from billing.ports.connected import CallSubject, PanelUnreachableError
from bot.panels.fossbilling.addons import Addons
from bot.panels.fossbilling.errors import BUSINESS, RefusedError
from bot.panels.fossbilling.http import PanelHttp
from bot.panels.fossbilling.invoices import client_of
from bot.panels.fossbilling.values import Row, id_of, ref_of, row, rows, text

UNPAID: Final = "unpaid"
PAID: Final = "paid"
ORDER_LINE: Final = "order"
DEPOSIT_LINE: Final = "deposit"
CUSTOM: Final = "Custom"
"""The code of the gateway with which staff write down what was paid elsewhere."""
RENEWABLE: Final = ("active", "suspended")
PENDING: Final = ("pending_setup", "failed_setup")
ENDED: Final = ("canceled",)
"""Statuses of orders."""

_PAGE: Final = 100


class DatabaseAwayError(PanelUnreachableError):
    """The panel answers without its database, so that what it does not find may be there."""


@dataclass(frozen=True, slots=True)
class Questions:
    """Reads rows as the panel writes them. Each method raises PanelUnreachableError."""

    http: PanelHttp
    known_addons: Addons

    async def client(self, ref: str) -> Row | None:
        """A client, without their token; None for one that the panel does not know."""
        client = await self._one("admin/client/get", id=id_of(ref))
        return client and {name: one for name, one in client.items() if name != "api_token"}

    async def order(self, ref: object) -> Row | None:
        """An order; None for one that is not there."""
        return await self._one("admin/order/get", id=id_of(ref))

    async def own_order(self, subject: CallSubject, ref: object) -> Row | None:
        """An order of the client that a call is for; None for none, and for somebody else's."""
        order = await self.order(ref)
        return order if order and is_of(order, subject) else None

    async def addons(self, ref: object) -> list[Row]:
        """The add-on orders of an order, which no list shows; none of one that is gone."""
        try:
            return rows(await self.http.read("admin/order/addons", id=id_of(ref)))
        except RefusedError as error:
            _check_nothing(error)
            return []

    async def marked(self, client_ref: str, mark: str, name: str) -> Row | None:
        """The main order with a mark among its meta; the panel compares beginnings only."""
        answer = await self.http.read(
            "admin/order/get_list", client_id=id_of(client_ref), meta={name: mark}, per_page=_PAGE
        )
        return next((one for one in _listed(answer) if has_mark(one, mark, name)), None)

    async def invoice(self, ref: object) -> Row | None:
        """An invoice; None for one that is not there."""
        return await self._one("admin/invoice/get", id=id_of(ref))

    async def own_invoice(self, subject: CallSubject, ref: object) -> Row | None:
        """An invoice of the client that a call is for; None for none, and for somebody else's."""
        invoice = await self.invoice(ref)
        return invoice if invoice and is_of(invoice, subject) else None

    async def invoices_of(self, order: object, status: str | None = None) -> list[Row]:
        """Every invoice with a line about an order, the oldest first."""
        listed = self._pages("admin/invoice/get_list", order_id=id_of(order), status=status)
        return sorted([one async for one in listed], key=lambda one: id_of(one["id"]))

    async def newest_invoice(self, client_ref: str) -> int:
        """The client's highest invoice id: what is made from now on has a higher one."""
        answer = await self.http.read(
            "admin/invoice/get_list", client_id=id_of(client_ref), per_page=1, summary=1
        )
        return max((id_of(one["id"]) for one in _listed(answer)), default=0)

    async def product(self, ref: str) -> Row | None:
        """A product or an add-on; None for one that is not there."""
        return await self._one("admin/product/get", id=id_of(ref))

    async def rate(self, currency: str) -> Decimal:
        """How much of a currency one unit of the panel's default currency is."""
        answer = await self.http.read("guest/currency/get", code=currency)
        return Decimal(str(row(answer).get("conversion_rate", 1)))

    async def gateway(self) -> int | None:
        """The id of the gateway for payments from elsewhere; None while it is off."""
        listed = rows(await self.http.read("guest/invoice/gateways"))
        return next((id_of(one["id"]) for one in listed if one.get("code") == CUSTOM), None)

    async def transactions(self, number: str) -> list[Row]:
        """The transactions with a number of ours."""
        return _listed(await self.http.read("admin/invoice/transaction_get_list", txn_id=number))

    async def movements(self, client_ref: str) -> list[Row]:
        """Changes of a client's balance, the newest first."""
        listed = self._pages("admin/client/balance_get_list", client_id=id_of(client_ref))
        return [one async for one in listed]

    async def newest_note(self, order: object) -> str:
        """The latest note in an order's history: why it failed."""
        answer = await self.http.read("admin/order/status_history_get_list", id=id_of(order))
        return next((text(one.get("notes")) for one in _listed(answer)), "")

    async def _one(self, call: str, **values: Any) -> Row | None:
        try:
            return row(await self.http.read(call, **values))
        except RefusedError as error:
            _check_nothing(error)
            return None

    async def _pages(self, call: str, **values: Any) -> AsyncIterator[Row]:
        page = pages = 1
        seen: set[int] = set()
        while page <= pages:
            answer = row(await self.http.read(call, page=page, per_page=_PAGE, **values))
            for one in rows(answer.get("list")):
                if id_of(one["id"]) not in seen:
                    seen.add(id_of(one["id"]))
                    yield one
            pages, page = int(answer.get("pages") or 0), page + 1


def is_of(found: Row, subject: CallSubject) -> bool:
    """Whether an order or an invoice is of the client that a call is for.

    A panel that was restored from a backup gives ids again, to others.
    """
    return client_of(found) == ref_of(subject.client.ref)


def has_mark(order: Row, mark: str, name: str) -> bool:
    """Whether an order's meta has the whole mark."""
    return bool(row(order.get("meta")).get(name) == mark)


def lines_of(invoice: Row) -> list[Row]:
    """The lines of an invoice that are about orders."""
    return [line for line in rows(invoice.get("lines")) if line.get("type") == ORDER_LINE]


def is_deposit(invoice: Row) -> bool:
    """Whether an invoice is for the balance: the panel adds nothing when staff mark it paid."""
    return any(line.get("type") == DEPOSIT_LINE for line in rows(invoice.get("lines")))


def orders_of(invoice: Row) -> tuple[int, ...]:
    """The orders that an invoice is about, each once."""
    named = [line.get("rel_id") or line.get("order_id") for line in lines_of(invoice)]
    return tuple(dict.fromkeys(id_of(order) for order in named if order))


def _listed(answer: object) -> list[Row]:
    return rows(row(answer).get("list"))


def _check_nothing(error: RefusedError) -> None:
    """Take it that nothing is there; raise any other refusal, as that of a database away."""
    if error.code != BUSINESS:
        raise error
    if error.message.startswith("SQLSTATE"):
        raise DatabaseAwayError(error.call) from None
