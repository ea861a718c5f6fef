"""Buttons carry values: `@button("s1")` classes <-> at most 64 bytes of callback data.

A code names the payload and its version: when the fields of a payload change, so does the code
("s1" becomes "s2"), and buttons of old keyboards are answered as stale instead of being misread.
"""

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, fields, is_dataclass
from datetime import date
from enum import IntEnum, StrEnum
from typing import (
    Annotated,
    Any,
    ClassVar,
    Protocol,
    TypeVar,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

MAX_BYTES = 64
"""Telegram's limit for callback data, in bytes."""

MAX_INT = 2**63 - 1
MAX_SMALL = 36**3 - 1
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_CODE = re.compile(r"[a-z]{1,4}[0-9]{1,2}")
_NUMBER = re.compile(r"0|[1-9a-z][0-9a-z]{0,12}")


class Payload(Protocol):
    """What a button says: an instance of a dataclass that `@button` has registered."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


class StaleButton(Exception):  # noqa: N818 - the glossary's word for an expected event
    """A button that is unknown, outdated, forged, or about something that is no longer so.

    `back` is the button whose screen is drawn instead; None stands for home.
    """

    def __init__(self, reason: str = "", *, back: Payload | None = None) -> None:
        super().__init__(reason)
        self.back = back


class NotAButtonError(Exception):
    """A class that cannot be a button, found when its module is imported: a developer's error."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The largest number that a field takes."""

    largest: int


Small = Annotated[int, Limit(MAX_SMALL)]
"""A page, a day count, an index: up to 46 655, three characters."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """How one field is packed: to a whole number and back; `largest` bounds the number."""

    largest: int
    pack: Callable[[Any], int]
    unpack: Callable[[int], Any]
    optional: bool = False


P = TypeVar("P")
V = TypeVar("V")
E = TypeVar("E", bound=StrEnum)
_classes: dict[str, type[Any]] = {}
_codes: dict[type[Any], str] = {}
_fields: dict[type[Any], tuple[tuple[str, _Kind], ...]] = {}
_carried: dict[type[Any], _Kind] = {}


def carry(
    kind: type[V], *, pack: Callable[[V], int], unpack: Callable[[int], V], largest: int
) -> None:
    """Let buttons carry values of a type as whole numbers from 0 to `largest`.

    `unpack` raises ValueError for a number that stands for nothing.
    """
    _carried[kind] = _Kind(largest, pack, unpack)


def carry_numbered(numbers: Mapping[E, int]) -> None:
    """Let buttons carry the members of an enum by these numbers; ValueError if one is missing."""
    kind = type(next(iter(numbers)))
    members = {number: member for member, number in numbers.items()}
    if set(kind) != set(numbers) or len(members) != len(numbers):
        raise ValueError(f"every {kind.__name__} has one number of its own")
    carry(kind, pack=numbers.__getitem__, unpack=_looked_up(members), largest=max(members))


def _looked_up(members: Mapping[int, E]) -> Callable[[int], E]:
    def member(number: int) -> E:
        if number not in members:
            raise ValueError(f"no member has the number {number}")
        return members[number]

    return member


@dataclass_transform(frozen_default=True)
def button(code: str) -> Callable[[type[P]], type[P]]:
    """Make a class a frozen dataclass with slots and register it as the payload of buttons.

    Fields are int (0 to 63 bits), Small, bool, date, IntEnum, a type that `carry` has made known,
    or one of these or None. NotAButtonError for anything else, a code already taken, or more than
    64 bytes at the widest.
    """

    def register(plain: type[P]) -> type[P]:
        if is_dataclass(plain):
            raise NotAButtonError(f"{plain.__name__} is a dataclass already; @button makes it one")
        cls = dataclass(frozen=True, slots=True)(plain)
        if not _CODE.fullmatch(code):
            raise NotAButtonError(f"{code!r} is not letters and a version number")
        if code in _classes:
            raise NotAButtonError(f"{code!r} is taken by {_classes[code].__name__}")
        hints = get_type_hints(cls, include_extras=True)
        names = [field.name for field in fields(cls)]  # type: ignore[arg-type]  # it is one now
        kinds = tuple(_kind(hints[name]) for name in names)
        widest = len(":".join([code, *(_base36(kind.largest) for kind in kinds)]))
        if widest > MAX_BYTES:
            raise NotAButtonError(f"{cls.__name__} takes up to {widest} bytes; use Small")
        _classes[code], _codes[cls] = cls, code
        _fields[cls] = tuple(zip(names, kinds, strict=True))
        return cls

    return register


def encode(payload: Payload) -> str:
    """The callback data of a payload: "s1:1z:0"; ValueError when a value does not fit."""
    cls = type(payload)
    if cls not in _codes:
        raise ValueError(f"{cls.__name__} lacks @button")
    packed = [_packed(kind, getattr(payload, name)) for name, kind in _fields[cls]]
    return ":".join([_codes[cls], *packed])


def decode(data: str) -> Payload:
    """The payload that a button carries; StaleButton for anything that no button of ours says."""
    code, *parts = data.split(":")
    cls = _classes.get(code)
    if cls is None or len(parts) != len(_fields[cls]):
        raise StaleButton(f"unknown button{_code_words(code)}")
    try:
        kinds = (kind for _, kind in _fields[cls])
        payload: Payload = cls(*map(_unpacked, kinds, parts))
    except (ValueError, IndexError, OverflowError) as error:
        raise StaleButton(f"bad button{_code_words(code)}") from error
    return payload


def _code_words(code: str) -> str:
    """Name a code for the log, unless it may be a text that somebody has forged."""
    return f" {code}" if _CODE.fullmatch(code) else ""


def registered() -> dict[str, type[Any]]:
    """Every payload class by its code."""
    return dict(_classes)


def _kind(hint: Any) -> _Kind:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType) and len(arguments) == 2 and type(None) in arguments:
        (inner,) = (argument for argument in arguments if argument is not type(None))
        kind = _kind(inner)
        return _Kind(kind.largest, kind.pack, kind.unpack, optional=True)
    if origin is Annotated and arguments[0] is int and isinstance(arguments[1], Limit):
        return _Kind(arguments[1].largest, int, int)
    if hint is int:
        return _Kind(MAX_INT, int, int)
    if hint is bool:
        return _Kind(1, int, bool)
    if hint is date:
        return _Kind(date.max.toordinal(), date.toordinal, date.fromordinal)
    if isinstance(hint, type) and issubclass(hint, IntEnum) and min(hint) >= 0:
        return _Kind(max(hint), int, hint)
    if hint in _carried:
        return _carried[hint]
    raise NotAButtonError(f"a button cannot carry {hint}")


def _packed(kind: _Kind, value: Any) -> str:
    if value is None and kind.optional:
        return ""
    if value is None or isinstance(value, float):
        raise ValueError(f"{value!r} is not what this button carries")
    number = kind.pack(value)
    if not 0 <= number <= kind.largest:
        raise ValueError(f"{value!r} does not fit: 0 to {kind.largest}")
    return _base36(number)


def _unpacked(kind: _Kind, text: str) -> Any:
    if not text and kind.optional:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    number = int(text, 36)
    if number > kind.largest:
        raise ValueError(text)
    return kind.unpack(number)


def _base36(number: int) -> str:
    digits = ""
    while number >= 36:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return DIGITS[number] + digits
