"""Ids that look like others, and what other programs leave in exports."""

from pathlib import Path

import pytest

from billing.rules.loading.differences import Known, KnownService
from billing.rules.shop.catalog import ProductKind
from bot.datafolder.folder import read_folder
from bot.datafolder.lookalikes import likeness, look_alikes
from bot.datafolder.mistakes import FolderError
from tests.bot.datafolder.folders import CATALOG, client, load, mistakes, service, write

NFC, NFD = "Łódź-\N{LATIN SMALL LETTER O WITH ACUTE}", "Łódź-o\N{COMBINING ACUTE ACCENT}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1", "001"),
        ("1", "1.0"),
        ("1", "1,00"),
        ("C-1", "C-001"),
        ("abc", "ABC"),
        ("straße", "STRASSE"),
        (NFC, NFD),
        ("12", "\N{FULLWIDTH DIGIT ONE}2"),
        ("0", "000"),
    ],
)
def test_these_look_alike(one: str, other: str) -> None:
    assert likeness(one) == likeness(other)
    assert [(a.ref, a.other) for a in look_alikes([other], {one: None})] == [(other, one)]
    assert [(a.ref, a.other) for a in look_alikes([one, other], {})] == [(other, one)]
    assert not list(look_alikes([one, other], {one: None, other: None}))


@pytest.mark.parametrize(
    ("one", "other"),
    [("1", "10"), ("100", "1"), ("1.5", "1"), ("C-1", "C1"), ("a.0", "a"), ("1.10", "1.1")],
)
def test_these_do_not(one: str, other: str) -> None:
    assert not list(look_alikes([one, other], {}))


def known(*clients: str, services: tuple[str, ...] = ()) -> Known:
    return Known(
        clients=dict.fromkeys(clients, "PLN"),
        services=dict.fromkeys(services, KnownService("1")),
        products={(ProductKind.PRODUCT, "start"): "start"},
    )


def test_ids_whose_zeros_were_dropped_are_asked_about(tmp_path: Path) -> None:
    rows = [service(id="007", client="001")]
    folder = write(tmp_path, clients=[client(id="001")], services=rows)
    before = known("1", services=("7",))
    question = "Is it the same one? Then write it like that; if it really is another one, load"
    assert mistakes(folder, known=before) == [
        f'{file}:2: id: "{new}" looks like "{old}", which is loaded already. {question} with '
        "--new-ids"
        for file, new, old in (("clients.csv", "001", "1"), ("services.csv", "007", "7"))
    ]
    meant = read_folder(folder, currency="PLN", known=before, new_ids=True)
    assert [row.ref for row in meant.services()] == ["007"]


def test_a_whole_company_is_not_doubled(tmp_path: Path) -> None:
    rows = [client(id=f"{number:03}") for number in range(1, 31)]
    told = mistakes(write(tmp_path, clients=rows), known=known(*map(str, range(1, 31))))
    assert told[0] == (
        "clients.csv: 30 new ids look like ids that are loaded already: did a spreadsheet drop "
        "zeros, or did another program write this file? Loaded as new ones, they would all be "
        "there twice"
    )


def test_ids_of_one_file_that_differ_by_case_are_asked_about(tmp_path: Path) -> None:
    folder = write(tmp_path, clients=[client(id="abc"), client(id="ABC", telegram_ids="")])
    (told,) = mistakes(folder)
    assert told.startswith('clients.csv:3: id: "ABC" looks like "abc", which is on line 2.')
    assert read_folder(folder, currency="PLN", new_ids=True).client_count == 2


