import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.shop.catalog import Price
from handlers.buttons import (
    AddOrder,
    CancelOrder,
    OpenExtras,
    OpenGroup,
    OpenProduct,
    OrderProduct,
    PutExtra,
)
from handlers.chat.screens.codec import decode, encode
from tests.database import on_both_stores
from tests.person import Person
from tests.statements import counting
from tests.stories.acts import data_of, taps_twice
from tests.stories.catalogue import changes_product, number_of
from tests.world import World

pytestmark = on_both_stores

MONTHLY = BillingCycle.MONTHLY
OUT_OF_DATE = {"pl": "Ten przycisk był nieaktualny", "en": "That button was out of date"}


async def begins(person: Person, *labels: str) -> None:
    """/order, and on to the question for a name."""
    await person.sends("/order")
    for label in labels:
        await person.taps(label)


async def test_a_product_is_ordered_with_add_ons(anna: Person) -> None:
    await anna.sends("/order")
    anna.sees(
        "Złóż nowe zamówienie", "Hosting stron · 3 produkty", "Rejestracja i odnawianie domen."
    )
    await anna.taps("Hosting stron")
    anna.sees("Hosting Obłok · od 14,90 zł / mies.", "10 skrzynek e-mail")
    await anna.taps("Hosting Obłok")
    anna.sees(
        "✓ 10 skrzynek e-mail", "[rocznie · 149,00 zł · −16%]", "Można od razu zamówić 4 dodatki."
    )
    await anna.taps("rocznie")
    anna.sees("Wpisz domenę, której dotyczy zamówienie.", "[‹ Wróć] [Anuluj]")
    await anna.sends(" https://www.ŻÓŁTA-łódź.example/kontakt ")
    anna.sees("Hosting Obłok\nżółta-łódź.example\n149,00 zł / rok", "Razem: 149,00 zł")
    await anna.taps("+ Certyfikat SSL")
    anna.sees("Certyfikat z weryfikacją firmy", "[co 2 lata · 179,00 zł · −9%]")
    await anna.taps("rocznie")
    assert anna.toast == "Dodano do zamówienia: Certyfikat SSL"
    anna.sees("✓ Certyfikat SSL · 99,00 zł / rok", "Razem: 248,00 zł")
    await anna.taps("+ Kopia zapasowa Plus")
    await anna.taps("miesięcznie")
    anna.sees("Potem: 9,90 zł / mies. + 248,00 zł / rok")
    await anna.taps("Dodaj do koszyka")
    assert anna.toast == "Dodano do koszyka: Hosting Obłok"
    anna.sees(
        "1. Hosting Obłok · żółta-łódź.example", "2. Certyfikat SSL", "3. Kopia zapasowa Plus"
    )
    anna.sees("Razem: 257,90 zł")


async def test_an_add_on_of_an_order_changes_its_cycle_or_goes(anna: Person) -> None:
    await begins(anna, "Serwery VPS", "VPS Wiatr", "kwartalnie")
    await anna.sends("Mój serwer")
    await anna.taps("+ Kopia")
    await anna.taps("miesięcznie")
    await anna.taps("✓ Kopia zapasowa Plus · miesięcznie")
    anna.sees("[✓ miesięcznie · 9,90 zł]")
    await anna.taps("kwartalnie")
    anna.sees("✓ Kopia zapasowa Plus · 27,00 zł / kwartał", "Razem: 126,00 zł")
    await anna.taps("Usuń")
    assert anna.toast == "Usunięto z zamówienia."
    anna.sees("[+ Kopia zapasowa Plus]", "Razem: 99,00 zł")


async def test_a_server_with_a_setup_fee_gets_a_name(john: Person) -> None:
    await begins(john, "VPS servers", "VPS Orkan")
    john.sees("Setup fee, once: monthly €49.00", "[monthly · €59.00]", "[annually · €629.00")
    john.does_not_see("tax")
    await john.taps("monthly · €59.00")
    john.sees("Type a name that you")
    await john.sends("  Shop   server ")
    john.sees("Shop server", "Total: €108.00", "Afterwards: €59.00 / month")
    await john.taps("Add to cart")
    john.sees("VPS Orkan · Shop server", "Total: €108.00")


