"""`panelik reminders`: what will be sent, who cannot be reached, what became of a service's."""

import csv
import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from billing.rules.reminders.stages import ReminderReason
from bot.commands.output.sentences import REASONS, stage_words
from bot.sandbox.demodata import write_demo_folder
from bot.sandbox.people import GUEST
from tests.bot.commands.conftest import BEGIN, Panelik
from tests.world import World, make_settings

ZONE = make_settings("sqlite:///x").zone
TODAY = BEGIN.astimezone(ZONE).date()
MARTA = "Pracownia Zegarów, Marta Zielińska"
WEEK = timedelta(days=7)


def test_a_preview_shows_who_reads_what_and_when_and_changes_nothing(loaded: Panelik) -> None:
    before = loaded.database.read_bytes()
    told = loaded("reminders", "preview")
    assert (told.code, told.err) == (0, "")
    anna, john = (
        re.search(rf"^{who} · user \d+ · (\w\w) · \w{{3}} [\d-]+ [\d:]+ \w+ \((.+)\)$",
                  told.out, re.MULTILINE)
        for who in ("C-1001 Anna Nowak", "C-1002 John Smith")
    )  # fmt: skip
    assert anna is not None
    assert anna.groups() == ("pl", "Europe/Warsaw")
    assert john is not None
    assert john.groups() == ("en", "Europe/Dublin")
    for words in (
        "Czekają 3 płatności", "[3 · Dodatkowy adres IP] [Dodaj do koszyka]",
        "1 payment is coming up", "[1 · Hosting Cumulus] [Add to cart]",
        "nobody is told of Domena .pl zegary-przyklad.pl, due ", "on the day: no Telegram user",
        "3 reminders that nobody gets.", "3 messages to 2 clients, ",
    ):  # fmt: skip
        assert words in told.out
    assert told.out.endswith("This was a preview: nothing was sent or written.")
    assert loaded.database.read_bytes() == before


@pytest.mark.slow
def test_a_day_to_come_is_previewed_and_one_that_is_over_is_not(loaded: Panelik) -> None:
    week = loaded("reminders", "preview", "--date", str(TODAY + WEEK))
    assert re.search(rf"^C-1002 .* · en · \w{{3}} {TODAY + WEEK} 10:\d\d", week.out, re.MULTILINE)
    assert "Hosting Cumulus · smith-and-sons.example" in week.out
    assert "(today)" in week.out
    over = loaded("reminders", "preview", "--date", str(TODAY - timedelta(days=1)))
    assert (over.code, over.out) == (2, "")
    assert "is over. `panelik reminders log SERVICE` tells what was sent." in over.err
    far = loaded("reminders", "preview", "--date", "9999-12-31")
    assert (far.code, far.out) == (2, "")
    assert far.err == "9999-12-31 is too far away: name a day of the next ten years."
    for wrong in ("tomorrow", "2026-13-01"):
        refused = loaded("reminders", "preview", "--date", wrong)
        assert refused.code == 2
        assert f"'{wrong}' is not a day. Write it like 2027-03-01." in refused.err


def test_one_client_is_previewed_alone(loaded: Panelik) -> None:
    told = loaded("reminders", "preview", "--client", "C-1002")
    assert "Anna" not in told.out
    assert "1 message to 1 client, at " in told.out
    nobody = loaded("reminders", "preview", "--client", "C-9")
    assert (nobody.code, nobody.out) == (1, "")
    assert nobody.err.startswith('There is no client "C-9".')


@pytest.mark.slow
def test_what_was_sent_today_is_told(loaded: Panelik) -> None:
    loaded.lets(lambda world: world.passes(minutes=1))
    planned = loaded("reminders", "preview").out
    assert "3 reminders that nobody gets." in planned
    assert len(re.findall(r"user \d+ · (pl|en|sent already,)", planned)) == 3


@pytest.mark.slow
def test_a_changed_policy_is_seen_before_it_is_loaded(loaded: Panelik, tmp_path: Path) -> None:
    folder = write_demo_folder(tmp_path, TODAY)
    catalog = folder / "catalog.yaml"
    text = catalog.read_text(encoding="utf-8")
    changed = text.replace("  reminder_hour: 10\n", "  reminder_hour: 17\n").replace(
        "  reminder_offers: yes\n", "  reminder_offers: no\n"
    )
    catalog.write_text(changed, encoding="utf-8")
    john = ("reminders", "preview", "--client", "C-1002", "--date", str(TODAY + WEEK))
    assert re.search(r" 10:\d\d .*\(Europe/Dublin\)", loaded(*john).out)
    assert "Fair-weather offer" in loaded(*john).out
    previewed = loaded(*john, "--folder", folder)
    assert re.search(r" 17:\d\d .*\(Europe/Dublin\)", previewed.out)
    assert "Fair-weather offer" not in previewed.out
    assert loaded("load", folder).code == 0
    assert loaded(*john).out == previewed.out
    catalog.write_text(changed + "product: []\n", encoding="utf-8")
    wrong = loaded(*john, "--folder", folder)
    assert (wrong.code, wrong.out) == (1, "")
    assert wrong.err.endswith("1 mistake. Nothing was changed.")


