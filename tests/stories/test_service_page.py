import pytest

from billing.views.services import CancelWhen
from tests.database import on_both_stores
from tests.make import STAFF
from tests.person import Person
from tests.statements import counting
from tests.stories.acts import data_of, service_of, taps_twice
from tests.world import World


async def open_page(person: Person, search: str) -> None:
    """Open the page of the first service that a search finds."""
    await person.sends(search)
    if "🔎" in person.screen:
        await person.taps(person.buttons[0], nth=0)


async def test_a_page_tells_everything_about_a_service(anna: Person) -> None:
    await open_page(anna, "cumulus")
    anna.sees("📦 Hosting Cumulus", "galeria-anny.example", "🟢 Aktywna")
    anna.sees("Data rejestracji: 15 sty 2025", "Pierwsza płatność: 290,00 zł")
    anna.sees(
        "Odnowienie: 290,00 zł / rok", "⏳ 15 sty 2027 (za 3 dni)", "Ceny brutto (z VAT 23%)."
    )
    anna.sees(
        "🧩 Dodatki",
        "Dodatkowy adres IP",
        "120,00 zł / rok · 🟢 Aktywna · ⏳ 19 sty",
    )
    assert anna.opens("Otwórz w panelu") == "https://panel.chmurnik.example/uslugi/S-2001"


async def test_the_dots_open_a_menu_of_actions(john: Person) -> None:
    await john.sends("/services")
    await john.taps("⋯")
    await john.taps("VPS Halny")
    john.sees("📦 VPS Halny", "€16.50 / month · 31 Jan 2027 (in 19 days)")
    john.does_not_see("Registered on")
    assert john.buttons == [
        "Renew · €16.50 / month", "Renew for another period", "🔔 Reminders", "Rename",
        "Open in the panel", "Request cancellation", "Order an add-on", "Details", "‹ Back",
        "Menu",
    ]  # fmt: skip
    await john.taps("Details")
    john.sees("Registered on: 31 Jan 2025")


async def test_a_renewal_goes_into_the_cart_and_out_again(anna: Person) -> None:
    await open_page(anna, "cumulus")
    await anna.taps("Odnów · 290,00 zł / rok")
    assert anna.toast == "Dodano do koszyka."
    anna.sees("Odnowienie jest w koszyku.", "✓ W koszyku")
    await anna.taps("✓ W koszyku")
    assert anna.toast == "Usunięto z koszyka."
    anna.sees("Odnów ·")
    anna.does_not_see("Odnowienie jest w koszyku.")


async def test_back_from_the_cart_leads_to_the_page_and_on_to_the_search(anna: Person) -> None:
    await open_page(anna, "cumulus")
    await anna.taps("Odnów ·")
    await anna.taps("Koszyk")
    anna.sees("🛒 Koszyk", "290,00 zł")
    await anna.taps("‹ Wróć")
    anna.sees("📦 Hosting Cumulus", "✓ W koszyku")
    await anna.taps("‹ Wróć")
    anna.sees("Szukanie: „cumulus”")


async def test_an_addon_has_a_page_of_its_own_inside_its_service(anna: Person) -> None:
    await open_page(anna, "cumulus")
    await anna.taps("Dodatkowy adr")
    anna.sees("🧩 Dodatkowy adres IP", "Dodatek do: Hosting Cumulus · galeria-anny.example")
    anna.does_not_see("Zamów dodatek", "Usługa: ")
    await anna.taps("Odnów ·")
    await anna.taps("Koszyk")
    await anna.taps("‹ Wróć")
    anna.sees("🧩 Dodatkowy adres IP", "✓ W koszyku")
    await anna.taps("‹ Wróć")
    anna.sees("📦 Hosting Cumulus")
    await anna.taps("‹ Wróć")
    anna.sees("Szukanie: „cumulus”")


