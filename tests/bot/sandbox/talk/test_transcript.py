from collections.abc import AsyncIterator

import pytest

from bot.sandbox.methods.api import BotApi
from bot.sandbox.people import ANNA
from bot.sandbox.talk.person import Person
from bot.sandbox.talk.transcript import TourError, Transcript
from tests.bot.sandbox.small_bot import small_bot
from tests.drivers import InProcess
from tests.telegram import FakeRequest


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
async def anna(api: BotApi, said: list[str]) -> AsyncIterator[Transcript]:
    async with small_bot(FakeRequest(api)) as application:
        yield Transcript(Person(InProcess(application, api), ANNA), said.append)


async def test_a_conversation_is_written_down(anna: Transcript, said: list[str]) -> None:
    await anna.sends("/start", sees=("Hello, Anna",))
    await anna.taps("Add to cart", note="Added", sees=("In the cart: 1",))
    assert "\n".join(said).splitlines() == [
        "",
        "Anna: /start",
        "  Panelik:",
        "    Hello, Anna",
        "    [Add to cart]",
        "    [Ignore me] [Cart]",
        "    [Website]",
        "",
        "Anna taps [Add to cart]",
        "    (→ Added)",
        "  Panelik:",
        "    In the cart: 1 (add), 12,00 zł",
        "    ⋮",
    ]


async def test_a_screen_that_is_not_as_told_ends_it(anna: Transcript) -> None:
    with pytest.raises(TourError) as raised:
        await anna.sends("/start", sees=("Hello, Bernard",))
    assert str(raised.value).startswith(
        "This step went wrong: Anna: /start\nAnna does not see 'Hello, Bernard' on:\nHello, Anna"
    )


async def test_another_note_ends_it(anna: Transcript) -> None:
    await anna.sends("/start")
    with pytest.raises(TourError, match="The answer is 'Added', not 'Removed'"):
        await anna.taps("Add to cart", note="Removed")


async def test_a_button_that_is_not_there_ends_it(anna: Transcript) -> None:
    await anna.sends("/start")
    with pytest.raises(TourError, match=r"taps \[Leave\](?s:.*)no button"):
        await anna.taps("Leave")


async def test_a_payment_that_ends_otherwise_ends_it(anna: Transcript) -> None:
    await anna.sends("/pay")
    await anna.pays("fail", ends="failed")
    with pytest.raises(TourError, match="The answer is 'paid', not 'refused'"):
        await anna.pays(ends="refused")


async def test_what_does_not_come_ends_it(anna: Transcript) -> None:
    await anna.sends("/start")
    anna.expects("something", "anything")
    with pytest.raises(TourError, match="a due date is missing on"):
        anna.expects(None, "a due date")
