"""A panel that allows nothing but renewing: old buttons say so, new screens have none."""

from tests.database import on_both_stores
from tests.panels import limited
from tests.person import Person
from tests.stories.acts import client_of, data_of, service_of, starts_again
from tests.stories.test_service_page import open_page
from tests.world import World

pytestmark = on_both_stores

NO_ORDERS = "New services and add-ons cannot be ordered here. Please contact us."
NO_CANCELLING = "Services cannot be cancelled here. Please contact us."
NO_NAMES = "Services cannot be renamed here."


def now_allows_only_renewing(world: World) -> None:
    """Start the bot again, with a panel that lets clients do nothing else."""
    starts_again(world, limited())


async def opens_halny(person: Person) -> None:
    """Open the page of the VPS."""
    await open_page(person, "halny")
    person.sees("📦 VPS Halny")


async def test_buttons_of_before_are_refused_in_plain_words(world: World, john: Person) -> None:
    await john.sends("/start")
    place_order, browse = data_of(john, "Place a new order"), data_of(john, "Browse available")
    await john.sends("/order")
    group = data_of(john, "VPS servers")
    await opens_halny(john)
    old = {
        data_of(john, "Rename"): NO_NAMES,
        data_of(john, "Request cancellation"): NO_CANCELLING,
        data_of(john, "Order an add-on"): NO_ORDERS,
        place_order: NO_ORDERS,
        browse: NO_ORDERS,
        group: NO_ORDERS,
    }
    now_allows_only_renewing(world)
    for button, sentence in old.items():
        await john.forges(button)
        assert john.toast == sentence
        john.sees("📦 VPS Halny")


async def test_new_screens_offer_only_what_is_left(world: World, john: Person) -> None:
    now_allows_only_renewing(world)
    await john.sends("/start")
    john.sees("Services", "Renew services", "Costs")
    john.does_not_see("Place a new order", "Browse available add-ons")
    await john.taps("Services")
    john.sees("Renew (", "VPS Halny")
    john.does_not_see("Place a new order", "Browse available add-ons", "Order ", "[Order]")
    john.does_not_see("[Add-ons]")
    await john.taps("⋯")
    await john.taps("VPS Halny")
    john.sees("📦 VPS Halny", "Renew · €16.50 / month", "🔔 Reminders")
    john.does_not_see("Rename", "cancellation", "Order an add-on")
    await john.sends("/cart")
    john.sees("The cart is empty. What you want to renew waits here until you pay.")
    john.does_not_see("Place a new order", "Browse available add-ons")


async def test_typed_commands_are_refused_in_plain_words(world: World, john: Person) -> None:
    now_allows_only_renewing(world)
    for command in ("/order", "/addons"):
        await john.sends(command)
        john.sees(NO_ORDERS, "Account: ")


async def test_renewing_goes_on_as_before(world: World, john: Person) -> None:
    now_allows_only_renewing(world)
    await opens_halny(john)
    await john.taps("Renew · €16.50 / month")
    await john.taps("Cart")
    await john.taps("Pay")
    await john.taps("Bank transfer")
    await john.taps("Order and pay")
    john.sees("Proforma")


async def test_a_question_that_waits_is_answered_with_the_refusal(
    world: World, john: Person
) -> None:
    await opens_halny(john)
    await john.taps("Rename")
    now_allows_only_renewing(world)
    await john.sends("My own")
    john.sees(NO_NAMES, "Account: ")
    assert (await service_of(world, john, "VPS Halny")).label == ""
    await john.sends("halny")
    john.sees("VPS Halny")


async def test_a_reason_that_is_typed_too_late_asks_for_nothing(
    world: World, john: Person
) -> None:
    await opens_halny(john)
    await john.taps("Request cancellation")
    await john.taps("As soon as possible")
    skip = data_of(john, "Skip")
    now_allows_only_renewing(world)
    await john.forges(skip)
    assert john.toast == NO_CANCELLING
    await john.sends("Too dear")
    john.sees(NO_CANCELLING, "Account: ")
    client, service = await client_of(world, john), await service_of(world, john, "VPS Halny")
    async with world.core.database.work.reading() as uow:
        assert await uow.cancellations.open_for(client.id, service.id) is None


async def test_an_order_that_waits_in_the_cart_is_not_paid(world: World, john: Person) -> None:
    await opens_halny(john)
    await john.taps("Order an add-on")
    await john.taps("SSL certificate")
    await john.taps("Add to cart")
    await john.taps("annually")
    pay = data_of(john, "Pay")
    now_allows_only_renewing(world)
    await john.forges(pay)
    assert john.toast == NO_ORDERS
    await john.sends("/cart")
    john.sees(NO_ORDERS, "Nothing in the cart can be bought now.", "✕ Remove 1")
    john.does_not_see("Pay")


async def test_anna_reads_it_in_polish(world: World, anna: Person) -> None:
    now_allows_only_renewing(world)
    await anna.sends("/order")
    anna.sees("Tutaj nie można zamawiać nowych usług ani dodatków. Skontaktuj się z nami.")


async def test_a_guest_is_promised_nothing_that_is_refused(world: World, guest: Person) -> None:
    now_allows_only_renewing(world)
    await guest.sends("/start")
    guest.does_not_see("order add-ons", "zamówisz")
