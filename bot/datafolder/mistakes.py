"""The mistakes in a data folder: reason, place, and how they are printed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

PRINTED = 200
"""Most mistakes printed one by one; nobody reads a longer list."""


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing to correct; line 0 means the file as a whole."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.reason}"


class FolderError(Exception):
    """A data folder that cannot be loaded, with every mistake of every file."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__("\n".join(report(self.mistakes)))


def report(mistakes: Sequence[Mistake], *, limit: int = PRINTED) -> Iterator[str]:
    """The mistakes as lines to print: the first `limit`, then how many more there are."""
    yield from (str(mistake) for mistake in mistakes[:limit])
    if len(mistakes) > limit:
        yield f"... and {len(mistakes) - limit} more"


def did_you_mean(wrong: str, right: Sequence[str]) -> str:
    """Return a hint to append to a reason, or "" if no option is similar."""
    spelt = {name.casefold(): name for name in right}
    near = get_close_matches(wrong.casefold(), spelt, n=1, cutoff=0.6)
    return f'; did you mean "{spelt[near[0]]}"?' if near else ""


def one_of(wrong: str, right: Sequence[str]) -> str:
    """The hint for a word out of a short list: the nearest one, else the whole list."""
    return did_you_mean(wrong, right) or f"; it is one of {', '.join(right)}"
