"""Names on buttons that stand together: short, whole where that is possible, and no two alike."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handlers.chat.screens.widgets import (
    BETWEEN,
    name_with_domain,
    shortened_domain,
    shortened_inside,
)
from locales.text import Plain

NAME_LEAST = 9
"""So much of a name stays beside its domain."""


@dataclass(frozen=True, slots=True)
class Named:
    """What is known of a thing, and how many characters its name has on its button.

    `label` is the client's own name for it; an add-on's `domain` is that of its service. `number`
    is that of a numbered list, 0 where there is none.
    """

    label: str
    name: str
    domain: str
    room: int
    is_addon: bool = False
    number: int = 0


def names_apart(things: Sequence[Named]) -> list[Plain]:
    """A name for each, in their order.

    The client's own name comes first, then the domain, the whole name of the product, what a
    domain begins with, and its two ends. Those that are still alike have a number.
    """
    ways = [_distinct(_ways(thing)) for thing in things]
    names = [next(way) for way in ways]
    while True:
        alike = _alike(names)
        others = {place: next(ways[place], None) for place in alike}
        if not any(others.values()):
            return _numbered(things, names, alike)
        names = [others.get(place) or name for place, name in enumerate(names)]


def _distinct(ways: Iterator[str]) -> Iterator[str]:
    seen: set[str] = set()
    for way in ways:
        if way not in seen:
            seen.add(way)
            yield way


def _alike(names: Sequence[str]) -> list[int]:
    many = Counter(names)
    return [number for number, name in enumerate(names) if many[name] > 1]


def _ways(thing: Named) -> Iterator[str]:
    """How it may be called, the best first; at least one."""
    room = max(1, thing.room)
    name = thing.label or thing.name
    if len(thing.label) > room:
        yield from (shortened_domain(name, room), shortened_inside(name, room))
    both = BETWEEN.join(filter(None, (name, thing.domain)))
    shortest = (name,) if thing.label or thing.is_addon else (thing.domain, both, name)
    yield from (way for way in shortest if way and len(way) <= room)
    if thing.domain and (thing.label or thing.is_addon):
        yield _with_domain(thing, room)
    long = name if thing.is_addon else thing.domain or name
    yield shortened_domain(long, room)
    yield shortened_inside(long.rpartition(".")[0] or long, room)
    yield shortened_inside(long, room)


def _with_domain(thing: Named, room: int) -> Plain:
    name = thing.label or thing.name
    return name_with_domain(name, thing.domain, room, least=NAME_LEAST, cut=shortened_domain)


def _numbered(things: Sequence[Named], names: Sequence[str], alike: Sequence[int]) -> list[Plain]:
    """Give those that are still alike a number each."""
    numbered = [Plain(name) for name in names]
    turns: Counter[str] = Counter()
    for place in alike:
        thing, name = things[place], names[place]
        turns[name] += 1
        before, after = (f"{thing.number}. ", "") if thing.number else ("", f" {turns[name]}")
        room = max(1, thing.room - len(before + after))
        is_pair = BETWEEN in name
        short = _with_domain(thing, room) if is_pair else shortened_domain(name.rstrip("…"), room)
        numbered[place] = Plain(f"{before}{short}{after}")
    return numbered
