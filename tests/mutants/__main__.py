"""Change billing in small ways and see whether a test notices: `make mutants`.

mutmut changes operators, conditions, constants and calls on a copy of the project (`mutants/`). Of
a sample of changes, those that mypy refuses are noticed by `make lint`; for the others the tests
run that run the changed function.
"""

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code

from tests.mutants.changes import Change, equivalent_changes, of_diff
from tests.mutants.types import refused_by_mypy

ROOT = Path(__file__).parents[2]
COPY = ROOT / "mutants"
ANY_MUTANT = "billing.rules.cycles.x_leads_to__mutmut_1"
"""mutmut makes its copy and learns which test runs what before it tries a first, quick one."""

WANTED_SHARE = 0.95
UNNOTICED = ("survived", "no tests")


class Mutant(NamedTuple):
    """A changed function: its name, the file it is from, and what the tests said of it."""

    name: str
    source: Path
    status: str


def main(
    *,
    sample: Annotated[int, typer.Option(help="How many changes to try.")] = 300,
    seed: Annotated[int, typer.Option(help="Which ones.")] = 1,
    only: Annotated[str, typer.Option(help="Modules whose name begins so.")] = "billing.",
    fresh: Annotated[bool, typer.Option(help="Forget what an earlier run learnt.")] = False,
) -> None:
    """Try a sample of changes and print those that no test notices."""
    if fresh:
        shutil.rmtree(COPY, ignore_errors=True)
    _run_mutmut([ANY_MUTANT])
    mutants = [mutant for mutant in _mutants() if mutant.name.startswith(only)]
    random.Random(seed).shuffle(mutants)
    changes = dict(islice(_changes(mutants), sample))
    refused = changes.keys() & refused_by_mypy(COPY)
    tried = [name for name in changes if name not in refused]
    _run_mutmut(tried)
    statuses = {name: status for name, _, status in _mutants() if name in tried}
    unnoticed = sorted(name for name, status in statuses.items() if status in UNNOTICED)
    for name in unnoticed:
        _print(name, statuses[name], changes[name])
    share = 1 - len(unnoticed) / len(changes)
    noticed = len(tried) - len(unnoticed)
    typer.echo(
        f"{len(changes)} changes (seed {seed}): {len(refused)} refused by mypy, "
        f"of {len(tried)} others {noticed} noticed by a test; {share:.1%} noticed in all"
    )
    sys.exit(share < WANTED_SHARE)


def _run_mutmut(names: list[str]) -> None:
    """Try these mutants, none for no names; what mutmut prints is shown when it fails."""
    if not names:
        return
    command = [sys.executable, "-m", "mutmut", "run", *names]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    if ran.returncode:
        sys.exit(ran.stdout[-5_000:] + ran.stderr)


def _changes(mutants: list[Mutant]) -> Iterator[tuple[str, Change]]:
    """What the mutants change, but for those that no test can notice; a diff takes its time."""
    equivalent = equivalent_changes()
    for name, source, _ in mutants:
        change = of_diff(get_diff_for_mutant(name, path=source))
        if not change.is_of_text and change not in equivalent:
            yield name, change


def _mutants() -> Iterator[Mutant]:
    """All mutants of the copy whose source is still here."""
    for meta in sorted(COPY.rglob("*.py.meta")):
        source = meta.relative_to(COPY).with_suffix("")
        if (ROOT / source).exists():
            codes = json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
            yield from (Mutant(name, source, status_by_exit_code[codes[name]]) for name in codes)


def _print(name: str, status: str, change: Change) -> None:
    typer.echo(f"{name}: {status}")
    for sign, lines in (("-", change.removed), ("+", change.added)):
        for line in lines:
            typer.echo(f"    {sign} {line}")


if __name__ == "__main__":
    typer.run(main)
