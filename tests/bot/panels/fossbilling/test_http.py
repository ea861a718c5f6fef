"""Calls over real HTTP: what is repeated, what is not, and what each failure is."""

import asyncio
import logging
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest

from billing.ports.connected import PanelBusyError, PanelUnreachableError
from billing.rules.panel.panel_calls import LEASE
from bot.panels.fossbilling.budget import Budget
from bot.panels.fossbilling.errors import NotSentError, NoTurnError, RefusedError, UnclearError
from bot.panels.fossbilling.http import Access, PanelHttp, Times
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.panels.fossbilling.api import ADMIN_TOKEN, PanelApi
from bot.sandbox.panels.fossbilling.errors import PanelError
from bot.sandbox.panels.fossbilling.traps import Traps
from tests.bot.panels.fossbilling.serving import QUICK, Outside, outside
from tests.fakes import StillClock

READ, WRITE = "admin/order/get", "admin/order/update"


async def test_an_answer_is_read_with_exact_amounts(there: Outside) -> None:
    there.api.world.tax_percent = 23
    await there.http.write("admin/invoice/update", id=8, status="canceled")
    number = await there.http.write("admin/invoice/renewal_invoice", id=6)
    invoice = await there.http.read("admin/invoice/get", id=int(number))
    assert invoice["total"] == Decimal("24.479999999999997")
    assert there.http.clock_there == there.api.clock.now()


async def test_a_refusal_with_http_200_is_one(there: Outside) -> None:
    with pytest.raises(RefusedError) as caught:
        await there.http.read(READ, id=99_999)
    assert (caught.value.code, caught.value.is_denied) == (9999, False)
    assert (caught.value.message, str(caught.value)) == (
        "Order Not Found", "admin/order/get: refused with code 9999",
    )  # fmt: skip
    assert there.outcomes == [(READ, "refused")]


async def test_a_result_with_another_status_counts(clock: StillClock) -> None:
    async with outside(PanelApi(clock, traps=Traps(errors_as_200=False))) as there:
        with pytest.raises(RefusedError):
            await there.http.read(READ, id=99_999)


@pytest.mark.parametrize(
    ("denied", "code"), [("order", 725), ("order.view", 403), ("order.manage", None)]
)
async def test_a_missing_permission_is_a_refusal_of_any_such_call(
    there: Outside, denied: str, code: int | None
) -> None:
    there.api.denied.add(denied)
    if code is None:
        assert (await there.http.read(READ, id=1))["id"] == 1
        return
    with pytest.raises(RefusedError) as caught:
        await there.http.read(READ, id=1)
    assert (caught.value.code, caught.value.is_denied) == (code, True)


async def test_a_wrong_token_is_a_refusal_too(clock: StillClock) -> None:
    async with outside(PanelApi(clock), token="wrong") as there:
        with pytest.raises(RefusedError) as caught:
            await there.http.read(READ, id=1)
    assert (caught.value.code, caught.value.is_denied) == (205, True)


@pytest.mark.parametrize("kind", ["500", "502", "cut", "drop"])
async def test_a_read_is_repeated(there: Outside, kind: str) -> None:
    there.api.faults.add(Fault(READ, kind, count=2))
    assert (await there.http.read(READ, id=1))["id"] == 1
    assert [outcome for _, outcome in there.outcomes][-1] == "ok"
    assert len(there.outcomes) == 3


async def test_a_read_is_not_repeated_for_ever(there: Outside) -> None:
    there.api.faults.add(Fault(READ, "502", count=None))
    with pytest.raises(UnclearError) as caught:
        await there.http.read(READ, id=1)
    assert (caught.value.reason, len(there.outcomes)) == ("http_502", 3)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("500", "http_500"), ("cut", "broken_off"), ("drop", "broken_off"), ("late", "timed_out")],
)
async def test_a_write_is_sent_once(there: Outside, kind: str, reason: str) -> None:
    there.api.faults.add(Fault(WRITE, kind, count=None, delay_ms=1200))
    with pytest.raises(UnclearError) as caught:
        await there.http.write(WRITE, id=1, notes="once")
    assert caught.value.reason == reason
    assert there.outcomes == [(WRITE, reason)]
    assert there.calls().count(WRITE) == 1


async def test_a_slow_read_is_given_up_and_not_repeated(there: Outside) -> None:
    there.http.times = QUICK.__class__(read=0.1, patience=0.05)
    there.api.faults.add(Fault(READ, "delay", count=None, delay_ms=400))
    with pytest.raises(PanelUnreachableError):
        await there.http.read(READ, id=1)
    assert there.outcomes == [(READ, "timed_out")]


async def test_an_error_of_its_source_after_a_write_says_nothing(there: Outside) -> None:
    number = await there.http.write(
        "admin/invoice/transaction_create", invoice_id=4, gateway_id=1, txn_id="t-1"
    )
    with pytest.raises(UnclearError) as caught:
        await there.http.write("admin/invoice/transaction_process", id=int(number))
    assert caught.value.reason == "code_9998"
    assert (await there.http.read("admin/invoice/get", id=4))["status"] == "paid"


