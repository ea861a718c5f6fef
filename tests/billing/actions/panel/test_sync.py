"""The mirror follows a panel: first sight, changes, everything at night, and a look in between."""

from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from datetime import timedelta
from itertools import chain, repeat

import pytest
from sqlalchemy import func, select

from billing.actions.panel.read_everything import ReadEverything
from billing.rules.panel.panel_state import PanelState, Sight
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.services.service import ServiceKind, ServiceStatus, SuspendedFor
from billing.views.notices.access import AccountClosed
from billing.views.notices.money import Receipt, ReminderUpdate
from billing.views.notices.panel import (
    PanelAnswers,
    PanelAway,
    ServicesMovedAway,
)
from billing.views.notices.services import OrderAccepted, ServiceCancelled, ServicesMoved
from billing.views.panel import PanelAccount, PanelClient
from billing.views.services import CancelWhen
from storage.tables.messages import reminder_items
from storage.tables.sales import invoice_lines, order_holds
from storage.tables.states import ItemState
from tests.billing.actions.company import ANNA, DUE, JOHN, PIOTR, PL
from tests.billing.actions.panel.company import Connected
from tests.connected.fake import OUTSIDE, FakePanel, Trouble
from tests.make import NOW, TODAY, money
from tests.statements import counting

S1, A1 = (ServiceKind.SERVICE, "S1"), (ServiceKind.ADDON, "A1")
UNREACHABLE = Trouble.UNREACHABLE


@pytest.fixture
async def mirrored(beside: Connected) -> Connected:
    """Everybody was read, and the feed is known up to now."""
    for ref in ("anna", "john"):
        client = await beside.company.client(ref)
        known = PanelClient(
            ref, client.name, "", client.currency, client.language, client.timezone
        )
        beside.panel.accounts[ref].client = known
    assert await beside.passes() == 2
    await beside.company.actions.read_everything()
    beside.panel.reads.clear()
    await beside.passes(minutes=2)
    beside.panel.reads.clear()
    return beside


async def state(beside: Connected) -> PanelState:
    async with beside.company.database.work.reading() as uow:
        return await uow.panel_state.get()


async def items(beside: Connected, ref: str) -> list[tuple[object, str]]:
    """The due dates and stages that are planned for a service."""
    number = (await beside.company.ids())[ref]
    rows = select(reminder_items.c.due_date, reminder_items.c.stage).where(
        reminder_items.c.service_id == number
    )
    async with beside.company.database.engines.readers.connect() as connection:
        return sorted((row.due_date, row.stage) for row in await connection.execute(rows))


async def states(beside: Connected, number: int) -> list[ItemState]:
    """The states of the reminders of a service."""
    rows = select(reminder_items.c.state).where(reminder_items.c.service_id == number)
    async with beside.company.database.engines.readers.connect() as connection:
        return list((await connection.execute(rows)).scalars())


async def holds(beside: Connected, number: int) -> tuple[int, int]:
    """How many orders that wait for an answer, and how many open invoices, hold a service."""
    counts = [
        select(func.count()).where(held == number)
        for held in (order_holds.c.service_id, invoice_lines.c.held_service_id)
    ]
    async with beside.company.database.engines.readers.connect() as connection:
        ordered, invoiced = [(await connection.execute(one)).scalar_one() for one in counts]
    return ordered, invoiced


async def visible(beside: Connected, ref: str = "anna") -> list[str]:
    client = await beside.company.client(ref)
    async with beside.company.database.work.reading() as uow:
        return [one.service.ref for one in await uow.services.live(client.id)]


async def statuses(beside: Connected) -> list[InvoiceStatus]:
    client = await beside.client()
    async with beside.company.database.work.reading() as uow:
        return [one.status for one in await uow.panel_invoices.of_panel(client.id)]


