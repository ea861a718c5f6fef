"""What every list shows in a terminal of 80 columns, and what a program reads of it."""

import json
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import typer

from billing.rules.panel.panel_calls import Verb
from bot.commands.cli import app
from bot.commands.output.tables import print_table
from tests.bot.commands.conftest import BEGIN, Outcome, Panelik
from tests.bot.commands.decisions.test_billing import (
    asks_to_cancel,
    orders_a_server,
    renews_by_transfer,
)
from tests.bot.commands.decisions.test_calls import WAITS, owes
from tests.bot.commands.decisions.test_unplaced import pays_strangely
from tests.world import World

Json = Any

LONG = "recznie-robione-zegary-i-zegarki-z-pracowni-pod-lasem.example"
"""A domain of 61 characters."""

LISTS = {
    "orders": "orders",
    "tasks": "tasks",
    "cancellations": "cancellations",
    "proformas": "proformas",
    "unplaced": "unplaced",
    "calls": "calls",
    "audit": "audit",
    "undeliverable": "reminders undeliverable",
}
REPORTS = {
    "panel": "panel",
    "restored": "restored",
    "preview": "reminders preview",
    "log": "reminders log S-2001",
}
PATTERN = r"^\| `panelik ([a-z ]+) --json` \| (.+) \|$"


async def everything_waits(world: World) -> tuple[str, str]:
    """Something waits in every list; an unpaid proforma and one of an order, paid."""
    unpaid = await renews_by_transfer(world)
    ordered = await orders_a_server(world)
    await asks_to_cancel(world, f"Przenoszę stronę na {LONG}", service="cumulus")
    await pays_strangely(currency="XTR", total_amount=100)(world)
    await owes(replace(WAITS, verb=Verb.PLACE_ORDER, error="TimeoutError"))(world)
    return unpaid, ordered


@pytest.fixture
def busy(loaded: Panelik) -> tuple[Panelik, str, str]:
    """A company with work in every list, and the two proformas."""
    unpaid, ordered = loaded.lets(everything_waits)
    loaded("paid", ordered)
    with closing(sqlite3.connect(loaded.database)) as database, database:
        for old in ("galeria-anny.example", "serwer-gier", "sklep.galeria-anny.example"):
            database.execute("UPDATE services SET domain = ? WHERE domain = ?", (LONG, old))
        database.execute("UPDATE tasks SET domain = ?", (LONG,))
        database.execute("UPDATE clients SET email = ? WHERE ref = 'C-1003'", (f"marta@{LONG}",))
        database.execute("UPDATE clients SET name = ? WHERE ref = 'C-1003'", (f"Firma {LONG}",))
    return loaded, unpaid, ordered


def documented() -> Mapping[str, str]:
    """The row of docs/operating.md about each command."""
    operating = Path(__file__).parents[3] / "docs" / "operating.md"
    return dict(re.findall(PATTERN, operating.read_text("utf-8"), re.MULTILINE))


def field_names(fields: str) -> set[str]:
    """The names in a documented row, without those of what stands inside a field."""
    while "(" in fields:
        fields = re.sub(r"\([^()]*\)", "", fields)
    return set(re.findall(r"`([a-z_]+)`", fields))


def parsed(told: Outcome) -> Json:
    assert (told.code, told.err) == (0, "")
    return json.loads(told.out)


@pytest.mark.slow
def test_no_list_cuts_a_domain_or_a_number_at_80_columns(busy: tuple[Panelik, str, str]) -> None:
    panelik, unpaid, ordered = busy
    panelik = replace(panelik, columns=80)
    for command, words in {
        "orders": (LONG, ordered, "+ Dodatkowy adres IP"),
        "tasks": (LONG, ordered, "set up a product"),
        "tasks --all": (LONG, ordered, "set up a product"),
        "cancellations": (LONG,),
        "proformas": (unpaid, "C-1001"),
        "unplaced": ("100 XTR", "another currency than the proforma's"),
        "calls": ("C-1001", "TimeoutError"),
        "audit": (ordered,),
        "reminders undeliverable": (LONG, "C-1003"),
        "reminders preview": (LONG,),
        "reminders log S-2001": (LONG,),
        "terms": ("PANELIK_PRICES_INCLUDE_TAX",),
        "panel": ("embedded",),
    }.items():
        told = panelik(*command.split())
        assert (told.code, told.err) == (0, "")
        for word in words:
            assert word in told.out, f"{word} in:\n{told.out}"
        assert "…" not in told.out


