import json
import shutil
from pathlib import Path

import pytest

from locales.tool.messages import update
from locales.tool.project import Project
from locales.tool.review import check
from locales.tool.translations import merge, read

SOURCE = """
def screen(t, name, n):
    t("<b>{name}</b>: cart", name=name)
    t.n("{n} line", "{n} lines", n)
    t.plain("Pay")
"""
POLISH = {
    "<b>{name}</b>: cart": "Koszyk: <b>{name}</b>",
    "{n} line": ["{n} pozycja", "{n} pozycje", "{n} pozycji"],
    "Pay": "Zapłać",
}
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A checkout where everything is translated and right."""
    found = Project(tmp_path)
    found.catalogue("pl").parent.mkdir(parents=True)
    found.catalogue("pl").touch()
    say(found, SOURCE)
    update(found)
    texts = tmp_path / "pl.json"
    texts.write_text(json.dumps(POLISH), encoding="utf-8")
    assert merge(found, "pl", read(texts, "pl")) == (3, [])
    return found


def say(project: Project, source: str) -> None:
    """Write the source file."""
    path = project.root / "handlers" / "cart.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(source, encoding="utf-8")


def faults(project: Project) -> str:
    """What the check finds, a line each."""
    return "\n".join(map(str, check(project)))


def edit(project: Project, before: str, after: str) -> None:
    """Change a catalogue by hand."""
    path = project.catalogue("pl")
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_a_right_project_has_no_faults(project: Project) -> None:
    assert faults(project) == ""


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        ("t(f'Hello {name}')", "handlers/cart.py:3: t(...) takes literal text only"),
        ("t.plain('Yes' if n else 'No')", "plain(...) takes literal text only"),
        ("t(name)", "takes literal text only"),
        ("t.n('{n} line', name, n)", "n(...) takes literal text only"),
        ("t('{name.secret}', name=name)", "only plain names may stand in braces"),
        ("t('{name!r}', name=name)", "only plain names may stand in braces"),
        ("t('{0}')", "only plain names may stand in braces"),
        ("t('{name')", "expected '}'"),
        ("t('Hello {name}', nam=name)", "placeholders and arguments differ (nam, name)"),
        ("t.n('{n} in {x}', '{n} in {x}', n)", "placeholders and arguments differ (x)"),
        ("t('Terms & rules')", "a bare & in HTML"),
        ("t('<b>Open')", "<b> is not closed"),
        ("t('Closed</b>')", "</b> closes nothing"),
        ("t('<div>Box</div>')", "Telegram does not know <div>"),
        ("t.plain('<b>Pay</b>')", "plain text with HTML in it"),
        ("t.plain('A &amp; B')", "plain text with HTML in it"),
        ("t(", "cannot be read"),
    ],
)
def test_a_faulty_call_is_found_with_file_and_line(
    project: Project, call: str, fault: str
) -> None:
    say(project, f"def screen(t, name, n):\n    # a comment\n    {call}\n")
    assert fault in faults(project)


def test_a_call_that_extraction_passes_over_is_found(project: Project) -> None:
    """Up to Python 3.11 an f-string is one token: Babel sees no call inside."""
    say(project, SOURCE + "    t.plain('{x}', x=[t.plain('Deep')])\n    (t)('Hidden')\n")
    update(project)
    assert "handlers/cart.py:7: never extracted: 'Hidden'" in faults(project)


def test_one_text_is_not_both_a_plural_and_a_message_of_its_own(project: Project) -> None:
    """A catalogue knows a message by its first text: one of the two would stay English."""
    say(project, SOURCE + "    t('{n} line', n=n)\n")
    update(project)
    assert "handlers/cart.py:6: never extracted: '{n} line'" in faults(project)


def test_hidden_arguments_are_not_judged(project: Project) -> None:
    say(project, "def screen(t, values):\n    t.plain('{a}', **values)\n")
    assert "differ (" not in faults(project)


def test_a_new_message_makes_the_template_out_of_date(project: Project) -> None:
    say(project, SOURCE + "    t.plain('New')\n")
    assert "locales/bot.pot: out of date; run `make messages`" in faults(project)


def test_a_missing_template_is_out_of_date(project: Project) -> None:
    project.template.unlink()
    assert "locales/bot.pot: out of date" in faults(project)


def test_a_catalogue_behind_the_template_is_found(project: Project) -> None:
    edit(project, 'msgid "Pay"', 'msgid "Paid"')
    assert "differs from the template; run `make messages`: Pay" in faults(project)


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('"Zapłać"', '""', "not translated: 'Pay'"),
        ('msgstr[1] "{n} pozycje"', 'msgstr[1] ""', "not translated: ('{n} line', '{n} lines')"),
        ("{n} pozycji", "{m} pozycji", "placeholders differ in form 2 of '{n} lines'"),
        ("{n} pozycji", "dużo pozycji", "placeholders differ in form 2"),
        ("{n} pozycji", "{n.real} pozycji", "only plain names may stand in braces"),
        ("Koszyk: <b>{name}</b>", "Koszyk: {name}", "HTML tags differ"),
        ("Koszyk: <b>{name}</b>", "Koszyk: </b>{name}<b>", "</b> closes nothing"),
        ("Koszyk", "Ten & tamten", "a bare & in HTML"),
        ("Zapłać", "Zapłać ", "spaces or line breaks at the ends differ"),
        ("Zapłać", "<b>Zapłać</b>", "HTML tags differ"),
        ('msgid "Pay"', '#, fuzzy\nmsgid "Pay"', "marked fuzzy: 'Pay'"),
    ],
)
def test_a_faulty_translation_is_found(
    project: Project, before: str, after: str, fault: str
) -> None:
    edit(project, before, after)
    found = faults(project)
    assert fault in found
    assert "locales/pl/LC_MESSAGES/bot.po: " in found


def test_a_fuzzy_mark_survives_an_update(project: Project) -> None:
    edit(project, 'msgid "Pay"', '#, fuzzy\nmsgid "Pay"')
    update(project)
    assert "marked fuzzy: 'Pay'" in faults(project)


def test_the_messages_themselves_are_checked_before_anybody_translates_them(
    project: Project,
) -> None:
    project.catalogue("pl").unlink()
    say(project, SOURCE.replace("</b>: cart", ": cart"))
    update(project)
    assert "locales/bot.pot: " in faults(project)


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="GNU gettext is not installed")
def test_gettext_itself_is_asked_too(project: Project) -> None:
    edit(project, '"Zapłać"', '"Zapłać"\n\nmsgid "Pay"\nmsgstr "Płać"')
    assert "msgfmt: " in faults(project)
    assert "duplicate message definition" in faults(project)


def test_our_own_catalogues_hold_a_known_plural() -> None:
    text = Project(ROOT).template.read_text("utf-8")
    assert 'msgid "in {n} day"\nmsgid_plural "in {n} days"\n' in text
