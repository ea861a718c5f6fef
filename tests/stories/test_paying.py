import asyncio
from datetime import date

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.payments.payload import read_payload
from billing.rules.shop.catalog import ProductKind
from bot.sandbox.faults import Fault
from bot.sandbox.people import PIOTR
from tests.database import on_both_stores
from tests.make import STAFF
from tests.person import Person
from tests.stories.acts import (
    client_of,
    credit_of,
    data_of,
    reprice,
    service_of,
    taps_twice,
)
from tests.world import OPERATOR, World

pytestmark = on_both_stores


async def checks_out(person: Person, row: int = 0) -> None:
    """Put a renewal into the cart and go to the ways to pay."""
    await person.sends("/renew")
    await person.taps("☐", row=row)
    await person.taps("Zapłać" if "‹ Wróć" in person.buttons else "Pay")


async def transfers(person: Person, row: int = 0) -> str:
    """Order a renewal by bank transfer without credit; the proforma's number."""
    await checks_out(person, row)
    if any("☑" in label for label in person.buttons):
        await person.taps("☑")
    await person.taps("Przelew bankowy")
    await person.taps("Zamawiam i płacę")
    return person.copies("Kopiuj tytuł")


async def invoices_of(world: World, person: Person) -> int:
    """How many proformas a client has, open and past."""
    client = await client_of(world, person)
    list_invoices = world.core.actions.list_invoices
    pages = [await list_invoices(client, is_open=is_open) for is_open in (True, False)]
    return sum(page.count for page in pages)


@pytest.mark.slow
async def test_a_bank_transfer_is_copied_and_comes_in_two_parts(
    world: World, anna: Person, piotr: Person
) -> None:
    number = await transfers(anna)
    anna.sees(
        "Przelew bankowy: 42,00 zł",
        "Bank Zmyślony",
        "⚠️ 23 gru 2026 · 20 dni po terminie (Hosting Obłok)",
        "Proforma ważna do 26 sty 2027",
    )
    assert number == "PRO-202701-00001-7391"
    assert anna.copies("Kopiuj kwotę") == "42,00"
    assert anna.copies("Kopiuj rachunek").startswith("PL40")
    await world.core.actions.record_transfer(number, "12.00", by=STAFF)
    await world.passes(seconds=30)
    piotr.sees(number, "12,00 zł", "30,00 zł", "[Zapłać 30,00 zł]")
    await anna.sends("/invoices")
    await anna.taps("1")
    anna.sees("Zapłacono dotąd: 12,00 zł\nPozostało: 30,00 zł", "Przelew bankowy · 30,00 zł")
    await world.core.actions.record_transfer(number, by=STAFF)
    await world.passes(seconds=30)
    for person in (anna, piotr):
        person.sees("Zapłacono: 42,00 zł", "odnowiono do 23 mar 2027")
    part = next(m for m in world.driver.messages(PIOTR.id) if "Otrzymano: 12,00" in m["text"])
    assert f"Proforma {number} jest już opłacona w całości." in part["text"]
    assert "Zapłać" not in str(part["reply_markup"])


@pytest.mark.slow
async def test_a_telegram_invoice_is_paid_and_receipted(world: World, john: Person) -> None:
    await checks_out(john)
    john.sees("Total: €24.00", "How would you like to pay?")
    await john.taps("Payment in Telegram · €24.00")
    john.sees("Please check your order", "Payment in Telegram: €24.00")
    await john.taps("Order and pay €24.00")
    john.sees("Proforma PRO-202701-00001-7391", "2400 EUR", "[Pay €24.00]", "[Other ways to pay]")
    assert await john.pays() == "paid"
    john.sees("Paid: €24.00", "renewed until 10 Jan 2028")
    await john.taps("Payments and proformas")
    await john.taps("Past")
    john.sees("✅ paid")


async def test_a_failed_payment_can_be_made_in_another_way(world: World, john: Person) -> None:
    await checks_out(john)
    await john.taps("Payment in Telegram")
    await john.taps("Order and pay")
    assert await john.pays("fail") == "failed"
    await john.taps("Other ways to pay")
    john.sees("to be paid", "Bank transfer · €24.00")
    await john.taps("Bank transfer")
    john.sees("ZMYSPLP0")
    await world.core.actions.record_transfer(john.copies("Copy reference"), by=STAFF)
    assert await john.pays() == "refused"
    await john.taps("Show proforma")
    john.sees("✅ paid", "renewed until 10 Jan 2028")


