import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.access.deep_links import CodeLink, SignedLink, read_link
from billing.rules.access.signed_links import SignedClient, hash_signed, read_signed
from tests.signing import LINKING, SECRET, example, signed

THEN = datetime.fromtimestamp(1_800_000_000, UTC)
UNTIL = THEN + timedelta(seconds=600)
PHP = shutil.which("php")
VECTOR = re.findall(r"`(c_[\w-]{23,})`", LINKING)


def test_the_example_in_python_makes_what_the_documentation_says() -> None:
    assert [signed("C-1003", THEN)] == VECTOR


@pytest.mark.skipif(PHP is None, reason="there is no PHP")
def test_the_example_in_php_does_the_same() -> None:
    code = example("php").replace("time()", "1800000000")
    call = f"{code} echo panelik_link('bot', '{SECRET}', 'C-1003');"
    run = subprocess.run([PHP or "", "-r", call], check=True, capture_output=True, text=True)  # noqa: S603 - the example of our documentation
    link = run.stdout
    assert link == f"https://t.me/bot?start={VECTOR[0]}"


@pytest.mark.parametrize("client", ["1", "C-1003", "Łódź/7", "x" * 30])
def test_a_link_says_which_client_and_until_when(client: str) -> None:
    payload = signed(client, THEN)
    assert len(payload) <= 64
    assert read_link(payload) == SignedLink(payload[2:])
    assert read_signed(payload[2:], SECRET) == SignedClient(client, UNTIL)


@given(place=st.integers(0, 28), char=st.sampled_from("ABCxyz019_-"))
def test_a_changed_link_is_none_of_ours(place: int, char: str) -> None:
    payload = signed("C-1003", THEN)[2:]
    changed = payload[:place] + char + payload[place + 1 :]
    same = changed == payload
    assert read_signed(changed, SECRET) == (SignedClient("C-1003", UNTIL) if same else None)


def test_the_same_bytes_written_in_another_way_are_the_same_link() -> None:
    payload = signed("C-1003", THEN)[2:]
    other = f"{payload[:-1]}x"
    assert other != payload
    (one, another) = (read_signed(each, SECRET) for each in (payload, other))
    assert one is not None
    assert another is not None
    assert hash_signed(one) == hash_signed(another)


def test_another_secret_signs_nothing_here() -> None:
    assert read_signed(signed("C-1003", THEN)[2:], "f" * 32) is None
    assert read_signed(signed("C-1003", THEN, secret="f" * 32)[2:], SECRET) is None


@pytest.mark.parametrize("payload", ["", "A", "A" * 23, "A" * 62, "/" * 30, "Ł" * 30])
def test_anything_else_is_none(payload: str) -> None:
    assert read_signed(payload, SECRET) is None


def test_a_code_is_no_signed_link() -> None:
    assert read_link("c_ABCD2345") == CodeLink("ABCD2345")


def test_each_link_has_a_hash_of_its_own() -> None:
    links = {SignedClient(ref, at) for ref in ("1", "2") for at in (THEN, UNTIL)}
    assert len({hash_signed(link) for link in links}) == 4
