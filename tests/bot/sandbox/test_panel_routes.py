"""The second pane over HTTP: what it shows of the panel, and what people do there."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import aiohttp
import pytest

from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import Json
from bot.sandbox.methods.api import BotApi
from bot.sandbox.panels.demo_panel import DemoPanel, demo_panel
from bot.sandbox.people import ANNA, GUEST, JOHN, OPERATOR
from bot.sandbox.server import create_app, serve

START = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


@pytest.fixture
async def panel() -> AsyncIterator[DemoPanel]:
    async with demo_panel(SandboxClock(START)) as panel:
        yield panel


@pytest.fixture
async def http(panel: DemoPanel) -> AsyncIterator[aiohttp.ClientSession]:
    app = create_app(BotApi(SandboxClock(START)), panel=panel.routes)
    async with serve(app) as url, aiohttp.ClientSession(f"{url}/sandbox/panel/") as session:
        yield session


class Pane:
    """What the stream says, one picture after the other."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response
        self.shown: Json = {}

    async def until(self, path: str, *expected: object) -> None:
        """Wait until the pane shows one of these at `kind/id/name`."""
        async with asyncio.timeout(5):
            while self._at(path) not in expected:
                line = (await self._response.content.readline()).decode()
                if line.startswith("data: "):
                    self.shown = json.loads(line.removeprefix("data: "))

    def _at(self, path: str) -> object:
        value: object = self.shown
        for part in path.split("/"):
            if isinstance(value, list):
                value = next((row for row in value if str(row["id"]) == part), {})
            else:
                assert isinstance(value, dict)
                value = value.get(part, {})
        return value


@asynccontextmanager
async def watching(http: aiohttp.ClientSession, client: int = 1) -> AsyncIterator[Pane]:
    async with http.get(f"clients/{client}/events") as response:
        assert response.status == 200
        pane = Pane(response)
        await pane.until("client", client)
        yield pane


async def refused(http: aiohttp.ClientSession, path: str, body: Json) -> str:
    async with http.post(path, json=body) as response:
        assert response.status == 400
        return str((await response.json())["error"])


async def does(http: aiohttp.ClientSession, path: str, **body: object) -> None:
    async with http.post(path, json=body) as response:
        assert (response.status, await response.json()) == (200, {})


async def test_each_person_has_a_client_and_staff_see_the_first(
    http: aiohttp.ClientSession,
) -> None:
    for person, client in ((ANNA, 1), (JOHN, 2), (GUEST, 3), (OPERATOR, 1)):
        async with http.get("", params={"person": person.id}) as response:
            assert await response.json() == {"client": client}


async def test_it_shows_what_the_panel_holds(http: aiohttp.ClientSession) -> None:
    async with watching(http) as pane:
        shown = pane.shown
    assert shown["balance"] == {"amount": 2_000, "currency": "PLN"}
    assert [row["id"] for row in shown["services"]] == [1, 2, 3, 4, 5, 6, 7, 9, 8]
    first = shown["services"][0]
    assert (first["domain"], first["expires_at"]) == (
        "galeria-anny.example",
        "2026-11-26 12:00:00",
    )
    assert [row["status"] for row in shown["invoices"]].count("overdue") == 2
    assert shown["breakage"] == "whole"
    async with http.get("clients/77/events") as response:
        assert response.status == 404


async def test_an_invoice_is_paid_once_and_its_service_goes_on(
    http: aiohttp.ClientSession, panel: DemoPanel
) -> None:
    invoice = panel.api.world.order(1).unpaid_invoice_id
    async with watching(http) as pane:
        await does(http, f"invoices/{invoice}/pay")
        await pane.until(f"invoices/{invoice}/status", "paid")
        await pane.until("services/1/expires_at", "2027-11-26 12:00:00")
        assert await refused(http, f"invoices/{invoice}/pay", {}) == "Invoice is paid"
        await does(http, "clients/1/balance", amount=12_345)
        await pane.until("balance/amount", 14_345)
    assert "12345" not in str(pane.shown["services"])


async def test_staff_move_a_date_and_stop_a_service(
    http: aiohttp.ClientSession, panel: DemoPanel
) -> None:
    async with watching(http) as pane:
        await does(http, "services/5/date", day="2027-01-31")
        await pane.until("services/5/expires_at", "2027-01-31 12:00:00")
        await does(http, "services/5/turn")
        await pane.until("services/5/status", "suspended")
        await does(http, "services/5/turn")
        await pane.until("services/5/status", "active")
    messages = [row.message for row in panel.api.world.data.activities][-3:]
    assert messages == ["Update order #5", "Suspended order #5", "Unsuspended order #5"]


async def test_what_cannot_be_done_is_refused_in_words(http: aiohttp.ClientSession) -> None:
    assert "day must be a date" in await refused(http, "services/5/date", {"day": "soon"})
    assert "day must be given as str" in await refused(http, "services/5/date", {})
    assert "amount" in await refused(http, "clients/1/balance", {"amount": 0})
    assert "amount" in await refused(http, "clients/1/balance", {"amount": 10**9})
    assert await refused(http, "services/99/turn", {}) == "Order Not Found"
    assert "Only active orders" in await refused(http, "services/8/turn", {})
    assert "no breakage" in await refused(http, "breakage", {"breakage": "gone"})


async def test_calls_come_as_they_happen_and_the_panel_breaks(
    http: aiohttp.ClientSession, panel: DemoPanel
) -> None:
    basic = {"Authorization": aiohttp.encode_basic_auth("admin", panel.token)}
    async with watching(http) as pane, aiohttp.ClientSession(panel.url, headers=basic) as bot:
        async with bot.get("/api/admin/order/get?id=1") as response:
            assert response.status == 200
        await pane.until("calls/1/outcome", "ok")
        assert panel.token not in str(pane.shown)
        await does(http, "breakage", breakage="down")
        await pane.until("breakage", "down")
        with pytest.raises(aiohttp.ClientError):
            async with bot.get("/api/admin/order/get?id=1") as response:
                await response.read()
        await pane.until("calls/2/outcome", "lost")


async def test_the_panels_own_page_takes_a_payment(panel: DemoPanel) -> None:
    invoice = panel.api.world.invoice(panel.api.world.order(1).unpaid_invoice_id or 0)
    async with aiohttp.ClientSession(panel.url) as browser:
        path = f"/invoice/{invoice.hash}"
        async with browser.get(path) as page:
            assert "Pay 290.00 PLN" in await page.text()
        async with browser.post(f"{path}/pay") as page:
            assert "290.00 PLN, paid" in await page.text()
        async with browser.post(f"{path}/pay") as page:
            assert page.status == 409
    assert str(panel.api.world.order(1).expires_at) == "2027-11-26 12:00:00"


async def test_a_sandbox_without_a_panel_has_no_pane() -> None:
    app = create_app(BotApi(SandboxClock(START)))
    async with (
        serve(app) as url,
        aiohttp.ClientSession(url) as http,
        http.get("/sandbox/panel/?person=1001") as response,
    ):
        assert response.status == 404