@pytest.mark.parametrize("is_write", [False, True])
async def test_a_database_that_has_broken_off_says_nothing(
    there: Outside, monkeypatch: pytest.MonkeyPatch, is_write: bool
) -> None:
    def broken(_number: int) -> None:
        raise PanelError("SQLSTATE[40001]: Serialization failure: 1213 Deadlock found")

    monkeypatch.setattr(there.api.world, "order", broken)
    with pytest.raises(UnclearError) as caught:
        await (there.http.write(WRITE, id=1) if is_write else there.http.read(READ, id=1))
    assert caught.value.reason == "code_9999"
    assert len(there.outcomes) == 1


async def test_nobody_listens(there: Outside) -> None:
    nowhere = PanelHttp(Access("http://127.0.0.1:9", "t"), Budget(100), QUICK)
    with pytest.raises(NotSentError) as caught:
        await nowhere.write(WRITE, id=1)
    assert caught.value.reason == "not_connected"
    await nowhere.close()


async def test_a_page_that_is_no_panel(there: Outside) -> None:
    for address in (f"{there.address}/elsewhere", there.address + "/invoice"):
        http = PanelHttp(Access(address, "t"), Budget(100), QUICK)
        with pytest.raises(UnclearError) as caught:
            await http.read(READ, id=1)
        assert caught.value.reason == "not_json"
        await http.close()


async def test_maintenance_keeps_guests_out_and_us_in(there: Outside) -> None:
    there.api.maintenance = True
    assert (await there.http.read(READ, id=1))["id"] == 1
    with pytest.raises(NotSentError) as caught:
        await there.http.read("guest/system/periods")
    assert caught.value.reason == "maintenance"


async def test_emoji_and_unset_flags_are_left_out_of_what_is_written(there: Outside) -> None:
    await there.http.write(WRITE, id=1, notes="ok 🙂", reason="żółw", activate=False, title=None)
    order = await there.http.read(READ, id=1)
    assert (order["notes"], order["reason"]) == ("ok ", "żółw")
    assert there.api.calls[0][1] == {"id": 1, "notes": "ok ", "reason": "żółw"}


async def test_one_session_is_kept(there: Outside) -> None:
    for _ in range(5):
        await there.http.read(READ, id=1)
    assert there.api.sessions == 1


class Counting(Faults):
    """Counts calls that are under way at once; `most` has the most of each."""

    def __init__(self) -> None:
        super().__init__()
        self.running: Counter[str] = Counter()
        self.most: Counter[str] = Counter()

    async def before(self, method: str) -> None:
        self.running[method] += 1
        self.most[method] = max(self.most[method], self.running[method])
        await asyncio.sleep(0.02)
        self.running[method] -= 1


async def test_calls_beside_each_other_are_few(there: Outside) -> None:
    there.api.faults = counting = Counting()
    reads = (there.http.read(READ, id=1) for _ in range(12))
    writes = (there.http.write(WRITE, id=1, notes="few") for _ in range(6))
    await asyncio.gather(*reads, *writes)
    assert counting.most == {READ: there.http.at_once, WRITE: there.http.writes_at_once}


async def test_a_write_does_not_wait_behind_reads(there: Outside) -> None:
    there.http.times = Times(read=5.0, reads=1, turn=0.1)
    there.api.faults.add(Fault(READ, "delay", count=None, delay_ms=1000))
    reads = [asyncio.create_task(there.http.read(READ, id=1)) for _ in range(9)]
    await asyncio.sleep(0.1)
    await asyncio.wait_for(there.http.write(WRITE, id=1, notes="now"), 0.8)
    assert there.calls().count(WRITE) == 1
    for read in reads:
        read.cancel()


async def test_a_write_whose_turn_does_not_come_is_not_sent(there: Outside) -> None:
    there.http.times = Times(turn=0.1, write=5.0)
    there.api.faults.add(Fault(WRITE, "delay", count=2, delay_ms=600))
    first = [asyncio.create_task(there.http.write(WRITE, id=1, notes="a")) for _ in range(2)]
    await asyncio.sleep(0.05)
    with pytest.raises(NoTurnError) as caught:
        await there.http.write(WRITE, id=1, notes="late")
    assert isinstance(caught.value, PanelBusyError)
    await asyncio.gather(*first)
    await there.http.write(WRITE, id=1, notes="again")
    assert there.calls().count(WRITE) == 3


async def test_a_write_is_over_before_the_lease_of_its_call_is() -> None:
    times = Times()
    assert timedelta(seconds=times.turn + times.write) < LEASE


async def test_secrets_are_in_no_log_and_no_error(
    there: Outside, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    token = await there.http.write("admin/profile/api_key_reset", id=2)
    await there.http.read("admin/client/get", id=2)
    there.api.faults.add(Fault("*", "500", count=None))
    with pytest.raises(UnclearError) as caught:
        await there.http.write(WRITE, id=1, notes="anna@example.com")
    assert caught.value.__cause__ is None
    seen = f"{caplog.text}{caught.value!r}{there.http.access!r}"
    assert "admin/client/get: ok" in seen
    for secret in (token, ADMIN_TOKEN, "anna@example.com", "Basic"):
        assert secret not in seen