async def test_what_is_free_and_what_is_paid_once_read_well(anna: Person) -> None:
    await begins(anna, "Pozostałe")
    anna.sees("Parking domeny i DNS · bezpłatnie", "149,00 zł jednorazowo")
    await anna.taps("Parking domeny i DNS")
    assert anna.buttons == ["Zamów · bezpłatnie", "‹ Wróć"]
    await anna.taps("Zamów")
    await anna.sends("wolna.example")
    anna.does_not_see("Razem")
    await anna.taps("Dodaj do koszyka")
    anna.sees("Parking domeny i DNS · wolna.example", "bezpłatnie")
    await begins(anna, "Pozostałe", "Przeniesienie strony", "Zamów · 149,00 zł jednorazowo")
    await anna.sends("galeria-anny.example")
    await anna.taps("Dodaj do koszyka")
    anna.sees("Przeniesienie strony · galeria-anny.example")


async def test_an_invalid_name_is_asked_for_again(anna: Person) -> None:
    await begins(anna, "Hosting stron", "Hosting Cumulus", "miesięcznie")
    for typed, seen in (
        ("moja firma", "„moja firma” to nie domena."),
        ("<b>&.pl", "„<b>&.pl” to nie domena."),
        (f"{'a' * 64}.pl", "To za długie: najwyżej 63 znaki."),
        (".".join(["a" * 60] * 5), "To za długie: najwyżej 253 znaki."),
        ("GALERIA-anny.example.", "Masz już galeria-anny.example."),
    ):
        await anna.sends(typed)
        anna.sees(seen, "Wpisz domenę, której dotyczy zamówienie.")
    await anna.sends("nowa-galeria.example")
    anna.sees("nowa-galeria.example", "Dodaj do koszyka")


async def test_a_label_can_be_too_long(john: Person) -> None:
    await begins(john, "VPS servers", "VPS Wiatr", "monthly")
    await john.sends("x" * 61)
    john.sees("That is too long: at most 60 characters.", "Type a name that you")


async def test_hosting_for_a_domain_that_was_registered_here_is_welcome(anna: Person) -> None:
    await begins(anna, "Hosting stron", "Hosting Obłok", "rocznie")
    await anna.sends("galeria-anny-przyklad.pl")
    anna.sees("galeria-anny-przyklad.pl", "Dodaj do koszyka")
    await begins(anna, "Domeny", "Domena .pl", "rocznie")
    await anna.sends("galeria-anny-przyklad.pl")
    anna.sees("Masz już galeria-anny-przyklad.pl.")


async def test_a_name_in_the_cart_is_taken_too(anna: Person) -> None:
    await begins(anna, "Hosting stron", "Hosting Obłok", "rocznie")
    await anna.sends("nowa.example")
    await anna.taps("Dodaj do koszyka")
    await begins(anna, "Hosting stron", "Hosting Nimbus", "rocznie · 790,00 zł")
    await anna.sends("NOWA.example")
    anna.sees("Masz już nowa.example.")


async def test_each_step_leads_back_to_the_one_before(anna: Person) -> None:
    await begins(anna, "Hosting stron", "Hosting Obłok", "rocznie")
    await anna.sends("nowa.example")
    await anna.taps("+ Certyfikat SSL")
    for seen in (
        "Dodatki do wyboru", "Dotychczas: nowa.example", "Wybierz okres rozliczeniowy",
        "[Hosting Obłok]", "Złóż nowe zamówienie", "Dzień dobry!",
    ):  # fmt: skip
        await anna.taps("Wróć")
        anna.sees(seen)


async def test_another_name_keeps_the_add_ons(anna: Person) -> None:
    await begins(anna, "Hosting stron", "Hosting Obłok", "rocznie")
    await anna.sends("nowa.example")
    await anna.taps("+ Certyfikat SSL")
    await anna.taps("rocznie")
    await anna.taps("Wróć")
    await anna.sends("nowsza.example")
    anna.sees("nowsza.example", "✓ Certyfikat SSL · 99,00 zł / rok")


