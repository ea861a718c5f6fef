from collections.abc import AsyncIterator

import pytest
from telegram.error import TimedOut

from bot.sandbox.faults import Fault
from bot.sandbox.methods.api import BotApi
from bot.sandbox.people import ANNA, GROUP_ID
from tests.bot.sandbox.small_bot import small_bot
from tests.drivers import InProcess
from tests.person import Person
from tests.telegram import FakeRequest


@pytest.fixture
async def driver(api: BotApi) -> AsyncIterator[InProcess]:
    async with small_bot(FakeRequest(api)) as application:
        yield InProcess(application, api)


@pytest.fixture
def anna(driver: InProcess) -> Person:
    return Person(driver, ANNA)


async def test_a_person_writes_taps_and_sees(anna: Person) -> None:
    await anna.sends("/start")
    anna.sees("Hello, Anna", "[Ignore me] [Cart]")
    anna.does_not_see("In the cart")
    await anna.taps("Add")
    assert anna.toast == "Added"
    anna.sees("In the cart: 1 (add), 12,00 zł")
    assert anna.buttons == ["Add to cart", "Ignore me", "Cart", "Website"]
    assert anna.opens("Website") == "https://example.com/a"


async def test_an_exact_label_wins_over_one_that_contains_it(anna: Person) -> None:
    await anna.sends("/start")
    await anna.taps("Cart")
    assert anna.toast == "What?"


async def test_below_takes_the_rows_under_a_text(anna: Person) -> None:
    await anna.sends("/start")
    await anna.taps("C", below="Add to cart")
    assert anna.toast == "What?"


async def test_beside_takes_the_buttons_of_a_row(anna: Person) -> None:
    await anna.sends("/start")
    await anna.taps("Cart", beside="Ignore me")
    assert anna.toast == "What?"
    with pytest.raises(AssertionError, match="no button"):
        await anna.taps("Add to cart", beside="Ignore me")


async def test_a_label_that_fits_two_buttons_is_refused(anna: Person) -> None:
    await anna.sends("/start")
    with pytest.raises(AssertionError, match="2 buttons are"):
        await anna.taps("art")


async def test_a_tap_the_bot_does_not_answer_fails_the_test(anna: Person) -> None:
    await anna.sends("/start")
    with pytest.raises(AssertionError, match="0 times"):
        await anna.taps("Ignore me")


async def test_a_modified_client_may_send_any_data(anna: Person, api: BotApi) -> None:
    await anna.sends("/start")
    await anna.forges("evil")
    assert anna.toast == "What?"
    assert api.called("answerCallbackQuery")[-1]["text"] == "What?"


async def test_paying_an_invoice_brings_the_payment_to_the_bot(anna: Person) -> None:
    await anna.sends("/pay")
    anna.sees("Hosting", "12300 PLN", "[Pay 123.00 PLN]")
    assert await anna.pays() == "paid"
    anna.sees("Thank you for 12300")


async def test_a_refused_payment_says_why(anna: Person) -> None:
    await anna.sends("/pay refuse")
    assert await anna.pays() == "refused"
    assert anna.payment["error"] == "The price has changed"


async def test_a_declined_card_brings_no_payment(anna: Person) -> None:
    await anna.sends("/pay")
    assert await anna.pays("fail") == "failed"
    anna.does_not_see("Thank you")


async def test_people_can_write_in_a_group(anna: Person) -> None:
    await anna.sends("/services", chat=GROUP_ID)
    anna.sees("Hello, Anna")
    await anna.taps("Cart")


async def test_an_update_can_be_delivered_again(anna: Person, driver: InProcess) -> None:
    await anna.sends("/start")
    await driver.redeliver()
    assert len(anna.screens) == 2


async def test_an_unknown_method_fails_the_test(driver: InProcess) -> None:
    with pytest.raises(pytest.fail.Exception, match="sendDice"):
        await driver.application.bot.send_dice(ANNA.id)


async def test_a_lost_answer_is_a_timeout_for_the_bot(driver: InProcess, api: BotApi) -> None:
    api.faults.add(Fault("sendMessage", "drop"))
    with pytest.raises(TimedOut):
        await driver.application.bot.send_message(ANNA.id, "arrives")
    assert len(api.world.chats[ANNA.id].messages) == 1
