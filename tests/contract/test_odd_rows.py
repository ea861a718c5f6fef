"""Rows of the panel that cannot be read: their client waits, and everybody else is read.

Anna's invoice 8 is open, and hers are the orders 5, 6 and 7; Jan has 1 to 4.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from billing.rules.errors import BillingError
from billing.rules.panel.unread_rows import RowKind
from billing.rules.services.service import ServiceStatus
from billing.views.notices.panel import PanelRowsUnread, PanelRowUnread
from billing.views.panel import PanelCatalogue, PanelProduct
from bot.panels.fossbilling import reading
from bot.sandbox.panels.fossbilling.state import Activity
from storage.notices import from_columns
from storage.tables.accounts import clients
from storage.tables.messages import outbox
from tests.bot.panels.fossbilling.odd_rows import Odd, OddApi
from tests.contract.companies import ANNA, JAN, START, Beside, open_beside
from tests.fakes import StillClock
from tests.make import NOW

INVOICE_8 = Odd("invoice", 8, "status", "overdue")
TOLD = PanelRowUnread(RowKind.INVOICE, "8", "status", ANNA)


@pytest.fixture
async def odd(empty: str) -> AsyncIterator[Beside]:
    """Both have a user and were read; the change feed is known."""
    async with open_beside(empty, api=OddApi(StillClock(START))) as beside:
        for number, ref in ((4711, ANNA), (4712, JAN)):
            client = await beside.client(ref)
            async with beside.core.database.work.writing() as uow:
                await uow.users.link(number, client.id, at=NOW)
                await uow.commit()
        await beside.core.actions.read_first()
        await ticks(beside)
        yield beside


async def ticks(beside: Beside, minutes: int = 1) -> int:
    beside.clock.advance(timedelta(minutes=minutes))
    return await beside.core.actions.read_changes()


def set_odd(beside: Beside, *rows: Odd) -> None:
    assert isinstance(beside.api, OddApi)
    beside.api.odd[:] = rows


def says(beside: Beside, message: str) -> None:
    """The panel's log names something."""
    data = beside.world.data
    number = data.activities[-1].id + 1
    data.activities.append(
        Activity(
            id=number, admin_id=None, client_id=None, message=message,
            created_at=beside.world.now(),
        )
    )  # fmt: skip


async def told(beside: Beside) -> list[object]:
    """What the operator was told of rows."""
    query = select(outbox.c.topic, outbox.c.facts).order_by(outbox.c.id)
    async with beside.core.database.engines.readers.connect() as connection:
        notices = [from_columns(*row) for row in (await connection.execute(query)).all()]
    return [one for one in notices if isinstance(one, (PanelRowUnread, PanelRowsUnread))]


async def test_all_others_are_read_and_its_client_stays_as_of_the_last_reading(
    odd: Beside,
) -> None:
    services, bills = await odd.services(ANNA), await odd.invoices(ANNA)
    seen_at = (await odd.client(ANNA)).sight.seen_at
    set_odd(odd, INVOICE_8)
    # A new invoice: what Anna owes would be told too little without the one that is odd.
    await odd.panel.http.write("admin/invoice/renewal_invoice", id=5)
    for number in (5, 3):
        await odd.panel.http.write("admin/order/suspend", id=number)
    assert await ticks(odd) == 2
    assert (await odd.service("3", JAN)).status is ServiceStatus.SUSPENDED
    assert (await odd.services(ANNA), await odd.invoices(ANNA)) == (services, bills)
    anna = await odd.client(ANNA)
    async with odd.core.database.work.reading() as uow:
        state = await uow.panel_state.get()
    assert anna.sight.is_unread
    assert state.as_of(anna.sight) == seen_at
    assert state.as_of((await odd.client(JAN)).sight) == state.changes_read_at
    # Each night it is tried again, and comes to its end.
    for _ in range(3):
        odd.clock.advance(timedelta(days=1))
        assert await odd.core.actions.read_everything() == 2
    assert (await odd.services(ANNA), await odd.invoices(ANNA)) == (services, bills)
    assert await odd.core.actions.read_everything.tonight() == 0


async def test_it_is_told_once_and_not_asked_for_every_minute(odd: Beside) -> None:
    set_odd(odd, INVOICE_8)
    says(odd, "Updated invoice 8")
    await ticks(odd)
    assert await told(odd) == [TOLD]
    odd.api.calls.clear()
    for _ in range(3):
        assert await ticks(odd) == 0
        await odd.core.actions.refresh_client(await odd.client(ANNA))
    assert {call for call, _ in odd.api.calls} == {"admin/activity/log_get_list"}
    says(odd, "Updated invoice 8")
    await ticks(odd)
    await odd.core.actions.read_everything()
    assert await told(odd) == [TOLD]


async def test_once_it_can_be_read_all_is_here_and_another_time_is_told_again(
    odd: Beside,
) -> None:
    set_odd(odd, INVOICE_8)
    await odd.panel.http.write("admin/order/suspend", id=5)
    await ticks(odd)
    set_odd(odd)
    says(odd, "Updated invoice 8")
    assert await ticks(odd) == 1
    assert (await odd.service("5")).status is ServiceStatus.SUSPENDED
    assert not (await odd.client(ANNA)).sight.is_unread
    set_odd(odd, INVOICE_8)
    says(odd, "Updated invoice 8")
    await ticks(odd)
    assert await told(odd) == [TOLD, TOLD]


