"""A panel that keeps the credit: nothing here offers any, and money that fits nothing waits."""

from dataclasses import replace

import pytest

from billing.rules.allowed import EVERYTHING
from billing.rules.cycles import BillingCycle
from billing.rules.services.service import ServiceStatus
from bot.sandbox.people import Profile
from tests.database import on_both_stores
from tests.make import STAFF
from tests.panels import limited
from tests.person import Person
from tests.stories.acts import client_of, credit_of, data_of, starts_again
from tests.stories.test_paying import checks_out
from tests.world import OPERATOR, World

pytestmark = [pytest.mark.slow, on_both_stores]

NUMBER = "PRO-202701-00001-7391"
DECIDES = "Pieniądze są u nas. Zdecydujemy, co z nimi dalej, i odezwiemy się do Ciebie."
CREDIT_WORDS = ("Saldo", "saldo", "salda", "saldzie", "Środki", "środków", "Historia")


def panel_keeps_credit(world: World) -> None:
    """Start the bot again, with a panel that keeps the credit."""
    starts_again(world, limited(EVERYTHING, credit=False))


def sees_no_credit(person: Person) -> None:
    """There is no word of credit on the screen."""
    person.does_not_see(*CREDIT_WORDS)


async def orders_by_transfer(person: Person, row: int = 0) -> None:
    """Order a renewal by transfer, looking for credit on every screen."""
    await checks_out(person, row)
    sees_no_credit(person)
    await person.taps("Przelew bankowy")
    sees_no_credit(person)
    await person.taps("Zamawiam i płacę")


async def operator_reads(world: World, *sentences: str) -> str:
    """The operator's message with these sentences; there may be others of that moment."""
    await world.passes(seconds=30)
    told = Person(world.driver, Profile(OPERATOR, "Operator")).screens
    (screen,) = [one for one in told if all(sentence in one for sentence in sentences)]
    return screen


async def test_no_screen_speaks_of_credit(world: World, anna: Person) -> None:
    panel_keeps_credit(world)
    await orders_by_transfer(anna)
    anna.sees("Przelew bankowy: 42,00 zł")
    for command in ("/start", "/cart", "/invoices", "/settings", "/help"):
        await anna.sends(command)
        sees_no_credit(anna)
    await anna.sends("/invoices")
    await anna.taps("1")
    anna.sees("Przelew bankowy · 42,00 zł")
    sees_no_credit(anna)
    assert await credit_of(world, anna) == "60.00 PLN"


async def test_a_reminder_does_not_say_that_credit_covers_it(world: World, anna: Person) -> None:
    await world.core.actions.adjust_credit("C-1001", "900.00", by=STAFF)
    await world.passes(minutes=1)
    panel_keeps_credit(world)
    await world.passes(hours=1)
    anna.sees("Razem: 469,00 zł")
    sees_no_credit(anna)


async def test_buttons_of_before_take_no_credit(world: World, anna: Person) -> None:
    await checks_out(anna)
    place = data_of(anna, "Zamawiam i płacę 42,00 zł z salda")
    await anna.sends("/invoices")
    history = data_of(anna, "Historia")
    panel_keeps_credit(world)
    for _ in range(2):
        await anna.forges(place)
        assert anna.toast == "Ten sposób płatności jest niedostępny dla tej kwoty."
        anna.sees("Przelew bankowy · 42,00 zł")
        sees_no_credit(anna)
    await anna.forges(history)
    assert anna.toast == "Tutaj nie ma salda."
    assert await credit_of(world, anna) == "60.00 PLN"


async def test_the_button_of_before_pays_no_proforma(world: World, anna: Person) -> None:
    await checks_out(anna)
    await anna.taps("Przelew bankowy")
    await anna.taps("Zamawiam i płacę")
    await anna.taps("Pokaż proformę")
    pay = data_of(anna, "Zapłać 42,00 zł z salda")
    panel_keeps_credit(world)
    await anna.forges(pay)
    assert anna.toast == "Ten sposób płatności jest niedostępny dla tej kwoty."
    anna.sees("🧾 do zapłaty")
    sees_no_credit(anna)
    assert await credit_of(world, anna) == "60.00 PLN"


async def test_too_much_money_has_arrived_and_waits(
    world: World, anna: Person, piotr: Person
) -> None:
    panel_keeps_credit(world)
    await orders_by_transfer(anna)
    await world.core.actions.record_transfer(NUMBER, "50.00", by=STAFF)
    await operator_reads(
        world,
        "Money to decide about, no. 1",
        "It is more than was due for the proforma.",
        "Amount: PLN 8.00",
        "Client: C-1001 · Anna Nowak",
        "Your panel keeps the credit: add it there, or send it back. Then close it here.",
        "panelik unplaced close 1",
    )
    for person in (anna, piotr):
        person.sees("Otrzymano: 8,00 zł", f"za proformę {NUMBER}.\n{DECIDES}", "nic nie przepadło")
        sees_no_credit(person)


