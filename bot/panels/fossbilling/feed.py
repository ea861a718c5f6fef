"""The panel's activity log as a change feed: which clients' rows may have changed.

Its messages are English text for people, so they are hints: they name orders, invoices and
clients, whose rows are read then. Rows are kept for 90 days by default.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from billing.rules.panel.unread_rows import RowKind, UnreadRow
from billing.views.panel import PanelChanges
from bot.panels.fossbilling.errors import RefusedError
from bot.panels.fossbilling.invoices import client_of
from bot.panels.fossbilling.kinds import leads
from bot.panels.fossbilling.paging import PAGE, all_of, listed
from bot.panels.fossbilling.reading import Reading
from bot.panels.fossbilling.unread import number_of, read_row
from bot.panels.fossbilling.values import Row, id_of, ref_in, ref_of, row, text

_ROWS: Final = 100
"""Rows of the usual page: more than a minute has."""

_PAGES: Final = 4
"""Pages of the largest size after which it is cheaper to read everything."""

_CALLS: Final = 60
"""Rows that may be looked up to learn whose they are; beyond, everything is read."""

_NAMED: Final = re.compile(
    r"\b(orders?|invoices?|clients?|transactions?)\s+(?:with id\s+)?[#№]?\s*([0-9]{1,18})\b",
    re.IGNORECASE,
)
_PRODUCT: Final = re.compile(r"\b(product|addon|currency|promo|pricing|tld)\b", re.IGNORECASE)
_NO_CHANGE: Final = re.compile(r"\blogged (in|out)\b|\blog(in|out)\b", re.IGNORECASE)


def is_understood(message: str) -> bool:
    """Whether a message of the log names a row, or is known to change nothing."""
    known = (_NAMED, _PRODUCT, _NO_CHANGE)
    return any(pattern.search(message) for pattern in known)


_Numbered = tuple[int, Row]
"""A row of the log with its number."""


@dataclass(slots=True)
class _Mentions:
    """What some rows of the log name."""

    clients: set[str] = field(default_factory=set)
    orders: set[int] = field(default_factory=set)
    invoices: set[int] = field(default_factory=set)
    catalogue: bool = False
    unread: dict[UnreadRow, None] = field(default_factory=dict)
    is_lost: bool = False
    """Whether a row could not be read that may have named anything."""

    def add(self, activity: Row) -> None:
        """Note what a row names; somebody's login changes nothing."""
        message = text(activity.get("message"))
        if _NO_CHANGE.search(message):
            return
        client = read_row(RowKind.ACTIVITY, activity, partial(ref_in, activity, "client_id"))
        if isinstance(client, UnreadRow):
            self.unread[client] = None
            self.is_lost |= _NAMED.search(message) is None
        elif client:
            self.clients.add(client)
        if "message" not in activity:
            self.unread[UnreadRow(RowKind.ACTIVITY, number_of(activity), "message")] = None
            self.is_lost |= not client or isinstance(client, UnreadRow)
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
        newest = max((number for number, _ in activities), default=since)
        if not is_complete:
            return PanelChanges(str(newest), is_complete=False)
        mentions = _Mentions()
        for _, activity in activities:
            mentions.add(activity)
        clients = await self._owners(mentions)
        return PanelChanges(
            str(newest),
            frozenset(clients or ()),
            mentions.catalogue,
            is_complete=clients is not None and not mentions.is_lost,
            unread=tuple(mentions.unread),
        )

    async def _newest(self) -> str:
        answer = await self._page(1, 1)
        return str(max((number for number, _ in answer), default=0))

    async def _after(self, since: int) -> tuple[list[_Numbered], bool]:
        """The rows after a cursor, and whether these are all of them."""
        newest = await self._page(1, _ROWS)
        if max((number for number, _ in newest), default=0) < since:
            # Another log than the one that the cursor is of: a panel that was restored.
            return newest, False
        found, is_complete = _after(newest, since, size=_ROWS)
        for page in range(1, _PAGES + 1):
            if is_complete is not None:
                break
            more, is_complete = _after(await self._page(page, PAGE), since, size=PAGE)
            found |= more
        return list(found.items()), bool(is_complete)

    async def _page(self, page: int, size: int) -> list[_Numbered]:
        answer = await self.reading.http.read(
            "admin/activity/log_get_list", page=page, per_page=size
        )
        return _numbered(listed(answer))

    async def _owners(self, mentions: _Mentions) -> set[str] | None:
        """The clients of all rows that were named; None where too many are not known."""
        reading = self.reading
        clients = set(mentions.clients)
        orders = _known(mentions.orders, reading.owner_of_order, clients)
        invoices = _known(mentions.invoices, reading.owner_of_invoice, clients)
        if len(orders) + len(invoices) > _CALLS:
            return None
        for order in await reading.addons.by_ids(orders):
            if not leads(order):
                # A new add-on: its main order may have had none within the hour.
                reading.addons.without.clear()
            clients.add(_owner(RowKind.ORDER, order, reading.owner_of_order, mentions))
        for invoice in await all_of(self._invoice(number) for number in sorted(invoices)):
            clients.add(_owner(RowKind.INVOICE, invoice, reading.owner_of_invoice, mentions))
        return clients - {""}

    async def _invoice(self, number: int) -> Row:
        """An invoice; an empty row for one that is not there."""
        try:
            return row(await self.reading.http.read("admin/invoice/get", id=number))
        except RefusedError as error:
            if error.is_denied:
                raise
            return {}


def _owner(kind: RowKind, one: Row, owners: dict[int, str], mentions: _Mentions) -> str:
    """Whose a row is, for the next time, too; "" for nobody's, and for one that is odd."""
    if not one:
        return ""
    owner = read_row(kind, one, partial(client_of, one))
    number = number_of(one)
    if isinstance(owner, UnreadRow) or not owner:
        mentions.unread[UnreadRow(kind, number, "client_id")] = None
        return ""
    if number:
        owners[int(number)] = owner
    return owner


def _after(page: list[_Numbered], since: int, *, size: int) -> tuple[dict[int, Row], bool | None]:
    """The rows of a page after a cursor; whether they are all there is, None: look further."""
    found = {number: one for number, one in page if number > since}
    if len(found) < len(page):
        return found, True
    if len(page) < size:
        # The log begins after the cursor, unless it has just followed on.
        return found, not found or min(found) == since + 1
    return found, None


def _numbered(page: list[Row]) -> list[_Numbered]:
    """The rows with their numbers, the highest first; one that is odd gets that of its turn."""
    known = [(place, int(number_of(one) or 0)) for place, one in enumerate(page)]
    readable = [(place, number) for place, number in known if number]
    if not readable:
        return []
    place, number = readable[-1]
    numbers = dict(readable)
    numbers |= {below: number - (below - place) for below in range(place + 1, len(page))}
    for above in range(len(page) - 1, -1, -1):
        numbers.setdefault(above, numbers.get(above + 1, 0) + 1)
    return [(numbers[place], one) for place, one in enumerate(page)]


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