@pytest.mark.slow
@pytest.mark.parametrize("columns", [30, 80, 200])
def test_every_list_and_report_is_json_for_programs(
    busy: tuple[Panelik, str, str], columns: int
) -> None:
    panelik, unpaid, ordered = busy
    panelik = replace(panelik, columns=columns)
    rows = documented()
    for name, command in LISTS.items():
        found = parsed(panelik(*command.split(), "--json"))
        assert found["items"], command
        if name != "undeliverable":
            assert (found["page"], found["has_next"]) == (1, False)
        assert {frozenset(item) for item in found["items"]} == {
            frozenset(field_names(rows[command]))
        }
    for command in REPORTS.values():
        found = parsed(panelik(*command.split(), "--json"))
        assert set(found) == field_names(rows[" ".join(command.split()[:2])])
    (order,) = [item for item in parsed(panelik("orders", "--json"))["items"] if item["proforma"]]
    assert order["paid"] == {"amount": "448.00", "currency": "PLN"}
    assert (order["proforma"], order["domain"]) == (ordered, LONG)
    proforma, *_ = parsed(panelik("proformas", "--json"))["items"]
    assert proforma["proforma"] == unpaid
    assert date.fromisoformat(proforma["lapses_after"]) > BEGIN.date()
    at = datetime.fromisoformat(parsed(panelik("audit", "--json"))["items"][0]["at"])
    assert at.utcoffset() is not None


def test_the_settings_of_the_load_are_json_too(loaded: Panelik) -> None:
    found = parsed(loaded("terms", "--json"))["items"]
    assert all(set(item) == field_names(documented()["terms"]) for item in found)


@pytest.mark.slow
def test_a_check_is_json_with_its_problems(panelik: Panelik) -> None:
    told = panelik("check", "--json", BOT_TOKEN="1:x", API_URL="http://127.0.0.1:9")
    assert told.code == 1
    found = json.loads(told.out)
    assert set(found) == field_names(documented()["check"])
    assert (found["ready"], len(found["problems"])) == (False, 2)


def test_an_empty_list_is_json_too(loaded: Panelik) -> None:
    assert parsed(loaded("calls", "--json")) == {"page": 1, "has_next": False, "items": []}


def test_a_decision_is_no_list(loaded: Panelik) -> None:
    for words in (
        ("orders", "accept", "1"), ("cancellations", "reject", "1"),
        ("terms", "accept"),
    ):  # fmt: skip
        told = loaded(*words, "--json")
        assert (told.code, told.out) == (2, "")
        assert told.err == "--json goes with the list, not with a decision."


def test_one_form_for_programs_is_enough(loaded: Panelik, tmp_path: Path) -> None:
    told = loaded("reminders", "undeliverable", "--json", "--csv", tmp_path / "x.csv")
    assert (told.code, told.out) == (2, "")


def test_every_command_with_json_is_documented() -> None:
    assert set(documented()) == set(_with_json(typer.main.get_command(app)))


def _with_json(command: Any, *names: str) -> list[str]:
    found = [" ".join(names)] if any("--json" in one.opts for one in command.params) else []
    for name, inner in getattr(command, "commands", {}).items():
        found += _with_json(inner, *names, name)
    return found


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 120])
def test_no_word_of_a_table_is_broken(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    rows = [
        ("1", "C-1001 Pracownia Zegarów Marta", f"Hosting {LONG[:30]}", "PRO-202611-00042-7391"),
        ("22", "C-7 [/b] 中文中文", "two\nlines", ""),
    ]
    print_table(("no.", "client", "what", "proforma"), rows)
    told = capsys.readouterr().out
    for row in rows:
        for word in " ".join(row).split():
            assert word in told.split(), told
    if columns >= 60:
        assert all(len(line) <= columns for line in told.splitlines())
