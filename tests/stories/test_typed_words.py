"""Typed words act like buttons; other text is a search through everything."""

import pytest

from tests.database import on_both_stores
from tests.person import Person
from tests.statements import counting
from tests.stories.acts import service_of
from tests.stories.test_service_page import open_page
from tests.world import World

pytestmark = on_both_stores


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("menu", "🏠"), ("MENU!", "🏠"), ("pomoc?", "❓ Pomoc"), ("help", "❓ Pomoc"),
        ("koszyk", "🛒 Koszyk"), ("Koszyk (2)", "🛒 Koszyk"), ("cart", "🛒 Koszyk"),
        ("Usługi", "📦 Usługi"), ("uslugi", "📦 Usługi"), ("services", "📦 Usługi"),
        ("odnów", "🔄 Odnów usługi"), ("ODNOW", "🔄 Odnów usługi"), ("„renew”", "🔄 Odnów usługi"),
        ("zamów", "🛒 Złóż nowe zamówienie"), ("order", "🛒 Złóż nowe zamówienie"),
        ("dodatki", "🧩 Dodatki"), ("proformy", "Płatności"), ("ustawienia.", "Ustawienia"),
        ("koszty", "Koszty"), ("język", "Polski"), ("anuluj", "Nie było czego anulować."),
    ],
)  # fmt: skip
async def test_a_word_does_what_its_button_does(
    world: World, anna: Person, typed: str, seen: str
) -> None:
    await anna.sends("/start")
    with counting(world.core.database) as statements:
        await anna.sends(typed)
    anna.sees(seen)
    anna.does_not_see("Szukanie")
    assert len(statements) <= 6, statements


async def test_visitors_have_the_words_too(guest: Person) -> None:
    await guest.sends("HELP")
    guest.sees("❓ Help")
    await guest.sends("cart")
    guest.sees("/link CODE")


@pytest.mark.parametrize("word", ["anuluj", "Anuluj!", "CANCEL"])
async def test_a_question_is_left_and_nothing_changes(
    world: World, anna: Person, word: str
) -> None:
    await open_page(anna, "cumulus")
    await anna.taps("Zmień nazwę")
    await anna.sends(word)
    anna.sees("Anulowano.", "🏠")
    assert (await service_of(world, anna, "Hosting Cumulus")).label == ""
    await anna.sends("żółw")
    anna.sees("📦 Hosting Obłok")


async def test_another_word_is_still_a_name_where_one_is_asked_for(anna: Person) -> None:
    await open_page(anna, "cumulus")
    await anna.taps("Zmień nazwę")
    await anna.sends("Koszyk")
    anna.sees("Zmieniono nazwę.", "📦 Koszyk")
    await anna.sends("koszyk")
    assert anna.buttons[:2] == ["Koszyk", "📦 Koszyk · galeria-anny.example"]
    await anna.taps("Koszyk", row=0)
    anna.sees("Koszyk jest pusty")
    await anna.sends("cart")
    anna.sees("Koszyk jest pusty")


async def test_hits_of_several_kinds_stand_on_one_screen_services_first(anna: Person) -> None:
    await anna.sends("poczta")
    assert anna.buttons == [
        "📦 VPS Wiatr · poczta.galeria-anny.example", "❓ Poczta w telefonie i programie",
        "‹ Wróć",
    ]  # fmt: skip
    await anna.taps("❓")
    anna.sees("❓ Poczta w telefonie i programie")


async def test_a_single_hit_opens_whatever_it_is(world: World, anna: Person) -> None:
    await anna.sends("/services")
    for typed, seen in (
        ("zolw", "📦 Hosting Obłok"),
        ("nimbus", "🛒 Hosting Nimbus"),
        ("premium", "🧩 Opieka Premium"),
        ("telefonie", "❓ Poczta w telefonie i programie"),
    ):
        with counting(world.core.database) as statements:
            await anna.sends(typed)
        anna.sees(seen)
        assert len(statements) <= 6, f"{typed}: {statements}"


async def test_a_question_without_a_hit_gets_help_and_a_contact(
    anna: Person, guest: Person
) -> None:
    for question in ("dlaczego nic nie działa?", "moja strona znowu jest bardzo wolna"):
        await anna.sends(question)
        anna.does_not_see("Nic nie znaleziono")
        assert anna.buttons == ["Pomoc", "Kontakt", "‹ Wróć"]
    await guest.sends("why is my page so slow?")
    assert guest.buttons == ["Help", "Contact us", "‹ Back"]


async def test_visitors_find_what_is_on_offer_and_how_to_join(guest: Person) -> None:
    await guest.sends("nimbus")
    guest.sees("🏷 Web hosting", "Hosting Nimbus", "[I have a code]", "[Ask for a code]")
    await guest.sends("vps")
    guest.sees("🏷 To order: 3", "[Become a client]", "[I have a code]")
    guest.does_not_see("Services:")


async def test_nobody_finds_other_peoples_services(john: Person) -> None:
    await john.sends("galeria-anny")
    john.sees("No match.")


async def test_words_that_are_patterns_are_plain_text(anna: Person) -> None:
    await anna.sends("%_%")
    anna.sees("Nic nie znaleziono")
