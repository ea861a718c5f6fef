"""Pydantic's errors about a part of a YAML file, in plain words and with the line."""

from collections.abc import Iterator
from itertools import islice
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.datafolder.mistakes import one_of
from bot.datafolder.rows import Note
from bot.datafolder.yamltree import Document, Loc

Model = TypeVar("Model", bound=BaseModel)

MOST_MISTAKES = 200
"""The limit for one part, because aliases can repeat a mistake without end."""

REASONS = {
    "missing": "is missing",
    "model_type": "must be a mapping (key: value)",
    "model_attributes_type": "must be a mapping (key: value)",
    "dict_type": "must be a mapping (key: value)",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
}


def parse(shape: type[Model], document: Document, loc: Loc, note: Note) -> Model | None:
    """Read a part of the document; None if it is wrong, with every reason noted."""
    try:
        return shape.model_validate(document.at(*loc))
    except ValidationError as error:
        for line, reason in islice(_mistakes(error, shape, document, loc), MOST_MISTAKES):
            note(line, reason)
        return None


def place(document: Document, loc: Loc) -> str:
    """A place as the operator would name it: "products hosting-s prices.PLN.monthly"."""
    words = [str(part + 1 if isinstance(part, int) else part) for part in loc if part != "[key]"]
    if len(loc) > 1 and isinstance(loc[1], int):
        own = document.at(loc[0], loc[1], "id")
        words[1] = own if isinstance(own, str) else f"number {loc[1] + 1}"
        return " ".join([*words[:2], ".".join(words[2:])]).rstrip()
    return ".".join(words)


def _mistakes(
    error: ValidationError, shape: type[BaseModel], document: Document, loc: Loc
) -> Iterator[tuple[int, str]]:
    for detail in error.errors(include_url=False):
        path = (*loc, *detail["loc"])
        if detail["type"] == "extra_forbidden":
            key = str(path[-1])
            hint = one_of(key, _keys(shape, detail["loc"]))
            reason = f'{place(document, path[:-1])}: unknown key "{key}"{hint}'
        else:
            present = path in document.lines
            reason = f"{place(document, path)}: {_reason(detail, present=present)}"
        yield document.line(path), reason


def _reason(detail: ErrorDetails, *, present: bool) -> str:
    own = detail.get("ctx", {}).get("error")
    if own is not None:
        return str(own)
    if detail["type"] != "missing" and detail["input"] is None:
        return "is empty" if present else "is missing"
    return REASONS.get(detail["type"], detail["msg"])


def _keys(shape: type[BaseModel], loc: Loc) -> list[str]:
    """Return the keys that are allowed at the place of an unknown one."""
    if len(loc) == 1:
        return list(shape.model_fields)
    nested = shape.model_fields[str(loc[0])].annotation
    while nested is not None and not isinstance(nested, type):
        nested = next(iter(reversed(getattr(nested, "__args__", ()))), None)
    fields = getattr(nested, "model_fields", {})
    return list(fields)
