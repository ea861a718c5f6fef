"""What a check says of the panel, in plain English, and what follows from it."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from billing.rules.shop.quotes import Taxation
from billing.views.panel import FindingState
from bot.panels.fossbilling.budget import Budget
from bot.panels.fossbilling.checking import _is_near
from bot.panels.fossbilling.permissions import PERMISSIONS
from bot.sandbox.faults import Fault
from bot.sandbox.panels.fossbilling.api import PanelApi
from bot.sandbox.panels.fossbilling.methods.table import METHODS, Method
from bot.sandbox.panels.fossbilling.traps import Traps
from tests.bot.panels.fossbilling.serving import Outside, found, outside
from tests.fakes import StillClock

OK, OFF, MISSING = FindingState.OK, FindingState.OFF, FindingState.MISSING


async def test_a_panel_in_which_everything_is_allowed(there: Outside) -> None:
    findings = await found(there)
    states = {about: finding.state for about, finding in findings.items()}
    assert states == {
        "address": OK, "token": OK, "permissions": OK, "version": OK, "clock": OK,
        "time zone": OK, "currencies": OK, "tax": OK, "add-ons": OFF, "pay page": OFF,
        "calls": OFF,
    }  # fmt: skip
    assert findings["version"].text == "0.8.5; Panelik was tried with 0.8.5."
    assert "show_addons" in findings["add-ons"].text
    assert "asks for a login" in findings["pay page"].text
    assert "invoice_accessible_from_hash" in findings["pay page"].text


async def test_an_answer_of_an_unknown_shape_is_said(
    there: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_: object) -> list[object]:
        await asyncio.sleep(0)
        return []

    monkeypatch.setitem(METHODS["admin"], "invoice/get_list", Method(nothing))
    findings = await found(there)
    for about in ("time zone", "tax", "pay page"):
        assert findings[about].state is OFF
        assert "its answer is of another shape" in findings[about].text
    assert findings["calls"].text


async def test_it_changes_nothing(there: Outside) -> None:
    world = there.api.world
    before = (
        repr(world.data.orders), repr(world.data.invoices), repr(world.data.clients),
        repr(world.data.balances), len(world.data.activities),
    )  # fmt: skip
    await found(there)
    assert before == (
        repr(world.data.orders), repr(world.data.invoices), repr(world.data.clients),
        repr(world.data.balances), len(world.data.activities),
    )  # fmt: skip


@pytest.mark.parametrize("permission", PERMISSIONS, ids=lambda one: one.name)
async def test_each_permission_is_missed_by_name(there: Outside, permission: object) -> None:
    name = getattr(permission, "name", "")
    there.api.denied.add(name)
    finding = (await found(there))[f"permission {name}"]
    assert finding.state is not OK
    assert "Staff, Groups" in finding.text
    there.api.denied.clear()
    there.api.denied.add(name.partition(".")[0])
    assert (await found(there))[f"permission {name}"].state is not OK


async def test_what_is_denied_is_not_offered(there: Outside) -> None:
    assert there.panel.capabilities.allowed.order
    there.api.denied.add("order.manage")
    await found(there)
    capabilities = there.panel.capabilities
    assert (capabilities.allowed.order, capabilities.allowed.cancel) == (False, False)
    assert (capabilities.cancels_now, capabilities.pays_balance) == (False, True)
    there.api.denied = {"invoice.manage_transactions", "activity.view"}
    await found(there)
    capabilities = there.panel.capabilities
    assert (capabilities.allowed.order, capabilities.pays_balance) == (True, False)
    assert not capabilities.tells_changes


async def test_a_panel_that_stops_to_answer_allows_what_it_did(there: Outside) -> None:
    there.api.denied.add("order.manage")
    await found(there)
    there.api.denied.clear()
    there.api.faults.add(Fault("admin/product/get_list", "500", count=None))
    finding = (await found(there))["permissions"]
    assert (finding.state, "http_500" in finding.text) == (MISSING, True)
    assert not there.panel.capabilities.allowed.order
    there.api.faults.clear()
    await found(there)
    assert there.panel.capabilities.allowed.order


async def test_the_clocks_are_apart(there: Outside, clock: StillClock) -> None:
    there.panel.now = lambda: clock.now() + timedelta(minutes=7)
    finding = (await found(there))["clock"]
    assert (finding.state, "7 minutes" in finding.text) == (MISSING, True)


@pytest.mark.parametrize(
    ("there_in", "set_to", "state", "told"),
    [
        ("Europe/Warsaw", "Europe/Warsaw", OK, "of now"),
        ("Europe/Warsaw", "UTC", MISSING, "60 minutes ahead"),
        ("America/New_York", "UTC", OFF, "5 hours old"),
    ],
)
async def test_the_zone_is_compared_with_what_was_just_written(
    clock: StillClock, there_in: str, set_to: str, state: FindingState, told: str
) -> None:
    api = PanelApi(clock, zone=ZoneInfo(there_in))
    async with outside(api, zone=set_to) as there:
        long_ago = datetime.fromisoformat("2026-01-01 00:00:00")
        for activity in api.world.data.activities:
            activity.created_at = long_ago
        for invoice in api.world.data.invoices:
            invoice.created_at = long_ago
        api.world.log("Updated order #3")
        finding = (await found(there))["time zone"]
    assert (finding.state, told in finding.text) == (state, True)


def _open(there: Outside) -> None:
    there.api.world.open_hashes = True


def _list_addons(there: Outside) -> None:
    there.api.world.traps = Traps(addons_hidden=False)


def _foreign(there: Outside) -> None:
    there.api.world.data.currencies["XTS"] = {"name": "Test", "rate": 1}


def _nothing(there: Outside) -> None:
    there.api.world.data.invoices.clear()


@pytest.mark.parametrize(
    ("change", "about", "state", "told"),
    [
        (_open, "pay page", OK, "without a login"),
        (_list_addons, "add-ons", OK, "lists them"),
        (_foreign, "currencies", OFF, "XTS"),
        (_nothing, "pay page", OFF, "no invoice yet"),
        (_nothing, "tax", OFF, "no invoice yet"),
    ],
)
async def test_what_is_set_in_the_panel(
    there: Outside, change: Callable[[Outside], None], about: str, state: FindingState, told: str
) -> None:
    change(there)
    finding = (await found(there))[about]
    assert (finding.state, told in finding.text) == (state, True)


@pytest.mark.parametrize(
    ("taxation", "percent", "state", "told"),
    [
        (Taxation(2300, included=True), 23, MISSING, "PANELIK_PRICES_INCLUDE_TAX=false"),
        (Taxation(2300, included=False), 0, OFF, "has 0 % and PANELIK_TAX_RATE is 23"),
        (Taxation(2300, included=False), 23, OK, "23 %"),
        (Taxation(550, included=False), 5.5, OK, "5.5 %"),
    ],
)
async def test_the_tax_of_the_settings_is_that_of_the_panel(
    there: Outside, taxation: Taxation, percent: float, state: FindingState, told: str
) -> None:
    there.panel.taxation = taxation
    there.api.world.tax_percent = percent  # type: ignore[assignment]
    await there.http.write("admin/invoice/prepare", client_id=1, items=[])
    finding = (await found(there))["tax"]
    assert (finding.state, told in finding.text) == (state, True)


@pytest.mark.parametrize(
    ("version", "state", "told"),
    [
        ("0.8.6", OK, "0.8.6"),
        ("0.7.2", OFF, "0.7.2; Panelik knows it from its source"),
        ("0.6.22", OFF, "gateway is Custom already"),
        ("0.9.0", OFF, "not known"),
    ],
)
async def test_versions(there: Outside, version: str, state: FindingState, told: str) -> None:
    there.api.world.version = version
    finding = (await found(there))["version"]
    assert (finding.state, told in finding.text) == (state, True)


async def test_a_version_that_only_some_staff_may_know(there: Outside) -> None:
    there.api.denied.add("system")
    assert (await found(there))["version"].text.startswith("Not known")


async def test_an_old_version_that_is_hidden_is_known_to_be_old(there: Outside) -> None:
    there.api.world.version, there.api.world.hides_version = "0.7.2", True
    finding = (await found(there))["version"]
    assert finding.text.startswith("Older than 0.8, and does not say which; Panelik knows it from")


@pytest.mark.parametrize(
    ("per_hour", "state", "told"),
    [
        (900, OK, "At most 900 an hour, 8"), (1000, OK, "whitelist_ips"),
        (1001, OFF, "only if this machine's address is in whitelist_ips"),
    ],
)  # fmt: skip
async def test_more_calls_than_the_panel_takes_from_a_stranger(
    clock: StillClock, per_hour: int, state: FindingState, told: str
) -> None:
    async with outside(PanelApi(clock), budget=Budget(per_hour)) as there:
        finding = (await found(there))["calls"]
    assert (finding.state, told in finding.text) == (state, True)


async def test_it_names_nobody(there: Outside) -> None:
    there.api.denied.update({"order.manage", "activity"})
    told = " ".join(finding.text for finding in await there.panel.check())
    for private in ("Jan", "Kowalski", "example.com", "Nowak", there.http.access.token):
        assert private not in told


@pytest.mark.parametrize(
    ("host", "is_near"),
    [
        ("127.0.0.1", True), ("10.1.2.3", True), ("panel", True), ("localhost", True),
        ("billing.example.com", False), ("203.0.114.7", False), ("", True),
    ],
)  # fmt: skip
def test_a_key_in_clear_stays_near(host: str, is_near: bool) -> None:
    assert _is_near(host) is is_near
