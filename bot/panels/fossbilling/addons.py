"""Finding add-on orders, which no list of the panel shows.

The operator can have them listed (the order settings, `show_addons`); then nothing is to be done
here. Else a client's are asked for by their main orders: those that are of a product with add-ons,
and that had none when they were asked within the hour. One that was invoiced is known from the
line. When everything is read, they are what is missing in the sequence of ids, which costs a call
for each, or again asked for by main orders where those are fewer. An id that was deleted is
remembered and asked for once. What a reading of everything has found is kept with its time until
that reading has come to its end, so that it goes on where the calls of an hour were used up. A
client who is read alone is always asked for anew.
"""

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from billing.ports.connected import PanelUnreachableError
from billing.rules.services.service import LIVE
from bot.panels.fossbilling.errors import RefusedError
from bot.panels.fossbilling.http import PanelHttp
from bot.panels.fossbilling.kinds import Products, read_kinds
from bot.panels.fossbilling.orders import SeenOrder
from bot.panels.fossbilling.paging import all_of, every
from bot.panels.fossbilling.values import Row, rows

_ADDONS: Final = "admin/order/addons"
_ORDER: Final = "admin/order/get"

_KEPT_SECONDS: Final = 3600
_UNFINISHED: Final = timedelta(days=1)

_BEYOND: Final = 2
"""How many ids that are not there end the search beyond the newest main order."""