async def test_a_payment_that_telegram_tells_twice_counts_once(world: World, john: Person) -> None:
    await checks_out(john)
    await john.taps("Payment in Telegram")
    await john.taps("Order and pay")
    await john.pays()
    await world.driver.redeliver()
    john.sees("Paid: €24.00")
    assert await credit_of(world, john) == "0.00 EUR"
    assert (await service_of(world, john, "SSL certificate")).next_due_date == date(2028, 1, 10)


@pytest.mark.slow
async def test_paid_twice_is_credit(world: World, anna: Person) -> None:
    number = await transfers(anna)
    await anna.taps("Pokaż proformę")
    await anna.taps("Płatność w Telegramie")
    await anna.pays()
    anna.sees("Zapłacono: 42,00 zł")
    await world.core.actions.record_transfer(number, "42.00", by=STAFF)
    assert await credit_of(world, anna) == "102.00 PLN"
    await anna.sends("/invoices")
    await anna.taps("Historia salda")
    anna.sees("+42,00 zł", f"nadpłata do {number}", "stan początkowy")


async def test_a_forwarded_invoice_is_refused_to_strangers(
    world: World, john: Person, anna: Person
) -> None:
    await checks_out(john)
    await john.taps("Payment in Telegram")
    await john.taps("Order and pay")
    (attempt,) = [c for c in world.api.called("sendInvoice") if c["chat_id"] == john.id]
    check = world.core.actions.check_pre_checkout
    number = read_payload(attempt["payload"]).id
    assert (await check(john.id, number, Money(2400, "EUR"))).is_open
    with pytest.raises(Exception, match="not_found"):
        await check(anna.id, number, Money(2400, "EUR"))
    with pytest.raises(Exception, match="amount_changed"):
        await check(john.id, number, Money(2300, "EUR"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("way", "seen"),
    [
        ("", "Zapłacono: 42,00 zł"),
        ("Przelew bankowy", "Przelew bankowy: 42,00 zł"),
        ("Płatność w Telegramie", "4200 PLN"),
    ],
)
async def test_a_double_tap_on_pay_makes_one_proforma(
    world: World, anna: Person, way: str, seen: str
) -> None:
    await checks_out(anna)
    if way:
        await anna.taps(way)
    await taps_twice(anna, "Zamawiam i płacę")
    assert anna.toast == "To zamówienie zostało już złożone."
    anna.sees(seen)
    assert await invoices_of(world, anna) == 1


@pytest.mark.slow
async def test_two_users_pay_for_one_cart_at_once(
    world: World, anna: Person, piotr: Person
) -> None:
    await checks_out(anna)
    await piotr.sends("/cart")
    await piotr.taps("Zapłać")
    await asyncio.gather(anna.taps("Zamawiam i płacę"), piotr.taps("Zamawiam i płacę"))
    for person in (anna, piotr):
        person.sees("Zapłacono: 42,00 zł")
    assert await invoices_of(world, anna) == 1
    assert await credit_of(world, anna) == "18.00 PLN"


async def test_a_changed_price_is_shown_old_and_new_before_it_counts(
    world: World, anna: Person
) -> None:
    await checks_out(anna)
    await anna.taps("Przelew bankowy")
    anna.sees("Razem: 42,00 zł")
    hosting = await service_of(world, anna, "Hosting Obłok")
    await reprice(world, hosting, Money(4900, "PLN"))
    await anna.taps("Zamawiam i płacę 42,00 zł")
    anna.sees(
        "Zamówienie zmieniło się od ostatniego podglądu",
        "cena: 42,00 zł → 49,00 zł",
        "Było: 42,00 zł → teraz: 49,00 zł",
    )
    assert await invoices_of(world, anna) == 0
    await anna.taps("Zamawiam i płacę 49,00 zł")
    anna.sees("Przelew bankowy: 49,00 zł")


async def test_a_line_added_by_somebody_else_is_shown_before_it_counts(
    world: World, anna: Person, piotr: Person
) -> None:
    await checks_out(anna)
    await anna.taps("Przelew bankowy")
    await piotr.sends("/renew")
    await piotr.taps("☐", row=1)
    await anna.taps("Zamawiam i płacę 42,00 zł")
    anna.sees("nowa pozycja w koszyku", "Było: 42,00 zł → teraz: 69,00 zł")
    assert await invoices_of(world, anna) == 0


async def test_a_cart_emptied_meanwhile_is_not_paid(
    world: World, anna: Person, piotr: Person
) -> None:
    await checks_out(anna)
    await anna.taps("Przelew bankowy")
    await piotr.sends("/cart")
    await piotr.taps("✕ Usuń 1")
    await anna.taps("Zamawiam i płacę")
    anna.sees("Koszyk jest pusty")
    assert await invoices_of(world, anna) == 0


async def test_credit_pays_a_part_and_comes_back_when_cancelled(
    world: World, anna: Person
) -> None:
    await checks_out(anna, row=3)
    anna.sees("Przelew bankowy · 230,00 zł", "☑ Użyj salda: 60,00 zł")
    await anna.taps("☑")
    anna.sees("Przelew bankowy · 290,00 zł")
    await anna.taps("☐")
    await anna.taps("Przelew bankowy · 230,00 zł")
    anna.sees("Z salda: 60,00 zł\nPrzelew bankowy: 230,00 zł")
    await anna.taps("Zamawiam i płacę 290,00 zł")
    anna.sees("Przelew bankowy: 230,00 zł")
    assert await credit_of(world, anna) == "0.00 PLN"
    await anna.taps("Pokaż proformę")
    await anna.taps("Anuluj proformę")
    anna.sees("60,00 zł wróci na Twoje saldo")
    await taps_twice(anna, "Tak, anuluj proformę")
    anna.sees("❌ anulowana")
    assert await credit_of(world, anna) == "60.00 PLN"
    await anna.sends("/invoices")
    await anna.taps("Historia salda")
    anna.sees("−60,00 zł", "+60,00 zł", "zwrot za PRO-")
    await anna.sends("/renew")
    anna.sees("Hosting Cumulus · galeria-anny")
    assert [label[0] for label in anna.buttons].count("☐") == 4


@pytest.mark.slow
async def test_credit_pays_a_part_of_a_proforma_that_waits(world: World, anna: Person) -> None:
    await checks_out(anna, row=3)
    await anna.taps("☑")
    await anna.taps("Przelew bankowy")
    await anna.taps("Zamawiam i płacę")
    await anna.taps("Pokaż proformę")
    anna.sees("Saldo: 60,00 zł", "[Przelew bankowy · 290,00 zł]")
    await anna.taps("☐ Użyj salda: 60,00 zł")
    anna.sees("[Przelew bankowy · 230,00 zł]", "[Płatność w Telegramie · 230,00 zł]")
    assert await credit_of(world, anna) == "60.00 PLN"
    await taps_twice(anna, "Płatność w Telegramie · 230,00 zł")
    assert await credit_of(world, anna) == "0.00 PLN"
    assert await anna.pays() == "paid"
    anna.sees("Zapłacono: 290,00 zł", "odnowiono do 15 sty 2028")


@pytest.mark.slow
async def test_an_unpaid_proforma_expires_and_gives_credit_back(
    world: World, anna: Person
) -> None:
    await checks_out(anna, row=3)
    await anna.taps("Przelew bankowy")
    await anna.taps("Zamawiam i płacę")
    number = anna.copies("Kopiuj tytuł")
    await world.passes(days=15)
    assert await credit_of(world, anna) == "60.00 PLN"
    await anna.sends("/invoices")
    anna.sees("Nie ma nic do zapłaty.")
    await anna.taps("Zamknięte")
    anna.sees(number, "❌ wygasła")
    await world.core.actions.record_transfer(number, "230.00", by=STAFF)
    assert await credit_of(world, anna) == "290.00 PLN"


async def test_a_renewal_on_a_proforma_is_paid_there_and_nowhere_else(
    world: World, anna: Person
) -> None:
    await transfers(anna)
    await anna.sends("/renew")
    await anna.taps("Nie teraz (")
    anna.sees("To odnowienie jest już na nieopłaconej proformie.")
    await anna.taps("Wróć")
    await anna.taps("Dokończ płatność · 42,00 zł")
    anna.sees("do zapłaty", "Saldo: 60,00 zł; po zapłacie zostanie 18,00 zł.")
    await taps_twice(anna, "Zapłać 42,00 zł z salda")
    assert anna.toast == "Ta proforma nie jest już otwarta."
    anna.sees("✅ zapłacona", "odnowiono do 23 mar 2027")
    assert await credit_of(world, anna) == "18.00 PLN"
    assert await invoices_of(world, anna) == 1


async def test_credit_pays_no_other_amount_than_the_button_showed(
    world: World, anna: Person
) -> None:
    number = await transfers(anna)
    await anna.taps("Pokaż proformę")
    pay = data_of(anna, "Zapłać 42,00 zł z salda")
    await world.core.actions.record_transfer(number, "12.00", by=STAFF)
    await anna.forges(pay)
    assert anna.toast == "W międzyczasie coś do niej wpłynęło. Sprawdź, ile zostało."
    anna.sees("Pozostało: 30,00 zł", "Saldo: 60,00 zł; po zapłacie zostanie 30,00 zł.")
    await anna.taps("Zapłać 30,00 zł z salda")
    anna.sees("Zapłacono: 42,00 zł")
    assert await credit_of(world, anna) == "30.00 PLN"


async def test_what_costs_nothing_is_ordered_without_paying(world: World, john: Person) -> None:
    client = await client_of(world, john)
    shop = await world.core.actions.show_shop(client, ProductKind.PRODUCT)
    (free,) = (
        offer.product.number
        for shelf in shop.shelves
        for offer in shelf.offers
        if offer.product.id == "dns"
    )
    await world.core.actions.add_product(
        client, "en", product_number=free, cycle=BillingCycle.FREE, name="parked.example"
    )
    await john.sends("/cart")
    await john.taps("Continue free of charge")
    john.sees("There is nothing to pay for this.")
    await john.taps("Continue free of charge")
    await john.taps("Order free of charge")
    john.sees("Done, free of charge", "ordered: we will set it up and let you know here")


async def test_when_telegram_takes_no_invoice_the_proforma_waits(
    world: World, john: Person
) -> None:
    await checks_out(john)
    await john.taps("Payment in Telegram")
    world.api.faults.add(Fault("sendInvoice", "500", count=None))
    await john.taps("Order and pay")
    john.sees("is made, but this way to pay does not work just now", "Bank transfer · €24.00")
    assert await invoices_of(world, john) == 1


async def test_other_clients_proformas_are_not_there(
    world: World, anna: Person, john: Person
) -> None:
    await transfers(anna)
    await anna.taps("Pokaż proformę")
    cancel = data_of(anna, "Anuluj proformę")
    await anna.taps("Anuluj proformę")
    really = data_of(anna, "Tak, anuluj proformę")
    await john.sends("/invoices")
    for data in (cancel, really):
        await john.forges(data)
        assert "not here" in f"{john.toast}{john.screen}"
    await anna.sends("/invoices")
    anna.sees("PRO-202701-00001-7391", "🧾 do zapłaty")


async def test_every_proforma_has_its_number_on_its_way(anna: Person) -> None:
    first = await transfers(anna, 0)
    second = await transfers(anna, 0)
    assert (first, second) == ("PRO-202701-00001-7391", "PRO-202701-00002-7391")
    await anna.sends("/invoices")
    anna.sees("1. PRO-202701-00002-7391", "2. PRO-202701-00001-7391", "• Do zapłaty (2)")
    await anna.taps("2")
    anna.sees("Proforma PRO-202701-00001-7391", "Hosting Obłok")
    await anna.taps("Wróć")
    anna.sees("Płatności i proformy")


@pytest.mark.slow
async def test_money_in_another_currency_is_not_lost_silently(world: World, john: Person) -> None:
    await checks_out(john)
    await john.taps("Payment in Telegram")
    await john.taps("Order and pay")
    (sent,) = [call for call in world.api.called("sendInvoice") if call["chat_id"] == john.id]
    payment = {
        "currency": "USD",
        "total_amount": 2400,
        "invoice_payload": sent["payload"],
        "telegram_payment_charge_id": "strange",
        "provider_payment_charge_id": "strange",
    }
    telegram = world.api.world
    message = telegram.post(
        telegram.chat(john.id), {"successful_payment": payment}, sender=john.profile
    )
    telegram.update("message", message.body)
    await world.driver.settle()
    john.sees("Your payment of US$24.00 has arrived", "Please do not pay again")
    await world.passes(seconds=30)
    operator = world.api.visitor(OPERATOR).chat.messages.values()
    assert any("US$24.00" in message.body.get("text", "") for message in operator)
