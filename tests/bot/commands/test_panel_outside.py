"""`panelik check` and `panelik panel probe` with a FOSSBilling, over HTTP."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from bot.clock import SystemClock
from bot.sandbox.faults import Fault
from bot.sandbox.methods.api import TOKEN
from bot.sandbox.panels.fossbilling.api import ADMIN_TOKEN, PanelApi
from bot.sandbox.panels.fossbilling.methods.table import METHODS, Method
from bot.sandbox.panels.fossbilling.server import create_app, serve
from tests.bot.commands.conftest import Panelik

BASE = {"BOT_TOKEN": TOKEN, "API_URL": "http://127.0.0.1:9", "PRICES_INCLUDE_TAX": "false",
        "TAX_RATE": "0"}  # fmt: skip


class Served:
    """A panel in a thread of its own: a command has an event loop for itself."""

    def __init__(self) -> None:
        self.api = PanelApi(SystemClock())
        self.address = ""
        self._ready = threading.Event()
        self._stop: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        async with serve(create_app(self.api)) as self.address:
            self._ready.set()
            await self._stop.wait()

    def __enter__(self) -> "Served":
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._loop is not None
        assert self._stop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def settings(self, token: str = ADMIN_TOKEN) -> dict[str, str]:
        """The settings that lead to it."""
        return BASE | {"PANEL": "fossbilling", "PANEL_URL": self.address, "PANEL_TOKEN": token}


@pytest.fixture
def there() -> Iterator[Served]:
    with Served() as served:
        yield served


@pytest.mark.slow
def test_check_asks_the_panel_and_says_what_clients_can_do(
    panelik: Panelik, there: Served
) -> None:
    told = panelik("check", **there.settings())
    assert f"Panel, address: A FOSSBilling answers at {there.address}." in told.out
    assert "Panel, version: 0.8.5; Panelik was tried with 0.8.5." in told.out
    assert "Clients can: renew and pay, order services and add-ons, cancel a service," in told.out
    assert "Off: have it end with its period. Such a request becomes a task for staff" in told.out
    assert "Panel" not in told.err
    assert "no way to pay" not in told.err


@pytest.mark.slow
def test_check_asks_the_panel_before_there_is_a_database(panelik: Panelik, there: Served) -> None:
    panelik.database.unlink()
    told = panelik("check", **there.settings(token="no-such-key"))
    assert "does not exist" in told.err
    assert "Panel, token: The panel does not know PANELIK_PANEL_TOKEN." in told.err
    told = panelik("check", **there.settings())
    assert "Clients can: renew and pay, order services" in told.out
    assert not panelik.database.exists()


@pytest.mark.slow
def test_check_says_what_to_mend(panelik: Panelik, there: Served) -> None:
    there.api.denied.update({"order.manage", "activity"})
    told = panelik("check", **there.settings())
    assert (
        "Panel, permission order.manage: The staff group of Panelik's user lacks it." in told.err
    )
    assert "Panel, permission activity.view:" in told.out
    assert "Clients can: renew and pay, pay on the panel's own page," in told.out
    lacks = "A permission is missing, or the panel does not let them."
    for what in ("order services and add-ons", "cancel a service"):
        assert f"Off: {what}. {lacks}" in told.out
    assert "Off: see within a minute what changes in the panel." in told.out
    wrong = panelik("check", **there.settings(token="no-such-key"))
    assert "Panel, token: The panel does not know PANELIK_PANEL_TOKEN." in wrong.err
    assert "no-such-key" not in wrong.out + wrong.err
    assert "Clients can" not in wrong.out


@pytest.mark.slow
def test_check_says_what_clients_can_do_whatever_else_is_missing(
    panelik: Panelik, there: Served
) -> None:
    taxed = there.settings() | {"PRICES_INCLUDE_TAX": "true"}
    told = panelik("check", **taxed)
    assert "PANELIK_PRICES_INCLUDE_TAX=false" in told.err
    assert "Clients can: renew and pay, order services" in told.out


@pytest.mark.slow
def test_check_says_nothing_of_clients_while_permissions_are_not_known(
    panelik: Panelik, there: Served
) -> None:
    there.api.faults.add(Fault("admin/product/get_list", "502", count=None))
    told = panelik("check", **there.settings())
    assert "Panel, permissions: It did not answer properly (http_502)." in told.err
    assert "Clients can" not in told.out


@pytest.mark.slow
def test_check_of_a_panel_that_is_away(panelik: Panelik) -> None:
    given = BASE | {
        "PANEL": "fossbilling",
        "PANEL_URL": BASE["API_URL"],
        "PANEL_TOKEN": "panel-key",
    }
    told = panelik("check", **given)
    assert told.code == 1
    assert "Panel, address: Nothing answers there." in told.err


@pytest.mark.slow
def test_check_of_our_own_tables_asks_no_panel(panelik: Panelik) -> None:
    told = panelik("check", **BASE)
    assert "Panel" not in told.out + told.err


def test_the_probe_is_a_report_that_names_nobody(panelik: Panelik, there: Served) -> None:
    world = there.api.world
    world.order(3).status = "Kowalski's own word"
    world.log("Client Jan Kowalski of jan@example.com did something", client_id=1)
    before = (repr(world.data.orders), repr(world.data.invoices), repr(world.data.clients))
    told = panelik("panel", "probe", **there.settings())
    assert (told.code, told.err) == (0, "")
    assert before == (repr(world.data.orders), repr(world.data.invoices), repr(world.data.clients))
    for line in (
        "total said: 13, pages: 1",
        "looked at: 13, main orders: 13, gaps between ids: 2",
        "status: {'(another)': 1, 'active': 8, 'canceled': 1, 'failed_renew': 1,",
        "line.order_id: null|text number",
        "shows a client's token: True",
        "admin/order/get: code 9999",
        "admin/order/panelik: code 740",
        "== Times (median ms)",
    ):
        assert line in told.out
    data = world.data
    private = {ADMIN_TOKEN, there.address}
    for one in data.clients:
        private |= {one.first_name, one.last_name, one.email, one.city, one.postcode}
    private |= {order.title for order in data.orders} | {i.hash for i in data.invoices}
    private |= {product["title"] for product in data.products}
    assert [word for word in private if word in told.out] == []


def test_the_probe_writes_for_a_client_that_is_there_for_tests(
    panelik: Panelik, there: Served
) -> None:
    told = panelik("panel", "probe", "--write", "--client", "1", **there.settings())
    assert told.code == 0
    for line in (
        "order, order:1: done",
        "order, issue:2: done",
        "payment: done",
        "renewal, renew:1: done",
        "payment from the balance: done",
        "cancellation, next: done",
        "all of it is cancelled, and nothing is left to pay for it",
    ):
        assert line in told.out
    assert "FAILED" not in told.out
    world = there.api.world
    assert [one.status for one in world.data.orders if one.id > 15] == ["canceled", "canceled"]
    assert {one.client_id for one in world.data.invoices if one.id > 20} == {1}
    assert "Kowalski" not in told.out


def test_the_probe_says_what_fails(panelik: Panelik, there: Served) -> None:
    there.api.world.data.gateways = []
    told = panelik("panel", "probe", "--write", "--client", "1", **there.settings())
    assert told.code == 1
    assert "FAILED: payment: refused (no_gateway)" in told.out


@pytest.mark.parametrize(
    ("call", "kind", "why"),
    [
        ("admin/invoice/mark_as_paid", "502", "payment: admin/invoice/mark_as_paid: http_502"),
        ("guest/invoice/gateways", "429", "payment: guest/invoice/gateways: rate_limited"),
    ],
)
def test_the_probe_says_what_it_has_done_until_the_panel_answers_no_more(
    panelik: Panelik, there: Served, call: str, kind: str, why: str
) -> None:
    there.api.faults.add(Fault(call, kind, count=None))
    told = panelik("panel", "probe", "--write", "--client", "1", **there.settings())
    assert (told.code, told.err) == (1, "")
    assert "order, issue:2: done" in told.out
    assert f"FAILED: {why}" in told.out
    assert "left in the panel, look at it there: order 16, order 17, invoice 21" in told.out


def test_the_probe_goes_on_after_an_answer_that_it_does_not_understand(
    panelik: Panelik, there: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def odd(*_: object) -> dict[str, object]:
        await asyncio.sleep(0)
        return {"total": 1, "list": [{"id": "Kowalski"}]}

    monkeypatch.setitem(METHODS["admin"], "order/get_list", Method(odd))
    told = panelik("panel", "probe", **there.settings())
    assert told.code == 0
    assert "== Orders\nnot read: not understood (ValueError)" in told.out
    assert "total said: 20, looked at: 20" in told.out
    assert "Kowalski" not in told.out


def test_the_probe_spends_no_balance(panelik: Panelik, there: Served) -> None:
    told = panelik("panel", "probe", "--write", "--client", "2", **there.settings())
    assert "FAILED: the client's balance has to be 0" in told.out
    assert all(one.id <= 15 for one in there.api.world.data.orders)


def test_the_probe_writes_for_nobody_else(panelik: Panelik, there: Served) -> None:
    for given in (("--write",), ("--client", "1")):
        assert panelik("panel", "probe", *given, **there.settings()).code != 0
    assert all(one.id <= 15 for one in there.api.world.data.orders)


def test_there_is_no_probe_of_our_own_tables(panelik: Panelik) -> None:
    told = panelik("panel", "probe", **BASE)
    assert (told.code, told.out) == (1, "")
    assert told.err == "PANELIK_PANEL is embedded: there is no panel outside to look at."
