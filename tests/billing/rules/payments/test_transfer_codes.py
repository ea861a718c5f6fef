"""The text of a transfer's QR code, by the rules of the standards and beside another library."""

import re

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from segno.helpers import make_epc_qr

from billing.rules.money import Money
from billing.rules.payments.transfer_codes import Correction, transfer_code
from billing.rules.shop.catalog import BankAccount

NUMBER = "27114020040000300201355387"
TITLE = "PRO-202611-00042-7391"
GROSZE = st.integers(min_value=-5, max_value=2_000_000)
NAMES = st.text(min_size=1, max_size=90)
TITLES = st.text(max_size=40)


def account(holder: str = "Chmura", number: str = NUMBER, **rest: str) -> BankAccount:
    return BankAccount(holder, number, **rest)


def polish(
    holder: str = "Chmura", minor: int = 100, title: str = TITLE, tax_id: str = "", **rest: str
) -> list[str]:
    content = transfer_code(account(holder, **rest), Money(minor, "PLN"), title, tax_id=tax_id)
    assert content is not None
    assert content.correction is Correction.LOW
    return content.text.split("|")


def iban_of(country: str, rest: str) -> str:
    digits = "".join(str(int(char, 36)) for char in f"{rest}{country}00")
    return f"{country}{98 - int(digits) % 97:02}{rest}"


def test_the_polish_code_has_nine_fields() -> None:
    assert polish("Chmura Łódź sp. z o.o.", 53751, tax_id="PL 526-025-09-95") == [
        "5260250995", "PL", NUMBER, "053751", "Chmura Łódź sp. z", TITLE, "", "", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("holder", "name"),
    [
        ("Chmurnik Hosting (firma zmyślona), ul. Obłoczna 1", "Chmurnik Hosting"),
        ("Internetbetriebsgesellschaft", "Internetbetriebsgese"),
        ("A|B\nC\u200b  D", "A B C D"),
        ("12345678901234567890", "12345678901234567890"),
    ],
)
def test_a_long_name_is_cut_between_words(holder: str, name: str) -> None:
    assert polish(holder)[4] == name


def test_the_operators_short_name_comes_first() -> None:
    assert polish("Chmurnik Hosting, ul. Obłoczna 1", short_name="Chmurnik")[4] == "Chmurnik"


@pytest.mark.parametrize("tax_id", ["", "5260250996", "0000000000", "IE1234567WA", "123"])
def test_what_is_no_nip_is_left_out(tax_id: str) -> None:
    assert polish(tax_id=tax_id)[0] == ""


@settings(max_examples=1_000)
@given(holder=NAMES, minor=GROSZE, title=TITLES, tax_id=st.text(max_size=14))
def test_every_polish_code_follows_the_standard(
    holder: str, minor: int, title: str, tax_id: str
) -> None:
    content = transfer_code(account(holder), Money(minor, "PLN"), title, tax_id=tax_id)
    if content is None:
        words = " ".join("".join(
            c if c.isprintable() and c != "|" else " " for c in title
        ).split())  # fmt: skip
        name = "".join(c for c in holder if c.isprintable() and c != "|").strip()
        assert not 1 <= minor <= 999_999 or not words or len(words) > 32 or not name
        return
    nip, country, number, amount, name, shown, *reserved = content.text.split("|")
    assert re.fullmatch(r"(?:[0-9]{10})?", nip)
    assert (country, number, reserved) == ("PL", NUMBER, ["", "", ""])
    assert re.fullmatch(r"[0-9]{6}", amount)
    assert int(amount) == minor > 0
    assert 0 < len(name) <= 20
    assert 0 < len(shown) <= 32
    assert shown == " ".join("".join(
        char if char.isprintable() and char != "|" else " " for char in title
    ).split())  # fmt: skip
    assert len(content.text) <= 160
    assert content.text.isprintable()


@pytest.mark.parametrize("minor", [0, -1, 1_000_000])
def test_an_amount_that_the_code_cannot_say_has_none(minor: int) -> None:
    assert transfer_code(account(), Money(minor, "PLN"), TITLE) is None
    assert transfer_code(account(), Money(999_999, "PLN"), TITLE) is not None


@pytest.mark.parametrize(
    "number", ["1001", "28114020040000300201355387", "DE02120300000000202051"]
)
def test_what_is_no_polish_account_has_no_polish_code(number: str) -> None:
    assert transfer_code(account(number=number), Money(100, "PLN"), TITLE) is None


def test_other_currencies_have_no_code() -> None:
    assert transfer_code(account(), Money(100, "CZK"), TITLE) is None


def test_a_title_is_never_cut() -> None:
    assert transfer_code(account(), Money(100, "PLN"), "x" * 33) is None
    assert transfer_code(account(), Money(100, "EUR"), "x" * 141) is None


@pytest.mark.parametrize("number", ["DE02120300000000202052", "XX", "", "1001"])
def test_a_mistyped_iban_has_no_code(number: str) -> None:
    assert transfer_code(account(number=number), Money(100, "EUR"), TITLE) is None


@given(
    holder=st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=70),
    minor=st.integers(min_value=1, max_value=99_999_999_999),
    rest=st.from_regex(r"[0-9A-Z]{11,26}", fullmatch=True),
    country=st.sampled_from(["DE", "FR", "IE", "PL"]),
    bic=st.sampled_from(["", "BREXPLPW", "BREXPLPWXXX"]),
)
def test_a_euro_code_is_what_another_library_writes(
    holder: str, minor: int, rest: str, country: str, bic: str
) -> None:
    iban = iban_of(country, rest)
    content = transfer_code(account(holder, iban, swift=bic), Money(minor, "EUR"), TITLE)
    assert content is not None
    theirs = make_epc_qr(
        holder, iban, Money(minor, "EUR").decimal, text=TITLE, bic=bic or None, encoding="utf-8"
    )
    ours = segno.make(
        content.text, error="m", encoding="utf-8", micro=False, boost_error=False,
        version=theirs.version,
    )  # fmt: skip
    assert content.correction is Correction.MEDIUM
    assert [bytes(row) for row in ours.matrix] == [bytes(row) for row in theirs.matrix]
