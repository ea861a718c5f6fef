from dataclasses import FrozenInstanceError, dataclass
from datetime import date
from enum import IntEnum, StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.chat.screens.codec import (
    MAX_BYTES,
    MAX_INT,
    MAX_SMALL,
    NotAButtonError,
    Payload,
    Small,
    StaleButton,
    button,
    carry_numbered,
    decode,
    encode,
)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


carry_numbered({Colour.RED: 0, Colour.BLUE: 5})


class Place(IntEnum):
    HERE = 0
    THERE = 40


@button("zz1")
class Everything:
    thing: int
    page: Small
    ticked: bool
    day: date
    colour: Colour
    place: Place
    other: int | None
    shade: Colour | None


@button("zz2")
class Nothing:
    pass


@button("zz3")
class FourIds:
    one: int
    two: int
    three: int
    four: int


everything = st.builds(
    Everything,
    thing=st.integers(0, MAX_INT),
    page=st.integers(0, MAX_SMALL),
    ticked=st.booleans(),
    day=st.dates(),
    colour=st.sampled_from(Colour),
    place=st.sampled_from(Place),
    other=st.none() | st.integers(0, MAX_INT),
    shade=st.none() | st.sampled_from(Colour),
)


@pytest.mark.slow
@given(everything)
def test_a_payload_comes_back_as_it_went(payload: Everything) -> None:
    data = encode(payload)
    assert decode(data) == payload
    assert type(decode(data).__getattribute__("ticked")) is bool
    assert len(data.encode()) <= MAX_BYTES


def test_the_data_is_short_and_readable() -> None:
    assert encode(FourIds(71, 0, 35, 36)) == "zz3:1z:0:z:10"
    assert encode(Nothing()) == "zz2"
    assert decode("zz2") == Nothing()


def test_the_widest_ids_fit() -> None:
    assert len(encode(FourIds(MAX_INT, MAX_INT, MAX_INT, MAX_INT)).encode()) <= MAX_BYTES


@pytest.mark.slow
@given(st.text() | st.from_regex(r"zz[0-9](:[0-9a-z-]{0,15}){0,9}", fullmatch=True))
def test_junk_is_a_stale_button_or_a_valid_one(data: str) -> None:
    try:
        payload = decode(data)
    except StaleButton:
        return
    assert encode(payload) == data


@pytest.mark.parametrize(
    "data",
    [
        "",
        "zz9",
        "zz2:",
        "zz2:1",
        "zz3:1:2:3",
        "zz3:1:2:3:",
        "zz3:1:2:3:-1",
        "zz3:1:2:3:01",
        "zz3:1:2:3:A",
        "zz3:1:2:3:١",
        "zz3:1:2:3:1y2p0ij32e8e8",
        "zz1:1:0:2:k5kq:0:0::",
        "zz1:1:0:1:0:0:0::",
        "zz1:1:0:1:k5kq:2:0::",
        "zz1:1:0:1:k5kq:0:1::",
        "zz1:1:1000:1:k5kq:0:0::",
    ],
)
def test_what_no_button_of_ours_says_is_stale(data: str) -> None:
    with pytest.raises(StaleButton):
        decode(data)


@pytest.mark.parametrize("value", [-1, MAX_INT + 1, None, 1.5])
def test_a_number_that_has_no_place_is_a_developers_error(value: int) -> None:
    with pytest.raises(ValueError, match=r"fit|carries"):
        encode(FourIds(value, 0, 0, 0))


def test_only_registered_payloads_are_encoded() -> None:
    @dataclass(frozen=True, slots=True)
    class Unregistered:
        thing: int

    with pytest.raises(ValueError, match="lacks @button"):
        encode(Unregistered(1))


def test_a_class_that_cannot_be_a_button_is_refused_at_import() -> None:
    class WithText:
        text: str

    class TooWide:
        a: int
        b: int
        c: int
        d: int
        e: int

    @dataclass
    class Melted:
        a: int

    class Fine:
        a: int

    for cls, code in [
        (WithText, "zx1"),
        (TooWide, "zx2"),
        (Melted, "zx3"),
        (Fine, "zz1"),
        (Fine, "Fine"),
    ]:
        with pytest.raises(NotAButtonError):
            button(code)(cls)


def test_a_payload_never_changes() -> None:
    payload = FourIds(1, 2, 3, 4)
    with pytest.raises(FrozenInstanceError):
        payload.one = 5  # type: ignore[misc]
    assert not hasattr(payload, "__dict__")


def test_a_stale_button_may_say_whose_screen_to_draw_instead() -> None:
    back: Payload = Nothing()
    assert StaleButton("gone", back=back).back is back
    assert StaleButton().back is None
