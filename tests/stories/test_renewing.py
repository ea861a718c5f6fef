from datetime import date

import pytest

from billing.rules.services.service import ServiceStatus
from tests.database import on_both_stores
from tests.make import STAFF
from tests.person import Person
from tests.statements import counting
from tests.stories.acts import credit_of, data_of, service_of
from tests.world import World

pytestmark = on_both_stores


@pytest.mark.slow
async def test_two_services_are_renewed_with_credit(world: World, anna: Person) -> None:
    await anna.sends("/renew")
    anna.sees("Odnów usługi", "1. Hosting Obłok · żółw.example", "⚠️ 23 gru 2026 → 23 mar 2027")
    await anna.taps("☐", row=0)
    assert anna.toast == "Dodano do koszyka."
    assert anna.buttons[:2] == [
        "☑ żółw.example · 42,00 zł", "☐ Kopia zapasowa Plus · 27,00 zł"
    ]  # fmt: skip
    await anna.taps("2 ›")
    await anna.taps("☐ Kopia za")
    anna.sees("2 pozycje w koszyku: 51,90 zł")
    await anna.taps("Zapłać 51,90 zł")
    anna.sees("Saldo: 60,00 zł", "Jak chcesz zapłacić?")
    await anna.taps("Saldo · 51,90 zł")
    anna.sees("Sprawdź zamówienie", "Płatność z salda; zostanie 8,10 zł.")
    await anna.taps("Zamawiam i płacę 51,90 zł")
    anna.sees("Zapłacono: 51,90 zł", "odnowiono do 23 mar 2027", "odnowiono do 28 lut 2027")
    await anna.taps("Usługi")
    anna.sees("Usługi", "żółw.example")
    assert await credit_of(world, anna) == "8.10 PLN"


async def test_paying_ends_a_suspension_for_money(world: World, anna: Person) -> None:
    await anna.sends("/renew")
    await anna.taps("☐", row=0)
    await anna.taps("Zapłać")
    await anna.taps("Zamawiam i płacę 42,00 zł z salda")
    renewed = await service_of(world, anna, "Hosting Obłok")
    assert renewed.status is ServiceStatus.ACTIVE
    assert renewed.next_due_date == date(2027, 3, 23)


async def test_all_that_is_due_soon_is_added_at_once(john: Person) -> None:
    await john.sends("/renew")
    john.sees("Renew services", "SSL certificate · smith-and-sons.e…")
    await john.taps("Overdue and due in 30 days (4) · €138.50")
    assert john.toast == "Added to the cart."
    john.sees("4 items in the cart: €138.50")
    john.does_not_see("Overdue and due")
    await john.taps("☑", row=0)
    assert john.toast == "Removed from the cart."
    john.sees("3 items in the cart: €114.50", "Overdue and due in 30 days (1) · €24.00")


async def test_what_cannot_be_renewed_says_why_and_from_when(anna: Person, john: Person) -> None:
    await anna.sends("/renew")
    await anna.taps("Nie teraz (")
    anna.sees("VPS Wiatr", "Usługa jest zawieszona")
    await john.sends("/renew")
    await john.taps("Not now (")
    john.sees("Domain .com", "It can be renewed from 14 Mar 2027.")


async def test_adding_twice_adds_once(anna: Person) -> None:
    await anna.sends("/renew")
    add = _first_add(anna)
    await anna.taps("☐", row=0)
    await anna.forges(add)
    anna.sees("1 pozycja w koszyku: 42,00 zł")
    remove = data_of(anna, "☑")
    await anna.taps("☑")
    await anna.forges(remove)
    anna.does_not_see("w koszyku:")


def _first_add(person: Person) -> str:
    return str(person._find("☐", row=0)[1]["callback_data"])


async def test_a_renewal_can_be_bought_for_another_cycle(anna: Person) -> None:
    await anna.sends("/renew")
    await anna.taps("⇄ Inny okres")
    await anna.taps("żółw.example · kwartalnie")
    anna.sees("Teraz: kwartalnie", "rocznie: oszczędzasz 29,80 zł (16 %)", "kwartalnie · 42,00 zł")
    await anna.taps("rocznie · 149,00 zł")
    anna.sees("💳 Płatność", "Razem: 149,00 zł")
    await anna.taps("‹ Wróć")
    anna.sees("→ 23 gru 2027", "[☑ żółw.example · 149,00 zł]", "1 pozycja w koszyku: 149,00 zł")
    await anna.taps("⇄ Inny okres")
    await anna.taps("żółw.example · rocznie")
    anna.sees("✓ rocznie · 149,00 zł")
    await anna.taps("‹ Wróć")
    await anna.taps("☑ żółw.example")
    anna.does_not_see("w koszyku:")


