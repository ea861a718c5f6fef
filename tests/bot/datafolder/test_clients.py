from pathlib import Path

import pytest

from billing.rules.loading.differences import ClientRow, Known
from billing.rules.money import Money
from tests.bot.datafolder.folders import client, load, mistakes, write


def test_a_client_is_read_as_written(tmp_path: Path) -> None:
    assert list(load(write(tmp_path)).clients()) == [
        ClientRow(
            ref="C-1",
            name="Anna",
            email="anna@example.com",
            country="PL",
            language="pl",
            timezone="Europe/Warsaw",
            currency="PLN",
            tax_rate=2300,
            tax_id="PL1",
            credit=Money(6000, "PLN"),
            telegram_ids=(1001, 1003),
        )
    ]


def test_only_id_and_name_are_needed(tmp_path: Path) -> None:
    empty = dict.fromkeys(client(), "") | {"id": "C-9", "name": "Nobody in particular"}
    (found,) = load(write(tmp_path, clients=[empty])).clients()
    nothing = Money(0, "PLN")
    assert found == ClientRow(
        "C-9", "Nobody in particular", "", "", "", "", "PLN", None, "", nothing, ()
    )


@pytest.mark.parametrize(("written", "points"), [("0", 0), ("7.7", 770), ("23 %", 2300)])
def test_a_tax_rate_is_a_percentage(tmp_path: Path, written: str, points: int) -> None:
    (found,) = load(write(tmp_path, clients=[client(tax_rate=written)])).clients()
    assert found.tax_rate == points


@pytest.mark.parametrize(
    ("column", "written", "reason"),
    [
        ("id", "", "id: is empty"),
        ("id", "x" * 65, "id: is 65 characters long, at most 64 are possible"),
        ("name", "", "name: is empty"),
        ("email", "anna(at)example", 'email: "anna(at)example" is not an e-mail address'),
        ("country", "Polska", 'country: "Polska" is not a country code of two letters such as PL'),
        ("language", "polish", 'language: "polish" is not a language code such as pl or en'),
        (
            "timezone", "Europe/Warszawa",
            'timezone: "Europe/Warszawa" is not a time zone; did you mean "Europe/Warsaw"?',
        ),
        (
            "currency", "pln",
            'currency: "pln" is not a currency we know; did you mean "PLN"?',
        ),
        ("tax_rate", "23.125", 'tax_rate: "23.125" is not a percentage such as 23 or 7.7'),
        ("tax_rate", "0.23", "tax_rate: 0.23 is less than one per cent; for 23 % write 23"),
        ("tax_rate", "101", 'tax_rate: "101" is not a percentage such as 23 or 7.7'),
        ("credit", "-1", "credit: -1 is negative"),
        ("credit", "1.005", "credit: 1.005 has more than the 2 decimal digits of PLN"),
        ("credit", "60 zł", 'credit: "60 zł" is not an amount such as 29.00'),
        ("telegram_ids", "1001 1001", "telegram_ids: 1001 is there twice"),
        ("telegram_ids", "-100123", 'telegram_ids: "-100123" is not the id of a Telegram user'),
        ("telegram_ids", "@anna", 'telegram_ids: "@anna" is not the id of a Telegram user'),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_with_its_line(
    tmp_path: Path, column: str, written: str, reason: str
) -> None:
    rows = [client(id="C-0"), client(**{column: written})]
    assert mistakes(write(tmp_path, clients=rows)) == [f"clients.csv:3: {reason}"]


def test_every_mistake_of_a_row_is_told(tmp_path: Path) -> None:
    found = mistakes(write(tmp_path, clients=[client(name="", country="x", credit="?")]))
    assert [line.split(":")[2].strip() for line in found] == ["country", "credit", "name"]


def test_a_decimal_comma_gets_a_hint(tmp_path: Path) -> None:
    text = "\ufeff" + ";".join(client()) + "\n" + ";".join(client(credit="60,00").values())
    assert mistakes(write(tmp_path, clients=text)) == [
        'clients.csv:2: credit: "60,00" is not an amount such as 29.00; decimals have a point'
    ]


def test_an_id_is_given_once(tmp_path: Path) -> None:
    rows = [client(), client(id="C-2"), client(name="Another Anna")]
    assert mistakes(write(tmp_path, clients=rows)) == [
        'clients.csv:4: id: "C-1" is already on line 2'
    ]


def test_a_loaded_clients_currency_never_changes(tmp_path: Path) -> None:
    known = Known(clients={"C-1": "EUR"})
    assert mistakes(write(tmp_path), known=known) == [
        "clients.csv:2: currency: was loaded as EUR and never changes"
    ]
