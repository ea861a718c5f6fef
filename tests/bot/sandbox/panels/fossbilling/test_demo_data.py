"""The data with which the demo's panel begins."""

from collections.abc import AsyncIterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.panels.fossbilling.api import PanelApi
from bot.sandbox.panels.fossbilling.cron import run_cron
from bot.sandbox.panels.fossbilling.demo_data import demo_data
from tests.bot.sandbox.panels.fossbilling.calling import Panel, served_panel
from tests.fakes import StillClock

ZONE = ZoneInfo("Europe/Warsaw")
MORNING = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
EVERY_MONTH_END = [datetime(2026, month, 28, 7, 30, tzinfo=UTC) for month in range(1, 13)]


def opened(now: datetime) -> PanelApi:
    data = demo_data(now.astimezone(ZONE).replace(tzinfo=None))
    return PanelApi(StillClock(now), zone=ZONE, data=data)


@pytest.fixture
async def panel() -> AsyncIterator[Panel]:
    async with served_panel(opened(MORNING)) as panel:
        await run_cron(panel.api.world)
        yield panel


async def test_dates_are_relative_to_the_day_and_at_noon(panel: Panel) -> None:
    assert (await panel.order(1))["expires_at"] == "2026-11-26 12:00:00"
    suspended = await panel.order(4)
    assert (suspended["status"], suspended["expires_at"]) == ("suspended", "2026-11-03 12:00:00")


async def test_there_are_open_overdue_and_paid_invoices(panel: Panel) -> None:
    rows = (await panel.ask("admin/invoice/get_list", client_id=1))["list"]
    unpaid = {
        row["lines"][0]["order_id"]: (row["total"], row["due_at"])
        for row in rows
        if row["status"] == "unpaid"
    }
    assert unpaid == {
        "1": (290, "2026-11-26 12:00:00"),
        "2": (120, "2026-11-30 12:00:00"),
        "4": (42, "2026-11-03 12:00:00"),
        "7": (35, "2026-11-22 12:00:00"),
    }
    assert sum(row["status"] == "paid" for row in rows) == 8
    assert len({row["hash"] for row in rows}) == len(rows)


async def test_the_catalogue_has_cycles_setup_fees_and_addons(panel: Panel) -> None:
    orkan = await panel.ask("guest/product/get", id=7)
    month = orkan["pricing"]["recurrent"]["1M"]
    assert month == {"price": 249, "setup": 199, "enabled": True}
    assert not orkan["pricing"]["recurrent"]["2Y"]["enabled"]
    cumulus = await panel.ask("guest/product/get", id=3)
    assert [addon["id"] for addon in cumulus["addons"]] == [21, 22, 23, 24, 25]
    categories = (await panel.ask("guest/product/category_get_list"))["list"]
    names = {row["title"]: [product["id"] for product in row["products"]] for row in categories}
    assert names == {
        "Domeny": [1],
        "Hosting stron": [2, 3, 4],
        "Serwery VPS": [5, 6, 7],
        "Pozostałe": [8],
    }


async def test_what_is_ordered_has_the_price_of_the_catalogue_in_the_clients_currency(
    panel: Panel,
) -> None:
    halny = await panel.order(10)
    assert (halny["price"], halny["currency"]) == (17.25, "EUR")
    order = await panel.ask("admin/order/create", client_id=2, product_id=6, period="1M")
    assert (await panel.order(order))["price"] == 17.25


@pytest.mark.parametrize("now", EVERY_MONTH_END, ids=lambda now: f"{now:%b}")
async def test_nothing_happens_by_itself_on_the_first_day(now: datetime) -> None:
    """Cron writes the renewals once; then the morning is at rest, and nothing is in the future."""
    api = opened(now)
    await run_cron(api.world)
    rested = deepcopy(api.world.data)
    await run_cron(api.world)
    assert api.world.data == rested
    here = api.world.now()
    assert all(invoice.created_at <= here for invoice in rested.invoices)
    assert {o.status for o in rested.orders if o.expires_at and o.expires_at < here} == {
        "suspended"
    }


async def test_a_day_later_what_ended_is_suspended(panel: Panel) -> None:
    clock = panel.api.clock
    assert isinstance(clock, StillClock)
    assert (await panel.order(16))["status"] == "active"
    clock.advance(timedelta(days=2))
    await run_cron(panel.api.world)
    assert (await panel.order(16))["status"] == "suspended"