def test_ids_made_of_other_characters_are_refused_always(tmp_path: Path) -> None:
    folder = write(tmp_path, clients=[client(id=NFD)])
    with pytest.raises(FolderError, match="look the same but are made of other characters"):
        read_folder(folder, currency="PLN", known=known(NFC), new_ids=True)
    assert len(mistakes(write(tmp_path, clients=[client(id=NFC), client(id=NFD)]))) == 1
    assert mistakes(write(tmp_path, clients=[client(id=NFC)]), known=known(NFC)) == []


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        ("\N{ZERO WIDTH SPACE}", "U+200B"),
        ("\N{LEFT-TO-RIGHT MARK}", "U+200E"),
        ("\N{SOFT HYPHEN}", "U+00AD"),
        ("\N{ZERO WIDTH NO-BREAK SPACE}", "U+FEFF"),
        ("\N{HANGUL FILLER}", "U+3164"),
        ("\N{VARIATION SELECTOR-16}", "U+FE0F"),
        ("x\N{NO-BREAK SPACE}y", "U+00A0"),
    ],
)
def test_a_mark_that_nobody_sees_is_refused_in_ids(tmp_path: Path, mark: str, code: str) -> None:
    folder = write(tmp_path, clients=[client(id=f"C{mark}1")])
    assert f"id: has a character in it that nobody sees ({code})" in mistakes(folder)[0]
    named = write(tmp_path, services=[service(client=f"C-1{mark}x")])
    assert any("client: has a character in it" in line for line in mistakes(named))


def test_a_client_whose_id_looks_like_the_one_that_is_named_is_hinted_at(tmp_path: Path) -> None:
    folder = write(tmp_path, clients=[client(id="1")], services=[service(client="001")])
    assert mistakes(folder) == [
        'services.csv:2: client: no client has the id "001"; "1" looks like it'
    ]


NOTHING = ["NULL", "null", r"\N", "N/A", "#N/A", "None", "NaN", "undefined", "#REF!", "-"]


@pytest.mark.parametrize("nothing", NOTHING)
@pytest.mark.parametrize(
    "column",
    [
        "id", "client", "product", "parent", "first_amount", "amount", "cycle", "registered_on",
        "next_due_date", "anchor_day", "status", "suspended_for",
    ],
)  # fmt: skip
def test_words_for_nothing_are_refused_where_they_would_do_harm(
    tmp_path: Path, column: str, nothing: str
) -> None:
    told = mistakes(write(tmp_path, services=[service(**{column: nothing})]))
    assert told[0] == (
        f'services.csv:2: {column}: "{nothing}" is what other programs write for nothing; leave '
        "it empty, or say what it is"
    )


@pytest.mark.parametrize("entity", ["A&amp;B", "&lt;1&gt;", "it&#39;s", "&#x27;1"])
def test_html_is_refused_in_ids(tmp_path: Path, entity: str) -> None:
    (told,) = mistakes(write(tmp_path, clients=[client(id=entity)]))
    assert "which is HTML; write the character itself" in told
    assert mistakes(write(tmp_path, clients=[client(id="A&B;C")])) == []


def test_odd_texts_are_named_and_loaded_as_they_are(tmp_path: Path) -> None:
    text = CATALOG.replace("name: Start", "name: {pl: Start &amp; S-ka, en: 'null'}")
    folder = load(
        write(
            tmp_path,
            catalog=text,
            clients=[
                client(name="A &amp; S-ka", tax_id="NULL"),
                client(id="C-2", name="?"),
            ],
            services=[service(name="Nowa strona \N{REPLACEMENT CHARACTER}", domain=r"\N")],
        )
    )
    assert [str(one) for one in folder.suspicions] == [
        'catalog.yaml:9: "&amp;" is HTML; should it be the character itself?',
        'catalog.yaml:9: "null" is what other programs write for nothing; should it be empty?',
        'clients.csv:2: name: "&amp;" is HTML; should it be the character itself?',
        (
            'clients.csv:2: tax_id: "NULL" is what other programs write for nothing; should it be '
            "empty?"
        ),
        'clients.csv:3: name: "?" is what other programs write for nothing; should it be empty?',
        "services.csv:2: name: a character was lost when the file was written (U+FFFD)",
        (
            'services.csv:2: domain: "\\N" is what other programs write for nothing; should it be '
            "empty?"
        ),
    ]
    assert next(folder.clients()).name == "A &amp; S-ka"


def test_ordinary_texts_are_not_suspected(tmp_path: Path) -> None:
    rows = [client(name="AT&T Polska; Oddział", tax_id="5260001246"), client(id="C-2", name="Nil")]
    found = load(write(tmp_path, clients=rows[:1], services=[service(domain="null.example")]))
    assert found.suspicions == ()
