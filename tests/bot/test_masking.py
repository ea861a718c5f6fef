"""Secrets in whatever form they turn up."""

import html
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.masking import HIDDEN, Mask

TOKEN = "123456789:AAtestTOKENtestTOKENtestTOKENtest0"
PASSWORD = "pä55 w<r>d\"&+/='ż"
PROXY = f"http://robot:{quote(PASSWORD, safe='')}@proxy.example:3128"
DATABASE = "postgresql+asyncpg://panelik:g%40heim@db.example/panelik"
MASK = Mask([TOKEN, PROXY, DATABASE])

FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "percent": lambda text: quote(text, safe=""),
    "percent, slashes": quote,
    "percent, small": lambda text: quote(text, safe="").lower(),
    "form": quote_plus,
    "html": html.escape,
    "html, quotes": lambda text: html.escape(text, quote=False),
    "json": lambda text: json.dumps(text)[1:-1],
    "repr": lambda text: repr(text)[1:-1],
    "base64": lambda text: b64encode(text.encode()).decode(),
    "base64, no padding": lambda text: b64encode(text.encode()).decode().rstrip("="),
    "base64 for addresses": lambda text: urlsafe_b64encode(text.encode()).decode(),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("secret", [TOKEN, PASSWORD, "g@heim", f"robot:{PASSWORD}"])
def test_every_form_of_every_secret_is_hidden(secret: str, form: str) -> None:
    if "small" in form and secret == TOKEN:
        return  # there the letters themselves would change
    written = FORMS[form](secret)
    assert MASK.hide(f"before {written} after") == f"before {HIDDEN} after"


def test_the_header_of_a_proxy_is_hidden() -> None:
    told = b64encode(f"robot:{PASSWORD}".encode()).decode()
    assert MASK.hide(f"Proxy-Authorization: Basic {told}") == "Proxy-Authorization: Basic ***"


@given(st.binary(max_size=12), st.binary(max_size=12))
def test_a_password_within_a_longer_text_in_base64_is_hidden(before: bytes, after: bytes) -> None:
    secret = "tajne-haslo-0"
    told = b64encode(before + secret.encode() + after).decode()
    left = Mask([f"http://robot:{secret}@proxy:3128"]).hide(told)
    assert HIDDEN in left


def test_addresses_are_hidden_whole_and_in_parts() -> None:
    assert MASK.hide(f"via {PROXY}") == "via ***"
    assert MASK.hide("key AAtestTOKENtestTOKENtestTOKENtest0") == "key ***"
    assert (
        MASK.hide("proxy.example and panelik and robot") == "proxy.example and panelik and robot"
    )


def test_a_short_password_hides_no_other_words() -> None:
    mask = Mask(["http://robot:no@proxy:3128"])
    assert mask.hide("nothing, robot:no") == "nothing, ***"
    assert mask.hide(b64encode(b"robot:no").decode()) == HIDDEN


def test_a_password_that_is_also_a_name_hides_no_names() -> None:
    mask = Mask(["postgresql://panelik:panelik@db/panelik"])
    assert mask.hide("panelik: panelik:panelik") == "panelik: ***"


def test_bytes_that_are_no_text_stay_as_they_are() -> None:
    assert MASK.hide_bytes(b"\xff\x00g@heim\xfe") == b"\xff\x00***\xfe"
    assert Mask().hide_bytes(b"\xff anything") == b"\xff anything"


def test_a_secret_that_is_not_an_address_is_hidden_whole() -> None:
    assert Mask(["http://[oops"]).hide("see http://[oops") == "see ***"
