"""The panel's activity log as a change feed: which clients' rows may have changed.

Its messages are English text for people, so they are hints: they name orders, invoices and
clients, whose rows are read then. Rows are kept for 90 days by default.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from billing.views.panel import PanelChanges
from bot.panels.fossbilling.errors import RefusedError
from bot.panels.fossbilling.invoices import client_of
from bot.panels.fossbilling.paging import PAGE, all_of
from bot.panels.fossbilling.reading import Reading
from bot.panels.fossbilling.values import Row, id_of, ref_of, rows, text

_ROWS: Final = 100
"""Rows of the usual page: more than a minute has."""

_PAGES: Final = 4
"""Pages of the largest size after which it is cheaper to read everything."""

_CALLS: Final = 60
"""Rows that may be looked up to learn whose they are; beyond, everything is read."""

_NAMED: Final = re.compile(
    r"\b(orders?|invoices?|clients?|transactions?)\s+(?:with id\s+)?[#№]?\s*([0-9]+)",
    re.IGNORECASE,
)
_PRODUCT: Final = re.compile(r"\b(product|addon|currency|promo|pricing|tld)\b", re.IGNORECASE)
_NO_CHANGE: Final = re.compile(r"\blogged (in|out)\b|\blog(in|out)\b", re.IGNORECASE)


def is_understood(message: str) -> bool:
    """Whether a message of the log names a row, or is known to change nothing."""
    known = (_NAMED, _PRODUCT, _NO_CHANGE)
    return any(pattern.search(message) for pattern in known)


@dataclass(slots=True)
class _Mentions:
    """What some rows of the log name."""

    clients: set[str] = field(default_factory=set)
    orders: set[int] = field(default_factory=set)
    invoices: set[int] = field(default_factory=set)
    catalogue: bool = False

    def add(self, activity: Row) -> None:
        """Note what a row names; somebody's login changes nothing."""
        message = text(activity.get("message"))
        if _NO_CHANGE.search(message):
            return
        client = ref_of(activity.get("client_id"))
        if client:
            self.clients.add(client)
        self.catalogue |= _PRODUCT.search(message) is not None
        for kind, number in _NAMED.findall(message):
            if kind.lower().startswith("order"):
                self.orders.add(int(number))
            elif kind.lower().startswith("invoice"):
                self.invoices.add(int(number))
            elif kind.lower().startswith("client"):
                self.clients.add(ref_of(number))


@dataclass(frozen=True, slots=True)
class Feed:
    """Reads the log; `reading` has seen whose orders and invoices are."""

    reading: Reading

    async def changes(self, cursor: str) -> PanelChanges:
        """Read what came after a cursor, the id of the latest row that was read.

        Without the permission to read the log, RefusedError.
        """
        if not cursor:
            return PanelChanges(await self._newest())
        since = id_of(cursor)
        activities, is_complete = await self._after(since)
        newest = max(_numbers(activities), default=since)
        if not is_complete:
            return PanelChanges(str(newest), is_complete=False)
        mentions = _Mentions()
        for activity in activities:
            mentions.add(activity)
        clients = await self._owners(mentions)
        if clients is None:
            return PanelChanges(str(newest), catalogue=mentions.catalogue, is_complete=False)
        return PanelChanges(str(newest), frozenset(clients), mentions.catalogue)

    async def _newest(self) -> str:
        answer = await self._page(1, 1)
        return str(max(_numbers(answer), default=0))

    async def _after(self, since: int) -> tuple[list[Row], bool]:
        """The rows after a cursor, and whether these are all of them."""
        newest = await self._page(1, _ROWS)
        if max(_numbers(newest), default=0) < since:
            # Another log than the one that the cursor is of: a panel that was restored.
            return newest, False
        found, is_complete = _after(newest, since, size=_ROWS)
        for page in range(1, _PAGES + 1):
            if is_complete is not None:
                break
            more, is_complete = _after(await self._page(page, PAGE), since, size=PAGE)
            found |= more
        return list(found.values()), bool(is_complete)

    async def _page(self, page: int, size: int) -> list[Row]:
        answer = await self.reading.http.read(
            "admin/activity/log_get_list", page=page, per_page=size
        )
        return rows(answer["list"])

    async def _owners(self, mentions: _Mentions) -> set[str] | None:
        """The clients of all rows that were named; None where too many are not known."""
        reading = self.reading
        clients = set(mentions.clients)
        orders = _known(mentions.orders, reading.owner_of_order, clients)
        invoices = _known(mentions.invoices, reading.owner_of_invoice, clients)
        if len(orders) + len(invoices) > _CALLS:
            return None
        for order in await reading.addons.by_ids(orders):
            number, owner = id_of(order.get("id")), ref_of(order.get("client_id"))
            if not order.get("group_master"):
                # A new add-on: its main order may have had none within the hour.
                reading.addons.without.clear()
            reading.owner_of_order[number] = owner
            clients.add(owner)
        found = await all_of(self._invoice_owner(number) for number in sorted(invoices))
        return clients | {owner for owner in found if owner}

    async def _invoice_owner(self, number: int) -> str:
        try:
            invoice = await self.reading.http.read("admin/invoice/get", id=number)
        except RefusedError as error:
            if error.is_denied:
                raise
            return ""
        owner = self.reading.owner_of_invoice[number] = client_of(invoice)
        return owner


def _after(page: list[Row], since: int, *, size: int) -> tuple[dict[int, Row], bool | None]:
    """The rows of a page after a cursor; whether they are all there is, None: look further."""
    found = {
        number: one for number, one in zip(_numbers(page), page, strict=True) if number > since
    }
    if len(found) < len(page):
        return found, True
    if len(page) < size:
        # The log begins after the cursor, unless it has just followed on.
        return found, not found or min(found) == since + 1
    return found, None


def _numbers(page: list[Row]) -> list[int]:
    return [int(one["id"]) for one in page]


def _known(numbers: Iterable[int], owners: dict[int, str], clients: set[str]) -> set[int]:
    """Add the clients who are known; return the numbers of whose owner nothing is known."""
    unknown = set()
    for number in numbers:
        owner = owners.get(number)
        if owner is None:
            unknown.add(number)
        else:
            clients.add(owner)
    return unknown