async def test_money_that_comes_too_late_waits(world: World, anna: Person) -> None:
    panel_keeps_credit(world)
    await orders_by_transfer(anna, 3)
    await world.passes(days=15)
    await world.core.actions.record_transfer(NUMBER, "290.00", by=STAFF)
    screen = await operator_reads(
        world, "It came for a proforma that had expired or was cancelled", "panelik unplaced close"
    )
    assert "panelik unplaced credit" not in screen
    anna.sees("Otrzymano: 290,00 zł", "Nie odnowiliśmy:", "Hosting Cumulus", DECIDES)
    sees_no_credit(anna)
    await anna.taps("Pokaż proformę")
    anna.sees("❌ wygasła")
    sees_no_credit(anna)


async def test_a_part_of_a_cancelled_proforma_waits(world: World, anna: Person) -> None:
    panel_keeps_credit(world)
    await orders_by_transfer(anna)
    await world.core.actions.record_transfer(NUMBER, "12.00", by=STAFF)
    await anna.sends("/invoices")
    await anna.taps("1")
    await anna.taps("Anuluj proformę")
    anna.sees("Wpłacono już 12,00 zł: zdecydujemy, co z tym dalej, i odezwiemy się do Ciebie.")
    await anna.taps("Tak, anuluj proformę")
    assert anna.toast == (
        "Proforma została anulowana. Mamy od Ciebie 12,00 zł i odezwiemy się w tej sprawie."
    )
    sees_no_credit(anna)
    await operator_reads(world, "It was a part of a proforma's price.", "Amount: PLN 12.00")


async def test_a_part_of_an_expired_proforma_waits(world: World, anna: Person) -> None:
    panel_keeps_credit(world)
    await orders_by_transfer(anna)
    await world.core.actions.record_transfer(NUMBER, "12.00", by=STAFF)
    await world.passes(days=15)
    (expired,) = [screen for screen in anna.screens if "wygasła" in screen]
    assert "Mamy od Ciebie 12,00 zł: zdecydujemy, co z tym dalej" in expired
    assert not any(word in expired for word in CREDIT_WORDS)


async def test_what_cannot_be_carried_out_waits(world: World, anna: Person) -> None:
    panel_keeps_credit(world)
    await orders_by_transfer(anna)
    client = await client_of(world, anna)
    async with world.core.database.work.reading() as uow:
        (invoice,) = await uow.invoices.page(client.id, is_open=True, limit=9, offset=0)
        read = await uow.invoices.get(client.id, invoice.id)
    assert read is not None
    await ends(world, anna, read.lines[0].quote.service_id or 0)
    await world.core.actions.record_transfer(NUMBER, by=STAFF)
    await world.passes(seconds=30)
    anna.sees("nie udało się zrealizować: mamy od Ciebie 42,00 zł i odezwiemy się w tej sprawie")
    sees_no_credit(anna)


async def ends(world: World, person: Person, service_id: int) -> None:
    """The company terminates a service."""
    client = await client_of(world, person)
    async with world.core.database.work.writing() as uow:
        service = await uow.services.get(client.id, service_id)
        assert service is not None
        await uow.services.save(
            [replace(service, status=ServiceStatus.TERMINATED, suspended_for=None)]
        )
        await uow.commit()


@pytest.mark.slow
async def test_a_rejected_orders_price_waits(world: World, anna: Person) -> None:
    panel_keeps_credit(world)
    catalog = await world.core.actions.show_catalog()
    product = catalog.product("vps-s")
    assert product is not None
    client = await client_of(world, anna)
    await world.core.actions.add_product(
        client, "pl", product_number=product.number, cycle=BillingCycle.MONTHLY, name="nowy"
    )
    await anna.sends("/cart")
    await anna.taps("Zapłać")
    await anna.taps("Przelew bankowy")
    await anna.taps("Zamawiam i płacę")
    await world.core.actions.record_transfer(NUMBER, by=STAFF)
    (order,) = [one for one in await world.core.actions.list_orders() if one.invoice_number]
    await world.core.actions.decide_order(order.service.id, accept=False, by=STAFF)
    await world.passes(seconds=30)
    anna.sees("Nie możemy zrealizować zamówienia", "Mamy od Ciebie", "i odezwiemy się do Ciebie.")
    sees_no_credit(anna)
    await operator_reads(world, "It was paid for an order that was rejected.")