class TestFirstSight:
    async def test_reads_those_who_are_linked_and_goes_on_where_it_was_stopped(
        self, beside: Connected
    ) -> None:
        panel, heard = beside.panel, list[int]()
        panel.troubles = chain([Trouble.NONE], repeat(UNREACHABLE))
        assert await beside.company.actions.read_first() == 1
        # Anna was kept before it stopped; only John is left.
        panel.troubles, panel.reads = repeat(Trouble.NONE), []
        assert await beside.company.actions.read_first(progress=heard.append) == 1
        assert (panel.reads, heard) == (["everything john"], [1])
        assert await beside.company.actions.read_first() == 0
        assert (await beside.client()).sight == Sight(NOW)

    async def test_asks_for_all_together_and_can_stop_after_each(
        self, beside: Connected, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked, heard, everything = list[list[str]](), list[int](), FakePanel.everything

        def noted(panel: FakePanel, refs: Collection[str]) -> AsyncIterator[PanelAccount]:
            asked.append(list(refs))
            return everything(panel, refs)

        monkeypatch.setattr(FakePanel, "everything", noted)
        read = await beside.company.actions.read_first(lambda: not heard, progress=heard.append)
        assert (read, heard) == (1, [1])
        assert await beside.company.actions.read_first(progress=heard.append) == 1
        assert asked == [["anna", "john"], ["john"]]
        assert heard == [1, 1]

    async def test_a_client_whom_the_panel_does_not_know_is_closed(
        self, beside: Connected
    ) -> None:
        del beside.panel.accounts["john"]
        await beside.company.actions.read_first()
        assert (await beside.company.client("john")).is_closed
        assert "client john" in beside.panel.reads

    async def test_writes_all_invoices_of_a_client_together(self, beside: Connected) -> None:
        for _ in range(5):
            beside.panel.bills("anna", S1).status = InvoiceStatus.CANCELLED
        with counting(beside.company.database) as statements:
            await beside.company.actions.read_first()
        inserts = [one.split()[2] for one, _ in statements.run if one.startswith("INSERT INTO")]
        assert [inserts.count(name) for name in ("invoices", "invoice_lines")] == [1, 1]
        assert await statuses(beside) == [InvoiceStatus.CANCELLED] * 5

    async def test_tells_nobody_of_what_it_finds(self, beside: Connected) -> None:
        beside.panel.changes_service("anna", "S1", status=ServiceStatus.TERMINATED)
        beside.panel.bills("anna", S1)
        await beside.company.actions.read_first()
        assert await beside.company.outbox() == []
        assert (await beside.company.service((await beside.company.ids())["S1"])).status is (
            ServiceStatus.TERMINATED
        )


class TestChanges:
    async def test_a_tick_reads_whom_the_feed_names(self, mirrored: Connected) -> None:
        mirrored.panel.changes_service("anna", "S1", amount=money("31.00"))
        mirrored.panel.changed.append("somebody else")
        assert await mirrored.passes(minutes=1) == 1
        assert mirrored.panel.reads == ["changes", "refresh anna"]
        number = (await mirrored.company.ids())["S1"]
        assert (await mirrored.company.service(number)).amount == money("31.00")
        assert (await mirrored.client()).sight.stale_since is None
        assert await mirrored.passes(minutes=1) == 0

    async def test_who_could_not_be_read_is_read_later(self, mirrored: Connected) -> None:
        panel = mirrored.panel
        panel.changes_service("anna", "S1", amount=money("31.00"))
        panel.troubles = chain([Trouble.NONE, UNREACHABLE], repeat(Trouble.NONE))
        assert await mirrored.passes(minutes=1) == 0
        client, known = await mirrored.client(), await state(mirrored)
        assert client.sight.stale_since is not None
        # Our copy is as old as its last reading, though the feed was read.
        assert known.as_of(client.sight) == client.sight.seen_at
        assert await mirrored.passes(minutes=1) == 1

    async def test_a_gap_in_the_feed_lets_everything_be_read(self, mirrored: Connected) -> None:
        panel, actions = mirrored.panel, mirrored.company.actions
        assert await actions.read_everything.tonight() == 0
        panel.changed += ["anna"] * 3
        panel.forgotten = 2
        await mirrored.passes(minutes=1)
        assert (await state(mirrored)).everything_read_at is None
        panel.reads.clear()
        # Anna was read after the gap, because the feed names her.
        assert await actions.read_everything.tonight() == 1
        assert panel.reads == ["everything john"]
        assert await actions.read_everything.tonight() == 0

    async def test_a_reading_writes_nothing_where_nothing_differs(
        self, mirrored: Connected
    ) -> None:
        mirrored.panel.changed.append("anna")
        with counting(mirrored.company.database) as statements:
            await mirrored.passes(minutes=1)
        words = [one.split() for one, _ in statements.run]
        written = [one[1:] for one in words if one[0] in ("INSERT", "UPDATE", "DELETE")]
        tables = sorted({one[1] if one[0] == "INTO" else one[0] for one in written})
        assert tables == ["clients", "invoices", "panel_states"]

    async def test_a_panel_without_a_feed_is_read_as_a_whole_now_and_then(
        self, beside: Connected
    ) -> None:
        panel, everything = beside.panel, beside.company.actions.read_everything
        panel.capabilities = replace(OUTSIDE, tells_changes=False)
        assert await beside.passes() == 2
        assert (await state(beside)).changes_read_at is None
        read = []
        for _ in range(5):
            await beside.passes(minutes=30)
            read.append(await everything.tonight())
        assert read == [0, 0, 2, 0, 0]

    async def test_a_client_who_cannot_be_kept_holds_up_nobody(
        self, mirrored: Connected, caplog: pytest.LogCaptureFixture
    ) -> None:
        panel = mirrored.panel
        # Two invoices of one number: our copy cannot have that.
        for _ in range(2):
            panel.bills("anna", S1).ref = "same"
        panel.changes_service("john", "J1", domain="new.example")
        await mirrored.passes(minutes=1)
        number = (await mirrored.company.ids())["J1"]
        assert (await mirrored.company.service(number, "john")).domain == "new.example"
        assert (await mirrored.client()).sight.stale_since is not None
        mirrored.company.clock.advance(timedelta(minutes=1))
        assert await mirrored.company.actions.read_everything() == 2
        assert "of client 1 cannot be kept" in caplog.text


class TestDifferences:
    async def test_a_date_that_moved_is_planned_anew(self, mirrored: Connected) -> None:
        company = mirrored.company
        await company.actions.plan_reminders()
        before = await items(mirrored, "S1")
        due = TODAY + timedelta(days=7)
        mirrored.panel.changes_service("anna", "S1", next_due_date=due)
        await mirrored.passes(minutes=1)
        added = [one for one in await items(mirrored, "S1") if one not in before]
        assert added == [(due, "7")]

    async def test_an_invoice_paid_there_is_told_as_one_paid_here(
        self, mirrored: Connected
    ) -> None:
        bill = mirrored.panel.bills("anna", S1)
        await mirrored.passes(minutes=1)
        assert await mirrored.company.users_with(Receipt) == []
        mirrored.panel.pays_there(await mirrored.account(), bill)
        mirrored.panel.changes_service("anna", "S1", next_due_date=DUE + timedelta(days=30))
        await mirrored.passes(minutes=1)
        assert await mirrored.company.users_with(Receipt) == [ANNA, PIOTR]
        number = (await mirrored.company.ids())["S1"]
        redrawn = [one for user, one in await mirrored.company.notices(ReminderUpdate)]
        assert any(number in one.service_ids for one in redrawn)
        assert await statuses(mirrored) == [InvoiceStatus.PAID]

    async def test_a_suspension_redraws_reminders_and_tells_nobody(
        self, mirrored: Connected
    ) -> None:
        mirrored.panel.changes_service(
            "anna", "S1", status=ServiceStatus.SUSPENDED, suspended_for=SuspendedFor.ABUSE
        )
        await mirrored.passes(minutes=1)
        number = (await mirrored.company.ids())["S1"]
        notices = await mirrored.company.outbox()
        assert [(user, one) for user, one in notices] == [
            (ANNA, ReminderUpdate(0, (number,))), (PIOTR, ReminderUpdate(0, (number,))),
        ]  # fmt: skip

    async def test_an_order_that_staff_accept_there_is_told(self, mirrored: Connected) -> None:
        account = await mirrored.account()
        new = replace(
            account.services[S1], ref="S9", status=ServiceStatus.PENDING, next_due_date=None
        )
        account.services[ServiceKind.SERVICE, "S9"] = new
        mirrored.panel.changed.append("anna")
        await mirrored.passes(minutes=1)
        assert await mirrored.company.users_with(OrderAccepted) == []
        mirrored.panel.changes_service(
            "anna", "S9", status=ServiceStatus.ACTIVE, next_due_date=DUE
        )
        await mirrored.passes(minutes=1)
        told = await mirrored.company.notices(OrderAccepted)
        assert [(user, one.due_date) for user, one in told] == [(ANNA, DUE), (PIOTR, DUE)]

    async def test_a_service_that_ended_as_asked_for_is_told(self, mirrored: Connected) -> None:
        client, number = await mirrored.client(), (await mirrored.company.ids())["S1"]
        await mirrored.company.actions.request_cancellation(
            client, number, when=CancelWhen.PERIOD_END, reason=""
        )
        await mirrored.works()
        mirrored.panel.changes_service("anna", "S1", status=ServiceStatus.CANCELLED)
        await mirrored.passes(minutes=1)
        assert await mirrored.company.users_with(ServiceCancelled) == [ANNA, PIOTR]
        async with mirrored.company.database.work.reading() as uow:
            assert await uow.cancellations.open_for(client.id, number) is None

    async def test_names_and_products_follow_the_panel_and_labels_stay(
        self, mirrored: Connected
    ) -> None:
        client, number = await mirrored.client(), (await mirrored.company.ids())["S1"]
        await mirrored.company.actions.rename_service(client, number, "Sklep")
        mirrored.panel.changes_service("anna", "S1", name="Hosting L", product_ref="pro")
        await mirrored.passes(minutes=1)
        service = await mirrored.company.service(number)
        assert (service.name, service.product_id, service.label) == ("Hosting L", "pro", "Sklep")


class TestWhatIsGone:
    async def test_is_hidden_once_two_readings_have_missed_it(self, mirrored: Connected) -> None:
        services = (await mirrored.account()).services
        gone = services.pop(A1)
        mirrored.panel.changed.append("anna")
        await mirrored.passes(minutes=1)
        assert await visible(mirrored) == ["S1", "A1"]
        mirrored.panel.changed.append("anna")
        await mirrored.passes(minutes=1)
        assert await visible(mirrored) == ["S1"]
        services[A1] = gone
        mirrored.panel.changed.append("anna")
        await mirrored.passes(minutes=1)
        assert await visible(mirrored) == ["S1", "A1"]

    async def test_stays_if_it_was_missed_only_once(self, mirrored: Connected) -> None:
        services = (await mirrored.account()).services
        for there in (False, True, False):
            gone = services.pop(A1)
            if there:
                services[A1] = gone
            mirrored.panel.changed.append("anna")
            await mirrored.passes(minutes=1)
            services[A1] = gone
        assert await visible(mirrored) == ["S1", "A1"]

    async def test_an_open_proforma_that_is_gone_is_cancelled(self, mirrored: Connected) -> None:
        mirrored.panel.bills("anna", S1)
        await mirrored.passes(minutes=1)
        (await mirrored.account()).bills.clear()
        for status in (InvoiceStatus.UNPAID, InvoiceStatus.CANCELLED):
            mirrored.panel.changed.append("anna")
            await mirrored.passes(minutes=1)
            assert await statuses(mirrored) == [status]

    async def test_a_client_who_is_gone_loses_what_they_had_over_two_nights(
        self, mirrored: Connected
    ) -> None:
        del mirrored.panel.accounts["john"]
        mirrored.company.clock.advance(timedelta(days=1))
        assert await mirrored.company.actions.read_everything.tonight() == 2
        john = await mirrored.company.client("john")
        assert (john.is_closed, john.rights.pay) == (True, False)
        assert await visible(mirrored, "john") == ["J1"]
        assert await mirrored.company.users_with(AccountClosed) == [JOHN]
        mirrored.company.clock.advance(timedelta(days=1))
        await mirrored.company.actions.read_everything.tonight()
        assert await visible(mirrored, "john") == []
        assert await mirrored.company.users_with(AccountClosed) == [JOHN]

    async def test_what_it_has_from_before_does_not_replace_what_was_read_since(
        self, mirrored: Connected
    ) -> None:
        panel, company = mirrored.panel, mirrored.company
        number = (await company.ids())["S1"]
        panel.changes_service("anna", "S1", amount=money("31.00"))
        await mirrored.passes(minutes=2)
        # Anna was read since, John was not.
        panel.changes_service("anna", "S1", amount=money("30.00"))
        panel.changes_service("john", "J1", domain="new.example")
        panel.read_at = company.clock.now() - timedelta(minutes=1)
        company.clock.advance(timedelta(minutes=5))
        panel.reads.clear()
        assert await of_everybody(mirrored)() == 2
        assert sorted(panel.reads) == ["everything anna", "everything john"]
        assert (await company.service(number)).amount == money("31.00")
        john = await company.client("john")
        assert (await company.service((await company.ids())["J1"], "john")).domain == "new.example"
        assert john.sight.seen_at == panel.read_at


class TestMoving:
    async def test_a_service_of_another_client_leaves_nothing_behind(
        self, mirrored: Connected
    ) -> None:
        company, number = mirrored.company, (await mirrored.company.ids())["S1"]
        await company.actions.rename_service(await mirrored.client(), number, "Sklep")
        await company.actions.add_renewal(await mirrored.client(), PL, number)
        mirrored.panel.moves("A1", "anna", "john")
        mirrored.panel.moves("S1", "anna", "john")
        await mirrored.passes(minutes=1)
        assert await visible(mirrored) == []
        assert sorted(await visible(mirrored, "john")) == ["A1", "J1", "S1"]
        async with company.database.work.reading() as uow:
            cart = await uow.carts.get((await mirrored.client()).id)
        assert cart.lines == ()
        moved = await company.notices(ServicesMoved)
        assert [user for user, _ in moved] == [ANNA, PIOTR]
        assert [one.to_ref for _, one in await company.notices(ServicesMovedAway)] == ["john"]
        # It has its name, and a row of its own.
        new = (await company.ids())["S1"]
        assert new != number
        assert (await company.service(new, "john")).label == "Sklep"
        for _ in range(2):
            mirrored.panel.changed.append("anna")
            await mirrored.passes(minutes=1)
        assert len(await company.notices(ServicesMoved)) == 2

    @pytest.mark.parametrize("answered", [False, True], ids=["ordered", "invoiced"])
    async def test_what_was_open_about_it_is_open_no_more(
        self, mirrored: Connected, answered: bool
    ) -> None:
        company, number = mirrored.company, (await mirrored.company.ids())["S1"]
        mirrored.panel.changes_service("anna", "S1", next_due_date=TODAY + timedelta(days=7))
        await company.actions.plan_reminders()
        await mirrored.passes(minutes=1)
        assert await states(mirrored, number) == [ItemState.WAITING]
        page = await mirrored.orders_a_renewal()
        if answered:
            await mirrored.works()
        held = (0, 1) if answered else (1, 0)
        assert await holds(mirrored, number) == held
        await company.actions.request_cancellation(
            await mirrored.client(), number, when=CancelWhen.PERIOD_END, reason=""
        )
        mirrored.panel.moves("A1", "anna", "john")
        mirrored.panel.moves("S1", "anna", "john")
        await mirrored.passes(minutes=1)
        assert await holds(mirrored, number) == (0, 0)
        assert await states(mirrored, number) == [ItemState.SKIPPED]
        async with company.database.work.reading() as uow:
            assert await uow.cancellations.open_for(page.order.client_id, number) is None
        # Its new owner can order its renewal.
        new, john = (await company.ids())["S1"], await company.client("john")
        async with company.database.work.reading() as uow:
            (theirs,) = [one for one in await uow.services.live(john.id) if one.service.id == new]
        assert not theirs.being_renewed


class TestAway:
    async def test_is_noted_once_and_told_once(
        self, mirrored: Connected, caplog: pytest.LogCaptureFixture
    ) -> None:
        company, began = mirrored.company, mirrored.company.clock.now()
        mirrored.panel.troubles = repeat(UNREACHABLE)
        for _ in range(9):
            await mirrored.passes(minutes=1)
        assert (await state(mirrored)).away_since == began + timedelta(minutes=1)
        assert await company.notices(PanelAway) == []
        for _ in range(4):
            await mirrored.passes(minutes=1)
        assert [one.since for _, one in await company.notices(PanelAway)] == [
            began + timedelta(minutes=1)
        ]
        mirrored.panel.troubles = repeat(Trouble.NONE)
        await mirrored.passes(minutes=1)
        assert not (await state(mirrored)).is_away
        assert len(await company.notices(PanelAnswers)) == 1
        lines = [one for one in caplog.records if "the panel" in one.getMessage()]
        assert [one.getMessage().split()[:4] for one in lines] == [
            ["the", "panel", "does", "not"], ["the", "panel", "answers", "again,"],
        ]  # fmt: skip

    async def test_a_call_that_gets_no_answer_notes_it_too(self, mirrored: Connected) -> None:
        mirrored.panel.troubles = chain([UNREACHABLE], repeat(Trouble.NONE))
        await mirrored.orders_a_renewal()
        await mirrored.works()
        assert (await state(mirrored)).is_away
        await mirrored.works(minutes=1)
        assert not (await state(mirrored)).is_away


class TestWhoIsLooking:
    async def test_is_read_if_they_have_changed(self, mirrored: Connected) -> None:
        refresh, panel = mirrored.company.actions.refresh_client, mirrored.panel
        assert not await refresh(await mirrored.client())
        assert panel.reads == []
        panel.changes_service("anna", "S1", amount=money("31.00"))
        async with mirrored.company.database.work.writing() as uow:
            await uow.panel_state.mark_stale(["anna"], at=mirrored.company.clock.now())
            await uow.commit()
        mirrored.company.clock.advance(timedelta(seconds=1))
        assert await refresh(await mirrored.client())
        assert panel.reads == ["refresh anna"]
        assert not await refresh(await mirrored.client())

    async def test_is_read_if_the_feed_is_late_but_not_again_and_again(
        self, mirrored: Connected
    ) -> None:
        refresh, panel = mirrored.company.actions.refresh_client, mirrored.panel
        mirrored.company.clock.advance(timedelta(minutes=4))
        for _ in range(3):
            assert not await refresh(await mirrored.client())
        assert panel.reads == ["refresh anna"]

    async def test_is_not_read_twice_at_once(self, mirrored: Connected) -> None:
        client = await mirrored.client()
        mirrored.company.clock.advance(timedelta(minutes=4))
        now = mirrored.company.clock.now()
        async with mirrored.company.database.work.writing() as uow:
            assert await uow.panel_state.claim(client.id, now, until=now + timedelta(minutes=2))
            await uow.commit()
        await mirrored.company.actions.refresh_client(client)
        assert mirrored.panel.reads == []
        # A process that died holds nobody up for long.
        mirrored.company.clock.advance(timedelta(minutes=3))
        await mirrored.company.actions.refresh_client(client)
        assert mirrored.panel.reads == ["refresh anna"]

    async def test_is_not_read_while_the_panel_is_away(self, mirrored: Connected) -> None:
        mirrored.panel.troubles = repeat(UNREACHABLE)
        await mirrored.passes(minutes=4)
        mirrored.panel.troubles = repeat(Trouble.NONE)
        await mirrored.company.actions.refresh_client(await mirrored.client())
        assert mirrored.panel.reads == []


async def test_what_a_reading_costs_does_not_grow_with_what_there_is(
    mirrored: Connected,
) -> None:
    account = await mirrored.account()

    async def cost() -> int:
        mirrored.panel.changed.append("anna")
        with counting(mirrored.company.database) as statements:
            await mirrored.passes(minutes=1)
        return len(statements)

    mirrored.panel.bills("anna", S1).order_ref = "there"
    await cost()
    few = await cost()
    for number in range(30):
        ref = (ServiceKind.SERVICE, f"X{number}")
        account.services[ref] = replace(account.services[S1], ref=ref[1])
        mirrored.panel.bills("anna", ref).order_ref = f"there {number}"
    await cost()
    assert await cost() == few


def of_everybody(beside: Connected) -> ReadEverything:
    """The action of a mirror that has all clients of the panel."""
    action = beside.company.actions.read_everything
    assert action.reader is not None
    return replace(action, reader=replace(action.reader, everybody=True))


async def test_everybodys_mirror_has_new_clients_too(beside: Connected) -> None:
    company, panel = beside.company, beside.panel
    panel.accounts["new"] = replace(panel.accounts["john"], services={}, bills=[])
    assert await of_everybody(beside)() == 3
    assert (await company.client("new")).name == "Client new"
    async with company.database.engines.readers.connect() as connection:
        assert (await connection.execute(select(func.count(reminder_items.c.id)))).scalar() == 0
