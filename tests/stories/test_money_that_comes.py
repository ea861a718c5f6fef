"""Money comes on bad days: it is kept, booked once and told of; nobody is asked to pay again."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.inbox import TelegramInbox
from bot.metrics.updates import MeasuredMoney
from bot.sandbox.errors import Json
from bot.sandbox.faults import Fault
from bot.sandbox.methods.payments import tell_of_money
from bot.sandbox.people import ANNA, GROUP_ID, GUEST, JOHN, PIOTR
from storage.migrate import migrate
from tests import postgresql
from tests.database import on_both_stores
from tests.fakes import StillClock
from tests.make import STAFF
from tests.person import Person
from tests.stories.acts import credit_of
from tests.world import OPERATOR, World, load_world, open_world, prepare

Payment = dict[str, Any]


async def orders(person: Person) -> None:
    """Go as far as Telegram's invoice for the first renewal, without credit."""
    await person.sends("/renew")
    english = "‹ Back" in person.buttons
    await person.taps("☐", row=0)
    await person.taps("Pay" if english else "Zapłać")
    if any("☑" in label for label in person.buttons):
        await person.taps("☑")
    await person.taps("Payment in Telegram" if english else "Płatność w Telegramie")
    await person.taps("Order and pay" if english else "Zamawiam i płacę")


def payment_for(world: World, person: Person, **changes: Any) -> Payment:
    """What Telegram says when the last invoice of a person is paid."""
    (*_, sent) = [c for c in world.api.called("sendInvoice") if c["chat_id"] == person.id]
    (price,) = sent["prices"]
    payment = {
        "currency": sent["currency"],
        "total_amount": price["amount"],
        "invoice_payload": sent["payload"],
        "telegram_payment_charge_id": "charge-1",
        "provider_payment_charge_id": "provider-1",
    }
    return {**payment, **changes}


async def pays(world: World, person: Person, payment: Payment, **strange: Any) -> None:
    """The payment is made at Telegram, which tells the bot; `strange` is what else it says."""
    telegram = world.api.world
    chat = telegram.chat(strange.pop("chat", person.id))
    content: Json = {"successful_payment": payment, **strange}
    tell_of_money(telegram, person.profile, chat, content)
    await world.driver.settle()


def operator_reads(world: World) -> str:
    """All that stands in the operator's chat."""
    chat = world.api.visitor(OPERATOR).chat
    return "\n".join(str(message.body.get("text", "")) for message in chat.messages.values())


def till(world: World) -> TelegramInbox:
    money = world.driver.money
    assert isinstance(money, MeasuredMoney)
    inbox = money._inbox
    assert isinstance(inbox, TelegramInbox)
    return inbox


@contextmanager
def pauses(world: World, does: Callable[[int], Awaitable[None]]) -> Iterator[list[float]]:
    """In the place of waiting, do something; counted from 1. The pauses that were asked for."""
    asked: list[float] = []

    async def pause(seconds: float) -> None:
        asked.append(seconds)
        await does(len(asked))

    money = till(world)
    proper, money.sleep = money.sleep, pause
    try:
        yield asked
    finally:
        money.sleep = proper


async def in_thread(work: Callable[[], Any]) -> Any:
    """Have something done that opens an event loop of its own."""
    return await asyncio.to_thread(work)


class Held:
    """A database file that another program holds, as a long load does."""

    def __init__(self, path: Path) -> None:
        self._other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)

    def stop(self) -> None:
        self._other.execute("BEGIN EXCLUSIVE")

    def start(self) -> None:
        self._other.execute("ROLLBACK")

    def end(self) -> None:
        self._other.close()


@pytest.fixture(params=["sqlite", "postgresql"])
async def away(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[World, Held | postgresql.OwnServer]]:
    """The world, and what makes its database refuse everything."""
    server: Held | postgresql.OwnServer
    if request.param == "sqlite":
        monkeypatch.setattr("storage.engines.sqlite.BUSY_TIMEOUT_MS", 20)
        path = tmp_path / "panelik.db"
        await in_thread(lambda: prepare(path))
        server = Held(path)
        url = f"sqlite:///{path}"
    else:
        own: postgresql.OwnServer = await in_thread(postgresql.OwnServer)
        server, url = own, own.url
        await migrate(url)
        await load_world(url)
    try:
        async with open_world(url) as world:
            yield world, server
    finally:
        await in_thread(server.end)


Away = tuple[World, Held | postgresql.OwnServer]


