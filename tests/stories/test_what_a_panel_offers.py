"""A company whose panel is outside: clients order what it offers, at its prices."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.shop.catalog import ProductKind
from billing.views.panel import PanelCatalogue, PanelProduct
from tests.connected.fake import FakePanel
from tests.database import on_both_stores
from tests.make import known, price, prices
from tests.person import Person
from tests.stories.acts import client_of
from tests.world import START, World, open_world

pytestmark = on_both_stores

STORAGE = PanelProduct(
    ProductKind.PRODUCT, "77", "Dysk w chmurze", "Pliki pod ręką.", "9",
    (price("12.00"), price("120.00", BillingCycle.ANNUALLY, setup="5.00")),
)  # fmt: skip
SHOP = PanelProduct(
    ProductKind.PRODUCT, "78", "Sklep", "", "", prices("49.00"), asks_for_domain=True
)
SCAN = PanelProduct(
    ProductKind.ADDON, "79", "Skaner", "", "", (price("9.00"),), fits=("hosting-m", "77")
)


@pytest.fixture
def panel() -> FakePanel:
    return FakePanel(START.date(), START)


@pytest.fixture
async def world(prepared: str, panel: FakePanel) -> AsyncIterator[World]:
    async with open_world(prepared, connected=panel) as opened:
        yield opened


@pytest.fixture
async def client(world: World, panel: FakePanel, anna: Person) -> Person:
    """Anna, after the panel has got three products of which the folder knows nothing."""
    info = await client_of(world, anna)
    async with world.core.database.work.reading() as uow:
        panel.adopt(info, [one.service for one in await uow.services.live(info.id)])
    there = known(panel.offers)
    panel.offers = PanelCatalogue(
        (*there.groups, ("9", "Chmura")), (*there.products, STORAGE, SHOP, SCAN)
    )
    await world.passes(minutes=1)
    return anna


async def test_a_product_that_the_folder_does_not_know_is_ordered(
    world: World, panel: FakePanel, client: Person
) -> None:
    anna = client
    await anna.sends("/order")
    anna.sees("Chmura", "Pozostałe · 3 produkty", "Hosting stron · 3 produkty")
    await anna.taps("Chmura")
    anna.sees("Dysk w chmurze · od 12,00 zł / mies.", "Pliki pod ręką.")
    await anna.taps("Dysk w chmurze")
    anna.sees("[miesięcznie · 12,00 zł]", "Można od razu zamówić 1 dodatek.")
    await anna.taps("rocznie")
    await anna.sends("moje pliki")
    anna.sees("Dysk w chmurze\nmoje pliki\n120,00 zł / rok + 5,00 zł za uruchomienie")
    anna.sees("Razem: ok. 125,00 zł", "Potem: ok. 120,00 zł / rok")
    await anna.taps("+ Skaner")
    await anna.taps("Dodaj do koszyka")
    await anna.taps("Zapłać")
    anna.sees("Sprawdź zamówienie", "Razem: ok. 134,00 zł")
    await anna.taps("Złóż zamówienie")
    await world.passes(seconds=30)
    anna.sees("✅ Zamówienie jest złożone")
    (account,) = panel.accounts.values()
    bought = [one for one in account.services.values() if one.name in ("Dysk w chmurze", "Skaner")]
    assert sorted(one.product_ref for one in bought) == ["77", "79"]


async def test_a_product_of_the_panel_may_ask_for_a_domain(client: Person) -> None:
    await client.sends("/order")
    await client.taps("Pozostałe")
    await client.taps("Sklep")
    await client.taps("miesięcznie")
    client.sees("Wpisz domenę")
    await client.sends("to nie jest domena")
    client.does_not_see("Dodaj do koszyka")
    await client.sends("sklep-anny.example")
    client.sees("Sklep\nsklep-anny.example\n49,00 zł / mies.")


async def test_an_add_on_of_the_panel_fits_services_of_a_product_the_folder_knows(
    client: Person,
) -> None:
    await client.sends("/addons")
    while "Skaner" not in str(client.screens[-1]):
        await client.taps("›")
    await client.taps("Skaner")
    await client.taps("Dodaj do koszyka")
    client.sees("[Hosting Cumulus · galeria-anny.example]")


async def test_what_the_panel_offers_no_more_cannot_be_ordered_and_what_is_dearer_is_said(
    world: World, panel: FakePanel, client: Person
) -> None:
    anna = client
    there = known(panel.offers)
    dearer = replace(STORAGE, prices=(price("15.00"),))
    kept = tuple(one for one in there.products if one.ref not in ("77", "78"))
    panel.offers = PanelCatalogue(there.groups, (*kept, dearer))
    await world.passes(hours=6)
    await anna.sends("/order")
    await anna.taps("Chmura")
    await anna.taps("Dysk w chmurze")
    anna.sees("15,00 zł")
    anna.does_not_see("12,00 zł", "rocznie")
    await anna.sends("/order")
    anna.does_not_see("Sklep")
    panel.offers = None
    await world.passes(hours=6)
    await anna.sends("/order")
    await anna.taps("Chmura")
    anna.sees("Dysk w chmurze · 15,00 zł / mies.")