async def test_from_the_renewals_an_addon_leads_to_its_service_and_back(john: Person) -> None:
    await john.sends("/renew")
    await john.taps("⇄ Another period")
    await john.taps("SSL certificate")
    await john.taps("Service page")
    john.sees("🧩 SSL certificate", "Its service: Hosting Cumulus")
    await john.taps("‹ Back")
    john.sees("🔄 Renew services")


async def test_every_status_says_what_it_means(anna: Person) -> None:
    for search, told in (
        ("żółw", "Zawieszona z powodu braku płatności. Odnów ją, a znów zadziała."),
        ("poczta", "Zawieszona za naruszenie regulaminu."),
        ("sklep", "Przygotowujemy ją"),
        ("przyklad.eu", "Anulowana, nie można jej odnowić."),
        ("stary-blog", "Zakończona, nie można jej odnowić."),
        ("orkan", "Zablokowana. Skontaktuj się z nami."),
        ("przeniesienie", "Wykonana, nie ma nic więcej do zapłaty."),
    ):
        await open_page(anna, search)
        anna.sees(told)
    await open_page(anna, "poczta")
    assert anna.opens("Kontakt") == "https://chmurnik.example/kontakt"
    anna.does_not_see("Odnów ·")


async def test_what_cannot_be_renewed_yet_says_from_when(john: Person) -> None:
    await open_page(john, ".com")
    john.sees("🔄 It can be renewed from 14 Mar 2027.")
    john.does_not_see("Renew ·")
    await open_page(john, "archive")
    john.sees("It is free and needs no renewal.")


@pytest.mark.slow
async def test_a_proforma_that_holds_the_renewal_is_offered_for_payment(anna: Person) -> None:
    await open_page(anna, "cumulus")
    await anna.taps("Odnów ·")
    await anna.taps("Koszyk")
    await anna.taps("Zapłać")
    await anna.taps("Przelew")
    await anna.taps("Zamawiam i płacę")
    await open_page(anna, "cumulus")
    anna.sees("🧾 Proforma PRO-202701-00001-7391 czeka na zapłatę: 230,00 zł", "Dokończ płatność")
    anna.does_not_see("Odnów ·", "W koszyku")
    await anna.taps("Dokończ płatność")
    anna.sees("PRO-202701-00001-7391")
    await anna.taps("‹ Wróć")
    anna.sees("📦 Hosting Cumulus")


async def test_a_service_gets_a_name_of_ones_own(anna: Person, piotr: Person) -> None:
    await open_page(anna, "cumulus")
    await anna.taps("Zmień nazwę")
    await anna.sends("  Galeria   <Anny> ")
    anna.sees("Zmieniono nazwę.", "📦 Galeria <Anny>", "Produkt: Hosting Cumulus")
    await piotr.sends("galeria <Anny> cumulus")
    piotr.sees("📦 Galeria <Anny>", "galeria-anny.example", "[Zmień nazwę]")
    await anna.taps("Zmień nazwę")
    await anna.sends("—")
    anna.sees("Przywrócono nazwę produktu.", "📦 Hosting Cumulus")


async def test_the_products_name_comes_back_by_a_button(anna: Person) -> None:
    await open_page(anna, "cumulus")
    await anna.taps("Zmień nazwę")
    await anna.sends("Galeria")
    await anna.taps("Zmień nazwę")
    await anna.taps("Przywróć nazwę produktu")
    await anna.taps("Strona usługi")
    anna.sees("📦 Hosting Cumulus")


async def test_a_name_that_is_too_long_is_asked_for_again(anna: Person) -> None:
    await open_page(anna, "cumulus")
    await anna.taps("Zmień nazwę")
    await anna.sends("x" * 61)
    anna.sees("najwyżej 60 znaków", "Wpisz własną nazwę")
    await anna.taps("Anuluj")
    anna.sees("📦 Hosting Cumulus")
    await anna.sends("obłok")
    anna.sees("Szukanie: „obłok”")


