import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.services.service import ServiceStatus
from billing.rules.shop.catalog import Price
from handlers.buttons import AddAddon, OpenAddons
from handlers.chat.screens.codec import encode
from tests.database import on_both_stores
from tests.person import Person
from tests.statements import counting
from tests.stories.acts import service_of, taps_twice
from tests.stories.catalogue import changes_product, number_of
from tests.world import World

pytestmark = on_both_stores

ANNUALLY = BillingCycle.ANNUALLY


@pytest.mark.slow
async def test_an_add_on_is_ordered_with_its_cycle_and_service(anna: Person) -> None:
    await anna.sends("/addons")
    anna.sees(
        "Bezpieczeństwo\nCertyfikat SSL · od 99,00 zł / rok\n   Certyfikat z weryfikacją firmy"
    )
    anna.sees("1 z 2", "z VAT 23%")
    await anna.taps("Certyfikat SSL")
    anna.sees("Certyfikat z weryfikacją firmy", "• 179,00 zł / 2 lata", "Pasuje do: Hosting stron")
    await anna.taps("Dodaj do koszyka")
    anna.sees("Wybierz okres rozliczeniowy:", "[rocznie · 99,00 zł]")
    await anna.taps("rocznie")
    anna.sees("Wybierz usługę:")
    assert anna.buttons == ["Hosting Cumulus · galeria-anny.example", "‹ Wróć"]
    await anna.taps("Hosting Cumulus")
    assert anna.toast == "Dodano do koszyka: Certyfikat SSL"
    anna.sees("Koszyk", "Certyfikat SSL", "galeria-anny.example", "Razem: 99,00 zł")
    await anna.taps("Wróć")
    anna.sees("Dodatki", "[Certyfikat SSL]")


async def test_it_is_paid_for_and_active_at_once(world: World, anna: Person) -> None:
    await anna.sends("/addons")
    for label in (
        "Dodatkowe 50 GB", "Dodaj do koszyka", "miesięcznie", "Hosting Cumulus",
        "Zapłać", "Zamawiam i płacę 8,00 zł z salda",
    ):  # fmt: skip
        await anna.taps(label)
    anna.sees("Zapłacono: 8,00 zł", "Dodatkowe 50 GB", "12 lut 2027")
    page = await service_of(world, anna, "Hosting Cumulus")
    async with world.core.database.work.reading() as uow:
        addons = await uow.services.addons_of(page.id)
    new = [one for one in addons if one.cycle is BillingCycle.MONTHLY and "50 GB" in one.name]
    assert [one.status for one in new] == [ServiceStatus.ACTIVE]


@pytest.mark.slow
async def test_from_a_services_page_the_service_is_picked_already(john: Person) -> None:
    await john.sends("/services")
    await john.taps("⏳")
    john.sees("smith-and-sons.example")
    await john.taps("Order an add-on")
    john.sees("Add-ons for Hosting Cumulus · smith-and-sons.example", "Backup Plus")
    john.sees("Not now:\n• SSL certificate: The service has this add-on already.")
    await john.taps("Backup Plus")
    john.sees("for Hosting Cumulus · smith-and-sons.example", "€2.40 / month")
    await john.taps("Add to cart")
    await john.taps("monthly · €2.40")
    assert john.toast == "Added to the cart: Backup Plus"
    john.sees("Backup Plus · add-on of Hosting Cumulus")
    await john.taps("Back")
    john.sees("smith-and-sons.example")
    await john.taps("Order an add-on")
    john.sees("• Backup Plus: It is in the cart already.")


@pytest.mark.slow
async def test_each_step_leads_back_to_the_one_before(anna: Person) -> None:
    await anna.sends("/addons")
    for label in ("Dodatkowy adres IP", "Dodaj do koszyka", "rocznie"):
        await anna.taps(label)
    anna.sees("Wybierz usługę:")
    for seen in (
        "Wybierz okres rozliczeniowy:",
        "Pasuje do:",
        "[Kopia zapasowa Plus]",
        "Dzień dobry!",
    ):
        await anna.taps("Wróć")
        anna.sees(seen)


