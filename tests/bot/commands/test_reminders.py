"""`panelik reminders`: what will be sent, who cannot be reached, what became of a service's."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from billing.rules.reminders import ReminderReason
from bot.commands.sentences import REASONS, stage_words
from bot.sandbox.demodata import write_demo_folder
from tests.bot.commands.conftest import BEGIN, Panelik
from tests.world import make_settings

ZONE = make_settings("sqlite:///x").zone
TODAY = BEGIN.astimezone(ZONE).date()
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
        "3 reminders that nobody gets.", "3 messages to 2 clients, from ",
    ):  # fmt: skip
        assert words in told.out
    assert told.out.endswith("This was a preview: nothing was sent or written.")
    assert loaded.database.read_bytes() == before


def test_a_day_to_come_is_previewed_and_one_that_is_over_is_not(loaded: Panelik) -> None:
    week = loaded("reminders", "preview", "--date", str(TODAY + WEEK))
    assert re.search(rf"^C-1002 .* · en · \w{{3}} {TODAY + WEEK} 10:\d\d", week.out, re.MULTILINE)
    assert "Hosting Cumulus · smith-and-sons.example" in week.out
    assert "(today)" in week.out
    over = loaded("reminders", "preview", "--date", str(TODAY - timedelta(days=1)))
    assert (over.code, over.out) == (2, "")
    assert "is over. `panelik reminders log SERVICE` tells what was sent." in over.err
    assert loaded("reminders", "preview", "--date", "tomorrow").code == 2


def test_one_client_is_previewed_alone(loaded: Panelik) -> None:
    told = loaded("reminders", "preview", "--client", "C-1002")
    assert "Anna" not in told.out
    assert "1 message to 1 client, from " in told.out
    nobody = loaded("reminders", "preview", "--client", "C-9")
    assert (nobody.code, nobody.out) == (1, "")
    assert nobody.err.startswith('There is no client "C-9".')


def test_what_was_sent_today_is_told(loaded: Panelik) -> None:
    loaded.lets(lambda world: world.passes(minutes=1))
    planned = loaded("reminders", "preview").out
    assert "3 reminders that nobody gets." in planned
    assert len(re.findall(r"user \d+ · (pl|en|sent already,)", planned)) == 3


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
