"""Pauses between attempts at something that has to be done in the end."""

from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from typing import TypeVar

T = TypeVar("T")


def without_end(pauses: Sequence[T]) -> Iterator[T]:
    """These pauses, which grow, and then the last one again and again."""
    return chain(pauses, repeat(pauses[-1]))