@pytest.mark.slow
async def test_a_service_is_cancelled_at_the_end_of_its_period(world: World, anna: Person) -> None:
    await open_page(anna, "cumulus")
    await anna.taps("Zgłoś rezygnację")
    anna.sees("Kiedy usługa ma się zakończyć?", "Razem z nią zakończą się jej dodatki.")
    await anna.taps("Z końcem okresu: 15 sty 2027")
    anna.sees("Skąd ta decyzja?")
    await anna.sends("Zamykam galerię")
    anna.sees("Zrezygnować z usługi?", "Powód: Zamykam galerię", "zakończy się 15 sty 2027")
    await taps_twice(anna, "Tak, rezygnuję")
    anna.sees("Mamy Twoją rezygnację.", "Prosisz o zakończenie: 15 sty 2027.")
    ((asked, _, client),) = await world.core.actions.list_cancellations()
    assert (asked.when, asked.reason, client) == (
        CancelWhen.PERIOD_END, "Zamykam galerię", "C-1001"
    )  # fmt: skip
    await anna.taps("Strona usługi")
    anna.sees("Zgłoszono rezygnację z dniem 15 sty 2027", "Cofnij rezygnację")
    anna.sees("Następny termin płatności")
    anna.does_not_see("Odnów ·", "🔚")
    await anna.taps("‹ Wróć")
    anna.sees("🟢 Aktywna · 290,00 zł / rok · 🕓 rezygnacja", "[🟢 Hosting Cumulus · 290,00 zł]")
    anna.does_not_see("🔚")
    await world.core.actions.decide_cancellation(asked.id, accept=True, by=STAFF)
    await open_page(anna, "cumulus")
    anna.sees("🟢 Aktywna\n🔚 kończy się 15 sty 2027")
    anna.does_not_see("Następny termin płatności", "Zostanie anulowana")
    await anna.taps("‹ Wróć")
    anna.sees("🟢 Aktywna · 290,00 zł / rok · 🔚 kończy się 15 sty 2027")
    anna.sees("🔚 galeria-anny… · 15 sty 2027")
    await world.passes(days=4)
    await open_page(anna, "cumulus")
    anna.sees("⚪ Anulowana")


@on_both_stores
async def test_whoever_shares_the_account_hears_of_a_cancellation_and_can_undo_it(
    world: World, anna: Person, piotr: Person
) -> None:
    await open_page(anna, "cumulus")
    await anna.taps("Zgłoś rezygnację")
    await anna.taps("Z końcem okresu: 15 sty 2027")
    anna.sees("[Nie, zostawiam]")
    await anna.taps("Pomiń")
    anna.sees("[Tak, rezygnuję]", "[Nie, zostawiam]", "Razem z nią zakończą się dodatki:")
    anna.sees("• Kopia zapasowa Plus, opłacony do 31 sty 2027", "usuwamy 30 dni po zakończeniu")
    anna.does_not_see("Anuluj")
    await anna.taps("Tak, rezygnuję")
    await world.passes(minutes=1)
    anna.does_not_see("Inna osoba")
    piotr.sees("Inna osoba z Twojego konta chce zrezygnować z usługi", "Hosting Cumulus")
    piotr.sees("Usługa zakończy się 15 sty 2027.", "[Cofnij]")
    await piotr.taps("Cofnij")
    piotr.sees("Rezygnacja cofnięta. Usługa zostaje.")
    await world.passes(minutes=1)
    anna.sees("Inna osoba z Twojego konta cofnęła rezygnację", "Hosting Cumulus")
    assert not await world.core.actions.list_cancellations()


@on_both_stores
async def test_the_reason_of_a_rejection_is_read_as_it_was_typed(
    world: World, anna: Person
) -> None:
    await open_page(anna, "cumulus")
    await anna.taps("Zgłoś rezygnację")
    await anna.taps("Jak najszybciej")
    await anna.taps("Pomiń")
    await anna.taps("Tak, rezygnuję")
    ((asked, _, _),) = await world.core.actions.list_cancellations()
    await world.core.actions.decide_cancellation(
        asked.id, accept=False, by=STAFF, reason="Umowa trwa <rok> & dzień."
    )
    await world.passes(minutes=1)
    anna.sees("Nie możemy przyjąć rezygnacji", "Nasz powód: Umowa trwa <rok> & dzień.")


