"""CSV as a stream of rows that collect their own mistakes.

A row is read cell by cell. A wrong cell leaves its reason in the row and yields a substitute
value, so that one pass finds every mistake of a row. A row with problems is never used. A row that
cannot be split into cells is not `whole` and has only its id, so that others may refer to it.
"""

import csv
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Protocol, TypeVar

from bot.datafolder.cells import nothing_reason
from bot.datafolder.files import (
    LONGEST_LINE,
    MEBIBYTE,
    FileRefusedError,
    bounded_lines,
    is_there,
    open_regular,
)
from bot.datafolder.mistakes import FolderError, Mistake, did_you_mean
from bot.datafolder.suspects import is_nothing, suspicion

Value = TypeVar("Value")
Note = Callable[[int, str], None]
Stamp = tuple[int, int]

MOST_BYTES = 256 * MEBIBYTE
"""A file with a million services has about 100 MiB."""

CHANGED = "was changed while it was being loaded; load it again"
ENCODING = "is not UTF-8; save the file with that encoding"
NOT_UTF8 = re.compile(r"[\udc80-\udcff]")
"""The characters that `surrogateescape` puts in place of bytes that are not UTF-8."""


class Row:
    """The cells of one line by column, and what is wrong with them."""

    __slots__ = ("broken", "cells", "line", "problems", "suspicions", "whole")

    def __init__(self, line: int, cells: Mapping[str, str], *, whole: bool = True) -> None:
        self.line = line
        self.cells = cells
        self.whole = whole
        self.problems: list[str] = []
        self.suspicions: tuple[str, ...] = ()
        self.broken: set[str] = set()

    def required(self, column: str, parse: Callable[[str], Value], standin: Value) -> Value:
        """The value of a cell that must not be empty."""
        if cell := self.cells[column]:
            return self._parsed(column, cell, parse, standin)
        self.blame(column, "is empty")
        return standin

    def optional(self, column: str, parse: Callable[[str], Value], empty: Value) -> Value:
        """The value of a cell, or `empty`."""
        cell = self.cells[column]
        return self._parsed(column, cell, parse, empty) if cell else empty

    def _parsed(
        self, column: str, cell: str, parse: Callable[[str], Value], standin: Value
    ) -> Value:
        try:
            return parse(cell)
        except ValueError as error:
            self.blame(column, nothing_reason(cell) if is_nothing(cell) else str(error))
            return standin

    def blame(self, column: str, reason: str) -> None:
        """Note what is wrong with a cell."""
        self.broken.add(column)
        self.problems.append(f"{column}: {reason}")

    def suspect(self, *columns: str) -> None:
        """Note what is odd about cells that are loaded unchanged."""
        for column in columns:
            if reason := suspicion(self.cells[column]):
                self.suspicions = (*self.suspicions, f"{column}: {reason}")

    def sound(self, *columns: str) -> bool:
        """Whether nothing is wrong with these cells so far."""
        return self.broken.isdisjoint(columns)


class Lines(Protocol):
    """A CSV reader: lists of cells, and how many lines were read for them."""

    line_num: int

    def __next__(self) -> list[str]:
        """The next line's cells."""


class Table:
    """A CSV file of known columns, read again from the start by every iteration."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.path = path
        self.columns = tuple(columns)
        self.stamp: Stamp | None = None

    def rows(self, note: Note) -> Iterator[Row]:
        """Yield the rows, in bounded memory; note what is wrong with the file itself.

        Unreadable if the reading had to end early. FolderError if the file has been replaced since
        the last reading. A missing file has no rows.
        """
        if not is_there(self.path):
            return
        try:
            with open_regular(self.path, most=MOST_BYTES) as file:
                self._check_unchanged(os.fstat(file.fileno()))
                # Bad bytes become surrogates, which are noted per line and do not end the reading.
                text = TextIOWrapper(
                    file, encoding="utf-8-sig", errors="surrogateescape", newline=""
                )
                head = text.readline(LONGEST_LINE)
                text.seek(0)
                lines = bounded_lines(text, most=MOST_BYTES)
                reader = csv.reader(lines, delimiter=_delimiter(head), strict=True)
                yield from self._read(reader, note)
        except FileRefusedError as error:
            note(error.line, str(error))
            raise Unreadable from error
        except OSError as error:
            note(0, f"cannot be read: {error.strerror}")
            raise Unreadable from error

    def _check_unchanged(self, status: os.stat_result) -> None:
        stamp = status.st_mtime_ns, status.st_size
        if self.stamp not in (None, stamp):
            raise FolderError([Mistake(self.path.name, 0, CHANGED)])
        self.stamp = stamp

    def _read(self, reader: Lines, note: Note) -> Iterator[Row]:
        header: list[str] | None = None
        while True:
            line = reader.line_num + 1
            try:
                cells = list(map(str.strip, next(reader)))
            except StopIteration:
                break
            except csv.Error as error:
                note(line, f"{error}; is a quotation mark not closed? The rest was not read")
                raise Unreadable from error
            if not any(cells):
                continue
            if header is None:
                header = self._header(cells, note, line)
            else:
                yield self._row(header, cells, note, line)
        if header is None:
            note(1, f"is empty; its first line is {','.join(self.columns)}")
            raise Unreadable

    def _header(self, cells: list[str], note: Note, line: int) -> list[str]:
        if NOT_UTF8.search("".join(cells)) or "\0" in "".join(cells):
            note(line, ENCODING)
            raise Unreadable
        header = [cell.casefold() for cell in cells]
        for missing in [column for column in self.columns if column not in header]:
            note(line, f'column "{missing}" is missing')
        for index, column in enumerate(header):
            if column not in self.columns:
                note(line, f'unknown column "{cells[index]}"{did_you_mean(column, self.columns)}')
            elif column in header[:index]:
                note(line, f'column "{column}" is there twice')
        if sorted(header) != sorted(self.columns):
            raise Unreadable
        return header

    def _row(self, header: list[str], cells: list[str], note: Note, line: int) -> Row:
        values = dict(zip(header, cells, strict=False))
        if not (whole := "".join(cells)).isascii() and NOT_UTF8.search(whole):
            note(line, ENCODING)
        elif len(cells) != len(header):
            note(line, f"has {len(cells)} cells where the header has {len(header)}; "
                       "a cell with the separator in it is put in quotation marks")  # fmt: skip
        else:
            return Row(line, values)
        return Row(line, {"id": values.get("id", "")}, whole=False)


class Unreadable(Exception):  # noqa: N818 - a way out of the reading, not an error of its own
    """The rest of a file was not read; the reason is noted."""


def _delimiter(head: str) -> str:
    return ";" if head.count(";") > head.count(",") else ","
