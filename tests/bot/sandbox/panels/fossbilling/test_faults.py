"""What goes wrong between the panel and its caller: time, lost answers, limits, maintenance."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from zoneinfo import ZoneInfo

import httpx
import pytest

from bot.sandbox.faults import Fault
from bot.sandbox.panels.fossbilling.api import PanelApi
from tests.bot.sandbox.panels.fossbilling.calling import STAFF, Panel, served_panel
from tests.fakes import StillClock

RENEW = "admin/invoice/renewal_invoice"


async def _invoices(panel: Panel) -> int:
    answer = await panel.ask("admin/invoice/get_list", order_id=4, status="unpaid", summary=1)
    return int(answer["total"])


async def test_latency_slows_every_call_until_it_is_cleared(panel: Panel) -> None:
    panel.api.faults.add(Fault("*", "delay", count=None, delay_ms=60))
    begin = monotonic()
    await panel.order(1)
    await panel.order(1)
    assert monotonic() - begin >= 0.12
    panel.api.faults.clear()


async def test_an_answer_that_is_lost_has_had_its_effect(panel: Panel) -> None:
    panel.api.faults.add(Fault(RENEW, "drop"))
    with pytest.raises(httpx.RemoteProtocolError):
        await panel.renew(4)
    assert await _invoices(panel) == 1
    assert await panel.renew(4) == 21


async def test_a_connection_cut_before_the_call_has_no_effect(panel: Panel) -> None:
    panel.api.faults.add(Fault(RENEW, "cut"))
    with pytest.raises(httpx.RemoteProtocolError):
        await panel.renew(4)
    assert await _invoices(panel) == 0


async def test_a_write_is_committed_and_its_caller_times_out(panel: Panel) -> None:
    panel.api.faults.add(Fault("admin/invoice/mark_as_paid", "late", delay_ms=1_000))
    payment = {"id": 4, "gateway_id": 1, "transactionId": "t-1", "execute": 1}
    with pytest.raises(httpx.ReadTimeout):
        await panel.http.post(
            "/api/admin/invoice/mark_as_paid",
            json=payment,
            auth=STAFF,
            timeout=0.3,
        )
    async with asyncio.timeout(30):
        status = "unpaid"
        while status == "unpaid":
            status = (await panel.invoice(4))["status"]
    assert status == "paid"
    assert (await panel.order(3))["expires_at"] == "2027-01-03 12:00:00"
    assert (await panel.ask("admin/invoice/transaction_get_list", txn_id="t-1"))["total"] == 1


@pytest.mark.parametrize("status", [500, 502])
async def test_a_server_error_is_a_page_and_no_json(panel: Panel, status: int) -> None:
    panel.api.faults.add(Fault(RENEW, str(status)))
    response = await panel.post(RENEW, id=4)
    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html")
    assert await _invoices(panel) == 0


async def test_maintenance_keeps_clients_out_and_lets_staff_in(panel: Panel) -> None:
    token = await panel.ask("admin/profile/api_key_reset", id=2)
    panel.api.maintenance = True
    for call, auth in (("guest/system/periods", None), ("client/profile/get", ("client", token))):
        response = await panel.post(call, auth=auth)
        assert response.status_code == response.json()["error"]["code"] == 503
    assert (await panel.order(1))["id"] == 1


async def test_an_update_to_be_finished_keeps_staff_out_and_lets_guests_in(panel: Panel) -> None:
    panel.api.update_pending = True
    response = await panel.post("admin/order/get", id=1)
    assert response.status_code == response.json()["error"]["code"] == 503
    assert (await panel.post("admin/order/get", auth=("admin", "x"), id=1)).status_code == 401
    assert await panel.ask("admin/system/update_finalization_status")
    assert await panel.ask("guest/system/periods", auth=None)


async def test_an_address_that_may_not_use_the_api_is_refused_whatever_it_asks(
    panel: Panel,
) -> None:
    panel.api.allowed_ips = {"203.0.113.7"}
    panel.api.limit.calls = 1
    for call, auth in (("guest/system/periods", None), ("admin/order/get", ("admin", "wrong"))):
        for _ in range(2):
            response = await panel.post(call, auth=auth, id=1)
            assert response.status_code == 401
            assert response.json()["error"] == {"message": "Unauthorized IP", "code": 1002}
    panel.api.allowed_ips = {"127.0.0.1"}
    assert (await panel.order(1))["id"] == 1


async def test_a_thousand_calls_an_hour_are_counted_before_the_token(
    panel: Panel, clock: StillClock
) -> None:
    panel.api.limit.calls = 3
    for auth in (("admin", "wrong"), ("client", "wrong"), ("admin", "wrong")):
        role = auth[0]
        assert (await panel.post(f"{role}/order/get", auth=auth, id=1)).status_code == 401
    clock.advance(timedelta(minutes=59))
    limited = await panel.post("admin/order/get", id=1)
    assert (limited.status_code, limited.headers["retry-after"]) == (429, "3600")
    assert limited.json()["error"] == {
        "message": "Rate limit exceeded. Please try again later.",
        "code": 429,
    }
    assert (await panel.ask("guest/system/periods", auth=None))["1M"] == "Every Month"
    # The hour is counted from the first call, so the wait is shorter than it says.
    clock.advance(timedelta(minutes=1))
    assert (await panel.order(1))["id"] == 1


async def test_the_limit_is_a_thousand_and_a_whitelisted_address_has_none(panel: Panel) -> None:
    assert panel.api.limit.calls == 1000
    panel.api.limit.calls = 0
    assert (await panel.post("admin/order/get", id=1)).status_code == 429
    panel.api.limit.whitelist.add("127.0.0.1")
    assert (await panel.order(1))["id"] == 1


async def test_guests_have_a_hundred_calls_a_minute(panel: Panel, clock: StillClock) -> None:
    for _ in range(100):
        await panel.ask("guest/system/periods", auth=None)
    assert (await panel.post("guest/system/periods", auth=None)).status_code == 429
    clock.advance(timedelta(minutes=1))
    await panel.ask("guest/system/periods", auth=None)


async def test_dates_are_in_the_panels_zone_and_only_the_head_tells_the_hour() -> None:
    clock = StillClock(datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    async with served_panel(PanelApi(clock, zone=ZoneInfo("Europe/Warsaw"))) as panel:
        response = await panel.post(
            "admin/order/create", client_id=2, product_id=3, period="1M", activate=True
        )
        order = await panel.order(response.json()["result"])
        assert order["created_at"] == "2026-07-02 00:30:00"
        assert order["expires_at"] == "2026-08-02 00:30:00"
        assert parsedate_to_datetime(response.headers["date"]) == clock.now()
        # What is kept has no zone: the same row reads the same wherever the panel is.
        assert (await panel.order(1))["expires_at"] == "2027-06-16 12:00:00"
        # A date with an offset is read into panel time.
        await panel.ask("admin/order/update", id=1, expires_at="2027-02-03T10:20:30+00:00")
        assert (await panel.order(1))["expires_at"] == "2027-02-03 11:20:30"
