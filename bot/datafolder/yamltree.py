"""A YAML file as plain text values, each with the line it stands on.

Every scalar is text: `no` is not a boolean, `29.00` not a float, `2027-03-31` not a date. What a
value means is decided where it is read. A key without a value is None.
"""

from dataclasses import dataclass, field
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.datafolder.files import MEBIBYTE, FileRefusedError, read_whole
from bot.datafolder.rows import Note
from bot.datafolder.suspects import suspicion

MOST_BYTES = MEBIBYTE
MOST_VALUES = 100_000
DEEPEST = 40
TOO_MANY = f"holds more than {MOST_VALUES} values, with what aliases (*name) stand for"

Tree = str | None | list["Tree"] | dict[str, "Tree"]
Loc = tuple[str | int, ...]


@dataclass(slots=True)
class Document:
    """The values of a file and the line of each of them."""

    tree: Tree = None
    lines: dict[Loc, int] = field(default_factory=dict)

    def line(self, loc: Loc) -> int:
        """The line of a place, or of the nearest place around it that exists."""
        while loc and loc not in self.lines:
            loc = loc[:-1]
        return self.lines.get(loc, 1)

    def at(self, *loc: str | int) -> Tree:
        """The value at a place, None if there is none."""
        tree = self.tree
        for part in loc:
            if isinstance(tree, dict) and isinstance(part, str):
                tree = tree.get(part)
            elif isinstance(tree, list) and isinstance(part, int) and part < len(tree):
                tree = tree[part]
            else:
                return None
        return tree


def read_yaml(path: Path, note: Note, suspect: Note) -> Document | None:
    """Read a file and note what is wrong or odd about it; None if it cannot be read."""
    try:
        content = read_whole(path, most=MOST_BYTES).decode("utf-8-sig")
        root = yaml.compose(content, Loader=yaml.BaseLoader)
        return _Reader(note, suspect).read(root)
    except FileRefusedError as error:
        note(error.line, str(error))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        note(line, "is not UTF-8; save the file with that encoding")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = ", ".join(part for part in (error.context, error.problem) if part)
        note(mark.line + 1 if mark else 0, f"is not YAML: {what}")
    except yaml.reader.ReaderError as error:
        line = content[: error.position].count("\n") + 1
        note(line, f"is not YAML: {error.reason}")
    except RecursionError:
        note(0, "is nested too deeply")
    return None


class _Reader:
    """Turns nodes into values, and counts them, because aliases can multiply them."""

    def __init__(self, note: Note, suspect: Note) -> None:
        self._document = Document()
        self._note = note
        self._suspect = suspect
        self._left = MOST_VALUES

    def read(self, root: Node | None) -> Document:
        """Return the whole document; FileRefusedError if it has too many values."""
        if root is not None:
            self._document.tree = self._value(root, (), within=frozenset())
        return self._document

    def _value(self, node: Node, loc: Loc, *, within: frozenset[int]) -> Tree:
        line = self._document.lines.setdefault(loc, node.start_mark.line + 1)
        self._left -= 1
        if self._left < 0:
            raise FileRefusedError(TOO_MANY, line)
        if len(loc) > DEEPEST:
            raise FileRefusedError("is nested too deeply", line)
        if id(node) in within:
            self._note(line, "refers to itself")
            return None
        inside = within | {id(node)}
        if isinstance(node, MappingNode):
            return self._mapping(node, loc, within=inside)
        if isinstance(node, SequenceNode):
            return [
                self._value(item, (*loc, index), within=inside)
                for index, item in enumerate(node.value)
            ]
        return self._scalar(node, line)

    def _scalar(self, node: Node, line: int) -> str | None:
        text = str(node.value)
        if not text and isinstance(node, ScalarNode) and node.style is None:
            return None
        if reason := suspicion(text):
            self._suspect(line, reason)
        return text

    def _mapping(self, node: MappingNode, loc: Loc, *, within: frozenset[int]) -> dict[str, Tree]:
        mapping: dict[str, Tree] = {}
        lines = self._document.lines
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, ScalarNode):
                self._note(line, "a key must be one word")
                continue
            name = str(key.value)
            if name in mapping:
                before = lines[*loc, name]
                self._note(line, f'"{name}" is there twice; it is on line {before} already')
                continue
            lines[*loc, name] = line
            mapping[name] = self._value(value, (*loc, name), within=within)
        return mapping
