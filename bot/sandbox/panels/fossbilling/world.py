"""The panel's state with what its rules ask of it: the time, the traps, new ids and the log."""

import asyncio
from bisect import bisect_left
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import uuid4
from zoneinfo import ZoneInfo

from bot.sandbox.clock import Clock
from bot.sandbox.panels.fossbilling.errors import Json, PanelError
from bot.sandbox.panels.fossbilling.seed import Data, load
from bot.sandbox.panels.fossbilling.state import Activity, Client, Invoice, Order, StatusNote
from bot.sandbox.panels.fossbilling.times import add_period, parse
from bot.sandbox.panels.fossbilling.traps import Traps

VERSION = "0.8.5"
"""The one that was recorded."""


class _Row(Protocol):
    id: int


_R = TypeVar("_R", bound=_Row)
Pause = Callable[[], Awaitable[Any]]


async def _no_pause() -> None:
    await asyncio.sleep(0)


class World:
    """Everything in the panel; only the event loop's thread touches it.

    `zone` is the panel's time zone, which the API never tells. `pause` is awaited in every write
    between looking and writing: other calls run in it. `tax_percent` is the panel's tax rule;
    with 0 it has none. `open_hashes` is the setting that opens an invoice to whoever has its hash.
    `renewal_logic` is the setting `order_renewal_logic`: `from_greater`, `from_today` or none.
    `version` is what it says of itself; before 0.8 it differs in what Panelik has to know,
    and with `hides_version` guests are not told it.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        traps: Traps,
        zone: ZoneInfo,
        pause: Pause = _no_pause,
        data: Data | None = None,
    ) -> None:
        self.data: Data = load() if data is None else data
        self.clock = clock
        self.traps = traps
        self.zone = zone
        self.pause = pause
        self.tax_percent = 0
        self.open_hashes = False
        self.renewal_logic = ""
        self.version = VERSION
        self.hides_version = False

    @property
    def is_before_08(self) -> bool:
        """Return whether its version is 0.6 or 0.7."""
        return self.version.startswith(("0.6.", "0.7."))

    def now(self) -> datetime:
        """Return the panel's local time, without an offset, in whole seconds."""
        return self.clock.now().astimezone(self.zone).replace(tzinfo=None, microsecond=0)

    def read_date(self, value: object) -> datetime | None:
        """Read a date that was sent, into panel time."""
        return parse(value, self.zone)

    def later(self, start: datetime, period: str) -> datetime:
        """Add a period as the panel does."""
        return add_period(start, period, overflow=self.traps.months_overflow)

    def next_id(self, rows: Sequence[_Row], table: str) -> int:
        """Return the id of a new row of a table; ids of deleted rows do not come again."""
        newest = rows[-1].id if rows else 0
        last = self.data.last_ids[table] = max(newest, self.data.last_ids.get(table, 0)) + 1
        return last

    def created_id(self, number: int) -> int | str:
        """Return the id of a new row as the API writes it: as text."""
        return str(number) if self.traps.ids_as_text else number

    def client(self, number: int) -> Client:
        """Return a client, or refuse."""
        return _find(self.data.clients, number, "Client not found")

    def order(self, number: int) -> Order:
        """Return an order, or refuse."""
        return _find(self.data.orders, number, "Order Not Found")

    def invoice(self, number: int) -> Invoice:
        """Return an invoice, or refuse."""
        return _find(self.data.invoices, number, "Invoice was not found")

    def product(self, number: int) -> Json:
        """Return a product or an add-on as staff see it, or refuse."""
        for product in self.data.products:
            if product["id"] == number:
                return product
        raise PanelError("Product not found")

    def balance(self, client_id: int) -> float:
        """Return what a client has on their account."""
        rows = self.data.balances
        return round(sum(row.amount for row in rows if row.client_id == client_id), 2)

    def rate(self, currency: str) -> float:
        """Return how much of a currency one unit of the default currency is."""
        return float(self.data.currencies[currency]["rate"])

    def log(self, message: str, *, client_id: int | None = None) -> None:
        """Write a row of the activity log; without a client it was the bot's staff member."""
        activities = self.data.activities
        activities.append(
            Activity(
                id=self.next_id(activities, "activities"),
                admin_id=None if client_id else 3,
                client_id=client_id,
                message=message,
                created_at=self.now(),
            )
        )

    def note(self, order: Order, notes: str) -> None:
        """Write a row of an order's history, with the status it has now."""
        rows = self.data.notes
        rows.append(
            StatusNote(
                id=self.next_id(rows, "notes"),
                client_order_id=order.id,
                status=order.status,
                notes=notes,
                created_at=self.now(),
            )
        )


def new_group() -> str:
    """Return an id for a new group of orders, of the panel's shape."""
    return uuid4().hex[:13]


def _find(rows: Sequence[_R], number: int, missing: str) -> _R:
    """Return a row of a table, which is in the order of ids."""
    place = bisect_left(rows, number, key=lambda row: row.id)
    if place < len(rows) and rows[place].id == number:
        return rows[place]
    raise PanelError(missing)
