"""The changes that do not type-check: `make lint` notices them."""

import ast
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_OF_THE_COPY = ("ignore-without-code", "unused-ignore")
"""What mypy says of the lines that mutmut adds, and not of a change."""

MARK = "__mutmut_"


def refused_by_mypy(copy: Path) -> frozenset[str]:
    """The names of the mutants in whose functions mypy sees an error."""
    lines: dict[str, set[int]] = defaultdict(set)
    for error in _errors(copy):
        lines[error["file"]].add(error["line"])
    return frozenset(
        f"{_module(file)}.{name}"
        for file, wrong in lines.items()
        for name, first, last in _functions(copy / file)
        if not wrong.isdisjoint(range(first, last + 1))
    )


def _errors(copy: Path) -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", "mypy", "-p", "billing", "--output", "json"]
    disabled = [f"--disable-error-code={code}" for code in _OF_THE_COPY]
    ran = subprocess.run(  # noqa: S603 - our own checker on our own copy
        [*command, *disabled], cwd=copy, capture_output=True, text=True, check=False
    )
    for line in ran.stdout.splitlines():
        if line.strip() and (error := json.loads(line))["severity"] == "error":
            yield error


def _module(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


def _functions(path: Path) -> Iterator[tuple[str, int, int]]:
    """The changed functions of a file with their first and last lines."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and MARK in node.name:
            yield node.name, node.lineno, node.end_lineno or node.lineno