async def test_an_order_can_be_given_up_at_each_step(anna: Person) -> None:
    await begins(anna, "Hosting stron", "Hosting Obłok", "rocznie")
    await anna.taps("Anuluj")
    assert anna.toast == "Zamówienie anulowane; do koszyka nic nie trafiło."
    anna.sees("Hosting stron · 3 produkty")
    await begins(anna, "Hosting stron", "Hosting Obłok", "rocznie")
    await anna.sends("/cancel")
    anna.sees("Anulowano.")
    await begins(anna, "Hosting stron", "Hosting Obłok", "rocznie")
    await anna.sends("nowa.example")
    add = data_of(anna, "Dodaj do koszyka")
    await anna.taps("Anuluj")
    await anna.forges(add)
    anna.sees("Hosting stron · 3 produkty")
    assert anna.toast.startswith(OUT_OF_DATE["pl"])
    await anna.sends("/cart")
    anna.sees("Koszyk jest pusty")


async def test_text_typed_after_leaving_is_not_taken_for_a_name(anna: Person) -> None:
    await begins(anna, "Hosting stron", "Hosting Obłok", "rocznie")
    await anna.taps("Wróć")
    await anna.sends("galeria")
    anna.does_not_see("Dodaj do koszyka")
    anna.sees("galeria-anny.example")


async def test_adding_twice_adds_once(anna: Person) -> None:
    await begins(anna, "Hosting stron", "Hosting Obłok", "rocznie")
    await anna.sends("nowa.example")
    await anna.taps("+ Certyfikat SSL")
    await taps_twice(anna, "rocznie")
    anna.sees("Razem: 248,00 zł")
    await taps_twice(anna, "Dodaj do koszyka")
    assert anna.toast == "Już w koszyku: Hosting Obłok"
    anna.sees("Razem: 248,00 zł")


async def test_a_name_that_comes_twice_is_taken_once(world: World, anna: Person) -> None:
    await begins(anna, "Hosting stron", "Hosting Obłok", "rocznie")
    await anna.sends("nowa.example")
    before = anna.screens
    await world.driver.redeliver()
    assert anna.screens == before


async def test_buttons_of_an_older_order_are_out_of_date(anna: Person) -> None:
    await begins(anna, "Hosting stron", "Hosting Obłok", "rocznie")
    await anna.sends("nowa.example")
    old = [data_of(anna, label) for label in ("+ Kopia", "Dodaj do koszyka", "Wróć", "Anuluj")]
    await begins(anna, "Serwery VPS", "VPS Wiatr", "rocznie")
    for data in old:
        await anna.forges(data)
        assert anna.toast.startswith(OUT_OF_DATE["pl"])
        anna.sees("Hosting stron · 3 produkty")


@pytest.mark.slow
async def test_an_order_waits_for_a_day(world: World, john: Person) -> None:
    await begins(john, "VPS servers", "VPS Wiatr", "monthly")
    await john.sends("Shop server")
    await world.passes(hours=23)
    await john.taps("+ Backup")
    await john.taps("monthly")
    john.sees("✓ Backup Plus · €2.40 / month")
    add = data_of(john, "Add to cart")
    await world.passes(hours=25)
    await john.forges(add)
    assert john.toast.startswith(OUT_OF_DATE["en"])
    john.sees("Place a new order", "[Web hosting]")


async def test_an_order_without_its_name_asks_for_it(anna: Person) -> None:
    await begins(anna, "Hosting stron", "Hosting Obłok", "rocznie")
    asked = decode(data_of(anna, "Anuluj"))
    assert isinstance(asked, CancelOrder)
    for forged in (AddOrder(asked.draft), OpenExtras(asked.draft)):
        await anna.forges(encode(forged))
        anna.sees("Wpisz domenę")
    await anna.sends("nowa.example")
    anna.sees("Razem: 149,00 zł")


async def test_what_is_withdrawn_meanwhile_falls_out_of_the_order(
    world: World, anna: Person
) -> None:
    await begins(anna, "Hosting stron", "Hosting Obłok", "rocznie")
    await anna.sends("nowa.example")
    await anna.taps("+ Certyfikat SSL")
    await anna.taps("rocznie")
    await changes_product(world, "ssl", offered=False)
    await anna.taps("Dodaj do koszyka")
    assert anna.toast == "Tego (już) nie ma w ofercie."
    anna.sees("nowa.example", "Razem: 149,00 zł")
    anna.does_not_see("SSL")
    await anna.taps("Dodaj do koszyka")
    anna.sees("Razem: 149,00 zł")


