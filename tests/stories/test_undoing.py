"""What is removed from the cart comes back with one tap."""

from tests.database import on_both_stores
from tests.person import Person
from tests.statements import counting
from tests.stories.acts import data_of, taps_twice
from tests.stories.test_ordering import begins
from tests.world import World

pytestmark = on_both_stores


async def orders(person: Person) -> None:
    """A product with two add-ons, into the cart."""
    await begins(person, "Hosting stron", "Hosting Obłok", "rocznie")
    await person.sends("nowa.example")
    for label in ("+ Certyfikat SSL", "rocznie", "+ Kopia", "miesięcznie", "Dodaj do koszyka"):
        await person.taps(label)


async def test_a_service_that_is_removed_says_what_went_with_it_and_comes_back(
    anna: Person,
) -> None:
    await orders(anna)
    before = anna.screen
    await anna.taps("✕ Usuń 1")
    assert anna.toast == (
        "Usunięto z koszyka: Hosting Obłok oraz 2 dodatki do tej pozycji "
        "(Certyfikat SSL, Kopia zapasowa Plus)."
    )
    anna.sees("Koszyk jest pusty", "[↩ Cofnij]")
    await taps_twice(anna, "↩ Cofnij")
    assert anna.toast == "Jest już w koszyku."
    assert anna.screen == before


async def test_it_is_safe_after_the_cart_changed_elsewhere(anna: Person, piotr: Person) -> None:
    await anna.sends("/renew")
    await anna.taps("☐ żółw.example")
    await anna.taps("Koszyk (1)")
    await anna.taps("✕ Usuń 1")
    await piotr.sends("/renew")
    await piotr.taps("☐ galeria-anny-przyklad.pl")
    await piotr.taps("☐ żółw.example")
    await anna.taps("↩ Cofnij")
    assert anna.toast == "Jest już w koszyku."
    anna.sees("1. Domena .pl", "2. Hosting Obłok", "Razem: 101,00 zł")


async def test_what_was_paid_meanwhile_is_not_bought_again(anna: Person, piotr: Person) -> None:
    await anna.sends("/renew")
    await anna.taps("☐ żółw.example")
    await anna.taps("Koszyk (1)")
    await anna.taps("✕ Usuń 1")
    undo = data_of(anna, "↩ Cofnij")
    await piotr.sends("/renew")
    await piotr.taps("☐ żółw.example")
    for label in ("Zapłać", "Przelew bankowy", "Zamawiam i płacę"):
        await piotr.taps(label)
    await anna.forges(undo)
    anna.sees("⚠️ 1. Hosting Obłok", "na nieopłaconej proformie")
    anna.does_not_see("Płatność ·")


async def test_only_what_was_removed_last_comes_back(anna: Person) -> None:
    await anna.sends("/renew")
    await anna.taps("☐ żółw.example")
    await anna.taps("☐ galeria-anny-przyklad.pl")
    await anna.taps("Koszyk (2)")
    await anna.taps("✕ Usuń 1")
    first = data_of(anna, "↩ Cofnij")
    await anna.taps("✕ Usuń 1")
    await anna.forges(first)
    anna.sees("Koszyk jest pusty")
    assert anna.toast == "Ten przycisk był nieaktualny. Oto obecny stan."


async def test_both_take_six_statements_at_most(world: World, anna: Person) -> None:
    await orders(anna)
    for label in ("✕ Usuń 1", "↩ Cofnij"):
        with counting(world.core.database) as seen:
            await anna.taps(label)
        assert len(seen) <= 6, f"{label}:\n{seen}"
