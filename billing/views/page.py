"""A part of a long list."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """Which rows of a list are read: at most `limit` of them after `offset`."""

    limit: int
    offset: int


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Page `number` of a list, from 1. How long the list is nobody counts."""

    items: tuple[T, ...]
    number: int
    has_next: bool

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, slots=True)
class CountedPage(Generic[T]):
    """Page `number` of a list, from 0; `count` are on all its pages, `size` on a full one."""

    items: tuple[T, ...]
    number: int
    count: int
    size: int

    @property
    def pages(self) -> int:
        """How many there are; one of an empty list."""
        return max(1, -(-self.count // self.size))

    @property
    def before(self) -> int:
        """How many are on the pages before."""
        return self.number * self.size

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)


def existing_page(number: int, count: int, size: int) -> CountedPage[T]:
    """The page without its items; a page past the end becomes the last one."""
    empty: CountedPage[T] = CountedPage((), 0, count, size)
    return replace(empty, number=min(max(number, 0), empty.pages - 1))