async def test_a_product_withdrawn_meanwhile_says_so(world: World, anna: Person) -> None:
    await begins(anna, "Hosting stron", "Hosting Obłok", "rocznie")
    await changes_product(world, "hosting-s", offered=False)
    await anna.sends("nowa.example")
    anna.sees("Tego (już) nie ma w ofercie.")
    await begins(anna, "Hosting stron")
    anna.does_not_see("Hosting Obłok")


async def test_what_is_not_sold_in_a_clients_currency_is_not_listed(
    world: World, anna: Person, john: Person
) -> None:
    zloty = Price(MONTHLY, Money(1490, "PLN"), Money(0, "PLN"))
    await changes_product(world, "hosting-s", prices=(zloty,))
    await begins(john, "Web hosting")
    john.does_not_see("Hosting Obłok")
    await begins(anna, "Hosting stron")
    anna.sees("Hosting Obłok · 14,90 zł / mies.")
    number = await number_of(world, "hosting-s")
    await john.forges(encode(OpenProduct(number)))
    assert john.toast == "This is not offered (any more)."


async def test_the_banner_leads_to_its_product_and_back(anna: Person) -> None:
    await anna.sends("/services")
    await anna.taps("Poznaj ofertę")
    anna.sees("Pogodna oferta")
    await anna.taps("Zamów: VPS Halny")
    anna.sees("VPS Halny", "[miesięcznie · 69,00 zł]")
    await anna.taps("Wróć")
    anna.sees("Usługi")


async def test_forged_buttons_change_nothing(world: World, anna: Person) -> None:
    vps, ssl = await number_of(world, "vps-s"), await number_of(world, "ssl")
    await begins(anna, "Serwery VPS", "VPS Wiatr", "rocznie")
    for forged in (
        OrderProduct(vps, BillingCycle.FREE),
        OrderProduct(ssl, BillingCycle.ANNUALLY),
        OpenProduct(ssl),
        OpenProduct(2**62),
        OpenGroup(40_000),
        AddOrder(1),
        PutExtra(1, ssl, MONTHLY),
    ):
        await anna.forges(encode(forged))
        assert anna.toast
    await anna.sends("/cart")
    anna.sees("Koszyk jest pusty")


async def test_a_tap_takes_six_statements_at_most(world: World, anna: Person) -> None:
    async def counted(label: str) -> None:
        with counting(world.core.database) as seen:
            await anna.taps(label)
        assert len(seen) <= 6, f"{label}:\n{seen}"

    await anna.sends("/order")
    for label in ("Hosting stron", "Hosting Obłok", "rocznie"):
        await counted(label)
    with counting(world.core.database) as seen:
        await anna.sends("nowa.example")
    assert len(seen) <= 7, f"typed:\n{seen}"
    for label in ("+ Certyfikat SSL", "rocznie", "Usuń", "Wróć", "Anuluj"):
        await counted(label)
    await begins(anna, "Hosting stron", "Hosting Obłok", "rocznie")
    await anna.sends("nowa.example")
    await counted("Dodaj do koszyka")


@pytest.mark.slow
async def test_a_name_typed_after_the_order_was_forgotten_is_not_a_search(
    world: World, anna: Person
) -> None:
    await anna.sends("/order")
    await anna.taps("Serwery VPS")
    await anna.taps("VPS Orkan")
    await anna.taps("miesięcznie")
    await world.passes(hours=25)
    await anna.sends("serwer-gier")
    anna.sees("Odpowiedź przyszła za późno", "nic się nie zmieniło")
    await anna.taps("Zacznij od nowa")
    await anna.taps("Serwery VPS")
    await anna.taps("VPS Orkan")
    await anna.taps("miesięcznie")
    await anna.sends("serwer-gier")
    anna.sees("serwer-gier", "Dodaj do koszyka")
