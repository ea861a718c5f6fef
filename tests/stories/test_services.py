from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.services.service import Service, ServiceStatus
from tests import make
from tests.person import Person
from tests.statements import counting
from tests.stories.acts import client_of
from tests.world import World


async def own_many(world: World, person: Person, count: int) -> None:
    """Give a client so many services more."""
    client = await client_of(world, person)
    many = list(_many(client.id, client.currency, count))
    async with world.core.database.work.writing() as uow:
        await uow.services.add(many, invoice_line_ids=[None] * count)
        await uow.commit()


def _many(client_id: int, currency: str, count: int) -> Iterator[Service]:
    for number in range(count):
        yield make.service(
            id=0,
            client_id=client_id,
            name=f"Strona {number}",
            domain=f"strona-{number}.example",
            amount=make.money("5.00", currency),
            first_amount=make.money("5.00", currency),
            cycle=BillingCycle.MONTHLY,
            next_due_date=date(2027, 6, 1) + timedelta(days=number % 28),
        )


async def test_the_menu_greets_and_says_what_is_to_be_done(anna: Person, john: Person) -> None:
    await anna.sends("/start")
    anna.sees("Chmurnik Hosting", "Konto: Anna Nowak")
    anna.sees("⚠️ 2 usługi po terminie", "⚠️ 1 dodatek po terminie", "płatności w ciągu 14 dni")
    assert anna.buttons == [
        "Zapłać zaległe · 128,00 zł", "Usługi", "Odnów usługi", "Złóż nowe zamówienie",
        "Wyświetl dostępne dodatki",
        "Płatności i proformy", "Koszyk", "Ustawienia", "Koszty", "Pomoc",
    ]  # fmt: skip
    await john.sends("/start")
    john.sees("Account: John Smith", "⚠️ 1 add-on overdue")
    john.does_not_see("service overdue", "services overdue")


async def test_the_list_shows_actions_the_offer_and_every_service(anna: Person) -> None:
    await anna.sends("/services")
    assert anna.buttons == [
        "⚠️ żółw.example · 42,00 zł", "⚠️ Domena .pl · 59,00 zł",
        "⏳ Hosting Cumulus · 290,00 zł", "🟠 VPS Wiatr · 35,00 zł",
        "🕓 VPS Halny · 199,00 zł",
        "Odnów (3) · 128,00 zł", "⋯", "Zobacz", "Zamów", "Dodatki", "Poznaj ofertę",
        "‹ Wróć", "Wszystkie", "2 ›",
    ]  # fmt: skip
    anna.sees("📦 Usługi · 6 z 9 · strona 1 z 2")
    anna.sees("🌬 Pogodna oferta: VPS Halny… · do 6 lut")
    anna.sees("Hosting Obłok · żółw.example\n🟠 Zawieszona · 42,00 zł / kw. · ⚠️ 23 gru")
    anna.sees("Hosting Cumulus · galeria-anny.example\n🟢 Aktywna · 290,00 zł / rok · ⏳ 15 sty")
    anna.sees("⚠️ po terminie · z VAT 23%")


async def test_a_button_carries_at_most_thirty_characters(anna: Person, john: Person) -> None:
    for person in (anna, john):
        await person.sends("/services")
        assert max(map(len, person.buttons)) <= 30


async def test_actions_lead_where_the_seed_says(anna: Person) -> None:
    for label, title in (
        ("Odnów (3)", "🔄 Odnów usługi"),
        ("Zamów", "Złóż nowe zamówienie"),
        ("Dodatki", "🧩 Dodatki"),
    ):
        await anna.sends("/services")
        await anna.taps(label, nth=0)
        anna.sees(title)


