"""The recorded calls, and how an answer is held against the recorded one."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "recorded"
_GROUP = re.compile(r"[0-9a-f]{13}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
NEAR = timedelta(seconds=3)
"""The recorded calls took up to two seconds; the panel's clock stands still in the replay."""

REMOVED = ("hash", "ip")
"""Columns whose values were removed from the recording: any text fits."""


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """A call to a running panel and what it answered."""

    place: int
    name: str
    as_role: str
    call: str
    body: dict[str, Any]
    status: int
    answer: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.place:03}-{self.name.replace(' ', '-')}"


def recorded(file: str) -> list[RecordedCall]:
    """Return the calls of a file, in order."""
    lines = (_FOLDER / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [
        RecordedCall(
            place=place,
            name=row["name"],
            as_role=row["as"],
            call=row["call"],
            body=row["body"],
            status=row["status"],
            answer=row["answer"],
        )
        for place, row in enumerate(rows)
    ]


def differences(
    ours: Any, theirs: Any, *, ignoring: frozenset[str] = frozenset(), path: str = ""
) -> Iterator[str]:
    """Yield each place where an answer differs: keys, lengths, types or values.

    Dates may be `NEAR` one another; a group's id, which is random, must have the same shape.
    """
    name = path.rpartition(".")[2]
    if name in ignoring:
        return
    if isinstance(theirs, dict) and isinstance(ours, dict):
        # Tokens were removed from the recording, with their column.
        keys = (ours.keys() - {"api_token"}) ^ theirs.keys()
        if keys:
            yield f"{path}: only one has {sorted(keys)}"
        for key in sorted(ours.keys() & theirs.keys()):
            yield from differences(ours[key], theirs[key], ignoring=ignoring, path=f"{path}.{key}")
    elif isinstance(theirs, list) and isinstance(ours, list):
        if len(ours) != len(theirs):
            yield f"{path}: {len(ours)} rows, recorded {len(theirs)}"
        for place, (our, their) in enumerate(zip(ours, theirs, strict=False)):
            yield from differences(our, their, ignoring=ignoring, path=f"{path}[{place}]")
    elif not _same(name, ours, theirs):
        yield f"{path}: {ours!r}, recorded {theirs!r}"


def _same(name: str, ours: Any, theirs: Any) -> bool:
    if type(ours) is not type(theirs):
        return False
    if name in REMOVED and theirs == "REMOVED":
        return True
    if name == "group_id" and theirs != ours and isinstance(theirs, str):
        return bool(_GROUP.fullmatch(ours) and _GROUP.fullmatch(theirs))
    if isinstance(theirs, str) and _DATE.fullmatch(theirs) and _DATE.fullmatch(ours):
        return abs(datetime.fromisoformat(ours) - datetime.fromisoformat(theirs)) <= NEAR
    return bool(ours == theirs)
