"""A renewal that the panel has put on a proforma by itself is paid there, not ordered again."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.connected.fake import OUTSIDE, PAGES, Account, FakePanel
from tests.database import on_both_stores
from tests.person import Person
from tests.stories.acts import client_of, data_of, service_of
from tests.stories.beside_a_panel import (
    CUMULUS,
    adopt,
    checks_a_renewal,
    has_balance,
    orders_a_renewal,
)
from tests.stories.test_service_page import open_page
from tests.world import START, World, open_world

pytestmark = on_both_stores

PAY = "Zapłać 35,67 zł"


@pytest.fixture
def panel() -> FakePanel:
    can = replace(OUTSIDE, pays_there=True, spends_balance=True)
    return FakePanel(START.date(), START, capabilities=can, spends_balance=True)


@pytest.fixture
async def world(prepared: str, panel: FakePanel) -> AsyncIterator[World]:
    async with open_world(prepared, connected=panel) as opened:
        yield opened


@pytest.fixture
async def account(world: World, panel: FakePanel, anna: Person) -> Account:
    """Anna's, known to us, with nothing on the balance."""
    account = await adopt(world, panel, anna)
    await has_balance(world, panel, anna, 0)
    await world.core.actions.read_changes()
    return account


async def bills_cumulus(world: World, panel: FakePanel, person: Person) -> None:
    """Let the panel make a proforma for Hosting Cumulus, and us read it."""
    service = await service_of(world, person, CUMULUS)
    panel.bills((await client_of(world, person)).ref, (service.kind, service.ref))
    await world.core.actions.read_changes()


async def test_every_way_to_renew_leads_to_the_proforma_that_is_open(
    world: World, panel: FakePanel, account: Account, anna: Person
) -> None:
    await open_page(anna, "Cumulus")
    renew = data_of(anna, "Odnów · ")
    await bills_cumulus(world, panel, anna)
    await anna.forges(renew)
    anna.does_not_see("🛒 Sprawdź zamówienie")
    await open_page(anna, "Cumulus")
    anna.sees("🧾 Proforma FV-B1 czeka na zapłatę: 35,67 zł", "Dokończ płatność")
    anna.does_not_see("[Odnów ·", "✓ W koszyku")
    await anna.taps("Dokończ płatność")
    anna.sees("Proforma FV-B1", "🧾 do zapłaty")
    assert anna.opens(PAY) == f"{PAGES}/B1"
    await world.passes(minutes=5)
    assert (account.placed, len(account.bills)) == ([], 1)


async def test_what_was_in_the_cart_when_the_panel_billed_it_is_not_ordered(
    world: World, panel: FakePanel, account: Account, anna: Person
) -> None:
    await checks_a_renewal(anna)
    send = data_of(anna, "Złóż zamówienie")
    await bills_cumulus(world, panel, anna)
    await anna.forges(send)
    anna.does_not_see("Składamy Twoje zamówienie")
    await world.passes(minutes=5)
    assert (account.placed, len(account.bills)) == ([], 1)


@pytest.mark.parametrize(
    ("balance", "words"),
    [
        (50_000, "290,00 zł z Twojego salda (500,00 zł)"),
        (10_000, ""),
        (0, ""),
    ],
)
async def test_the_balance_is_named_first_only_where_it_will_be_used(
    world: World, panel: FakePanel, account: Account, anna: Person, balance: int, words: str
) -> None:
    await has_balance(world, panel, anna, balance)
    await checks_a_renewal(anna)
    if words:
        anna.sees(words)
    else:
        anna.does_not_see("salda")
    await anna.taps("Złóż zamówienie")
    await world.passes(seconds=30)
    assert account.balance == (balance - 29_000 if words else balance)


async def test_proformas_of_one_order_are_paid_one_after_the_other(
    world: World, panel: FakePanel, account: Account, anna: Person
) -> None:
    panel.in_parts = True
    await anna.sends("/renew")
    await anna.taps("☐", row=3)
    await anna.taps("☐ galeria-anny-przyklad.pl")
    await anna.taps("Zapłać")
    await anna.taps("Złóż zamówienie")
    anna.sees("1. ", "2. ", "🕓 czeka · ")
    await world.passes(seconds=30)
    await world.passes(seconds=30)
    await anna.taps("Pokaż zamówienie")
    anna.sees("✅ zamówione · 290,00 zł", "FV-B1", "FV-B2")
    anna.does_not_see("🕓 czeka")
    panel.pays_there(account, account.bills[0])
    panel.changed.append((await client_of(world, anna)).ref)
    await world.core.actions.read_changes()
    await world.passes(seconds=30)
    anna.sees("FV-B1")
    await anna.taps("Pokaż proformę")
    await anna.taps("Pokaż zamówienie")
    anna.sees("FV-B1 · ✅ zapłacona", "Zapłać · FV-B2")


async def test_another_total_is_shown_beside_the_confirmed_one(
    world: World, panel: FakePanel, account: Account, anna: Person
) -> None:
    panel.surcharge = 1000
    await orders_a_renewal(anna)
    await world.passes(seconds=30)
    await anna.taps("Pokaż zamówienie")
    anna.sees(
        "Potwierdzona kwota: 290,00 zł", "Razem na proformach: 300,00 zł", "Kwota jest inna."
    )
    anna.sees("Wycofaj zamówienie", "Zapłać · FV-B1 · 300,00 zł")