@pytest.mark.slow
async def test_paid_while_the_database_is_away_it_is_booked_when_it_is_back(
    away: Away, caplog: pytest.LogCaptureFixture
) -> None:
    world, database = away
    anna = world.person(ANNA)
    await orders(anna)
    payment = payment_for(world, anna)

    async def comes_back_after_75_seconds(pause: int) -> None:
        await asyncio.sleep(0)
        if sum(asked[:pause]) > 75:
            await in_thread(database.start)

    await in_thread(database.stop)
    with pauses(world, comes_back_after_75_seconds) as asked:
        await pays(world, anna, payment)
    assert sum(asked) > 75
    (said,) = [screen for screen in anna.screens if "dotarła" in screen]
    assert "Właśnie ją księgujemy. Damy tu znać, gdy tylko to zrobimy." in said
    anna.sees("Zapłacono: 42,00 zł", "odnowiono do 23 mar 2027")
    assert "spróbuj ponownie" not in "".join(anna.screens)
    assert await invoices_paid(world) == 1
    assert "Money cannot be kept yet, attempt 1" in caplog.text
    assert "panelik paid" not in caplog.text


@pytest.mark.slow
async def test_the_payer_reads_at_once_that_the_money_has_come(away: Away) -> None:
    world, database = away
    anna = world.person(ANNA)
    await orders(anna)
    payment = payment_for(world, anna)
    seen = []

    async def looks(pause: int) -> None:
        if pause == 1:
            await anna.waits_for("dotarła")
            seen.append(anna.screen)
            await in_thread(database.start)

    await in_thread(database.stop)
    with pauses(world, looks):
        await pays(world, anna, payment)
    assert len(seen) == 1


@pytest.mark.slow
async def test_a_notice_that_cannot_be_sent_changes_nothing(away: Away) -> None:
    world, database = away
    anna = world.person(ANNA)
    await orders(anna)
    payment = payment_for(world, anna)

    async def comes_back(pause: int) -> None:
        if pause == 2:
            await in_thread(database.start)

    world.api.faults.add(Fault("sendMessage", "403", count=1))
    await in_thread(database.stop)
    with pauses(world, comes_back):
        await pays(world, anna, payment)
    anna.does_not_see("dotarła")
    anna.sees("Zapłacono: 42,00 zł")


@pytest.mark.slow
async def test_what_could_not_be_kept_for_a_day_stands_in_the_log_as_a_command(
    away: Away, caplog: pytest.LogCaptureFixture
) -> None:
    world, database = away
    anna = world.person(ANNA)
    await orders(anna)
    payment = payment_for(world, anna, telegram_payment_charge_id="charge 1")
    number = payment["invoice_payload"].split(":")[2]

    async def hours_pass(_pause: int) -> None:
        world.clock.advance(timedelta(hours=7))

    await in_thread(database.stop)
    with pauses(world, hours_pass) as asked:
        await pays(world, anna, payment)
    await in_thread(database.start)
    assert len(asked) == 4
    (line,) = [record for record in caplog.records if record.levelname == "CRITICAL"]
    assert f"panelik paid {number} 42.00 --reference 'charge 1'" in line.getMessage()
    anna.sees("dotarła")


@pytest.mark.slow
async def test_a_clock_that_is_ahead_by_days_gives_nothing_up(
    away: Away, caplog: pytest.LogCaptureFixture
) -> None:
    world, database = away
    anna = world.person(ANNA)
    await orders(anna)
    payment = payment_for(world, anna, telegram_payment_charge_id="charge 1")
    keep, kept_clock = till(world), till(world).clock
    keep.clock = StillClock(world.clock.now() + timedelta(days=40))

    async def comes_back(pause: int) -> None:
        if pause == 3:
            await in_thread(database.start)

    await in_thread(database.stop)
    with pauses(world, comes_back):
        await pays(world, anna, payment)
    keep.clock = kept_clock
    assert not [record for record in caplog.records if record.levelname == "CRITICAL"]
    assert await invoices_paid(world) == 1


async def invoices_paid(world: World) -> int:
    """How many of Anna's proformas are paid."""
    visitor = await world.core.actions.identify(ANNA.id)
    assert visitor.client is not None
    past = await world.core.actions.list_invoices(visitor.client, is_open=False)
    return sum(bill.status == "paid" for bill in past.invoices)


@pytest.fixture
async def john(world: World) -> Person:
    """At Telegram's invoice for 24 euros."""
    person = world.person(JOHN)
    await orders(person)
    return person


