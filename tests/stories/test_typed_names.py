"""What people paste for a name: an order takes it, a search finds it, a refusal says why."""

import pytest

from tests.database import on_both_stores
from tests.person import Person
from tests.statements import counting
from tests.stories.catalogue import changes_product
from tests.stories.test_ordering import begins
from tests.stories.test_service_page import open_page
from tests.world import World

pytestmark = on_both_stores

ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


async def orders(person: Person, *typed: str) -> None:
    """A domain .pl, up to the cart."""
    await begins(person, "Domeny", "Domena .pl", "rocznie")
    for text in typed:
        await person.sends(text)
    await person.taps("Dodaj do koszyka")


@pytest.mark.parametrize(
    "pasted",
    [
        "https://galeria-anny.example", "www.galeria-anny.example", "galeria-anny.example.",
        "ola@galeria-anny.example", "GALERIA-ANNY.EXAMPLE:8080/panel ",
        "Hosting Cumulus · galeria-anny.example", "galeria-anny.example, hosting cumulus",
        "galeria-anny\u200b.exam\u00adple\u200e",
    ],
)  # fmt: skip
async def test_a_search_finds_what_was_pasted(world: World, anna: Person, pasted: str) -> None:
    await anna.sends("/services")
    with counting(world.core.database) as seen:
        await anna.sends(pasted)
    assert len(seen) <= 6, seen
    anna.sees("Hosting Cumulus", "galeria-anny.example")
    one = "Hosting Cumulus" in pasted or "cumulus" in pasted
    anna.sees("Data rejestracji" if one else "Szukanie")
    anna.does_not_see("żółw.example", "Nic nie znaleziono")


async def test_an_internationalised_domain_is_found_in_both_forms(anna: Person) -> None:
    for typed in ("https://żółw.example/", "ola@XN--W-UGA1V8H.EXAMPLE"):
        await anna.sends(typed)
        anna.sees("żółw.example")
        anna.does_not_see("Nic nie znaleziono")


async def test_a_long_address_is_searched_whole_and_shown_short(anna: Person) -> None:
    await anna.sends(f"https://galeria-anny.example/{'a' * 2000}")
    anna.sees("Hosting Cumulus · galeria-anny.example", "Szukanie: „https://galeria-anny.example")


async def test_a_name_without_its_ending_is_completed(anna: Person) -> None:
    await begins(anna, "Domeny", "Domena .com", "rocznie")
    anna.sees("Z końcówką .com; możesz ją pominąć.")
    await anna.sends(" Kwiaty-Anny ")
    anna.sees("Domena .com\nkwiaty-anny.com")
    await anna.taps("Dodaj do koszyka")
    anna.sees("1. Domena .com · kwiaty-anny.com")


async def test_one_of_several_endings_is_chosen(anna: Person) -> None:
    await begins(anna, "Domeny", "Domena .pl", "rocznie")
    anna.sees("Możliwe końcówki: .pl, .com.pl, .net.pl, .org.pl.")
    await anna.sends("Żółte-kwiaty")
    anna.sees("Z jaką końcówką?", "[żółte-kwiaty.pl]", "[żółte-kwiaty.org.pl]")
    await anna.taps("‹ Wróć")
    anna.sees("Wpisz domenę")
    await anna.sends("żółte-kwiaty")
    await anna.taps("żółte-kwiaty.com.pl")
    anna.sees("Domena .pl\nżółte-kwiaty.com.pl", "Razem: 59,00 zł")
    await anna.taps("Dodaj do koszyka")
    anna.sees("1. Domena .pl · żółte-kwiaty.com.pl")


async def test_a_choice_of_endings_may_be_answered_by_typing(anna: Person) -> None:
    await begins(anna, "Domeny", "Domena .pl", "rocznie")
    await anna.sends("kwiaty")
    await anna.sends("kwiaty.net.pl")
    anna.sees("Domena .pl\nkwiaty.net.pl")


async def test_a_choice_of_endings_of_another_order_is_out_of_date(anna: Person) -> None:
    await begins(anna, "Domeny", "Domena .pl", "rocznie")
    await anna.sends("kwiaty")
    tapped = str(anna._find("kwiaty.net.pl")[1]["callback_data"])
    await begins(anna, "Domeny", "Domena .com", "rocznie")
    await anna.forges(tapped)
    assert anna.toast.startswith("Ten przycisk był nieaktualny")