async def test_nothing_is_asked_of_the_panel_for_them_meanwhile(odd: Beside) -> None:
    set_odd(odd, Odd("order", 5, "period", "7Q"))
    says(odd, "Updated order #5")
    await ticks(odd)
    with pytest.raises(BillingError, match="account_unread"):
        await odd.cancels("7")
    await odd.cancels("3", JAN)


async def test_who_was_never_read_waits_for_the_night(empty: str) -> None:
    async with open_beside(empty, api=OddApi(StillClock(START))) as beside:
        set_odd(beside, Odd("order", 5, "period", "7Q"))
        anna = await beside.client(ANNA)
        async with beside.core.database.work.writing() as uow:
            await uow.users.link(4711, anna.id, at=NOW)
            await uow.commit()
        await _forget(beside)
        assert await beside.core.actions.read_first() == 1
        beside.api.calls.clear()
        assert await beside.core.actions.read_first() == 0
        assert await ticks(beside) == 0
        assert not [call for call, _ in beside.api.calls if call != "admin/activity/log_get_list"]
        assert (await beside.client(ANNA)).sight.seen_at is None
        set_odd(beside)
        beside.clock.advance(timedelta(days=1))
        assert await beside.core.actions.read_everything() == 1
        assert (await beside.client(ANNA)).sight.seen_at is not None


async def _forget(beside: Beside) -> None:
    """Nobody was ever read."""
    async with beside.core.database.engines.writer.begin() as connection:
        await connection.execute(update(clients).values(seen_at=None))


async def test_a_row_of_nobody_takes_nothing_away(
    odd: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a list of everything a row without a number may be any of those that are not there."""
    monkeypatch.setattr(reading, "_ONE_BY_ONE", -1)
    monkeypatch.setattr(reading, "_CALLS_OF_ONE", 1000)
    services, bills = await odd.services(ANNA), await odd.invoices(ANNA)
    set_odd(odd, Odd("order", 5, "*", None), Odd("invoice", 8, "*", None))
    await odd.panel.http.write("admin/order/suspend", id=3)
    for minutes in (1, 5, 5):
        odd.clock.advance(timedelta(minutes=minutes))
        assert await odd.core.actions.read_everything() == 2
    assert (await odd.service("3", JAN)).status is ServiceStatus.SUSPENDED
    assert (await odd.services(ANNA)).keys() == services.keys()
    assert [one.status for one in await odd.invoices(ANNA)] == [one.status for one in bills]
    assert await told(odd) == [
        PanelRowUnread(RowKind.ORDER, "", "id", ""), PanelRowUnread(RowKind.INVOICE, "", "id", ""),
    ]  # fmt: skip
    set_odd(odd)
    for minutes in (1, 5):
        odd.clock.advance(timedelta(minutes=minutes))
        assert await odd.core.actions.read_everything() == 2
    assert (await odd.services(ANNA)).keys() == services.keys()


async def test_of_many_clients_it_is_one_message(
    odd: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("billing.actions.panel.unread.MOST_TOLD", 1)
    set_odd(odd, INVOICE_8, Odd("order", 3, "period", "7Q"))
    await odd.core.actions.read_everything()
    odd.clock.advance(timedelta(minutes=5))
    await odd.core.actions.read_everything()
    assert len(await told(odd)) == 2
    assert PanelRowsUnread(1) in await told(odd)


async def test_a_call_is_not_over_before_what_it_did_is_read(odd: Beside) -> None:
    await odd.puts_renewals("5")
    await odd.confirms()
    set_odd(odd, INVOICE_8)
    await odd.runs(minutes=1)
    assert [call.error for call in await odd.calls()] == ["row_unread"]
    assert await told(odd) == [TOLD]
    set_odd(odd)
    await odd.settles()
    assert await odd.calls() == []
    assert not (await odd.client(ANNA)).sight.is_unread


async def test_a_product_is_offered_as_it_was(odd: Beside) -> None:
    async def offers() -> PanelCatalogue | None:
        async with odd.core.database.work.reading() as uow:
            return await uow.catalogue_sources.offers()

    before = await odd.core.actions.read_catalogue()
    whole = await offers()
    assert before is not None
    assert whole is not None
    for name, value in (("id", None), ("product_category_id", "x"), ("addons", [{"id": "x"}])):
        set_odd(odd, Odd("product", 3, name, value))
        after = await odd.core.actions.read_catalogue()
        kept = await offers()
        assert after is not None
        assert kept is not None
        assert _by_ref(kept) == _by_ref(whole)
        assert {one.id for one in after.products} == {one.id for one in before.products}
    numbers = [one.number for one in await told(odd) if isinstance(one, PanelRowUnread)]
    assert numbers == ["", "3", "3"]


def _by_ref(offers: PanelCatalogue) -> dict[object, PanelProduct]:
    """What is offered, whatever the order of products and of what an add-on is for."""
    return {
        (one.kind, one.ref): replace(one, fits=tuple(sorted(one.fits))) for one in offers.products
    }
