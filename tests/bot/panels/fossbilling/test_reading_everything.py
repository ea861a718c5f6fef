"""All clients in pages, and some of them; what that costs in calls."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from billing.ports.connected import PanelUnreachableError
from billing.rules.services.service import ServiceStatus
from billing.views.panel import PanelAccount
from bot.panels.fossbilling import reading
from bot.panels.fossbilling.budget import Budget
from bot.sandbox.faults import Fault
from bot.sandbox.panels.fossbilling.api import PanelApi
from bot.sandbox.panels.fossbilling.traps import NO_TRAPS, Traps
from tests.bot.panels.fossbilling.serving import Outside, outside
from tests.fakes import StillClock


async def all_of(there: Outside, refs: set[str] | None = None) -> dict[str, PanelAccount]:
    return {one.client.ref: one async for one in there.panel.everything(refs)}


def due_dates(accounts: dict[str, PanelAccount], ref: str) -> dict[str, date | None]:
    """When what a client has is due, by the ids of the orders."""
    return {one.ref: one.next_due_date for one in accounts[ref].snapshot.services}


@pytest.fixture(autouse=True)
def _in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_ONE_BY_ONE", 1)


@pytest.mark.parametrize("traps", [Traps(), Traps(addons_hidden=False), NO_TRAPS])
async def test_in_pages_everybody_has_what_each_has_alone(clock: StillClock, traps: Traps) -> None:
    async with outside(PanelApi(clock, traps=traps)) as there:
        everybody = await all_of(there)
        alone = {ref: await there.panel.reading.account(ref) for ref in everybody}
    assert set(everybody) == {"1", "2", "3", "4"}
    assert everybody == alone
    refs = [one.ref for account in everybody.values() for one in account.snapshot.services]
    assert Counter(refs) == Counter(str(number) for number in range(1, 16))


async def test_who_the_clients_are_takes_a_call_a_page(there: Outside) -> None:
    clients = [one async for one in there.panel.clients()]
    assert there.calls() == ["admin/client/get_list"]
    assert clients == [account.client for account in (await all_of(there)).values()]


async def test_the_calls_of_everything(there: Outside) -> None:
    await all_of(there)
    assert Counter(there.calls()) == {
        "admin/order/get_list": 1,
        "admin/invoice/get_list": 1,
        "admin/client/get_list": 1,
        "admin/product/get_list": 1,
        # Two add-ons are gaps in the sequence; two ids after the newest order are tried.
        "admin/order/get": 4,
    }


async def test_gaps_that_orders_were_deleted_from_are_tried_once(there: Outside) -> None:
    for number in (11, 14):
        await there.http.write("admin/order/delete", id=number)
    await all_of(there)
    there.forget()
    everybody = await all_of(there)
    assert there.calls().count("admin/order/get") == 1 + 2
    piotr = {one.ref for one in everybody["3"].snapshot.services}
    assert piotr == {"10", "12", "13"}


async def test_an_add_on_that_is_the_newest_order_is_found(there: Outside) -> None:
    group = there.api.world.order(6).group_id
    for _ in range(3):
        number = await there.http.write(
            "admin/order/create", client_id=2, product_id=6, period="1M", group_id=group
        )
    anna = (await all_of(there))["2"].snapshot.services
    assert str(number) in {one.ref for one in anna}


async def test_one_found_by_its_id_is_not_missed_by_the_next_reading_of_its_client(
    there: Outside,
) -> None:
    await there.panel.reading.account("2")
    group = there.api.world.order(6).group_id
    number = await there.http.write(
        "admin/order/create", client_id=2, product_id=6, period="1M", group_id=group,
        invoice_option="no-invoice",
    )  # fmt: skip
    everybody = await all_of(there)
    assert str(number) in due_dates(everybody, "2")
    assert await there.panel.reading.account("2") == everybody["2"]


async def test_where_gaps_are_many_main_orders_are_asked(there: Outside) -> None:
    there.api.world.order(15).id = 400
    everybody = await all_of(there)
    assert "2" in {one.ref for one in everybody["1"].snapshot.services}
    # Known from a line of an invoice, since its main order waits to be set up.
    assert "11" in {one.ref for one in everybody["3"].snapshot.services}
    assert there.calls().count("admin/order/addons") > 0
    assert there.calls().count("admin/order/get") < 5


async def test_some_clients_in_pages_and_one_by_one(
    there: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_pages = await all_of(there, {"1", "3", "99", "abc"})
    assert set(in_pages) == {"1", "3"}
    monkeypatch.setattr(reading, "_ONE_BY_ONE", 40)
    there.forget()
    assert await all_of(there, {"1", "3", "99", "abc"}) == in_pages
    assert there.calls().count("admin/client/get") == 3
    assert await all_of(there, set()) == {}


async def test_who_is_read_alone_is_asked_for_add_ons_each_night(there: Outside) -> None:
    addon = there.api.world.order(2)
    before = due_dates(await all_of(there, {"1"}), "1")["2"]
    assert before is not None
    assert addon.expires_at is not None
    addon.expires_at += timedelta(days=31)
    there.forget()
    assert due_dates(await all_of(there, {"1"}), "1")["2"] == before + timedelta(days=31)
    assert "admin/order/addons" in there.calls()


@pytest.mark.parametrize(
    ("newest", "of_before"), [(15, {"1", "3"}), (400, {"1", "2", "3", "4"})],
    ids=["by their ids", "by main orders"],
)  # fmt: skip
async def test_answers_from_before_it_stopped_have_their_time(
    there: Outside, clock: StillClock, newest: int, of_before: set[str]
) -> None:
    """It stops, goes on hours later to its end, and begins anew."""
    world, began_at = there.api.world, clock.now()
    world.order(15).id = newest
    there.api.faults.add(Fault("admin/client/get_list", "500", count=None))
    with pytest.raises(PanelUnreachableError):
        await all_of(there)
    there.api.faults.clear()
    world.order(2).expires_at = datetime(2028, 3, 4, 12, 0)  # noqa: DTZ001
    clock.advance(timedelta(hours=5))
    resumed = await all_of(there)
    assert due_dates(resumed, "1")["2"] != date(2028, 3, 4)
    read_at = {ref: one.read_at for ref, one in resumed.items() if one.read_at is not None}
    assert read_at == dict.fromkeys(of_before, began_at)
    again = await all_of(there)
    assert due_dates(again, "1")["2"] == date(2028, 3, 4)
    assert {one.read_at for one in again.values()} == {None}


async def test_nothing_is_kept_for_longer_than_a_day_or_over_a_gap_in_the_feed(
    there: Outside, clock: StillClock
) -> None:
    for hours, is_gap in ((25, False), (1, True)):
        there.api.faults.add(Fault("admin/client/get_list", "500", count=None))
        with pytest.raises(PanelUnreachableError):
            await all_of(there)
        there.api.faults.clear()
        clock.advance(timedelta(hours=hours))
        if is_gap:
            assert not (await there.panel.changes("999999")).is_complete
        assert {one.read_at for one in (await all_of(there)).values()} == {None}


async def test_an_add_on_is_read_anew_each_time_one_by_one(
    there: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_ONE_BY_ONE", 40)
    await all_of(there, {"1"})
    there.api.world.order(2).status = "suspended"
    (jan,) = (await all_of(there, {"1"})).values()
    statuses = {one.ref: one.status for one in jan.snapshot.services}
    assert statuses["2"] is ServiceStatus.SUSPENDED


async def test_what_costs_less_is_asked_before(there: Outside) -> None:
    """Four clients are 16 calls by themselves; everything is three pages and two gaps."""
    assert set(await all_of(there, {"1", "2", "3", "4"})) == {"1", "2", "3", "4"}
    assert "admin/client/get" not in there.calls()
    there.forget()
    there.api.world.order(15).id = 400
    assert set(await all_of(there, {"1", "2"})) == {"1", "2"}
    assert there.calls().count("admin/client/get") == 2


async def test_lists_longer_than_a_page(there: Outside) -> None:
    """501 clients with an order each, one of them with many rows of meta."""
    world = there.api.world
    pattern = world.data.clients[0], world.data.orders[2]
    for number in range(100, 601):
        client = type(pattern[0])(
            **{name: getattr(pattern[0], name) for name in pattern[0].__slots__}
        )
        client.id, client.email = number, f"c{number}@example.com"
        client.created_at = datetime.fromisoformat("2026-11-28 17:00:00") + timedelta(
            seconds=number
        )
        order = type(pattern[1])(
            **{name: getattr(pattern[1], name) for name in pattern[1].__slots__}
        )
        order.id = order.client_id = number
        order.group_id, order.unpaid_invoice_id = f"g{number}", None
        order.meta = {f"k{n}": "x" for n in range(900)} if number == 300 else {}
        world.data.clients.append(client)
        world.data.orders.append(order)
    everybody = await all_of(there)
    assert len(everybody) == 505
    assert all(everybody[str(n)].snapshot.services[0].ref == str(n) for n in range(100, 601))


async def test_a_panel_that_stops_to_answer_ends_it(there: Outside) -> None:
    there.api.faults.add(Fault("admin/client/get_list", "500", count=None))
    with pytest.raises(PanelUnreachableError):
        await all_of(there)
    there.api.faults.clear()
    there.api.denied.add("invoice.view")
    with pytest.raises(PanelUnreachableError, match="code 403"):
        await all_of(there)


async def test_it_leaves_calls_for_others(clock: StillClock) -> None:
    async with outside(PanelApi(clock), budget=Budget(9, clock.seconds)) as there:
        with pytest.raises(PanelUnreachableError, match="budget_spent"):
            await all_of(there)
        assert there.http.budget.left == 3
        assert await there.panel.client("1") is not None


async def test_clients_as_the_panel_has_them(there: Outside) -> None:
    anna = (await all_of(there))["2"].client
    assert (anna.name, anna.email, anna.currency) == ("Nowak Studio", "anna@example.com", "PLN")
    assert (anna.country, anna.tax_id, anna.is_closed) == ("PL", "PL0000000000", False)
    there.api.world.client(1).status = "suspended"
    jan = await there.panel.client("1")
    assert jan is not None
    assert (jan.name, jan.is_closed) == ("Jan Kowalski", True)
    assert (anna.tax_rate, jan.tax_rate) == (None, None)
    there.api.world.client(1).tax_exempt = 1
    exempt = await there.panel.client("1")
    assert exempt is not None
    assert exempt.tax_rate == 0
    assert await there.panel.client("77") is None


@pytest.mark.parametrize(
    ("email", "refs"),
    [
        ("anna@example.com", ["2"]),
        ("  Anna@EXAMPLE.com ", ["2"]),
        ("nna@example.com", []),
        ("%@example.com", []),
        ("nobody@example.com", []),
        ("", []),
    ],
)
async def test_clients_are_found_by_their_whole_address(
    there: Outside, email: str, refs: list[str]
) -> None:
    assert [one.ref for one in await there.panel.find_clients(email)] == refs


async def test_who_it_is(there: Outside, clock: StillClock) -> None:
    identity = await there.panel.identity()
    assert identity == f"{there.address} 1@2026-11-28T16:10:31"
    await there.http.write("admin/invoice/renewal_invoice", id=5)
    clock.advance(datetime(2027, 1, 1, tzinfo=UTC) - clock.now())
    assert await there.panel.identity() == identity
    there.api.faults.add(Fault("*", "500", count=None))
    with pytest.raises(PanelUnreachableError):
        await there.panel.identity()
