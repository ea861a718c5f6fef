"""Lists of the panel, walked page by page."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable, Mapping
from typing import Any, Final, TypeVar

from bot.panels.fossbilling.errors import UnclearError
from bot.panels.fossbilling.http import PanelHttp
from bot.panels.fossbilling.unread import number_of
from bot.panels.fossbilling.values import Row, row

T = TypeVar("T")

PAGE: Final = 500
"""Rows of a page: the most that the panel takes."""


async def walk(
    http: PanelHttp, call: str, *, in_bulk: bool = False, **filters: Any
) -> AsyncIterator[list[Row]]:
    """Yield the pages of a list to its end; the caller leaves out rows that come twice.

    A list of orders counts an order once a row of its meta. So a short page is not the last one,
    the same row may come on two pages, and the number of pages is right all the same.
    """
    number, pages = 1, 1
    while number <= pages:
        answer = await http.read(call, in_bulk=in_bulk, page=number, per_page=PAGE, **filters)
        pages = _pages(call, answer)
        yield listed(answer)
        number += 1


def listed(answer: object) -> list[Row]:
    """The rows of a list; one that is no object is an empty row, so that it is not overlooked."""
    found = row(answer).get("list")
    several = found.values() if isinstance(found, Mapping) else found
    return [row(one) for one in several] if isinstance(several, Iterable) else []


def _pages(call: str, answer: object) -> int:
    try:
        return int(row(answer)["pages"])
    except (KeyError, TypeError, ValueError):
        raise UnclearError(call, "not_a_list") from None


async def whole(
    http: PanelHttp, call: str, *, in_bulk: bool = False, **filters: Any
) -> dict[int, Row]:
    """Read a list to its end: its rows by their ids, without those whose ids cannot be read."""
    found = await every(http, call, in_bulk=in_bulk, **filters)
    return {int(number): one for one in found if (number := number_of(one))}


async def every(http: PanelHttp, call: str, *, in_bulk: bool = False, **filters: Any) -> list[Row]:
    """Read a list to its end: each row once, also those whose ids cannot be read."""
    found: dict[str, Row] = {}
    odd: list[Row] = []
    async for page in walk(http, call, in_bulk=in_bulk, **filters):
        for one in page:
            if number := number_of(one):
                found[number] = one
            else:
                odd.append(one)
    return [*found.values(), *odd]


async def all_of(reads: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Read beside each other, as many as the connection lets; the first error ends the rest."""
    tasks = [asyncio.ensure_future(read) for read in reads]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
