import pytest

from billing.rules.access.emails import (
    email_code_in,
    email_in,
    email_key,
    hash_email_code,
    hash_proof,
)


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("anna@example.com", "anna@example.com"),
        ("  Anna.Nowak+x@Example.co.uk. ", "Anna.Nowak+x@Example.co.uk"),
        ("to mój adres: anna@example.com!", "anna@example.com"),
        ("mailto:anna@example.com", "anna@example.com"),
        ("Anna <anna@example.com>", "anna@example.com"),
        ("\u200banna@example.com\u200b", "anna@example.com"),
        ("żółw@żółw.example", "żółw@żółw.example"),
        ("anna@example", None),
        ("@example.com", None),
        ("anna at example.com", None),
        (f"{'a' * 250}@example.com", None),
        ("", None),
    ],
)
def test_the_address_in_a_message(said: str, address: str | None) -> None:
    assert email_in(said) == address


def test_only_latin_capitals_are_made_small() -> None:
    assert email_key("Anna.NOWAK@Example.COM") == "anna.nowak@example.com"
    kelvin, dotless, sharp = "\u212aate@x.pl", "ma\u0131l@x.pl", "stra\u00dfe@x.pl"
    assert [email_key(address) for address in (kelvin, dotless, sharp)] == [
        kelvin, dotless, sharp,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("123456", "123456"), ("123 456", "123456"), ("kod to 012-345.", "012345"),
        ("1234567", None), ("12345", None), ("ABCDEF", None), ("١٢٣٤٥٦", None),
    ],
)  # fmt: skip
def test_the_code_in_a_message(said: str, code: str | None) -> None:
    assert email_code_in(said) == code


def test_what_is_stored_is_different_for_every_request_code_and_client() -> None:
    hashes = {hash_email_code(row, code) for row in (1, 2) for code in ("123456", "123457")}
    proofs = {hash_proof(1, "123456", client) for client in (1, 2)}
    assert len(hashes | proofs) == 6
