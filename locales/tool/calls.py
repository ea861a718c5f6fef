"""Translate calls as the syntax tree shows them: a second opinion on what extraction finds.

Babel reads tokens and passes over what it does not understand (an f-string, a variable) without
a word; here such a call is a fault with its file and line.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from locales.templates import BadMessageError, placeholders
from locales.tool.markup import has_html, html_fault

KEYWORDS: dict[str, tuple[int, ...] | None] = {"t": None, "n": (1, 2), "plain": None}
"""What extraction looks for, as Babel takes it: `-k t -k n:1,2 -k plain`."""


@dataclass(frozen=True, slots=True)
class Call:
    """A translate call: its place, its name and its literal messages, two for a plural."""

    file: str
    line: int
    name: str
    messages: tuple[str, ...]


def read_calls(path: Path, file: str) -> tuple[list[Call], list[str]]:
    """The translate calls of a file and what is wrong with them; SyntaxError if it is broken."""
    calls: list[Call] = []
    faults: list[str] = []
    for node in ast.walk(ast.parse(path.read_bytes(), filename=file)):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in KEYWORDS:
                place = f"{file}:{node.lineno}"
            case _:
                continue
        literals = map(_literal, node.args[: len(KEYWORDS[name] or (1,))])
        messages = tuple(text for text in literals if text is not None)
        if len(messages) == len(KEYWORDS[name] or (1,)):
            calls.append(Call(file, node.lineno, name, messages))
            faults.extend(f"{place}: {fault}" for fault in _faults(name, messages, node.keywords))
        else:
            faults.append(f"{place}: {name}(...) takes literal text only")
    return calls, faults


def _literal(node: ast.expr) -> str | None:
    """The text of a literal; strings joined with + count, as Babel joins them too."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            before, after = _literal(left), _literal(right)
            return None if before is None or after is None else before + after
    return None


def _faults(name: str, messages: tuple[str, ...], keywords: list[ast.keyword]) -> Iterator[str]:
    try:
        fields = frozenset[str]().union(*map(placeholders, messages))
    except BadMessageError as error:
        yield str(error)
        return
    if name == "n":
        fields -= {"n"}
    arguments = {keyword.arg for keyword in keywords}
    hidden = None in arguments  # by a **
    if not hidden and fields != arguments:
        odd = ", ".join(sorted(map(str, fields ^ arguments)))
        yield f"placeholders and arguments differ ({odd}): {messages[-1]!r}"
    for message in messages:
        if name == "plain" and has_html(message):
            yield f"plain text with HTML in it: {message!r}"
        if name != "plain" and (fault := html_fault(message)):
            yield f"{fault}: {message!r}"
