"""A transfer that is booked after its proforma has closed: nobody hears of "too much"."""

from datetime import date

import pytest

from bot.sandbox.people import Profile
from tests.database import on_both_stores
from tests.make import STAFF
from tests.person import Person
from tests.stories.acts import client_of, credit_of, service_of
from tests.stories.test_paying import checks_out, invoices_of
from tests.world import OPERATOR, World

pytestmark = on_both_stores

LAPSED = "Proforma PRO-202701-00001-7391 wcześniej wygasła.\nNie odnowiliśmy:"


def the_operator(world: World) -> Person:
    return Person(world.driver, Profile(OPERATOR, "Operator"))


async def transfers(person: Person, row: int = 3) -> str:
    """Order the renewal of Hosting Cumulus (290 zł) by transfer; the proforma's number."""
    await checks_out(person, row)
    await person.taps("☑")
    await person.taps("Przelew bankowy")
    await person.taps("Zamawiam i płacę")
    return person.copies("Kopiuj tytuł")


async def lapses(world: World, number: str) -> None:
    """The proforma expires; the transfer of its last day is booked the day after."""
    await world.passes(days=15)
    await world.core.actions.record_transfer(number, "290.00", by=STAFF)
    await world.passes(seconds=30)


async def cancels(person: Person) -> None:
    """Give up the proforma whose transfer is shown."""
    await person.taps("Pokaż proformę")
    await person.taps("Anuluj proformę")
    await person.taps("Tak, anuluj proformę")


@pytest.mark.slow
async def test_a_transfer_after_the_lapse_renews_with_one_tap_and_a_look(
    world: World, anna: Person, piotr: Person
) -> None:
    await lapses(world, await transfers(anna))
    for person in (anna, piotr):
        person.sees(
            "Otrzymano: 290,00 zł", LAPSED, "1. Hosting Cumulus · galeria-anny.example",
            "Kwota jest na Twoim saldzie.",
        )  # fmt: skip
        assert "więcej" not in person.screen
    await anna.taps("Odnów z salda")
    anna.sees("Hosting Cumulus", "Płatność z salda; zostanie 60,00 zł.")
    await anna.taps("Zamawiam i płacę 290,00 zł")
    anna.sees("Zapłacono: 290,00 zł", "odnowiono do 15 sty 2028")
    assert await credit_of(world, anna) == "60.00 PLN"
    await piotr.taps("Odnów z salda")
    assert piotr.toast == "Ta usługa jest już odnowiona."
    piotr.sees("Proforma PRO-202701-00001-7391", "❌ wygasła")


@pytest.mark.slow
async def test_the_operator_reads_that_nothing_was_renewed(world: World, anna: Person) -> None:
    operator = the_operator(world)
    await lapses(world, await transfers(anna))
    (told,) = [screen for screen in operator.screens if "📮" not in screen]
    assert told.splitlines() == [
        "💳 Came too late: PLN 290.00",
        "",
        "Client: C-1001 · Anna Nowak",
        "Proforma PRO-202701-00001-7391 had expired by then.",
        "Not renewed:",
        "1. Hosting Cumulus · galeria-anny.example",
        "It is the client's credit now.",
        "The client is told and can use it at once.",
        "",
        "If you send it back: panelik credit -- C-1001 -290.00",
        "[📋 If you send it back]",
    ]


@pytest.mark.slow
async def test_the_operator_reads_that_nobody_could_be_told(
    world: World, anna: Person, piotr: Person
) -> None:
    number = await transfers(anna)
    await anna.blocks()
    await piotr.blocks()
    await lapses(world, number)
    assert "Nobody reads the bot for this client" in the_operator(world).screen


@pytest.mark.slow
async def test_a_transfer_after_the_client_has_cancelled(world: World, anna: Person) -> None:
    number = await transfers(anna)
    await cancels(anna)
    await world.core.actions.record_transfer(number, "290.00", by=STAFF)
    await world.passes(seconds=30)
    anna.sees(f"Proforma {number} została wcześniej anulowana.", "Nie odnowiliśmy:")
    await anna.taps("Odnów z salda")
    await anna.taps("Zamawiam i płacę 290,00 zł")
    cumulus = await service_of(world, anna, "Hosting Cumulus")
    assert cumulus.next_due_date == date(2028, 1, 15)


@pytest.mark.slow
async def test_what_else_is_in_the_cart_is_not_ordered_unseen(
    world: World, anna: Person, piotr: Person
) -> None:
    await lapses(world, await transfers(anna))
    await piotr.sends("/renew")
    await piotr.taps("☐ żółw.example")
    await anna.taps("Odnów z salda")
    assert anna.toast == "Jest w koszyku, obok tego, co już w nim było."
    anna.sees("🛒 Koszyk", "Hosting Obłok", "Hosting Cumulus")
    await anna.taps("✕ Usuń 1")
    assert await invoices_of(world, anna) == 1


@pytest.mark.slow
async def test_a_renewal_on_another_proforma_is_paid_there(world: World, anna: Person) -> None:
    number = await transfers(anna)
    await cancels(anna)
    second = await transfers(anna)
    await world.core.actions.record_transfer(number, "290.00", by=STAFF)
    await world.passes(seconds=30)
    await anna.taps("Odnów z salda")
    anna.sees(f"Proforma {second}", "[Zapłać 290,00 zł z salda]")
    assert await invoices_of(world, anna) == 2


@pytest.mark.slow
async def test_credit_that_was_spent_meanwhile_leaves_the_other_ways_to_pay(
    world: World, anna: Person
) -> None:
    await lapses(world, await transfers(anna))
    client = await client_of(world, anna)
    await world.core.actions.adjust_credit(client.ref, "-300.00", by=STAFF)
    await anna.taps("Odnów z salda")
    anna.sees("Przelew bankowy · 240,00 zł", "☑ Użyj salda: 50,00 zł")


@pytest.mark.slow
async def test_in_english(world: World, john: Person) -> None:
    await checks_out(john)
    await john.taps("Bank transfer")
    await john.taps("Order and pay")
    number = john.copies("Copy reference")
    await world.passes(days=15)
    await world.core.actions.record_transfer(number, "24.00", by=STAFF)
    await world.passes(seconds=30)
    john.sees("Received: €24.00", f"Proforma {number} had expired by then.", "SSL certificate")
    await john.taps("Renew from your credit")
    john.sees("Please check your order", "Paid from your credit; €0.00 stays.")


@pytest.mark.slow
async def test_a_stranger_renews_nothing_with_a_forged_button(
    world: World, anna: Person, john: Person
) -> None:
    await lapses(world, await transfers(anna))
    await john.sends("/invoices")
    await john.forges("ir1:1")
    assert "not here" in f"{john.toast}{john.screen}"
    assert await invoices_of(world, john) == 0
