"""Ids that look like others: a spreadsheet drops zeros, a program changes case or accents.

Loaded as new ids they would double existing rows, at worst those of a whole company.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, pairwise

_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_FRACTION = re.compile(r"(\d+)[.,]0+")


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A new id and one that it looks like; `is_loaded`: the other one is in the database.

    `is_same`: both are the same text in different characters.
    """

    ref: str
    other: str
    is_loaded: bool
    is_same: bool


def likeness(ref: str) -> str:
    """Reduce an id to what remains without case, character forms and superfluous zeros."""
    text = (ref if ref.isascii() else unicodedata.normalize("NFKC", ref)).casefold()
    if "0" not in text:
        return text
    if whole := _FRACTION.fullmatch(text):
        text = whole[1]
    return _ZEROS.sub("", text)


def look_alikes(new: Iterable[str], loaded_ids: Mapping[str, object]) -> Iterator[LookAlike]:
    """Yield new ids that look like loaded ids or earlier new ones; `new` may contain loaded ids.

    The first pass compares only hashes, so memory stays small unless there are look-alikes.
    """
    fresh = [ref for ref in new if ref and ref not in loaded_ids]
    if not fresh:
        return
    hashes = sorted(hash(likeness(ref)) for ref in chain(loaded_ids, fresh))
    twice = {one for one, other in pairwise(hashes) if one == other}
    if not twice:
        return
    first: dict[str, str] = {}
    for ref in chain(loaded_ids, fresh):
        key = likeness(ref)
        if hash(key) not in twice:
            continue
        other = first.setdefault(key, ref)
        if other != ref and ref not in loaded_ids:
            same = unicodedata.normalize("NFC", ref) == unicodedata.normalize("NFC", other)
            yield LookAlike(ref, other, other in loaded_ids, same)