async def test_if_no_service_fits_it_says_why(anna: Person) -> None:
    await anna.sends("/addons")
    for label in ("Kopia zapasowa Plus", "Dodaj do koszyka", "miesięcznie"):
        await anna.taps(label)
    anna.sees(
        "Tego dodatku nie można teraz dodać do żadnej z Twoich usług:",
        "• Hosting Cumulus · galeria-anny.example: Ta usługa ma już ten dodatek.",
        "• VPS Wiatr · poczta.galeria-anny.example: Usługa nie jest aktywna.",
        "• Domena .pl · galeria-anny-przyklad.pl: Ten dodatek nie pasuje do tej usługi.",
    )
    anna.does_not_see("stary-blog.example")
    await anna.taps("Złóż nowe zamówienie")
    anna.sees("Hosting stron · 3 produkty")


async def test_tapping_twice_adds_once(anna: Person) -> None:
    await anna.sends("/addons")
    for label in ("Certyfikat SSL", "Dodaj do koszyka", "rocznie"):
        await anna.taps(label)
    await taps_twice(anna, "Hosting Cumulus")
    assert anna.toast == "Już w koszyku: Certyfikat SSL"
    anna.sees("Razem: 99,00 zł")


async def test_one_of_a_kind_stays_one_of_a_kind(anna: Person) -> None:
    await anna.sends("/addons")
    for label in ("Certyfikat SSL", "Dodaj do koszyka", "rocznie", "Hosting Cumulus", "Wróć"):
        await anna.taps(label)
    for label in ("Certyfikat SSL", "Dodaj do koszyka", "co 2 lata"):
        await anna.taps(label)
    anna.sees("• Hosting Cumulus · galeria-anny.example: Jest już w koszyku.")


async def test_a_single_cycle_is_not_asked_about(world: World, anna: Person) -> None:
    yearly = Price(ANNUALLY, Money(9900, "PLN"), Money(0, "PLN"))
    await changes_product(world, "ssl", prices=(yearly,))
    await anna.sends("/addons")
    await anna.taps("Certyfikat SSL")
    await anna.taps("Dodaj do koszyka")
    anna.sees("Wybierz usługę:")


async def test_what_is_not_sold_in_a_clients_currency_is_not_listed(
    world: World, anna: Person, john: Person
) -> None:
    yearly = Price(ANNUALLY, Money(9900, "PLN"), Money(0, "PLN"))
    await changes_product(world, "ssl", prices=(yearly,))
    await anna.sends("/addons")
    anna.sees("[Certyfikat SSL]")
    await john.sends("/addons")
    john.sees("[Backup Plus]")
    john.does_not_see("SSL")


async def test_an_old_button_of_something_withdrawn_says_so(world: World, anna: Person) -> None:
    await anna.sends("/addons")
    await anna.taps("Certyfikat SSL")
    await changes_product(world, "ssl", offered=False)
    await anna.taps("Dodaj do koszyka")
    assert anna.toast == "Tego (już) nie ma w ofercie."
    assert anna.alerted


async def test_nothing_is_added_to_anothers_service(
    world: World, anna: Person, john: Person
) -> None:
    ssl = await number_of(world, "ssl")
    his = await service_of(world, john, "VPS Halny")
    await anna.sends("/addons")
    await anna.forges(encode(AddAddon(ssl, ANNUALLY, his.id)))
    assert anna.toast == "Tego (już) tu nie ma."
    await anna.forges(encode(OpenAddons(his.id)))
    anna.does_not_see("VPS Halny")
    await anna.sends("/cart")
    anna.sees("Koszyk jest pusty")


@pytest.mark.slow
async def test_a_visitor_learns_how_to_link(guest: Person) -> None:
    await guest.sends("/addons")
    guest.does_not_see("SSL")
    guest.sees("/link")


async def test_a_tap_takes_six_statements_at_most(world: World, anna: Person) -> None:
    await anna.sends("/addons")
    for label in ("Certyfikat SSL", "Dodaj do koszyka", "rocznie", "Hosting Cumulus", "Wróć"):
        with counting(world.core.database) as seen:
            await anna.taps(label)
        assert len(seen) <= 6, f"{label}:\n{seen}"
    await anna.sends("/services")
    await anna.taps("⏳ ")
    for label in ("Zamów dodatek", "Dodatkowy adres IP", "Dodaj do koszyka", "miesięcznie"):
        with counting(world.core.database) as seen:
            await anna.taps(label)
        assert len(seen) <= 6, f"{label}:\n{seen}"
