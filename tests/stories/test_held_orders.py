"""What is on an unpaid proforma is not ordered twice: the bot leads to the proforma instead."""

import pytest

from tests.database import on_both_stores
from tests.person import Person
from tests.stories.acts import data_of
from tests.world import World

pytestmark = on_both_stores


async def orders_hosting(person: Person, name: str) -> None:
    """/order, hosting for a domain, as far as its add-ons."""
    await person.sends("/order")
    for label in ("Hosting stron", "Hosting Obłok", "rocznie"):
        await person.taps(label)
    await person.sends(name)


async def makes_proforma(person: Person) -> str:
    """Pay what is in the cart by transfer, without credit; the proforma's number."""
    await person.taps("Zapłać")
    if any("☑" in label for label in person.buttons):
        await person.taps("☑")
    await person.taps("Przelew bankowy")
    await person.taps("Zamawiam i płacę")
    return person.copies("Kopiuj tytuł")


@pytest.mark.slow
async def test_a_domain_on_an_unpaid_proforma_is_not_ordered_again(
    world: World, anna: Person, piotr: Person
) -> None:
    await orders_hosting(piotr, "nowa.example")
    late = data_of(piotr, "Dodaj do koszyka")
    await orders_hosting(anna, "nowa.example")
    await anna.taps("Dodaj do koszyka")
    number = await makes_proforma(anna)

    await orders_hosting(anna, "NOWA.example")
    anna.sees(
        f"nowa.example jest już na proformie {number}, która czeka na zapłatę.",
        "Wpisz domenę, której dotyczy zamówienie.",
        "[Dokończ płatność]",
    )
    await anna.sends("inna.example")
    anna.sees("inna.example", "[Dodaj do koszyka]")

    await piotr.forges(late)
    assert piotr.toast == f"nowa.example jest już na proformie {number}, która czeka na zapłatę."
    piotr.sees("Wpisz domenę, której dotyczy zamówienie.")
    await piotr.taps("Dokończ płatność")
    piotr.sees(number, "149,00 zł", "Przelew bankowy · 149,00 zł")
    await piotr.taps("Anuluj proformę")
    await piotr.taps("Tak")
    await orders_hosting(piotr, "nowa.example")
    piotr.sees("nowa.example", "[Dodaj do koszyka]")


async def test_an_add_on_on_an_unpaid_proforma_is_not_ordered_again(
    anna: Person, piotr: Person
) -> None:
    await anna.sends("/addons")
    for label in ("Certyfikat SSL", "Dodaj do koszyka", "rocznie"):
        await anna.taps(label)
    late = data_of(anna, "Hosting Cumulus · galeria-anny.example")
    await anna.taps("Hosting Cumulus · galeria-anny.example")
    number = await makes_proforma(anna)

    held = f"Jest już na proformie {number}, która czeka na zapłatę."
    await anna.sends("/addons")
    for label in ("Certyfikat SSL", "Dodaj do koszyka", "rocznie"):
        await anna.taps(label)
    anna.sees(held, f"[Dokończ płatność · {number}]")

    await piotr.sends("/addons")
    await piotr.forges(late)
    assert piotr.toast == held
    piotr.sees("Certyfikat SSL", f"⚠️ {held}")
    await piotr.taps(f"Dokończ płatność · {number}")
    piotr.sees(number, "99,00 zł")
