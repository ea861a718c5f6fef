"""Generated folders: valid ones load as written, and one wrong cell is found where it is."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.cycles import NAMED_CYCLES, BillingCycle, clamp, parse_cycle
from billing.rules.reminders.stages import ReminderPolicy
from billing.rules.services.service import ServiceStatus, SuspendedFor
from bot.datafolder.clients import COLUMNS as CLIENT_COLUMNS
from bot.datafolder.services import COLUMNS as SERVICE_COLUMNS
from tests.bot.datafolder.folders import CATALOG, client, csv, load, mistakes, service, write

Rows = list[dict[str, str]]

NAMES = st.text("aąbcżźółw Z-.'&<>\"🐢", min_size=1, max_size=12).map(str.strip).filter(bool)
AMOUNTS = st.decimals(0, 9999, places=2, allow_nan=False).map(str)
CYCLES = (*NAMED_CYCLES, parse_cycle("2-weeks"), parse_cycle("5-years"))
DAYS = st.dates(date(2015, 1, 1), date(2040, 1, 1))
WRONG_CLIENT = {
    "id": "", "name": "", "email": "@", "country": "POL", "language": "?", "timezone": "Mars",
    "currency": "XXX", "tax_rate": "-1", "credit": "1.234", "telegram_ids": "0",
}  # fmt: skip
WRONG_SERVICE = {
    "id": "", "client": "nobody", "product": "nothing", "parent": "nowhere", "name": "",
    "domain": "a b", "first_amount": "one", "amount": "1.2.3", "cycle": "daily",
    "registered_on": "2026-02-30", "anchor_day": "0", "status": "gone", "suspended_for": "fun",
}  # fmt: skip


@contextmanager
def folder(**files: Any) -> Iterator[Path]:
    """A folder of its own for every example."""
    with tempfile.TemporaryDirectory() as path:
        yield write(Path(path), **files)


@st.composite
def clients(draw: st.DrawFn) -> Rows:
    count = draw(st.integers(1, 5))
    return [
        client(
            id=f"C {number}/ł",
            name=draw(NAMES),
            currency=draw(st.sampled_from(["PLN", "EUR", ""])),
            tax_rate=draw(st.sampled_from(["", "0", "7.7", "23"])),
            credit=draw(AMOUNTS),
        )
        for number in range(count)
    ]


@st.composite
def services(draw: st.DrawFn, owners: Rows) -> Rows:
    rows = [
        _service(draw, f"S-{number}", draw(st.sampled_from(owners))["id"])
        for number in range(draw(st.integers(1, 6)))
    ]
    addons = [
        {
            **_service(draw, f"A-{number}", parent["client"]),
            "product": "ssl",
            "parent": parent["id"],
        }
        for number, parent in enumerate(draw(st.lists(st.sampled_from(rows), max_size=4)))
    ]
    return list(draw(st.permutations([*rows, *addons])))


def _service(draw: st.DrawFn, own: str, owner: str) -> dict[str, str]:
    cycle = draw(st.sampled_from(CYCLES))
    status = draw(st.sampled_from(ServiceStatus))
    registered, anchor = draw(DAYS), draw(st.integers(1, 31))
    later = registered + timedelta(days=draw(st.integers(31, 1200)))
    due = clamp(later.year, later.month, anchor).isoformat() if cycle.recurring else ""
    suspended = status is ServiceStatus.SUSPENDED
    return service(
        id=own,
        client=owner,
        name=draw(NAMES),
        amount="0" if cycle == BillingCycle.FREE else draw(AMOUNTS),
        cycle=cycle.name,
        registered_on=registered.isoformat(),
        next_due_date=due,
        anchor_day=str(anchor) if due and draw(st.booleans()) else "",
        status=status,
        suspended_for=draw(st.sampled_from(SuspendedFor)) if suspended else "",
    )


def quoted(rows: Rows) -> Rows:
    """Cells as a spreadsheet writes them when it quotes everything."""
    return [
        {key: '"' + cell.replace('"', '""') + '"' for key, cell in row.items()} for row in rows
    ]


@pytest.mark.slow
@given(st.data())
def test_generated_folders_load_as_written(data: st.DataObject) -> None:
    people = data.draw(clients())
    bought = data.draw(services(people))
    separator = data.draw(st.sampled_from([",", ";"]))
    with folder(
        clients=csv(CLIENT_COLUMNS, quoted(people), separator=separator),
        services=csv(SERVICE_COLUMNS, quoted(bought), separator=separator),
    ) as path:
        loaded = load(path)
        assert [row.name for row in loaded.clients()] == [row["name"] for row in people]
        found = {row.ref: row for row in loaded.services()}
    assert list(found) == sorted(found, key=lambda ref: bool(found[ref].parent))
    for row in bought:
        read = found[row["id"]]
        assert read.amount.decimal == Decimal(row["amount"])
        due = read.next_due_date
        assert due is None or clamp(due.year, due.month, read.anchor_day) == due
        assert due is None or due.isoformat() == row["next_due_date"]


@pytest.mark.slow
@given(st.data())
def test_a_wrong_cell_is_found_in_its_file_and_line(data: st.DataObject) -> None:
    people = data.draw(clients())
    bought = data.draw(services(people))
    in_clients = data.draw(st.booleans())
    rows, wrong = (people, WRONG_CLIENT) if in_clients else (bought, WRONG_SERVICE)
    index = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.sampled_from(sorted(wrong)))
    rows[index] = {**rows[index], column: wrong[column]}
    with folder(
        clients=csv(CLIENT_COLUMNS, quoted(people)), services=csv(SERVICE_COLUMNS, quoted(bought))
    ) as path:
        found = mistakes(path)
    file = "clients.csv" if in_clients else "services.csv"
    assert any(line.startswith(f"{file}:{index + 2}: {column}: ") for line in found)
    if column not in ("id", "client", "parent"):  # which others notice too
        assert all(line.startswith(f"{file}:{index + 2}: ") for line in found)


def _distinct(least: int, most: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(least, most), max_size=9, unique=True)


@pytest.mark.slow
@given(
    stages=_distinct(-60, 90),
    own=_distinct(-60, 90),
    proformas=_distinct(0, 29),
    late=st.integers(0, 30),
    hour=st.integers(9, 19),
    offers=st.booleans(),
)
def test_a_generated_reminder_policy_loads_as_written(
    stages: list[int], own: list[int], proformas: list[int], late: int, hour: int, *, offers: bool
) -> None:
    tree = yaml.load(CATALOG, Loader=yaml.BaseLoader)  # noqa: S506 - text only, and our own
    tree["policy"] = {
        "invoice_expires_days": 30,
        "reminder_stages": stages,
        "reminder_catch_up_days": late,
        "reminder_hour": hour,
        "reminder_offers": "yes" if offers else "no",
        "proforma_reminder_stages": proformas,
    }
    tree["products"][0]["reminder_stages"] = own
    with folder(catalog=yaml.safe_dump(tree, allow_unicode=True)) as path:
        catalog = load(path).catalog
    written = ReminderPolicy(
        stages=tuple(sorted(stages, reverse=True)),
        catch_up_days=late,
        hour=hour,
        proforma_stages=tuple(sorted(proformas, reverse=True)),
        offers=offers,
    )
    assert catalog.policy.reminders == written
    of_product = catalog.reminder_policy(tree["products"][0]["id"])
    assert of_product == replace(written, stages=tuple(sorted(own, reverse=True)))


TREE = yaml.load(CATALOG, Loader=yaml.BaseLoader)  # noqa: S506 - text only, and our own


def _places(tree: Any, loc: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if loc:
        yield loc
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree)
    if not isinstance(tree, str):
        for key, value in pairs:
            yield from _places(value, (*loc, key))


@pytest.mark.slow
@given(
    place=st.sampled_from(list(_places(TREE))),
    junk=st.sampled_from(["", [[]], {"?": "?"}, ["x"], "%", None]),
)
def test_junk_anywhere_in_the_catalogue_is_answered_with_mistakes_not_errors(
    place: tuple[str | int, ...], junk: Any
) -> None:
    tree = yaml.load(CATALOG, Loader=yaml.BaseLoader)  # noqa: S506 - text only, and our own
    inner = tree
    for part in place[:-1]:
        inner = inner[part]
    inner[place[-1]] = junk
    with folder(catalog=yaml.safe_dump(tree, allow_unicode=True)) as path:
        assert all(line.startswith("catalog.yaml:") for line in mistakes(path))


@pytest.mark.slow
@given(st.binary(max_size=200))
def test_random_bytes_are_answered_with_mistakes_not_errors(junk: bytes) -> None:
    with folder() as path:
        for name in ("catalog.yaml", "clients.csv", "services.csv"):
            (path / name).write_bytes(junk)
        assert mistakes(path)
