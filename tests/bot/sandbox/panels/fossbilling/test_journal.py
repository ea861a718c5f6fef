"""The log of calls that people read."""

import httpx
import pytest

from bot.sandbox.faults import Fault
from bot.sandbox.panels.fossbilling.journal import LOST, OK, is_write
from bot.sandbox.panels.fossbilling.methods.table import METHODS
from tests.bot.sandbox.panels.fossbilling.calling import Panel

WRITES = {
    "activate", "api_key_reset", "balance_add_funds", "cancel", "create", "delete",
    "funds_invoice", "mark_as_paid", "pay_with_credits", "prepare", "refund", "renew",
    "renewal_invoice", "run", "suspend", "transaction_create", "transaction_process", "uncancel",
    "unsuspend", "update",
}  # fmt: skip


def test_each_method_is_known_to_write_or_to_read() -> None:
    names = {f"{role}/{name}" for role, methods in METHODS.items() for name in methods}
    assert {name.rpartition("/")[2] for name in names if is_write(name)} == WRITES


async def test_calls_are_newest_first_with_what_they_were_asked(panel: Panel) -> None:
    await panel.renew(4)
    await panel.order(1)
    read, write = panel.api.journal.newest_first()
    assert (read.path, read.about, read.writes) == ("admin/order/get", "id=1", False)
    assert (write.path, write.writes, write.outcome) == (
        "admin/invoice/renewal_invoice",
        True,
        OK,
    )


async def test_equal_reads_in_a_row_are_one_entry_and_writes_never_are(panel: Panel) -> None:
    for _ in range(3):
        await panel.ask("admin/activity/log_get_list", per_page=100)
    await panel.renew(4)
    await panel.renew(4)
    await panel.order(1)
    await panel.order(2)
    assert [entry.times for entry in panel.api.journal.newest_first()] == [1, 1, 1, 1, 3]


async def test_refusals_and_lost_answers_stand_there(panel: Panel) -> None:
    await panel.refusal("admin/order/get", id=999)
    panel.api.limit.is_used_up = True
    await panel.refusal("admin/order/get", id=1)
    panel.api.limit.is_used_up = False
    panel.api.faults.add(Fault("admin/order/get", "cut"))
    with pytest.raises(httpx.RemoteProtocolError):
        await panel.order(1)
    lost, limited, missing = panel.api.journal.newest_first()
    assert lost.outcome == LOST
    assert (limited.code, limited.outcome[:10]) == (429, "Rate limit")
    assert (missing.code, missing.outcome) == (9999, "Order Not Found")


async def test_no_secret_is_in_it(panel: Panel) -> None:
    await panel.answer("admin/order/get", id=1, api_token="hush", password="hush")
    await panel.answer("admin/order/get", id=1, config={"password": "hush"}, items=[{"x": "hush"}])
    await panel.answer("admin/client/get", id="x" * 500)
    shown = [entry.as_json()["about"] for entry in panel.api.journal.newest_first()]
    assert "hush" not in str(shown)
    assert max(map(len, shown)) < 80
