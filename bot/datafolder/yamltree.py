"""A YAML file as plain text values, each with the line it stands on.

Every scalar is text: `no` is not a boolean, `29.00` not a float, `2027-03-31` not a date. What a
value means is decided where it is read. A key without a value is None.
"""

from dataclasses import dataclass, field
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.datafolder.rows import Note

Tree = str | None | list["Tree"] | dict[str, "Tree"]
Loc = tuple[str | int, ...]


@dataclass(slots=True)
class Document:
    """The values of a file and the lines of every place in it."""

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


def read_yaml(path: Path, note: Note) -> Document | None:
    """Read a file; what is wrong with it is noted. None if it is not legible at all."""
    try:
        content = path.read_bytes().decode("utf-8-sig")
        root = yaml.compose(content, Loader=yaml.BaseLoader)
    except OSError as error:
        note(0, f"cannot be read: {error.strerror}")
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
    else:
        return _document(root, note)
    return None


def _document(root: Node | None, note: Note) -> Document:
    document = Document()
    if root is not None:
        document.tree = _convert(root, (), document.lines, note, within=frozenset())
    return document


def _convert(
    node: Node, loc: Loc, lines: dict[Loc, int], note: Note, *, within: frozenset[int]
) -> Tree:
    lines.setdefault(loc, node.start_mark.line + 1)
    if id(node) in within:
        note(lines[loc], "refers to itself")
        return None
    inside = within | {id(node)}
    if isinstance(node, MappingNode):
        return _mapping(node, loc, lines, note, within=inside)
    if isinstance(node, SequenceNode):
        return [
            _convert(item, (*loc, index), lines, note, within=inside)
            for index, item in enumerate(node.value)
        ]
    empty = isinstance(node, ScalarNode) and node.style is None and not node.value
    return None if empty else str(node.value)


def _mapping(
    node: MappingNode, loc: Loc, lines: dict[Loc, int], note: Note, *, within: frozenset[int]
) -> dict[str, Tree]:
    found: dict[str, Tree] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode):
            note(line, "a key must be one word")
            continue
        name = str(key.value)
        if name in found:
            note(line, f'"{name}" is there twice; it is on line {lines[*loc, name]} already')
            continue
        lines[*loc, name] = line
        found[name] = _convert(value, (*loc, name), lines, note, within=within)
    return found
