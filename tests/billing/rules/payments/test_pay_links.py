"""Tokens of pages to pay: each is for one invoice, and none can be made or bent from outside."""

from dataclasses import replace

import pytest

from billing.rules.payments.invoices import Born, Invoice
from billing.rules.payments.pay_links import PayPages, is_web_address, read_token
from tests.make import invoice

PAGES = PayPages("https://bot.example.com/pay/", "secret")
BILL = invoice(id=7, born=Born.PANEL, ref="2043", number="FV/7")


def token_of(bill: Invoice, pages: PayPages = PAGES) -> str:
    return pages.address_of(bill).removeprefix(pages.base)


def leads_to(token: str, bill: Invoice, pages: PayPages = PAGES) -> bool:
    named = read_token(token)
    return named is not None and named.id == bill.id and pages.is_for(named, bill)


def test_a_token_leads_to_its_invoice_and_to_no_other() -> None:
    token = token_of(BILL)
    assert len(token) == 32
    assert leads_to(token, BILL)
    # The panel may number and state it anew; one that is another there is not meant.
    assert leads_to(token, replace(BILL, number="FV/8"))
    assert not leads_to(token, replace(BILL, ref="2044"))
    assert not leads_to(token, replace(BILL, id=8))
    assert not leads_to(token, BILL, PayPages(PAGES.base, "other"))


def test_no_letter_of_a_token_can_be_changed() -> None:
    token = token_of(BILL)
    for place, letter in enumerate(token):
        bent = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        assert not leads_to(bent, BILL)


@pytest.mark.parametrize(
    "text",
    ["", "a", "A" * 31, "A" * 33, "-" * 32, "ż" * 32, "A" * 31 + "=", "A" * 31 + "\n", "_" * 32],
)
def test_what_is_no_token_says_nothing(text: str) -> None:
    named = read_token(text)
    assert named is None or not PAGES.is_for(named, BILL)


def test_without_an_address_or_a_secret_there_are_no_pages() -> None:
    for pages in (PayPages(), PayPages(PAGES.base), PayPages(secret="secret")):
        assert pages.address_of(BILL) == ""
    named = read_token(token_of(BILL, PayPages(PAGES.base, "x")))
    assert named is not None
    assert not PayPages().is_for(named, BILL)
    assert PAGES.secret not in repr(PAGES)


@pytest.mark.parametrize(
    ("address", "can"),
    [
        ("https://panel.example/invoice/7", True),
        ("http://127.0.0.1:8080/invoice/7", True),
        ("http://localhost/invoice/7", False),
        ("https://panel/7", False),
        ("ftp://panel.example/7", False),
        ("https://panel.example/a b", False),
        ("https://[panel.example/7", False),
        ("", False),
    ],
)
def test_a_button_opens_what_telegram_takes(address: str, can: bool) -> None:
    assert is_web_address(address) is can
