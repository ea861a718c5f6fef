"""The activity log as a change feed."""

from datetime import timedelta

import pytest

from billing.ports.connected import PanelUnreachableError
from billing.views.panel import PanelChanges
from bot.panels.fossbilling import feed
from bot.sandbox.faults import Fault
from bot.sandbox.panels.fossbilling.state import Activity
from tests.bot.panels.fossbilling.serving import Outside
from tests.fakes import StillClock


async def _since(there: Outside) -> str:
    return (await there.panel.changes("")).cursor


async def test_it_begins_with_the_newest_and_no_changes(there: Outside) -> None:
    newest = str(there.api.world.data.activities[-1].id)
    assert await there.panel.changes("") == PanelChanges(newest)
    assert await there.panel.changes(newest) == PanelChanges(newest)
    assert there.calls() == ["admin/activity/log_get_list"] * 2


async def test_whoever_makes_a_change_is_heard(there: Outside) -> None:
    cursor = await _since(there)
    await there.http.write("admin/order/suspend", id=3)
    await there.http.write("admin/invoice/mark_as_paid", id=12, gateway_id=1, transactionId="t-1")
    await there.http.write("admin/client/balance_add_funds", id=4, amount=10, description="x")
    changes = await there.panel.changes(cursor)
    assert changes.clients >= {"1", "3"}
    assert (changes.is_complete, changes.catalogue) == (True, False)
    assert (await there.panel.changes(changes.cursor)).clients == frozenset()


async def test_an_add_on_leads_to_its_client_too(there: Outside) -> None:
    cursor = await _since(there)
    await there.http.write("admin/order/suspend", id=2)
    assert (await there.panel.changes(cursor)).clients == {"1"}


async def test_a_new_add_on_is_in_the_reading_that_follows(there: Outside) -> None:
    await there.panel.reading.account("2")
    cursor, group = await _since(there), there.api.world.order(6).group_id
    number = await there.http.write(
        "admin/order/create", client_id=2, product_id=6, period="1M", group_id=group,
        invoice_option="no-invoice",
    )  # fmt: skip
    assert (await there.panel.changes(cursor)).clients == {"2"}
    account = await there.panel.reading.account("2")
    assert account is not None
    assert str(number) in {one.ref for one in account.snapshot.services}


async def test_what_a_reading_has_shown_is_not_looked_up(there: Outside) -> None:
    async for _ in there.panel.everything():
        pass
    cursor = await _since(there)
    await there.http.write("admin/order/suspend", id=3)
    there.forget()
    assert (await there.panel.changes(cursor)).clients == {"1"}
    assert there.calls() == ["admin/activity/log_get_list"]


async def test_what_was_deleted_leads_to_its_client_if_it_was_known(there: Outside) -> None:
    await there.panel.reading.account("1")
    cursor = await _since(there)
    await there.http.write("admin/order/delete", id=3)
    await there.http.write("admin/order/delete", id=5)
    await there.http.write("admin/invoice/delete", id=6)
    assert await there.panel.changes(cursor) == PanelChanges(
        str(there.api.world.data.activities[-1].id), frozenset({"1"})
    )


def _says(there: Outside, message: str, *, client_id: int | None = None) -> None:
    data, now = there.api.world.data, there.api.world.now()
    number = data.activities[-1].id + 1
    data.activities.append(
        Activity(
            id=number, admin_id=None, client_id=client_id, message=message, created_at=now
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("message", "client_id", "clients", "catalogue"),
    [
        ("Renewed order #3", None, {"1"}, False),
        ("Marked invoice 12 as paid.", None, {"3"}, False),
        ("Updated client #4 profile", None, {"4"}, False),
        ("Received transaction 9 from payment gateway 1", 2, {"2"}, False),
        ("Client #2 logged in", 2, set(), False),
        ("Staff member 3 logged in", None, set(), False),
        ("Zmieniono profil", 2, {"2"}, False),
        ("Updated product #2", None, set(), True),
        ("Added new addon product #9", None, set(), True),
        ("Updated order #99999", None, set(), False),
        ("Cron was executed", None, set(), False),
    ],
)
async def test_messages_are_hints(
    there: Outside, message: str, client_id: int | None, clients: set[str], catalogue: bool
) -> None:
    cursor = await _since(there)
    _says(there, message, client_id=client_id)
    changes = await there.panel.changes(cursor)
    assert (set(changes.clients), changes.catalogue) == (clients, catalogue)


async def test_many_rows_are_read_in_larger_pages(there: Outside) -> None:
    cursor = await _since(there)
    for _ in range(99):
        _says(there, "Updated order #3")
    assert (await there.panel.changes(cursor)).clients == {"1"}
    for _ in range(700):
        _says(there, "Updated order #5")
    there.forget()
    changes = await there.panel.changes(cursor)
    assert (changes.clients == {"1", "2"}, changes.is_complete) == (True, True)
    assert there.calls() == ["admin/activity/log_get_list"] * 3 + ["admin/order/get"]


async def test_too_many_rows_mean_that_everything_is_read(
    there: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    cursor = await _since(there)
    for number in range(1, 16):
        _says(there, f"Updated order #{number}")
    monkeypatch.setattr(feed, "_CALLS", 14)
    newest = str(there.api.world.data.activities[-1].id)
    assert await there.panel.changes(cursor) == PanelChanges(newest, is_complete=False)
    monkeypatch.setattr(feed, "_CALLS", 60)
    for _ in range(2100):
        _says(there, "Updated order #3")
    newest = str(there.api.world.data.activities[-1].id)
    assert await there.panel.changes(cursor) == PanelChanges(newest, is_complete=False)


async def test_a_cursor_that_the_log_has_forgotten(there: Outside) -> None:
    world = there.api.world
    cursor = await _since(there)
    for _ in range(3):
        _says(there, "Updated order #3")
    del world.data.activities[:-2]
    world.log = lambda *_args, **_more: None  # type: ignore[method-assign]
    changes = await there.panel.changes(cursor)
    assert changes.is_complete is False
    # The next one follows on.
    assert (await there.panel.changes(changes.cursor)).is_complete


async def test_a_cursor_of_another_log(there: Outside) -> None:
    newest = await _since(there)
    assert await there.panel.changes("999999") == PanelChanges(newest, is_complete=False)


async def test_without_the_permission_there_is_no_feed(there: Outside, clock: StillClock) -> None:
    there.api.denied.add("activity")
    assert there.panel.capabilities.tells_changes
    assert await there.panel.changes("5") == PanelChanges("5", is_complete=False)
    assert not there.panel.capabilities.tells_changes
    there.forget()
    assert await there.panel.changes("5") == PanelChanges("5", is_complete=False)
    assert there.outcomes == []
    there.api.denied.clear()
    clock.advance(timedelta(minutes=61))
    assert there.panel.capabilities.tells_changes
    assert (await there.panel.changes("")).is_complete


async def test_a_panel_that_does_not_answer_has_told_nothing(there: Outside) -> None:
    there.api.faults.add(Fault("*", "500", count=None))
    with pytest.raises(PanelUnreachableError):
        await there.panel.changes("1")