@pytest.mark.slow
def test_unreachable_clients_are_listed_with_the_money_at_risk(loaded: Panelik) -> None:
    told = loaded("reminders", "undeliverable")
    assert (told.code, told.err) == (0, "")
    row = f"│ C-1003 │ {MARTA} │ no Telegram user is linked │ 3 │ {TODAY} │ 948.00 PLN │"
    assert row in told.out
    assert told.out.endswith(
        "1 client with 3 services due cannot be reached; at risk, with tax: 948.00 PLN."
    )
    code = loaded("link", "C-1003").out
    loaded.lets(lambda world: joins(world, code))
    assert loaded("reminders", "undeliverable").out == (
        "Everybody who owes something soon can be reached."
    )


async def joins(world: World, code: str) -> None:
    guest = world.person(GUEST)
    await guest.sends(f"/link {code}")
    await guest.taps("Yes, link it")


def test_unreachable_clients_are_written_as_csv(loaded: Panelik, tmp_path: Path) -> None:
    with closing(sqlite3.connect(loaded.database)) as database, database:
        database.execute("UPDATE clients SET name = '=1+1', email = '@x' WHERE ref = 'C-1003'")
    file = tmp_path / "lost.csv"
    told = loaded("reminders", "undeliverable", "--csv", file)
    assert told.out.endswith(f"at risk, with tax: 948.00 PLN.\nWritten to {file}.")
    assert list(csv.DictReader(file.read_text(encoding="utf-8").splitlines())) == [
        {
            "client": "C-1003", "name": "'=1+1", "email": "'@x", "reason": "nobody_linked",
            "services": "3", "nearest_due": str(TODAY), "at_risk": "948.00", "currency": "PLN",
        }
    ]  # fmt: skip
    assert all(line.count('"') == 16 for line in file.read_text().splitlines())
    nowhere = loaded("reminders", "undeliverable", "--csv", tmp_path / "no" / "such")
    assert (nowhere.code, nowhere.out) == (1, "")
    assert nowhere.err.endswith("cannot be written: No such file or directory.")


def test_a_price_that_is_not_known_yet_is_at_risk_as_unknown(
    loaded: Panelik, tmp_path: Path
) -> None:
    forget(loaded, "amount = NULL", "S-2201")
    file = tmp_path / "lost.csv"
    told = loaded("reminders", "undeliverable", "--csv", file).out
    assert re.search(
        r"at risk, with tax: [\d.]+ PLN, the unknown price of 1 service\.$", told, re.MULTILINE
    )
    (row,) = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    assert (row["services"], row["at_risk"], row["currency"]) == ("3", "", "PLN")
    forget(loaded, "amount = NULL", "S-2202", "A-3201")
    listed = loaded("reminders", "undeliverable").out
    assert "│ the unknown price of 3 services │" in listed
    assert listed.endswith("at risk, with tax: the unknown price of 3 services.")


def test_the_log_says_that_a_due_date_is_not_known_yet(loaded: Panelik) -> None:
    forget(loaded, "next_due_date = NULL, due_date_known = 0", "S-2001")
    told = loaded("reminders", "log", "S-2001").out
    assert "Its next due date is not known yet, so no reminder of it is planned." in told


def forget(loaded: Panelik, change: str, *refs: str) -> None:
    """Let something of these services be not known."""
    names = ", ".join(f"'{ref}'" for ref in refs)
    with closing(sqlite3.connect(loaded.database)) as database, database:
        changed = database.execute(f"UPDATE services SET {change} WHERE ref IN ({names})")  # noqa: S608
        assert changed.rowcount == len(refs)


def test_names_are_shown_as_they_are(loaded: Panelik) -> None:
    with closing(sqlite3.connect(loaded.database)) as database, database:
        database.execute("UPDATE clients SET name = '[red]A[/b]' WHERE ref = 'C-1003'")
    assert "│ [red]A[/b] │" in loaded("reminders", "undeliverable").out


@pytest.mark.slow
def test_the_log_of_a_service_tells_what_became_of_its_reminders(loaded: Panelik) -> None:
    assert loaded("reminders", "log", "S-2001").out.endswith("No reminder of it was planned yet.")
    loaded.lets(lambda world: world.passes(days=1))
    told = loaded("reminders", "log", "S-2001").out
    for words in (
        "S-2001 · Hosting Cumulus galeria-anny.example · client C-1001 Anna Nowak",
        f"Next due on {TODAY + timedelta(days=3)}.",
        f"Due {TODAY + timedelta(days=3)}, 3 days before",
    ):
        assert words in told
    assert re.search(r"^[\d-]+ [\d:]+ CES?T (planned for|sent to) user 1001", told, re.MULTILINE)
    lost = loaded("reminders", "log", "S-2202").out
    assert re.search(r"CES?T undeliverable: no Telegram user is linked$", lost, re.MULTILINE)
    nothing = loaded("reminders", "log", "S-9")
    assert (nothing.code, nothing.out) == (1, "")
    assert nothing.err.startswith('There is no service "S-9".')


def test_every_reason_has_its_words() -> None:
    assert set(REASONS) == set(ReminderReason)
    assert len(set(REASONS.values())) == len(REASONS)


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("7", "7 days before"),
        ("1", "1 day before"),
        ("0", "on the day"),
        ("-1", "1 day after"),
        ("snooze:2027-01-15", "asked for on 2027-01-15"),
    ],
)
def test_stages_have_words(stage: str, words: str) -> None:
    assert stage_words(stage) == words