async def test_what_is_living_stands_first_and_all_are_one_tap_away(anna: Person) -> None:
    await anna.sends("/services")
    await anna.taps("2 ›")
    anna.sees("6 z 9", "strona 2 z 2", "VPS Orkan · proba.example", "⛔ ")
    anna.does_not_see("stary-blog.example")
    await anna.taps("Wszystkie")
    anna.sees("📦 Usługi · 9 · strona 1 z 2")
    await anna.taps("2 ›")
    anna.sees("stary-blog.example", "przyklad.eu", "🏁 Zrealizowana")
    await anna.sends("/start")
    await anna.taps("Usługi")
    anna.sees("📦 Usługi · 9")
    await anna.taps("Bieżące")
    anna.sees("6 z 9")
    await anna.taps("Wszystkie")
    await anna.sends("/services")
    anna.sees("6 z 9")


async def test_without_a_living_service_all_are_listed(world: World, john: Person) -> None:
    client = await client_of(world, john)
    async with world.core.database.work.writing() as uow:
        living = [owned.service for owned in await uow.services.live(client.id)]
        gone = [
            replace(each, status=ServiceStatus.CANCELLED, suspended_for=None) for each in living
        ]
        await uow.services.save(gone)
        await uow.commit()
    await john.sends("/services")
    john.sees("📦 Services · 5", "⚪ Cancelled")
    john.does_not_see("of 5", "[All]", "[Current]")


async def test_the_offer_speaks_the_clients_language_and_leads_to_its_product(
    john: Person,
) -> None:
    await john.sends("/services")
    john.sees("Fair-weather offer", "until 6 Feb")
    john.does_not_see("for the price of 11 months")
    await john.taps("See the offer")
    john.sees("a year of VPS Halny for the price of 11 months.", "An example offer")
    await john.taps("Order VPS Halny")
    john.sees("VPS Halny", "[monthly · €16.50]")


async def test_five_services_a_page_and_back_to_the_page_one_came_from(anna: Person) -> None:
    await anna.sends("/services")
    await anna.taps("Wszystkie")
    anna.sees("VPS Halny", "1 z 2")
    await anna.taps("2 ›")
    anna.sees("Przeniesienie…", "149,00 zł jednorazowo", "🏁 Zrealizowana")
    await anna.taps("🏁")
    anna.sees("📦 Przeniesienie strony")
    await anna.taps("‹ Wróć")
    anna.sees("Przeniesienie…", "2 z 2")


async def test_the_dots_redraw_the_list_so_that_names_open_menus(anna: Person) -> None:
    await anna.sends("/services")
    await anna.taps("⋯")
    anna.sees("Czyje działania pokazać?", "6 z 9")
    assert anna.buttons[-2:] == ["‹ Wróć", "2 ›"]
    await anna.taps("2 ›")
    await anna.taps("⛔")
    anna.sees("📦 VPS Orkan", "Szczegóły")
    await anna.taps("‹ Wróć")
    anna.sees("Czyje działania pokazać?", "strona 2 z 2")
    await anna.taps("‹ Wróć")
    anna.does_not_see("Czyje działania")
    anna.sees("strona 2 z 2", "Zobacz")


async def test_the_status_filter_counts_each_status(anna: Person) -> None:
    await anna.sends("/services")
    await anna.taps("Zobacz")
    assert anna.buttons == [
        "✓ Bieżące (6)", "Wszystkie (9)", "🕓 Oczekująca (1)", "🟢 Aktywna (2)",
        "🟠 Zawieszona (2)", "⚫ Zakończona (1)", "⚪ Anulowana (1)", "⛔ Zablokowana (1)",
        "🏁 Zrealizowana (1)", "✓ wg terminu", "wg nazwy", "wg ceny", "‹ Wróć",
    ]  # fmt: skip
    await anna.taps("Zawieszona")
    anna.sees("Tylko: 🟠 Zawieszona (2)", "żółw.example", "poczta.galeria-anny.example")
    anna.does_not_see("Domena .pl")
    await anna.taps("⚠️ żółw")
    await anna.taps("‹ Wróć")
    anna.sees("Tylko: 🟠 Zawieszona (2)")
    await anna.taps("Zobacz")
    await anna.taps("Wszystkie")
    anna.does_not_see("Tylko")
    anna.sees("📦 Usługi · 9")
    await anna.forges("sg1:")
    anna.sees("📦 Usługi · 9")


