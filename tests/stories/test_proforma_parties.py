"""Who sells and who buys stands on every proforma in the chat."""

from dataclasses import replace

from bot.sandbox.people import ANNA
from tests.database import on_both_stores
from tests.person import Person
from tests.statements import counting
from tests.stories.acts import client_of, service_of
from tests.stories.catalogue import publishes
from tests.world import World

pytestmark = on_both_stores

SELLER = "Chmurnik Hosting (firma zmyślona), ul. Obłoczna 1, 00-000 Chmurów"


async def orders(world: World, person: Person, name: str) -> None:
    """Make a proforma for the renewal of a service, to be paid by transfer."""
    actions, client = world.core.actions, await client_of(world, person)
    service = await service_of(world, person, name)
    await actions.add_renewal(client, "pl", service.id)
    view = await actions.show_cart(client, "pl")
    await actions.place_order(
        client,
        "pl",
        revision=view.cart.revision,
        seal=view.quoted_cart.seal,
        gateway_number=2,
        use_credit=False,
    )


async def test_a_client_with_a_tax_number_sees_it(world: World, john: Person) -> None:
    await orders(world, john, "Hosting Cumulus")
    await john.sends("/invoices")
    with counting(world.core.database) as seen:
        await john.taps("1")
    assert len(seen) <= 6, seen
    john.sees(f"Seller: {SELLER}, tax ID PL0000000000", "Buyer: John Smith, tax ID IE0000000EX")
    await john.taps("Cancel proforma")
    await john.taps("Yes, cancel the proforma")
    john.sees("❌ cancelled", "Seller: Chmurnik", "Buyer: John Smith, tax ID IE0000000EX")


async def test_a_client_without_one_sees_the_name_alone(world: World, anna: Person) -> None:
    await orders(world, anna, "Hosting Cumulus")
    await anna.sends("/invoices")
    await anna.taps("1")
    anna.sees(f"Sprzedawca: {SELLER}, nr podatkowy PL0000000000\nNabywca: Anna Nowak\nWystawiono")


async def test_a_company_that_has_told_its_name_only(world: World, anna: Person) -> None:
    await orders(world, anna, "Hosting Cumulus")
    await publishes(
        world,
        lambda c: replace(c, company=replace(c.company, address="", tax_id="", name="X & Y")),
    )
    await anna.sends("/invoices")
    await anna.taps("1")
    anna.sees("Sprzedawca: X & Y\nNabywca: Anna Nowak\n")


async def test_the_client_is_read_with_the_tax_number(world: World, john: Person) -> None:
    assert (await client_of(world, john)).tax_id == "IE0000000EX"
    visitor = await world.core.actions.identify(ANNA.id)
    assert visitor.client is not None
    assert visitor.client.tax_id == ""
    async with world.core.database.work.reading() as uow:
        found = await uow.clients.by_ref("C-1002")
    assert found is not None
    assert found.tax_id == "IE0000000EX"