STRANGE: dict[str, tuple[Payment, dict[str, Any], str]] = {
    "of an unknown invoice": (
        {"invoice_payload": "donation"}, {}, "an invoice that this bot did not make",
    ),
    "of an unknown payment": ({"invoice_payload": "p1:999"}, {}, "There is no such payment here"),
    "in another currency": ({"currency": "USD"}, {}, "another currency than the proforma's"),
    "in Stars": ({"currency": "XTR", "total_amount": 100}, {}, "another currency"),
    "with a charge id of 300 characters": (
        {"telegram_payment_charge_id": "x" * 300}, {}, "missing or too long",
    ),
    "of no amount": ({"total_amount": 0}, {}, "missing or makes no sense"),
    "in a group": ({}, {"chat": GROUP_ID}, "paid in a group or channel"),
    "that no library can parse": ({"currency": None}, {"poll": {"id": "1"}}, "another currency"),
}  # fmt: skip
"""What never fits: the payment, what else the message says, and what the operator reads."""


@pytest.mark.slow
@on_both_stores
@pytest.mark.parametrize(("changes", "strange", "why"), STRANGE.values(), ids=STRANGE)
async def test_money_that_fits_nothing_is_kept_and_nobody_is_asked_to_pay_again(
    world: World, john: Person, changes: Payment, strange: dict[str, Any], why: str
) -> None:
    await pays(world, john, payment_for(world, john, **changes), **strange)
    john.sees("has arrived", "could not match it to a proforma", "Please do not pay again")
    assert why in operator_reads(world)
    assert "panelik unplaced close 1 --note" in operator_reads(world)
    assert len(await world.core.actions.list_unplaced()) == 1
    assert await credit_of(world, john) == "0.00 EUR"
    await john.sends("/invoices")
    john.sees("to be paid")


@pytest.mark.slow
@on_both_stores
async def test_money_of_a_stranger_is_kept_and_the_stranger_is_told(
    world: World, john: Person
) -> None:
    guest = world.person(GUEST)
    await pays(world, guest, payment_for(world, john))
    guest.sees("has arrived", "Please do not pay again")
    assert "somebody who is not linked" in operator_reads(world)
    (aside,) = await world.core.actions.list_unplaced()
    await world.core.actions.credit_unplaced(aside.id, "C-1002", by=STAFF)
    await world.passes(seconds=30)
    john.sees("Your payment is on your account as credit", "€24.00 was added")
    await john.taps("Credit history")
    john.sees("+€24.00", "a payment of yours")


@on_both_stores
async def test_money_in_a_channel_has_no_payer_and_is_kept_all_the_same(
    world: World, john: Person
) -> None:
    payment = payment_for(world, john)
    post = {"message_id": 7, "date": 0, "chat": {"id": -7, "type": "channel"}}
    world.api.world.update("channel_post", {**post, "successful_payment": payment})
    await world.driver.settle()
    (aside,) = await world.core.actions.list_unplaced()
    assert (aside.amount, aside.user_id) == (2400, None)
    assert "panelik unplaced" in operator_reads(world)


@pytest.mark.slow
@on_both_stores
async def test_telegram_tells_twice_and_it_is_one_payment(world: World, john: Person) -> None:
    for _ in range(2):
        await pays(world, john, payment_for(world, john))
    await world.driver.redeliver()
    await world.passes(seconds=30)
    assert sum("Paid: €24.00" in screen for screen in john.screens) == 1
    assert await credit_of(world, john) == "0.00 EUR"


@pytest.mark.slow
@on_both_stores
async def test_a_refused_receipt_does_not_lose_the_payment(
    world: World, john: Person, caplog: pytest.LogCaptureFixture
) -> None:
    world.api.faults.add(Fault("sendMessage", "502", count=None))
    await pays(world, john, payment_for(world, john))
    john.sees("2400 EUR")
    world.api.faults.clear()
    await world.passes(minutes=5)
    john.sees("Paid: €24.00", "renewed until 10 Jan 2028")
    for words in ("not recorded", "not booked", "cannot be kept", "panelik paid"):
        assert words not in caplog.text
    assert not any("went wrong" in screen or "has arrived" in screen for screen in john.screens)


@pytest.mark.slow
@on_both_stores
async def test_everybody_of_the_account_gets_the_receipt_once(world: World) -> None:
    anna, piotr = world.person(ANNA), world.person(PIOTR)
    await orders(anna)
    await pays(world, anna, payment_for(world, anna))
    for person in (anna, piotr):
        person.sees("Zapłacono: 42,00 zł")
        assert sum("Zapłacono" in screen for screen in person.screens) == 1


@pytest.mark.slow
async def test_a_booking_that_takes_long_is_announced(world: World, john: Person) -> None:
    """Something else of the client's is being written: the payer does not wait in the dark."""
    till(world).patience = 0
    async with world.core.database.work.writing() as uow:
        paying = asyncio.create_task(pays(world, john, payment_for(world, john)))
        await john.waits_for("Your payment of €24.00 has arrived", "It is being booked.")
        await uow.commit()
    await paying
    john.sees("Paid: €24.00")
