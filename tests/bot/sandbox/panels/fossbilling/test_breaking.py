"""The ways in which people break the panel."""

import asyncio

import httpx
import pytest

from bot.sandbox.panels.fossbilling import breaking
from bot.sandbox.panels.fossbilling.breaking import Breakage, break_panel
from tests.bot.sandbox.panels.fossbilling.calling import Panel


async def _open_invoices(panel: Panel) -> int:
    return sum(invoice.status == "unpaid" for invoice in panel.api.world.data.invoices)


async def test_down_nothing_is_answered_and_nothing_happens(panel: Panel) -> None:
    before = await _open_invoices(panel)
    break_panel(panel.api, Breakage.DOWN)
    for call in ("admin/invoice/renewal_invoice", "admin/order/get", "guest/system/periods"):
        with pytest.raises(httpx.RemoteProtocolError):
            await panel.ask(call, id=4)
    assert await _open_invoices(panel) == before


async def test_slow_it_answers_late(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaking, "SLOW_MS", 300)
    break_panel(panel.api, Breakage.SLOW)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await panel.order(1)
    assert (await panel.order(1))["id"] == 1


@pytest.mark.parametrize("breakage", [Breakage.ANSWER_LOST, Breakage.TIMES_OUT])
async def test_writes_have_an_effect_that_nobody_is_told_of(
    panel: Panel, breakage: Breakage
) -> None:
    before = await _open_invoices(panel)
    break_panel(panel.api, breakage)
    with pytest.raises((httpx.RemoteProtocolError, TimeoutError)):
        async with asyncio.timeout(0.5):
            await panel.renew(4)
    assert await _open_invoices(panel) == before + 1
    assert (await panel.order(4))["id"] == 4


async def test_maintenance_keeps_guests_out_and_the_rate_limit_staff(panel: Panel) -> None:
    break_panel(panel.api, Breakage.MAINTENANCE)
    assert (await panel.refusal("guest/system/periods"))[0] == 503
    assert (await panel.order(1))["id"] == 1
    break_panel(panel.api, Breakage.RATE_LIMIT)
    assert (await panel.refusal("admin/order/get", id=1))[0] == 429
    assert "1M" in await panel.ask("guest/system/periods")


@pytest.mark.parametrize("breakage", list(Breakage))
async def test_it_is_mended_as_if_nothing_had_been(panel: Panel, breakage: Breakage) -> None:
    break_panel(panel.api, breakage)
    assert panel.api.breakage == breakage
    break_panel(panel.api, Breakage.WHOLE)
    assert (await panel.order(1))["id"] == 1
    assert "1M" in await panel.ask("guest/system/periods")
    assert await panel.renew(4)