async def test_a_second_page_goes_on_and_stays_after_adding(anna: Person) -> None:
    await anna.sends("/renew")
    await anna.taps("2 ›")
    anna.sees("5. Dodatkowy adres IP", "7. Dodatkowe 50 GB", "2 z 2")
    await anna.taps("☐ Dodatkowe 50 GB · 45,00 zł")
    anna.sees(
        "7. Dodatkowe 50 GB", "[☑ Dodatkowe 50 GB · 45,00 zł]", "1 pozycja w koszyku: 45,00 zł"
    )


async def test_two_users_of_a_client_fill_one_cart(anna: Person, piotr: Person) -> None:
    await anna.sends("/renew")
    await anna.taps("☐", row=0)
    await piotr.sends("/cart")
    piotr.sees("1. Hosting Obłok · żółw.example")
    await piotr.taps("✕ Usuń 1")
    piotr.sees("Koszyk jest pusty")
    await anna.sends("/renew")
    anna.does_not_see("☑")


@pytest.mark.slow
async def test_a_line_gets_another_cycle_in_the_cart(anna: Person) -> None:
    await anna.sends("/renew")
    await anna.taps("☐", row=0)
    await anna.taps("Koszyk (1)")
    anna.sees(
        "Odnowienie · 23 gru 2026 – 23 mar 2027",
        "Netto 34,15 zł, VAT 23%: 7,85 zł",
        "Potem: 42,00 zł / kwartał",
    )
    await anna.taps("⇄ 1 · kwartalnie")
    await anna.taps("miesięcznie · 14,90 zł")
    assert anna.toast == "Zmieniono okres rozliczeniowy."
    anna.sees("23 gru 2026 – 23 sty 2027", "Razem: 14,90 zł")
    await anna.taps("Wróć")
    anna.sees("Odnów usługi", "1 pozycja w koszyku: 14,90 zł")


async def test_emptying_asks_and_spares_what_was_added_meanwhile(
    anna: Person, piotr: Person
) -> None:
    await anna.sends("/renew")
    await anna.taps("☐", row=0)
    await anna.taps("Koszyk (1)")
    await anna.taps("Opróżnij koszyk")
    anna.sees("Opróżnić koszyk?", "1 pozycja zostanie usunięta.")
    await piotr.sends("/renew")
    await piotr.taps("☐", row=1)
    await anna.taps("Tak, opróżnij")
    assert anna.toast == "Koszyk się zmienił. Sprawdź go jeszcze raz."
    anna.sees("1. Hosting Obłok", "2. Kopia zapasowa Plus")
    await anna.taps("Opróżnij koszyk")
    await anna.taps("Tak, opróżnij")
    assert anna.toast == "Koszyk został opróżniony."
    anna.sees("Koszyk jest pusty")


async def test_buttons_of_a_line_that_is_gone_show_the_cart(anna: Person) -> None:
    await anna.sends("/renew")
    await anna.taps("☐", row=0)
    await anna.sends("/cart")
    change = data_of(anna, "⇄ 1 · kwartalnie")
    await anna.taps("✕ Usuń 1")
    await anna.forges(change)
    anna.sees("Koszyk jest pusty")
    assert anna.toast


@pytest.mark.slow
async def test_the_31st_survives_a_short_month(world: World, john: Person) -> None:
    for due in ("28 Feb 2027", "31 Mar 2027"):
        await john.sends("/renew")
        await john.taps("⇄ Another period")
        await john.taps("shop.smith-and-sons.example")
        await john.taps("monthly · €16.50")
        await john.taps("Bank transfer · €16.50")
        await john.taps("Order and pay €16.50")
        number = john.copies("Copy reference")
        await world.core.actions.record_transfer(number, by=STAFF)
        await john.taps("Show proforma")
        john.sees(f"renewed until {due}")


async def test_back_leads_where_one_came_from(anna: Person) -> None:
    await anna.sends("/renew")
    await anna.taps("☐", row=0)
    await anna.taps("Zapłać")
    await anna.taps("Przelew bankowy ·")
    await anna.taps("Wróć")
    anna.sees("Jak chcesz zapłacić?")
    await anna.taps("Wróć")
    anna.sees("Odnów usługi")
    await anna.taps("⇄ Inny okres")
    await anna.taps("galeria-anny.example · rocznie")
    await anna.taps("Strona usługi")
    anna.sees("galeria-anny.example")
    await anna.taps("Wróć")
    anna.sees("Odnów usługi")


async def test_a_tap_takes_six_statements_at_most(world: World, anna: Person) -> None:
    await anna.sends("/renew")
    for label, row in (
        ("☐", 0), ("☑", 0), ("☐", 0),
        ("⇄ Inny okres", None), ("galeria-anny.example ·", None), ("Wróć", None),
        ("Koszyk (1)", None),
        ("⇄ 1 · kwartalnie", None), ("miesięcznie", None), ("Zapłać", None),
        ("Przelew bankowy ·", None),
    ):  # fmt: skip
        with counting(world.core.database) as seen:
            await anna.taps(label, row=row)
        assert len(seen) <= 6, f"{label}:\n{seen}"