async def test_a_choice_that_was_made_before_leads_back_to_the_question(anna: Person) -> None:
    await begins(anna, "Domeny", "Domena .pl", "rocznie")
    await anna.sends("kwiaty")
    tapped = str(anna._find("kwiaty.net.pl")[1]["callback_data"])
    await anna.taps("kwiaty.pl")
    await anna.forges(tapped)
    anna.sees("Wpisz domenę", "Dotychczas: kwiaty.pl")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("kwiaty.com", "„kwiaty.com” ma inną końcówkę. Ten produkt obejmuje tylko: .pl, .com.pl"),
        ("sklep.kwiaty.pl", "„sklep.kwiaty.pl” ma za dużo członów."),
        ("ola@kwiaty.pl", "To adres e-mail. Jeśli chodzi o domenę kwiaty.pl, wpisz tylko ją."),
        ("kwiaty!", "„kwiaty!.pl” to nie domena."),
    ],
)
async def test_a_refusal_tells_the_true_reason(anna: Person, typed: str, why: str) -> None:
    await begins(anna, "Domeny", "Domena .pl", "rocznie")
    await anna.sends(typed)
    anna.sees(why, "Wpisz domenę, której dotyczy zamówienie.")
    await anna.sends("/cart")
    anna.sees("Koszyk jest pusty")


async def test_an_invisible_mark_does_not_matter_to_an_order(anna: Person) -> None:
    await orders(anna, "\u200ekwiaty\u200b.pl\ufeff")
    anna.sees("1. Domena .pl · kwiaty.pl")


async def test_the_same_name_with_and_without_its_ending_is_taken(anna: Person) -> None:
    await orders(anna, "kwiaty.pl")
    await begins(anna, "Domeny", "Domena .pl", "rocznie")
    await anna.sends("kwiaty")
    await anna.taps("kwiaty.pl")
    assert anna.toast == "Masz już kwiaty.pl."
    await anna.taps("kwiaty.com.pl")
    anna.sees("Domena .pl\nkwiaty.com.pl")


async def test_a_line_whose_ending_is_not_taken_any_more_is_a_problem_of_the_cart(
    world: World, anna: Person
) -> None:
    await orders(anna, "kwiaty.net.pl")
    await begins(anna, "Domeny", "Domena .com", "rocznie")
    await anna.sends("kwiaty")
    await anna.taps("Dodaj do koszyka")
    await changes_product(world, "domain-pl", domain_endings=("pl", "com.pl"))
    await anna.sends("/cart")
    anna.sees(
        "⚠️ 2. Domena .pl · kwiaty.net.pl",
        "„kwiaty.net.pl” ma inną końcówkę. Ten produkt obejmuje tylko: .pl, .com.pl",
        "Razem: 69,00 zł",
    )
    await anna.taps("Zapłać")
    anna.sees("69,00 zł")
    await anna.sends("/cart")
    await anna.taps("✕ Usuń 2")
    anna.does_not_see("kwiaty.net.pl")


async def test_an_ending_that_goes_while_a_name_is_typed_is_refused(
    world: World, anna: Person
) -> None:
    await begins(anna, "Domeny", "Domena .pl", "rocznie")
    await anna.sends("kwiaty.net.pl")
    await changes_product(world, "domain-pl", domain_endings=("com.pl",))
    await anna.taps("Dodaj do koszyka")
    assert anna.toast == "„kwiaty.net.pl” ma inną końcówkę. Ten produkt obejmuje tylko: .com.pl"
    await anna.sends("/cart")
    anna.sees("Koszyk jest pusty")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Sklep \U0001fae9", "Sklep \U0001fae9"),
        (ENGLAND, ENGLAND),
        ("Sklep Anny\u200e", "Sklep Anny"),
    ],
)
async def test_a_label_may_have_any_emoji(anna: Person, typed: str, kept: str) -> None:
    await open_page(anna, "galeria-anny.example")
    await anna.taps("Zmień nazwę")
    await anna.sends(typed)
    anna.sees(f"📦 {kept}\n")


async def test_a_label_that_cannot_be_seen_is_refused(anna: Person) -> None:
    await open_page(anna, "galeria-anny.example")
    await anna.taps("Zmień nazwę")
    await anna.sends("\u3164")
    anna.sees("W tej nazwie nic nie widać.")
    await anna.sends("Sklep")
    anna.sees("Zmieniono nazwę.")
