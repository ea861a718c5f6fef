"""Lists of the panel, walked page by page."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from typing import Any, Final, TypeVar

from bot.panels.fossbilling.http import PanelHttp
from bot.panels.fossbilling.values import Row, rows

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
        pages = int(answer["pages"])
        yield rows(answer["list"])
        number += 1


async def whole(
    http: PanelHttp, call: str, *, in_bulk: bool = False, **filters: Any
) -> dict[int, Row]:
    """Read a list to its end: its rows by their ids."""
    found: dict[int, Row] = {}
    async for page in walk(http, call, in_bulk=in_bulk, **filters):
        found.update((int(one["id"]), one) for one in page)
    return found


async def all_of(reads: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Read beside each other, as many as the connection lets; the first error ends the rest."""
    tasks = [asyncio.ensure_future(read) for read in reads]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
