"""Codes in what people send, and what a deep link says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.access.deep_links import (
    CodeLink,
    DeepLink,
    Greeting,
    InvoiceLink,
    ServiceLink,
    pasted_link,
    read_link,
)
from billing.rules.access.link_codes import ALPHABET, CODE_LENGTH, code_in, code_of

CODE = "ABCD2345"
codes = st.text(ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH)


@pytest.mark.parametrize(
    ("text", "asked", "unasked"),
    [
        (CODE, CODE, CODE),
        ("abcd2345", CODE, CODE),
        ("ABCD-2345", CODE, CODE),
        ("abcd 2345", CODE, CODE),
        ("„ABCD2345”.", CODE, CODE),
        ("kod: ABCD2345", CODE, CODE),
        ("Kod to abcd2345, proszę o połączenie", CODE, CODE),
        ("your code is abcdefgh", "ABCDEFGH", "ABCDEFGH"),
        ("dane ABCD 2345", CODE, CODE),
        ("Mam tutaj ABCDEFGH", "ABCDEFGH", "ABCDEFGH"),
        ("A\u200bBCD\u00ad2345", CODE, CODE),
        ("ＡＢＣＤ２３４５", CODE, CODE),
        ("c_abcd2345", CODE, CODE),
        ("a b c d 2 3 4 5", CODE, None),
        ("prezenty", "PREZENTY", None),
        ("22334455", "22334455", None),
        ("kiedy wyślecie prezenty?", None, None),
        ("wrong-one", None, None),
        ("ABCD234", None, None),
        ("ABCD23456", None, None),
        ("ABCD0123", None, None),
        ("żABCD2345", None, None),
        ("", None, None),
    ],
)
def test_a_code_is_found_in_what_people_send(
    text: str, asked: str | None, unasked: str | None
) -> None:
    assert code_in(text, is_asked=True) == asked
    assert code_in(text, is_asked=False) == unasked


@given(codes)
def test_every_code_is_read_however_it_is_written(code: str) -> None:
    for written in (code, code.lower(), f"{code[:4]}-{code[4:]}", f"{code[:4]} {code[4:]}"):
        assert code_in(written, is_asked=True) == code
        assert code_in(f"kod: {written}", is_asked=False) == code
    assert read_link(f"c_{code}") == read_link(code) == CodeLink(code)
    assert pasted_link(f"https://t.me/bot?start=c_{code}") == CodeLink(code)


@pytest.mark.slow
@given(st.text(max_size=60))
def test_what_is_found_has_the_shape_of_a_code(text: str) -> None:
    for is_asked in (True, False):
        found = code_in(text, is_asked=is_asked)
        assert found is None or code_of(found) == found


@pytest.mark.parametrize(
    ("said", "link"),
    [
        ("c_ABCD2345", CodeLink(CODE)),
        ("c_ABCD-2345", CodeLink(CODE)),
        ("c_newsletter", CodeLink(None)),
        ("c_", CodeLink(None)),
        ("s_S-2001", ServiceLink("S-2001")),
        ("s_ABCD234", ServiceLink("ABCD234")),
        ("s_", Greeting()),
        ("p_PRO-202611-00042-7391", InvoiceLink("PRO-202611-00042-7391")),
        ("p_", Greeting()),
        ("m_ABCD234", Greeting()),
        ("m_SUMMER25", Greeting()),
        ("newsletter", Greeting()),
        ("", Greeting()),
        ("c", Greeting()),
    ],
)
def test_a_deep_link_says_what_it_opens(said: str, link: DeepLink) -> None:
    assert read_link(said) == link


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://t.me/chmurnik_bot?start=c_ABCD2345", CodeLink(CODE)),
        ("HTTPS://T.ME/chmurnik_bot?start=ABCD2345.", CodeLink(CODE)),
        ("Tu: t.me/chmurnik_bot/?start=s_S-1, dzięki", ServiceLink("S-1")),
        ("https://telegram.me/chmurnik_bot?utm=1&start=p_PRO-1", InvoiceLink("PRO-1")),
        ("tg://resolve?domain=chmurnik_bot&start=c_abcd2345", CodeLink(CODE)),
        ("tg://resolve?start=newsletter&domain=chmurnik_bot", Greeting()),
        ("https://chmurnik_bot.t.me?start=c_ABCD2345", CodeLink(CODE)),
        ("t.me/chmurnik_bot", None),
        ("https://hosting.example/?start=c_ABCD2345", None),
        ("hosting", None),
    ],
)
def test_a_pasted_link_is_read(text: str, link: DeepLink | None) -> None:
    assert pasted_link(text) == link
