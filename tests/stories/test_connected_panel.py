"""A company whose panel is outside: an order is placed first, then paid, then carried out."""

from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import chain, repeat

import pytest

from bot.sandbox.people import Profile
from tests.connected.fake import OUTSIDE, FakePanel, Trouble
from tests.database import on_both_stores
from tests.make import STAFF, money
from tests.person import Person
from tests.stories.acts import client_of, data_of, service_of, taps_twice
from tests.stories.beside_a_panel import CUMULUS, adopt, checks_a_renewal, orders_a_renewal
from tests.stories.test_paying import invoices_of
from tests.world import OPERATOR, START, World, open_world

pytestmark = on_both_stores


@pytest.fixture
def panel(request: pytest.FixtureRequest) -> FakePanel:
    """The panel; a test may name its capabilities."""
    return FakePanel(START.date(), START, capabilities=getattr(request, "param", OUTSIDE))


@pytest.fixture
async def world(prepared: str, panel: FakePanel) -> AsyncIterator[World]:
    async with open_world(prepared, connected=panel) as opened:
        yield opened


@pytest.fixture
async def client(world: World, panel: FakePanel, anna: Person) -> Person:
    """Anna, whose services are in the panel."""
    await adopt(world, panel, anna)
    return anna


def the_operator(world: World) -> Person:
    return Person(world.driver, Profile(OPERATOR, "Operator"))


async def test_an_order_is_placed_then_paid_then_carried_out(
    world: World, panel: FakePanel, client: Person
) -> None:
    anna = client
    await checks_a_renewal(anna)
    anna.sees("🛒 Sprawdź zamówienie", CUMULUS, "Razem: ok. 290,00 zł")
    anna.sees("Sposób płatności wybierzesz")
    anna.does_not_see("Przelew bankowy", "saldo", "Zamawiam i płacę")
    await taps_twice(anna, "Złóż zamówienie")
    anna.sees("Składamy Twoje zamówienie", CUMULUS, "🕓 czeka · 290,00 zł")
    await anna.taps("🔄 Odśwież")
    anna.sees("Składamy Twoje zamówienie")
    assert anna.toast == "Nie ma jeszcze odpowiedzi. Damy tu znać."

    await world.passes(seconds=30)
    anna.sees("✅ Zamówienie jest złożone", "Do zapłaty: 290,00 zł")
    await anna.taps("Pokaż zamówienie")
    anna.sees("✅ zamówione · 290,00 zł", "Potwierdzona kwota: 290,00 zł")
    await anna.taps("Zapłać · FV-B1 · 290,00 zł")
    anna.sees("Proforma FV-B1", "🧾 do zapłaty", "Odnowienie", "Pokaż zamówienie")
    anna.does_not_see("Anuluj proformę", "Termin zapłaty", "Proforma ważna")
    await anna.taps("Przelew bankowy · 290,00 zł")
    anna.sees("Przelew bankowy: 290,00 zł")
    anna.does_not_see("Termin zapłaty", "Proforma ważna")
    number = anna.copies("Kopiuj tytuł")
    assert number == "FV-B1"

    panel.troubles = chain([Trouble.UNREACHABLE], repeat(Trouble.NONE))
    await world.core.actions.record_transfer(number, by=STAFF)
    await world.passes(seconds=1)
    anna.sees("Zapłacono: 290,00 zł", "🕓 jest odnawiana", "Damy tu znać, gdy wszystko będzie")
    await anna.taps("Pokaż proformę")
    anna.sees("✅ opłacona, 🕓 realizujemy", "🕓 jest odnawiana")
    anna.does_not_see("odnowiono do")
    await anna.sends("/renew")
    await anna.taps("Nie teraz (")
    anna.sees(f"{CUMULUS} · galeria-anny.example\n   Właśnie ją odnawiamy.")

    await world.passes(minutes=1)
    anna.sees("✅ Proforma FV-B1: wszystko gotowe")
    await anna.taps("Pokaż proformę")
    anna.sees("✅ zapłacona", "✅ odnowiono do 15 sty 2028")
    assert (await service_of(world, anna, CUMULUS)).next_due_date is not None
    (account,) = panel.accounts.values()
    assert len(account.placed) == len(account.renewed) == len(account.payments) == 1


async def test_an_order_that_comes_to_another_amount_can_be_withdrawn(
    world: World, panel: FakePanel, client: Person
) -> None:
    anna, panel.surcharge = client, 1000
    await orders_a_renewal(anna)
    await world.passes(seconds=30)
    anna.sees("Do zapłaty: 300,00 zł", "⚠️ Potwierdzona kwota: 290,00 zł.", "albo wycofać")
    await anna.taps("Pokaż zamówienie")
    anna.sees("Potwierdzona kwota: 290,00 zł\nRazem na proformach: 300,00 zł", "Kwota jest inna.")
    await anna.taps("Wycofaj zamówienie")
    anna.sees("Wycofać zamówienie?", CUMULUS, "Zamkniemy 1 proformę na 300,00 zł.")
    await taps_twice(anna, "Tak, wycofaj zamówienie")
    anna.sees("Wycofujemy Twoje zamówienie")
    anna.does_not_see("Zapłać ·")
    await world.passes(seconds=30)
    anna.sees("↩️ Zamówienie jest wycofane")
    await anna.taps("Pokaż zamówienie")
    anna.sees("FV-B1 · ❌ anulowana")
    anna.does_not_see("Wycofaj zamówienie")
    await orders_a_renewal(anna)
    anna.sees("Składamy Twoje zamówienie")