@dataclass(slots=True)
class Addons:
    """What is known of add-ons; `lists_them` once a list has shown one. `now` is our clock."""

    http: PanelHttp
    now: Callable[[], datetime]
    seconds: Callable[[], float] = time.monotonic
    lists_them: bool = False
    gone: set[int] = field(default_factory=set)
    without: dict[int, float] = field(default_factory=dict)
    """When main orders were asked for their add-ons and had none."""

    _kept: dict[str, tuple[datetime, Any]] = field(default_factory=dict)
    _products: Products | None = None
    _read_at: float = 0.0

    def note(self, listed: Iterable[SeenOrder]) -> None:
        """Notice whether the panel lists add-ons."""
        self.lists_them = any(not order.is_main for order in listed)

    async def of_mains(
        self, mains: Collection[SeenOrder], *, in_bulk: bool = False, keep: bool = False
    ) -> list[Row]:
        """Read the add-ons of these main orders; `keep` the answers until everything was read."""
        if self.lists_them or not mains:
            return []
        now = self.seconds()
        recent = {n for n, at in self.without.items() if not in_bulk and now - at < _KEPT_SECONDS}
        asked = [one.number for one in await self.candidates(mains) if one.number not in recent]
        answers = await all_of(
            self._ask(_ADDONS, number, in_bulk=in_bulk, keep=keep) for number in asked
        )
        for number, answer in zip(asked, answers, strict=True):
            if rows(answer):
                self.without.pop(number, None)
            else:
                self.without[number] = now
        return [one for answer in answers for one in rows(answer)]

    async def candidates(self, mains: Collection[SeenOrder]) -> list[SeenOrder]:
        """The main orders that can have add-ons: those that live, of a product that has some."""
        products = await self._known()
        return [
            order
            for order in mains
            if order.is_main
            and order.service.status in LIVE
            and (products is None or products.addons.get(order.product_ref))
        ]

    async def by_ids(
        self, numbers: Collection[int], *, in_bulk: bool = False, keep: bool = False
    ) -> list[Row]:
        """Read orders one by one, as `of_mains`; those that are gone are left out."""
        wanted = sorted(set(numbers) - self.gone)
        found = await all_of(self._order(one, in_bulk=in_bulk, keep=keep) for one in wanted)
        self.gone.update(n for n, one in zip(wanted, found, strict=True) if one is None)
        return [one for one in found if one is not None]

    async def missing(
        self, listed: Collection[SeenOrder], others: Iterable[int] = ()
    ) -> list[Row]:
        """Read what no list has shown of all orders of the panel.

        `others` are the numbers of those that were listed and cannot be read.
        """
        if self.lists_them or not listed:
            return []
        oldest = self.now() - _UNFINISHED
        self._kept = {key: one for key, one in self._kept.items() if one[0] > oldest}
        known = {order.number for order in listed}.union(others)
        newest = max(known)
        gaps = set(range(1, newest)) - known - self.gone
        mains = await self.candidates(listed)
        if len(mains) < len(gaps):
            return await self.of_mains(mains, in_bulk=True, keep=True)
        found = await self.by_ids(gaps, in_bulk=True, keep=True)
        # Some may be newer than what their main orders answered within the hour.
        self.without.clear()
        return found + await self._beyond(newest)

    def kept_since(self, numbers: Iterable[int]) -> datetime | None:
        """When the oldest answer about these orders that is kept was asked for; None without."""
        keys = {f"{call} {number}" for number in numbers for call in (_ADDONS, _ORDER)}
        return min((self._kept[key][0] for key in keys & self._kept.keys()), default=None)

    def cost(self, listed: int, newest: int) -> int:
        """About how many calls it takes to find all: the gaps before the newest order."""
        return 0 if self.lists_them else max(newest - listed - len(self.gone), 0)

    async def _beyond(self, newest: int) -> list[Row]:
        """Read the add-ons that are newer than the newest main order."""
        found: list[Row] = []
        misses = 0
        while misses < _BEYOND:
            newest += 1
            order = await self._order(newest, in_bulk=True, keep=True)
            misses = misses + 1 if order is None else 0
            found += [order] if order is not None else []
        return found

    def finish(self) -> None:
        """Begin anew: everything was read to its end, or not all changes since are known."""
        self._kept.clear()

    async def _order(self, number: int, *, in_bulk: bool, keep: bool) -> Row | None:
        try:
            order: Row = await self._ask(_ORDER, number, in_bulk=in_bulk, keep=keep)
        except RefusedError as error:
            if error.is_denied:
                raise
            return None
        return order

    async def _ask(self, call: str, number: int, *, in_bulk: bool, keep: bool) -> Any:
        """Read an order's row or its add-ons; with `keep` once until everything was read."""
        key = f"{call} {number}"
        if keep and key in self._kept:
            return self._kept[key][1]
        asked_at = self.now()
        answer = await self.http.read(call, in_bulk=in_bulk, id=number)
        if keep:
            # The client's whole row comes with each order, and nothing of it is needed.
            self._kept[key] = asked_at, _without_client(answer)
        return answer

    async def products(self) -> Products:
        """The products as of this hour, those of before while the panel does not say them.

        PanelUnreachableError where it never did: an order of which it is not known what it is
        would be another one the next time.
        """
        try:
            return await self._read_products()
        except RefusedError:
            return self._products or Products()
        except PanelUnreachableError:
            if self._products is None:
                raise
            return self._products

    async def _known(self) -> Products | None:
        """The same; None while nobody can say."""
        try:
            return await self._read_products()
        except (PanelUnreachableError, RefusedError):
            return self._products

    async def _read_products(self) -> Products:
        now = self.seconds()
        if self._products is None or now - self._read_at >= _KEPT_SECONDS:
            self._products = read_kinds(await read_products(self.http))
            self._read_at = now
        return self._products


def _without_client(answer: Any) -> Any:
    if isinstance(answer, Mapping):
        return {name: value for name, value in answer.items() if name != "client"}
    return [_without_client(one) for one in answer] if isinstance(answer, list) else answer


async def read_products(http: PanelHttp) -> list[Row]:
    """Read all products: as staff, or, without that permission, those that guests see."""
    try:
        return await every(http, "admin/product/get_list")
    except RefusedError as error:
        if not error.is_denied:
            raise
        return await every(http, "guest/product/get_list")
