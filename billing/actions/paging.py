"""Reading a long list page by page."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from billing.views.page import Page, Part

T = TypeVar("T")

SIZE = 50
"""Rows of one page of the operator's lists."""


async def read_page(
    read: Callable[[Part], Awaitable[tuple[T, ...]]], number: int, *, size: int = SIZE
) -> Page[T]:
    """Read one page, and one row more to know whether another follows."""
    rows = await read(Part(size + 1, (number - 1) * size))
    return Page(rows[:size], number, has_next=len(rows) > size)
