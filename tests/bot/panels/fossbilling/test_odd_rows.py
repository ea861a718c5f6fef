"""One row that cannot be read is its client's matter, and everybody else is read."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from billing.rules.panel.unread_rows import RowKind, UnreadRow
from billing.rules.payments.invoices import InvoiceStatus
from billing.views.panel import PanelAccount, Snapshot
from bot.panels.fossbilling import reading
from bot.sandbox.panels.fossbilling.state import Activity
from tests.bot.panels.fossbilling.odd_rows import MISSING, Odd, OddApi
from tests.bot.panels.fossbilling.serving import Outside, outside
from tests.fakes import StillClock

ORDER, INVOICE = RowKind.ORDER, RowKind.INVOICE
EVERYBODY = {"1", "2", "3", "4"}

ORDERS = [
    ("id", "x1", UnreadRow(ORDER, "", "id")),
    ("status", None, UnreadRow(ORDER, "5", "status")),
    ("period", "7Q", UnreadRow(ORDER, "5", "period")),
    ("period", {"unit": "M"}, UnreadRow(ORDER, "5", "period")),
    ("expires_at", "soon", UnreadRow(ORDER, "5", "expires_at")),
    ("expires_at", 1795881600, UnreadRow(ORDER, "5", "expires_at")),
    ("expires_at", "0001-01-01 00:00:00", UnreadRow(ORDER, "5")),
    ("quantity", "many", UnreadRow(ORDER, "5", "quantity")),
    ("price", "12,50", UnreadRow(ORDER, "5", "price")),
    ("product_id", [3], UnreadRow(ORDER, "5", "product_id")),
]
INVOICES = [
    ("id", None, UnreadRow(INVOICE, "", "id")),
    ("status", "overdue", UnreadRow(INVOICE, "8", "status")),
    ("status", MISSING, UnreadRow(INVOICE, "8", "status")),
    ("total", "a lot", UnreadRow(INVOICE, "8", "total")),
    ("total", MISSING, UnreadRow(INVOICE, "8", "total")),
    ("currency", "XTS", UnreadRow(INVOICE, "8", "currency")),
    ("created_at", "long ago", UnreadRow(INVOICE, "8", "created_at")),
    ("lines", [{"title": "x", "order_id": "x"}], UnreadRow(INVOICE, "8", "lines.order_id")),
]


@pytest.fixture
async def odd(clock: StillClock) -> AsyncIterator[Outside]:
    async with outside(OddApi(clock), zone="Europe/Warsaw") as panel:
        yield panel


def set_odd(there: Outside, *rows: Odd) -> None:
    assert isinstance(there.api, OddApi)
    there.api.odd[:] = rows


async def everybody(there: Outside, refs: set[str] | None = None) -> dict[str, PanelAccount]:
    return {one.client.ref: one async for one in there.panel.everything(refs)}


async def alone(there: Outside, ref: str) -> Snapshot:
    account = await there.panel.reading.account(ref)
    assert account is not None
    return account.snapshot


class TestOrdersAndInvoices:
    @pytest.mark.parametrize(
        ("kind", "number", "name", "value", "unread"),
        [
            *(("order", 5, *case) for case in ORDERS),
            *(("invoice", 8, *case) for case in INVOICES),
        ],
    )
    async def test_only_its_client_is_not_read(
        self, odd: Outside, kind: str, number: int, name: str, value: Any, unread: UnreadRow
    ) -> None:
        whole = await everybody(odd)
        assert all(not one.snapshot.unread for one in whole.values())
        set_odd(odd, Odd(kind, number, name, value))
        read = await everybody(odd)
        assert set(read) == EVERYBODY
        assert read["2"].snapshot.unread == (unread,)
        assert (await alone(odd, "2")).unread == (unread,)
        for ref in EVERYBODY - {"2"}:
            assert read[ref] == whole[ref]
            assert await alone(odd, ref) == whole[ref].snapshot

    @pytest.mark.parametrize("value", [None, "", "abc", [2]])
    @pytest.mark.parametrize(("kind", "number"), [("order", 5), ("invoice", 8)])
    async def test_whose_it_is_was_known_before_or_nobody_knows(
        self, clock: StillClock, kind: str, number: int, value: Any
    ) -> None:
        row = UnreadRow(RowKind(kind), str(number), "client_id")
        for is_known in (True, False):
            async with outside(OddApi(clock)) as there:
                if is_known:
                    await everybody(there)
                set_odd(
                    there,
                    Odd(kind, number, "client_id", value),
                    Odd(kind, number, "client", None),
                )
                read = await everybody(there)
                shown = read["2"].snapshot
                if is_known and kind == "invoice":
                    # An invoice is read all the same.
                    assert (shown.unread, shown.strays) == ((), ())
                elif is_known:
                    assert (shown.unread, shown.strays) == ((row,), ())
                else:
                    assert (shown.unread, shown.strays) == ((), (row,))
                    assert read["1"].snapshot.strays == (row,)

    async def test_a_row_that_is_none_is_not_overlooked(self, odd: Outside) -> None:
        set_odd(odd, Odd("invoice", 8, "*", None))
        assert (await alone(odd, "2")).unread == (UnreadRow(INVOICE, "", "id"),)
        assert (await everybody(odd))["1"].snapshot.strays == (UnreadRow(INVOICE, "", "id"),)

    async def test_what_says_nothing_about_money_and_dates_holds_up_nobody(
        self, odd: Outside
    ) -> None:
        set_odd(
            odd,
            Odd("order", 5, "title", ["x"]), Odd("order", 5, "activated_at", "soon"),
            Odd("order", 5, "config", "x"), Odd("invoice", 8, "created_at", None),
            Odd("invoice", 8, "serie_nr", None), Odd("client", 2, "company", 7),
        )  # fmt: skip
        seen = await alone(odd, "2")
        assert seen.unread == ()
        assert {one.ref for one in seen.services} >= {"5", "6", "7"}
        assert "8" in {one.ref for one in seen.invoices}

    async def test_flags_come_as_text(self, odd: Outside) -> None:
        set_odd(odd, Odd("invoice", 8, "approved", "0"), Odd("order", 2, "group_master", "0"))
        (bill,) = [one for one in (await alone(odd, "2")).invoices if one.ref == "8"]
        assert bill.status is InvoiceStatus.DRAFT
        parents = {one.ref: one.parent for one in (await alone(odd, "1")).services}
        assert parents["2"] is not None

    async def test_one_by_one_and_some_in_pages(
        self, odd: Outside, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        set_odd(odd, Odd("invoice", 8, "status", "overdue"))
        unread = (UnreadRow(INVOICE, "8", "status"),)
        for number in (40, 0):
            monkeypatch.setattr(reading, "_ONE_BY_ONE", number)
            read = await everybody(odd, {"1", "2"})
            assert {ref: one.snapshot.unread for ref, one in read.items()} == {
                "1": (), "2": unread,
            }  # fmt: skip


async def test_a_client_without_a_number_is_asked_for_by_it(odd: Outside) -> None:
    whole = await everybody(odd)
    set_odd(odd, Odd("client", 2, "id", "x"))
    assert await everybody(odd) == {ref: one for ref, one in whole.items() if ref != "2"}
    assert await odd.panel.client("2") == whole["2"].client
    assert {one.ref async for one in odd.panel.clients()} == {"1", "3", "4"}


async def test_a_product_is_left_to_what_was_known(odd: Outside) -> None:
    whole = await odd.panel.catalogue()
    for name, value in (("id", None), ("product_category_id", "x"), ("addons", [{"id": "x"}])):
        set_odd(odd, Odd("product", 3, name, value))
        read = await odd.panel.catalogue()
        number = "" if name == "id" else "3"
        assert read.unread == (UnreadRow(RowKind.PRODUCT, number, name),)
        there = {one.ref for one in read.products}
        assert {one.ref for one in whole.products} - there <= {"3"}


class TestFeed:
    async def _says(self, there: Outside, *lines: tuple[str, int | None]) -> str:
        """Write lines into the log; the cursor before them."""
        cursor = (await there.panel.changes("")).cursor
        data, now = there.api.world.data, there.api.world.now()
        for message, client_id in lines:
            number = data.activities[-1].id + 1
            data.activities.append(
                Activity(
                    id=number, admin_id=None, client_id=client_id, message=message, created_at=now
                )
            )
        return cursor

    async def test_a_line_without_a_number_is_read_in_its_turn(self, odd: Outside) -> None:
        cursor = await self._says(odd, ("Updated order #3", None), ("Renewed order #5", None))
        for number in (int(cursor) + 1, int(cursor) + 2):
            set_odd(odd, Odd("activity", number, "id", "x"))
            changes = await odd.panel.changes(cursor)
            assert (set(changes.clients), changes.is_complete) == ({"1", "2"}, True)
            assert changes.cursor == str(int(cursor) + 2)
            assert (await odd.panel.changes(changes.cursor)).clients == frozenset()

    async def test_a_line_with_an_odd_client_may_name_them_otherwise(self, odd: Outside) -> None:
        for message, is_complete in (("Updated order #3", True), ("Zmieniono profil", False)):
            cursor = await self._says(odd, (message, 2), ("Renewed order #6", None))
            set_odd(odd, Odd("activity", int(cursor) + 1, "client_id", "x"))
            changes = await odd.panel.changes(cursor)
            assert changes.is_complete is is_complete
            assert changes.clients >= {"2"}
            assert changes.unread == (
                UnreadRow(RowKind.ACTIVITY, str(int(cursor) + 1), "client_id"),
            )
            assert (await odd.panel.changes(changes.cursor)).is_complete

    async def test_of_a_line_that_is_none_nobody_knows_what_it_told(self, odd: Outside) -> None:
        cursor = await self._says(odd, ("Updated order #3", None), ("Renewed order #6", None))
        set_odd(odd, Odd("activity", int(cursor) + 1, "*", "gone"))
        changes = await odd.panel.changes(cursor)
        assert (set(changes.clients), changes.is_complete) == ({"2"}, False)
        assert (await odd.panel.changes(changes.cursor)).is_complete

    async def test_a_number_of_any_length_is_no_order(self, odd: Outside) -> None:
        cursor = await self._says(odd, (f"Updated order #{'9' * 6000}", None), ("Order #3", None))
        assert (await odd.panel.changes(cursor)).clients == {"1"}

    @pytest.mark.parametrize(("kind", "message"), [("order", "order"), ("invoice", "invoice")])
    async def test_a_named_row_of_nobody(self, odd: Outside, kind: str, message: str) -> None:
        cursor = await self._says(odd, (f"Updated {message} #8", None), ("Order #3", None))
        set_odd(odd, Odd(kind, 8, "client_id", "x"), Odd(kind, 8, "client", None))
        changes = await odd.panel.changes(cursor)
        assert (set(changes.clients), changes.is_complete) == ({"1"}, True)
        assert changes.unread == (UnreadRow(RowKind(kind), "8", "client_id"),)