async def test_a_request_to_cancel_can_be_taken_back(world: World, john: Person) -> None:
    await open_page(john, "halny")
    await john.taps("Request cancellation")
    await john.taps("As soon as possible")
    await john.taps("Skip")
    john.sees("It ends as soon as we accept your request.")
    john.does_not_see("Reason:")
    await john.taps("Yes, request cancellation")
    await john.taps("Service page")
    john.sees("Cancellation requested as soon as possible")
    await john.taps("Withdraw cancellation")
    john.sees("The request is withdrawn. The service stays.")
    await john.taps("Service page")
    john.sees("Renew ·", "Request cancellation")
    assert not await world.core.actions.list_cancellations()


async def test_a_reason_that_is_too_long_is_asked_for_again(john: Person) -> None:
    await open_page(john, "halny")
    await john.taps("Request cancellation")
    await john.taps("As soon as possible")
    await john.sends("because " * 200)
    john.sees("That is too long: at most 600 characters.", "Why do you want to cancel it?")
    await john.sends("too dear")
    john.sees("Reason: too dear")


async def test_withdrawing_twice_says_so(world: World, john: Person) -> None:
    await open_page(john, "halny")
    await john.taps("Request cancellation")
    await john.taps("As soon as possible")
    await john.taps("Skip")
    await john.taps("Yes, request cancellation")
    await john.taps("Service page")
    withdraw = data_of(john, "Withdraw cancellation")
    await john.taps("Withdraw cancellation")
    await john.forges(withdraw)
    john.sees("There is no open cancellation request for this service.")
    vps = await service_of(world, john, "VPS Halny")
    assert vps.is_live


async def test_somebody_elses_service_is_not_there(
    world: World, anna: Person, john: Person
) -> None:
    hers = await service_of(world, anna, "Hosting Cumulus")
    await john.sends("/services")
    await open_page(anna, "cumulus")
    taps = [data_of(anna, label) for label in ("Odnów ·", "Zmień nazwę", "Zgłoś rezygnację")]
    for data in (*taps, data_of(anna, "Dodatkowy adr")):
        await john.forges(data)
        john.does_not_see("Cumulus · galeria")
    await john.sends("Mine now")
    assert (await service_of(world, anna, "Hosting Cumulus")) == hers


async def test_an_old_confirmation_of_another_draft_is_stale(john: Person) -> None:
    await open_page(john, "halny")
    await john.taps("Request cancellation")
    await john.taps("As soon as possible")
    await john.taps("Skip")
    confirm = data_of(john, "Yes, request cancellation")
    await open_page(john, "cumulus")
    await john.taps("Rename")
    await john.forges(confirm)
    john.sees("Chmurnik Hosting")
    assert "out of date" in john.toast


@pytest.mark.slow
async def test_no_tap_on_a_page_takes_more_than_six_statements(world: World, anna: Person) -> None:
    await anna.sends("cumulus")
    for label in ("📦 Hosting Cumulus", "Odnów ·", "✓ W koszyku", "Zmień nazwę", "Przywróć nazwę",
                  "Strona usługi", "Zmień nazwę", "Anuluj", "Zgłoś rez", "Z końcem", "Pomiń",
                  "Tak, rezygnuję", "Strona usługi", "‹ Wróć", "⋯", "🟢", "Szczegóły",
                  "Dodatkowy adr", "‹ Wróć", "Cofnij", "Strona usługi"):  # fmt: skip
        with counting(world.core.database) as statements:
            await anna.taps(label)
        # A request to cancel is told to the other users of the account.
        most = 8 if label == "Tak, rezygnuję" else 6
        assert len(statements) <= most, f"{label}:\n{statements}"