async def test_what_the_panel_refuses_is_told(
    world: World, panel: FakePanel, client: Person
) -> None:
    anna = client
    panel.account(await client_of(world, anna)).refusal = "client_closed"
    await orders_a_renewal(anna)
    await world.passes(seconds=30)
    anna.sees("❌ Nie udało się złożyć zamówienia", "Nic nie pobraliśmy.")
    await anna.taps("Pokaż zamówienie")
    anna.sees("❌ nie udało się zamówić")
    assert await invoices_of(world, anna) == 0
    assert any("refuses call no. 1" in screen for screen in the_operator(world).screens)


@pytest.mark.parametrize("panel", [replace(OUTSIDE, spends_balance=True)], indirect=True)
async def test_the_balance_in_the_panel_is_named_before_it_is_used(
    world: World, panel: FakePanel, client: Person
) -> None:
    anna = client
    panel.spends_balance = True
    panel.account(await client_of(world, anna)).balance = 50_000
    await checks_a_renewal(anna)
    anna.sees("Na to zamówienie od razu pójdą środki z Twojego salda w naszym panelu.")
    await anna.taps("Złóż zamówienie")
    await world.passes(seconds=30)
    anna.sees("Zapłacono z Twojego salda: 290,00 zł")
    anna.does_not_see("Pozostało:")
    await anna.taps("Pokaż zamówienie")
    anna.sees("FV-B1 · ✅ zapłacona")


async def test_a_price_that_changed_is_shown_before_anything_is_ordered(
    world: World, client: Person
) -> None:
    await checks_a_renewal(client)
    service = await service_of(world, client, CUMULUS)
    async with world.core.database.work.writing() as uow:
        await uow.services.save([replace(service, amount=money("580.00"))])
        await uow.commit()
    await client.taps("Złóż zamówienie")
    client.sees("Zamówienie zmieniło się", "→ 580,00 zł", "Sposób płatności wybierzesz")
    await client.taps("Złóż zamówienie")
    client.sees("Składamy Twoje zamówienie", "580,00 zł")


async def test_every_way_to_checkout_leads_to_the_order(world: World, client: Person) -> None:
    anna = client
    await checks_a_renewal(anna)
    origins = [0, 1, 2, 3, 6, 7, 8]
    for button in (*(f"p2:1:{origin}:" for origin in origins), "pc2:2:1:6:0:"):
        await anna.forges(button)
        anna.sees("🛒 Sprawdź zamówienie", "Złóż zamówienie")
        anna.does_not_see("Przelew bankowy")
    send = data_of(anna, "Złóż zamówienie").split(":")
    await anna.forges(f"pp2:{send[1]}:{send[2]}:2:1:6:")
    anna.sees("🛒 Sprawdź zamówienie")
    assert anna.toast == "Najpierw składamy zamówienie; sposób płatności wybierzesz potem."
    assert await invoices_of(world, anna) == 0


async def test_other_peoples_orders_and_the_panels_proformas_are_left_alone(
    world: World, client: Person, john: Person
) -> None:
    await orders_a_renewal(client)
    await world.passes(seconds=30)
    await john.sends("/start")
    for forged in ("po1:1:7:0:0", "pq1:1:7", "px1:1:7"):
        await john.forges(forged)
        john.does_not_see("galeria-anny", "290,00")
    await client.forges("ic1:1:7")
    assert client.toast == "Tej proformy nie można tu anulować. Skontaktuj się z nami."
    await client.forges("ix1:1:7")
    assert client.toast == "Tej proformy nie można tu anulować. Skontaktuj się z nami."
    await client.taps("Pokaż proformę")
    client.sees("🧾 do zapłaty")


async def test_an_order_under_way_is_found_beside_the_proformas(
    world: World, client: Person
) -> None:
    await orders_a_renewal(client)
    await client.sends("/invoices")
    client.sees("[🕓 Zamówienie z 12 sty 2027")
    await world.passes(seconds=30)
    await client.sends("/invoices")
    client.does_not_see("🕓 Zamówienie z")


async def test_forecasts_are_marked_as_estimates(client: Person) -> None:
    hint = "To szacunki: dokładne kwoty i daty podaje każda proforma."
    await client.sends("/costs")
    client.sees("📊 Koszty", hint)
    await client.sends("/calendar")
    client.sees("📅 Terminy płatności", hint)


async def test_dates_after_renewal_are_marked_as_estimates(client: Person) -> None:
    """The panel moves a date by its own rules: 31 January and a month may be 3 March there."""
    hint = "Obecny termin → szacowany termin po odnowieniu."
    await client.sends("/renew")
    client.sees("🔄 Odnów usługi", hint)
    await client.taps("☐", row=3)
    client.sees("🛒 1 pozycja w koszyku", hint)
    await client.taps("Koszyk")
    client.sees("Odnowienie · ", "Daty też są szacunkowe.")
    await client.taps("Zapłać ok.")
    client.sees("Sprawdź zamówienie", "Daty też są szacunkowe.")


async def test_sums_that_no_proforma_has_said_are_marked_as_estimates(
    world: World, client: Person
) -> None:
    await client.sends("/start")
    client.sees("[Zapłać zaległe · ok. ")
    await client.taps("Usługi")
    client.sees("[Odnów (", ") · ok. ")
    await client.taps("Odnów (")
    client.sees("[Zaległe i do 30 dni (6) · ok. 547,90 zł]")
    await client.taps("☐", row=3)
    client.sees("🛒 1 pozycja w koszyku: ok. 290,00 zł", "[Zapłać ok. 290,00 zł]")
    await client.taps("Koszyk")
    client.sees("290,00 zł / rok", "Razem: ok. 290,00 zł", "Dokładną kwotę poda proforma.")

    await client.taps("Usuń 1")
    await world.passes(hours=1)
    client.sees("⏰", "Razem: ok. ", "[Zapłać · ok. ")
