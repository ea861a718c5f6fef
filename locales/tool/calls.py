"""Translate calls as the syntax tree shows them: a second opinion on what extraction finds.

Babel reads tokens and passes over what it does not understand (an f-string, a variable) without
a word; here such a call is a fault with its file and line.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from locales.templates import BadMessageError, placeholders
from locales.tool.markup import has_html, html_fault

KEYWORDS: dict[str, tuple[int, ...] | None] = {"t": None, "n": (1, 2), "plain": None}
"""What extraction looks for, as Babel takes it: `-k t -k n:1,2 -k plain`."""


@dataclass(frozen=True, slots=True)
class Call:
    """A translate call: its name, its literal messages and the arguments it passes."""

    name: str
    messages: tuple[str, ...]
    arguments: frozenset[str] | None
    line: int

    @property
    def is_html(self) -> bool:
        """Whether its messages are HTML."""
        return self.name != "plain"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong, said so that it can be found."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def calls(path: Path, where: str) -> tuple[list[Call], list[Fault]]:
    """The translate calls of a file and what is wrong with them; SyntaxError if it is broken."""
    found: list[Call] = []
    faults: list[Fault] = []
    for node in _candidates(ast.parse(path.read_bytes(), filename=where)):
        name = _called(node)
        place = f"{where}:{node.lineno}"
        literals = [_literal(argument) for argument in node.args[: 2 if name == "n" else 1]]
        messages = tuple(text for text in literals if text is not None)
        if len(messages) != (2 if name == "n" else 1):
            faults.append(Fault(place, f"{name}(...) takes literal text only"))
            continue
        call = Call(name, messages, _arguments(node), node.lineno)
        found.append(call)
        faults.extend(Fault(place, what) for what in _faults(call))
    return found, faults


def _candidates(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in KEYWORDS:
            yield node


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _literal(node: ast.expr) -> str | None:
    """The text of a literal; strings joined with + count, as Babel joins them too."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            before, after = _literal(left), _literal(right)
            return None if before is None or after is None else before + after
    return None


def _arguments(node: ast.Call) -> frozenset[str] | None:
    """The names of the keyword arguments; None when a ** hides them."""
    names = [keyword.arg for keyword in node.keywords]
    return None if None in names else frozenset(name for name in names if name is not None)


def _faults(call: Call) -> Iterable[str]:
    try:
        asked = frozenset[str]().union(*(placeholders(message) for message in call.messages))
    except BadMessageError as error:
        return [str(error)]
    faults = []
    given = call.arguments
    if call.name == "n":
        asked -= {"n"}
    if given is not None and asked != given:
        odd = ", ".join(sorted(asked ^ given))
        faults.append(f"placeholders and arguments differ ({odd}): {call.messages[-1]!r}")
    for message in call.messages:
        if not call.is_html and has_html(message):
            faults.append(f"plain text with HTML in it: {message!r}")
        if call.is_html and (fault := html_fault(message)):
            faults.append(f"{fault}: {message!r}")
    return faults
