import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from locales.tool.messages import missing, update
from locales.tool.project import Project, load, messages_of
from locales.tool.translations import compile_all, merge, read

SOURCE = """
def screen(t, name, n):
    # Translators: the title of the cart
    t("Cart of {name}", name=name)
    t.n("{n} line", "{n} lines", n)
    t.plain("Pay")
"""
POLISH = {
    "Cart of {name}": "Koszyk: {name}",
    "{n} line": ["{n} pozycja", "{n} pozycje", "{n} pozycji"],
    "Pay": "Zapłać",
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A checkout with one screen and empty catalogues."""
    found = Project(tmp_path)
    found.catalogue("pl").parent.mkdir(parents=True)
    found.catalogue("pl").touch()
    say(found, SOURCE)
    update(found)
    return found


def say(project: Project, source: str, name: str = "cart") -> None:
    """Write a source file."""
    path = project.root / "handlers" / f"{name}.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(source, encoding="utf-8")


def translate(project: Project, texts: object) -> tuple[int, list[str]]:
    """Hand in translations as a JSON file."""
    file = project.root / "texts.json"
    file.write_text(json.dumps(texts), encoding="utf-8")
    with project.locked():
        return merge(project, "pl", read(file, "pl"))


def ids(path: Path) -> Iterator[object]:
    return (message.id for message in messages_of(load(path)))


def test_extraction_finds_each_kind_of_call_and_the_plural(project: Project) -> None:
    assert list(ids(project.template)) == ["Cart of {name}", "Pay", ("{n} line", "{n} lines")]
    assert "#. Translators: the title of the cart" in project.template.read_text("utf-8")


def test_polish_waits(project: Project) -> None:
    assert missing(project, "pl") == {
        "Pay": "",
        "Cart of {name}": "",
        "{n} line": ["", "", ""],
    }
    assert missing(project, "pl", within="bot/") == {}


def test_translations_are_taken_in_and_survive_an_update(project: Project) -> None:
    assert translate(project, POLISH) == (3, [])
    say(project, SOURCE + "    t.plain('Empty')\n")
    update(project)
    assert missing(project, "pl") == {"Empty": ""}
    assert translate(project, POLISH) == (0, [])


def test_an_update_without_changes_writes_nothing(project: Project) -> None:
    assert update(project) == ([], [])


def test_moving_code_changes_no_catalogue(project: Project) -> None:
    say(project, "\n\n\n" + SOURCE)
    assert update(project) == ([], [])


def test_a_message_that_nobody_says_any_more_is_dropped(project: Project) -> None:
    translate(project, POLISH)
    say(project, "def screen(t):\n    t.plain('Pay')\n")
    update(project)
    assert list(ids(project.catalogue("pl"))) == ["Pay"]
    assert "#~" not in project.catalogue("pl").read_text("utf-8")


def test_a_plural_with_another_second_text_is_a_new_message(project: Project) -> None:
    translate(project, POLISH)
    say(project, SOURCE.replace("{n} lines", "{n} rows"))
    update(project)
    assert missing(project, "pl") == {"{n} line": ["", "", ""]}


def test_a_new_catalogue_says_its_language_and_plurals(project: Project) -> None:
    header = project.catalogue("pl").read_text("utf-8").split("\n\n", 1)[0]
    assert '"Language: pl\\n"' in header
    assert "nplurals=3" in header
    assert "fuzzy" not in header


def test_a_file_in_the_middle_of_an_edit_keeps_its_messages(project: Project) -> None:
    translate(project, POLISH)
    say(project, SOURCE + "    t.plain('Half\n")
    assert update(project) == ([], ["handlers/cart.py"])
    assert missing(project, "pl") == {}


def test_wrong_translations_are_refused_one_by_one(project: Project) -> None:
    wrong = {"Pay": "Zapłać", "Cart of {name}": "Koszyk: {nazwa}", "{n} line": ["a"], "No": "Nie"}
    changed, faults = translate(project, wrong)
    assert changed == 1
    assert len(faults) == 3


def test_a_po_fragment_is_taken_in_too(project: Project) -> None:
    fragment = project.root / "fragment.po"
    fragment.write_text('msgid "Pay"\nmsgstr "Zapłać"\n', encoding="utf-8")
    assert merge(project, "pl", read(fragment, "pl")) == (1, [])


@pytest.mark.slow
def test_many_translators_at_once_lose_nothing(project: Project) -> None:
    names = [f"Word {number}" for number in range(12)]
    say(project, "def screen(t):\n" + "".join(f"    t.plain('{name}')\n" for name in names), "w")
    update(project)

    def add(name: str) -> tuple[int, list[str]]:
        file = project.root / f"{name}.json"
        file.write_text(json.dumps({name: name.replace("Word", "Słowo")}), encoding="utf-8")
        with project.locked():
            update(project)
            return merge(project, "pl", read(file, "pl"))

    with ThreadPoolExecutor(6) as people:
        assert list(people.map(add, names)) == [(1, [])] * 12
    assert not set(missing(project, "pl")) & set(names)


def test_the_header_of_a_catalogue_is_kept(project: Project) -> None:
    path = project.catalogue("pl")
    text = path.read_text("utf-8").replace(
        '"Language: pl', '"X-Generator: Weblate\\n"\n"Language: pl'
    )
    path.write_text(text, encoding="utf-8")
    say(project, "def screen(t):\n    t.plain('Pay')\n")
    update(project)
    assert "X-Generator: Weblate" in path.read_text("utf-8")


def test_catalogues_compile_to_files_beside_them(project: Project) -> None:
    made = list(compile_all(project))
    assert [path.name for path in made] == ["bot.mo"]
    assert all(path.stat().st_size for path in made)
