"""The small changes that mutmut makes, and which of them no test has to notice."""

import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

EQUIVALENT = Path(__file__).with_name("equivalent.txt")

_TEXTS = (tokenize.STRING, tokenize.COMMENT)


@dataclass(frozen=True, slots=True)
class Change:
    """The lines that a mutant takes out and puts in, without their indentation."""

    removed: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def is_of_text(self) -> bool:
        """Whether only the wording of a string changes, such as an error's message."""
        return _without_texts(self.removed) == _without_texts(self.added)


def of_diff(diff: str) -> Change:
    """What a unified diff changes."""
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++"))]
    return Change(
        tuple(line[1:].strip() for line in lines if line.startswith("-")),
        tuple(line[1:].strip() for line in lines if line.startswith("+")),
    )


def equivalent_changes() -> dict[Change, str]:
    """The changes that change nothing, with the reason; they are kept in `equivalent.txt`.

    A block is the removed lines after `-`, the added ones after `+`, and a reason after `#`.
    """
    blocks = EQUIVALENT.read_text("utf-8").strip().split("\n\n")
    return {of_diff(block): _reason(block) for block in blocks if block}


def _reason(block: str) -> str:
    return " ".join(line[1:].strip() for line in block.splitlines() if line.startswith("#"))


def _without_texts(lines: tuple[str, ...]) -> list[str]:
    return [token for line in lines for token in _tokens(line)]


def _tokens(line: str) -> Iterator[str]:
    """The tokens of a line, strings without their content; a part of a statement will do."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(line).readline):
            yield '""' if token.type in _TEXTS else token.string
    except (tokenize.TokenError, SyntaxError):
        return
