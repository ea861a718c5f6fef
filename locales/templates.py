"""Filling `{name}` placeholders, and nothing else.

`str.format` can read attributes and items of its arguments ("{user.secret}"), and many people
write translations. So messages are parsed here, and may contain only plain names between braces.
"""

import string
from collections.abc import Callable, Mapping
from functools import lru_cache


class BadMessageError(ValueError):
    """A message that cannot be filled: an unknown, missing or forbidden placeholder."""


@lru_cache(maxsize=8192)
def parts(message: str) -> tuple[tuple[str, str | None], ...]:
    """Split a message into pairs of literal text and the placeholder after it (or None).

    BadMessageError for unbalanced braces and for anything but a plain name in them.
    """
    try:
        pieces = list(string.Formatter().parse(message))
    except ValueError as error:
        raise BadMessageError(f"{error}: {message!r}") from error
    for _literal, field, spec, conversion in pieces:
        if field is not None and (not field.isidentifier() or spec or conversion):
            raise BadMessageError(f"only plain names may stand in braces: {message!r}")
    return tuple((literal, field) for literal, field, _spec, _conversion in pieces)


def placeholders(message: str) -> frozenset[str]:
    """Return the names of a message's placeholders; BadMessageError as in `parts`."""
    return frozenset(field for _literal, field in parts(message) if field is not None)


def fill(message: str, values: Mapping[str, object], render: Callable[[object], str]) -> str:
    """Put rendered values into a message; BadMessageError when one is missing."""
    out: list[str] = []
    for literal, field in parts(message):
        out.append(literal)
        if field is not None:
            if field not in values:
                raise BadMessageError(f"no value for {{{field}}} in {message!r}")
            out.append(render(values[field]))
    return "".join(out)