async def test_a_status_that_no_service_has_says_so(john: Person) -> None:
    await john.sends("/services")
    await john.taps("View")
    await john.taps("Cancelled (0)")
    john.sees("You have no service with this status.")
    await john.taps("View")
    await john.taps("All (5)")
    john.sees("smith-archive.example")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("order", "first"),
    [("by name", "Domain .com"), ("by price", "Domain parkin"), ("by due date", "Hosting")],
)
async def test_the_list_is_ordered_as_chosen(john: Person, order: str, first: str) -> None:
    await john.sends("/services")
    await john.taps("View")
    await john.taps(order)
    assert john.screen.splitlines()[1].startswith(first)
    assert (f"· {order}" in john.screen) is (order != "by due date")
    await john.sends("/services")
    assert john.screen.splitlines()[1].startswith(first)


async def test_typed_text_searches_names_and_domains(anna: Person) -> None:
    await anna.sends("ZOLW")
    anna.sees("📦 Hosting Obłok", "żółw.example", "Data rejestracji")
    await anna.sends("galeria")
    anna.sees("🔎 Szukanie: „galeria” · 6 usług", "Hosting Cumulus · galeria-anny.example")
    await anna.taps("⏳")
    await anna.taps("‹ Wróć")
    anna.sees("Szukanie: „galeria”")
    await anna.taps("Wyczyść szukanie")
    anna.does_not_see("Szukanie")
    anna.sees("6 z 9", "1 z 2")


async def test_a_search_looks_in_every_status_and_may_then_be_narrowed(anna: Person) -> None:
    await anna.sends("/services")
    await anna.taps("Zobacz")
    await anna.taps("Aktywna (2)")
    await anna.sends("vps")
    anna.sees("📦 Usługi: 3", "🏷 Do zamówienia: 3")
    await anna.taps("Wszystkie znalezione usługi (3)")
    anna.sees("„vps” · 3 usługi", "Zablokowana")
    await anna.taps("Zobacz")
    anna.sees("Wszystkie (3)", "🕓 Oczekująca (1)", "🟢 Aktywna (0)")


async def test_a_search_that_finds_nothing_says_so(john: Person) -> None:
    await john.sends("<b>nothing & nobody</b>")
    john.sees("“<b>nothing & nobody</b>” · 0 services", "No match.")
    await john.taps("✕ Clear the search")
    john.sees("4 of 5", "smith-archive.example")
    await john.taps("All")
    john.sees("Site migration")


async def test_a_long_search_is_cut(john: Person) -> None:
    await john.sends("long" * 500)
    john.sees("No match.")
    await john.sends("long " * 500)
    john.sees("“long long long", "[Help]")


async def test_a_page_that_is_gone_becomes_the_last(world: World, anna: Person) -> None:
    await own_many(world, anna, 40)
    await anna.sends("/services")
    await anna.forges("sp1:zz")
    anna.sees("46 z 49", "strona 10 z 10")
    assert len([label for label in anna.buttons if "· 5,00 zł" in label]) == 0


@pytest.mark.slow
async def test_no_tap_on_the_list_takes_more_than_six_statements(
    world: World, anna: Person
) -> None:
    await own_many(world, anna, 300)
    await anna.sends("/start")
    for label in ("Usługi", "2 ›", "Wszystkie", "Zobacz", "Aktywna", "Zobacz", "wg nazwy",
                  "⚠️", "‹ Wróć", "⋯", "⚠️", "‹ Wróć", "‹ Wróć", "Zobacz",
                  "Bieżące"):  # fmt: skip
        with counting(world.core.database) as statements:
            await anna.taps(label)
        assert len(statements) <= 6, f"{label}:\n{statements}"


async def test_buttons_with_foreign_or_broken_values_redraw(anna: Person) -> None:
    await anna.sends("/services")
    for data in ("sg1:9", "ss1:9", "v1:1", "v1:zzzzzz:0:0", "vm1:zzzzzz", "vl1", "vo1:zzzz:1:0"):
        await anna.forges(data)
        anna.sees("Odnów")
