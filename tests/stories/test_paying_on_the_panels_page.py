"""A panel's proforma is paid on the panel's own page, to which a page of ours leads."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from billing.actions.panel.mirror import mirror
from billing.ports.panel import Capabilities
from billing.rules.access.rights import Rights
from bot.receiving import pages_beside_polling
from bot.serving import served
from bot.sockets import free_port
from bot.web.app import create_app
from bot.web.pay.endpoint import PayPages
from tests.connected.fake import OUTSIDE, PAGES, FakePanel
from tests.database import on_both_stores
from tests.make import STAFF
from tests.person import Person
from tests.stories.acts import client_of, data_of
from tests.stories.beside_a_panel import adopt, orders_a_renewal
from tests.stories.test_access import has_rights
from tests.world import START, World, open_world

pytestmark = on_both_stores

PUBLIC = "https://bot.example.com"
PAYS_THERE = replace(OUTSIDE, pays_there=True)


@pytest.fixture
def panel() -> FakePanel:
    return FakePanel(START.date(), START, capabilities=PAYS_THERE)


@pytest.fixture
def public_url(request: pytest.FixtureRequest) -> str | None:
    """The public address; a test may say that there is none."""
    return getattr(request, "param", PUBLIC)


@pytest.fixture
async def world(prepared: str, panel: FakePanel, public_url: str | None) -> AsyncIterator[World]:
    async with open_world(prepared, connected=panel, public_url=public_url) as opened:
        yield opened


@pytest.fixture
async def client(world: World, panel: FakePanel, anna: Person) -> Person:
    """Anna, with a proforma of the panel on her screen."""
    await adopt(world, panel, anna)
    await orders_a_renewal(anna)
    await world.passes(seconds=30)
    await anna.taps("Pokaż proformę")
    return anna


async def page_of(world: World, address: str, method: str = "GET") -> tuple[int, str, str]:
    """What our page answers: its status, its text, where it leads."""
    app = create_app(pay_pages=PayPages(world.core.actions.show_pay_page))

    async def nothing() -> None:
        """There is nothing to wait for."""

    async with (
        served(app, host="127.0.0.1", port=0, drain=nothing) as port,
        aiohttp.ClientSession() as session,
    ):
        url = f"http://127.0.0.1:{port}{urlsplit(address).path}"
        async with session.request(method, url, allow_redirects=False) as answer:
            text = await answer.text()
            return answer.status, text, answer.headers.get("Location", "")


async def test_the_button_leads_over_our_page_to_the_panels(
    world: World, panel: FakePanel, client: Person
) -> None:
    client.sees("Zapłać 290,00 zł", "Zapłacisz na stronie naszego panelu.")
    address = client.opens("Zapłać 290,00 zł")
    assert address.startswith(f"{PUBLIC}/pay/")
    assert await client_name(world, client) not in address
    status, text, _ = await page_of(world, address)
    assert status == 200
    assert "FV-B1" in text
    assert "290,00" in text
    assert (await page_of(world, address, "POST"))[::2] == (303, f"{PAGES}/B1")

    account = panel.account(await client_of(world, client))
    panel.pays_there(account, account.bills[0])
    await reads_again(world, panel, client)
    await client.taps("Pokaż zamówienie")
    await client.taps("FV-B1 · ✅ zapłacona")
    client.sees("✅ zapłacona", "✅ odnowiono do 15 sty 2028")
    client.does_not_see("Zapłać 290,00 zł")
    for method in ("GET", "POST"):
        status, text, leads_to = await page_of(world, address, method)
        assert (status, leads_to) == (200, "")
        assert "zapłacona" in text
        assert "<form" not in text


async def test_a_page_leads_nowhere_for_anothers_guess(world: World, client: Person) -> None:
    address = client.opens("Zapłać 290,00 zł")
    for guess in (
        address[:-1],
        address[:-1] + ("A" if address[-1] != "A" else "B"),
        address + "x",
    ):
        status, text, _ = await page_of(world, guess)
        assert status == 404
        assert "290,00" not in text


async def test_a_withdrawn_order_is_not_paid(world: World, client: Person) -> None:
    address = client.opens("Zapłać 290,00 zł")
    await client.taps("Pokaż zamówienie")
    await client.taps("Wycofaj zamówienie")
    await client.taps("Tak, wycofaj zamówienie")
    status, text, leads_to = await page_of(world, address, "POST")
    assert (status, leads_to) == (200, "")
    assert "Nie płać za nią." in text
    await world.passes(seconds=30)
    assert "anulowana" in (await page_of(world, address))[1]


@pytest.mark.parametrize("public_url", [None], indirect=True)
async def test_without_a_public_address_it_leads_to_the_panel_itself(
    world: World, client: Person
) -> None:
    assert client.opens("Zapłać 290,00 zł") == f"{PAGES}/B1"
    assert not world.core.has_pay_pages


async def test_who_may_only_look_is_shown_no_address(
    world: World, panel: FakePanel, client: Person
) -> None:
    await has_rights(world, client, Rights.LOOK)
    await opens_the_proforma(client)
    client.sees("FV-B1", "do zapłaty")
    client.does_not_see("[Zapłać", "Zapłacisz na stronie", PUBLIC)
    await has_rights(world, client, Rights.PAY)
    await opens_the_proforma(client)
    assert client.opens("Zapłać 290,00 zł").startswith(f"{PUBLIC}/pay/")


@pytest.mark.parametrize("public_url", [PUBLIC, None], indirect=True)
async def test_a_closed_account_is_shown_no_address(
    world: World, panel: FakePanel, client: Person
) -> None:
    """An address that was shown before leads to our page, which leads nowhere any more."""
    address = client.opens("Zapłać 290,00 zł")
    account = panel.account(await client_of(world, client))
    account.refusal = "client_closed"
    await reads_again(world, panel, client)
    await opens_the_proforma(client)
    client.sees("FV-B1", "do zapłaty")
    client.does_not_see("[Zapłać", "Zapłacisz na stronie")
    if address.startswith(PUBLIC):
        status, text, leads_to = await page_of(world, address, "POST")
        assert (status, leads_to) == (200, "")
        assert "To konto jest zamknięte dla zamówień i płatności." in text
        assert "<form" not in text
    account.refusal = ""
    await reads_again(world, panel, client)
    await opens_the_proforma(client)
    assert client.opens("Zapłać 290,00 zł") == address


async def test_staff_who_look_are_shown_no_address(world: World, client: Person) -> None:
    info = await client_of(world, client)
    (bill,) = (await world.core.actions.list_invoices(info, is_open=True)).invoices
    seen = await world.core.actions.show_client_invoice(info.id, bill.id, by=STAFF)
    assert seen.page.invoice.address
    assert not seen.page.pay_address


async def test_other_ways_to_pay_stay(world: World, client: Person) -> None:
    client.sees("Przelew bankowy · 290,00 zł", "Płatność w Telegramie · 290,00 zł")
    assert data_of(client, "Przelew bankowy")


async def opens_the_proforma(person: Person) -> None:
    """Open it from the list."""
    await person.sends("/invoices")
    await person.taps("1")


async def client_name(world: World, person: Person) -> str:
    return (await client_of(world, person)).ref


async def reads_again(world: World, panel: FakePanel, person: Person) -> None:
    """Let the mirror have what the panel shows now."""
    client, work = await client_of(world, person), world.core.database.work
    seen = await panel.refresh(client)
    async with work.writing(client.id) as uow:
        await mirror(
            world.core.actions.run_calls.env, uow, client, seen, began_at=world.core.clock.now()
        )
        await uow.commit()


@pytest.mark.parametrize(
    ("settings", "can", "is_served"),
    [
        ({"public_url": PUBLIC}, PAYS_THERE, True),
        ({"public_url": PUBLIC}, OUTSIDE, False),
        ({}, PAYS_THERE, False),
        ({"public_url": PUBLIC, "mode": "webhook"}, PAYS_THERE, False),
    ],
    ids=["served", "not needed", "no address", "served beside the webhook"],
)
async def test_a_process_that_polls_serves_the_pages_where_they_are_needed(
    prepared: str, settings: dict[str, Any], can: Capabilities, is_served: bool
) -> None:
    panel, port = FakePanel(START.date(), START, capabilities=can), free_port()
    async with (
        open_world(prepared, connected=panel, web_port=port, **settings) as world,
        pages_beside_polling(world.core),
        aiohttp.ClientSession() as session,
    ):
        try:
            async with session.get(f"http://127.0.0.1:{port}/pay/{'A' * 32}") as answer:
                assert is_served
                assert answer.status == 404
                assert "This page does not exist" in await answer.text()
        except aiohttp.ClientConnectorError:
            assert not is_served
