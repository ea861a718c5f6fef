"""A panel that is slow, silent or dead: each write is carried out once, and none is forgotten."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from itertools import chain, repeat

import pytest

from billing.actions.panel.outcomes import Outcomes
from billing.ports.connected import CallSubject, Done, NextCall, Refused, Unknown
from billing.rules.errors import BillingError, InvalidInputError, NotFoundError
from billing.rules.panel.panel_calls import (
    LEASE,
    SLOW_AFTER,
    TELL_AFTER,
    CallState,
    PanelCall,
    Verb,
)
from billing.rules.payments.invoices import Invoice, InvoiceStatus
from billing.rules.payments.orders import OrderState
from billing.views.notices.panel import CallNeedsYou
from billing.views.notices.services import CancellationRejected
from billing.views.payments import OrderPage
from billing.views.services import CancelWhen
from tests.billing.actions.company import ANNA, PIOTR, PL
from tests.billing.actions.panel.company import Connected
from tests.connected.fake import FakePanel, Trouble
from tests.make import STAFF

pytestmark = pytest.mark.slow

NONE, UNREACHABLE, LOST = Trouble.NONE, Trouble.UNREACHABLE, Trouble.ANSWER_LOST
UNCLEAR = Trouble.UNCLEAR

NEVER_ARRIVES = NONE, UNREACHABLE, NONE
"""One sending: the look before it, the write, and the look at what became of it."""


def meets(panel: FakePanel, *troubles: Trouble) -> None:
    """These, one per question, and nothing after them."""
    panel.troubles = chain(troubles, repeat(NONE))


async def calls(beside: Connected) -> list[PanelCall]:
    """Those that are not over."""
    return [one.call for one in (await beside.company.actions.list_calls()).items]


async def settles(beside: Connected) -> None:
    """Let time pass until nothing is owed any more."""
    for _ in range(20):
        await beside.works(minutes=5)
    assert await calls(beside) == []


async def billed(beside: Connected) -> tuple[OrderPage, Invoice]:
    """An order that is placed, and its invoice."""
    page = await beside.orders_a_renewal()
    await beside.works()
    page = await beside.shown(page)
    return page, page.invoices[0]


class TestAnOrder:
    # prepare, carry_out, then whatever is asked next
    @pytest.mark.parametrize(
        "troubles",
        [
            (UNREACHABLE,),
            (NONE, UNREACHABLE),
            (NONE, LOST),
            (NONE, UNCLEAR),
            (NONE, NONE, UNREACHABLE),
            (NONE, LOST, UNREACHABLE, UNREACHABLE),
            (NONE, UNCLEAR, UNCLEAR, UNREACHABLE),
            (NONE, UNREACHABLE, UNREACHABLE, NONE, NONE, LOST, UNREACHABLE),
        ],
    )
    async def test_is_placed_once_whatever_goes_wrong(
        self, beside: Connected, troubles: Iterable[Trouble]
    ) -> None:
        meets(beside.panel, *troubles)
        page = await beside.orders_a_renewal()
        await settles(beside)
        page = await beside.shown(page)
        assert page.order.state is OrderState.PLACED
        assert len(page.invoices) == len((await beside.account()).placed) == 1

    async def test_in_parts_is_placed_once_whatever_goes_wrong(self, beside: Connected) -> None:
        beside.panel.in_parts = True
        meets(beside.panel, NONE, LOST, NONE, NONE, UNCLEAR, UNREACHABLE)
        client, ids = await beside.client(), await beside.company.ids()
        await beside.company.actions.add_renewal(client, PL, ids["A1"])
        page = await beside.orders_a_renewal()
        await settles(beside)
        assert (await beside.shown(page)).order.state is OrderState.PLACED
        assert len((await beside.account()).placed) == 2

    async def test_that_never_arrives_is_refused_in_the_end(self, beside: Connected) -> None:
        meets(beside.panel, *NEVER_ARRIVES, *[NONE, *NEVER_ARRIVES] * 2)
        page = await beside.orders_a_renewal()
        await settles(beside)
        page = await beside.shown(page)
        assert (page.order.state, page.order.refusal) == (OrderState.REFUSED, "never_happened")
        assert (await beside.account()).placed == []

    async def test_that_arrives_after_all_before_it_is_sent_again_is_not(
        self, beside: Connected, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It waits its turn once it was found out that it never happened; then it is asked again.

        What the panel has done by then lies before the mark that would be read anew.
        """
        sent: list[CallSubject] = []
        write = beside.panel.carry_out

        async def keep(_: FakePanel, subject: CallSubject) -> Done | Refused | Unknown:
            sent.append(subject)
            return await write(subject)

        monkeypatch.setattr(FakePanel, "carry_out", keep)
        meets(beside.panel, *NEVER_ARRIVES)
        page = await beside.orders_a_renewal()
        await beside.works()
        beside.company.clock.advance(timedelta(minutes=30))
        left = iter([True])
        await beside.company.actions.run_calls(lambda: next(left, False))
        (call,) = await calls(beside)
        assert (call.state, call.sendings) == (CallState.WAITING, 1)
        await write(sent[0])
        await settles(beside)
        assert (await beside.shown(page)).order.state is OrderState.PLACED
        assert len((await beside.account()).placed) == len(sent) == 1

    async def test_that_takes_longer_than_usual_says_so(self, beside: Connected) -> None:
        meets(beside.panel, *NEVER_ARRIVES)
        page = await beside.orders_a_renewal()
        await beside.works()
        assert not (await beside.shown(page)).is_slow
        beside.company.clock.advance(SLOW_AFTER + timedelta(seconds=1))
        assert (await beside.shown(page)).is_slow
        await settles(beside)
        assert not (await beside.shown(page)).is_slow

    async def test_that_was_not_even_sent_the_second_time_is_as_it_was_before(
        self, beside: Connected
    ) -> None:
        meets(beside.panel, *NEVER_ARRIVES, NONE, NONE, Trouble.NOT_SENT)
        page = await beside.orders_a_renewal()
        await beside.works()
        await beside.works(minutes=30)
        (call,) = await calls(beside)
        assert (call.state, call.sendings, call.failures) == (CallState.WAITING, 1, 1)
        assert call.facts
        await settles(beside)
        assert (await beside.shown(page)).order.state is OrderState.PLACED
        assert len((await beside.account()).placed) == 1

    async def test_that_was_not_even_sent_is_sent_later_as_if_for_the_first_time(
        self, beside: Connected
    ) -> None:
        meets(beside.panel, *[NONE, Trouble.NOT_SENT] * 5)
        page = await beside.orders_a_renewal()
        await beside.works()
        (call,) = await calls(beside)
        assert (call.state, call.sendings, call.failures) == (CallState.WAITING, 0, 1)
        # Nothing is asked about what was never sent, and nothing counts against it.
        for failures in range(2, 6):
            await beside.works(hours=1)
            (call,) = await calls(beside)
            assert (call.state, call.sendings, call.failures) == (CallState.WAITING, 0, failures)
        await settles(beside)
        assert (await beside.shown(page)).order.state is OrderState.PLACED
        assert len((await beside.account()).placed) == 1

    @pytest.mark.parametrize("by_operator", [True, False])
    async def test_that_is_given_up_is_first_taken_back_in_the_panel(
        self, beside: Connected, monkeypatch: pytest.MonkeyPatch, *, by_operator: bool
    ) -> None:
        """What was made for it so far is the panel's to name."""

        def undo(_: FakePanel, subject: CallSubject, code: str) -> Done | Refused:
            return (
                Refused(code) if subject.call.step == "undo" else Done(then=NextCall("undo", code))
            )

        monkeypatch.setattr(FakePanel, "refuse", undo)
        again = 0 if by_operator else 2
        meets(beside.panel, *NEVER_ARRIVES, *[NONE, *NEVER_ARRIVES] * again, UNREACHABLE)
        page = await beside.orders_a_renewal()
        await beside.works()
        if by_operator:
            (call,) = await calls(beside)
            await beside.company.actions.drop_call(call.id, by=STAFF)
        else:
            for _ in range(5):
                if (await calls(beside))[0].step != "undo":
                    await beside.works(seconds=5)
        (call,) = await calls(beside)
        assert (call.step, call.ref, call.state) == (
            "undo", "dropped" if by_operator else "never_happened", CallState.WAITING,
        )  # fmt: skip
        assert (await beside.shown(page)).order.state is OrderState.PLACING


class TestADeadProcess:
    @pytest.mark.parametrize("is_done", [True, False])
    async def test_leaves_a_call_whose_outcome_is_found_out(
        self, beside: Connected, monkeypatch: pytest.MonkeyPatch, *, is_done: bool
    ) -> None:
        page = await beside.orders_a_renewal()
        write = beside.panel.carry_out

        async def die(subject: CallSubject) -> Done | Refused | Unknown:
            if is_done:
                await write(subject)
            raise asyncio.CancelledError

        with monkeypatch.context() as patch:
            patch.setattr(FakePanel, "carry_out", lambda _, subject: die(subject))
            with pytest.raises(asyncio.CancelledError):
                await beside.works()
        (call,) = await calls(beside)
        assert call.state is CallState.SENDING
        assert await beside.works(seconds=30) == 0
        await beside.works(seconds=LEASE.total_seconds())
        await settles(beside)
        assert (await beside.shown(page)).order.state is OrderState.PLACED
        assert len((await beside.account()).placed) == 1

    async def test_that_came_back_writes_nothing_that_another_has_done(
        self, beside: Connected, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It hung in the panel's answer for longer than its lease."""
        page = await beside.orders_a_renewal()
        write = beside.panel.carry_out

        async def hang(subject: CallSubject) -> Done | Refused | Unknown:
            answer = await write(subject)
            await beside.works(minutes=5)
            return answer

        monkeypatch.setattr(FakePanel, "carry_out", lambda _, subject: hang(subject))
        await beside.works()
        assert (await beside.shown(page)).order.state is OrderState.PLACED
        assert len((await beside.account()).placed) == 1


class TestOneWriter:
    async def test_two_processes_never_write_for_one_client_at_once(
        self, beside: Connected, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await beside.orders_a_renewal()
        await beside.orders_a_renewal("A1")
        inside, most = 0, 0
        write = beside.panel.carry_out

        async def count(subject: CallSubject) -> Done | Refused | Unknown:
            nonlocal inside, most
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            answer = await write(subject)
            inside -= 1
            return answer

        monkeypatch.setattr(FakePanel, "carry_out", lambda _, subject: count(subject))
        await asyncio.gather(*(beside.company.actions.run_calls() for _ in range(4)))
        await settles(beside)
        assert most == 1
        assert len((await beside.account()).placed) == 2

    async def test_what_is_not_known_holds_others_for_two_minutes(self, beside: Connected) -> None:
        meets(beside.panel, NONE, UNCLEAR, *[UNCLEAR] * 2, *[UNREACHABLE] * 2)
        first = await beside.orders_a_renewal()
        second = await beside.orders_a_renewal("A1")
        await beside.works()
        await beside.works(seconds=90)
        assert (await beside.shown(second)).order.state is OrderState.PLACING
        beside.panel.troubles = repeat(UNCLEAR)
        await beside.works(seconds=31)
        assert (await beside.shown(first)).order.state is OrderState.PLACING
        await settles_clear(beside)
        assert (await beside.shown(first)).order.state is OrderState.PLACED
        assert (await beside.shown(second)).order.state is OrderState.PLACED
        assert len((await beside.account()).placed) == 2


async def settles_clear(beside: Connected) -> None:
    """The panel answers again."""
    beside.panel.troubles = repeat(NONE)
    await settles(beside)


class TestMoney:
    @pytest.mark.parametrize(
        "troubles", [(UNREACHABLE,), (NONE, UNREACHABLE), (NONE, LOST), (NONE, UNCLEAR, UNCLEAR)]
    )
    async def test_is_recorded_once_whatever_goes_wrong(
        self, beside: Connected, troubles: Iterable[Trouble]
    ) -> None:
        page, bill = await billed(beside)
        meets(beside.panel, *troubles)
        await beside.company.actions.record_transfer(bill.number, by=STAFF)
        await settles(beside)
        (bill,) = (await beside.shown(page)).invoices
        assert (bill.status, bill.paid) == (InvoiceStatus.PAID, bill.gross)
        account = await beside.account()
        assert len(account.payments) == len(account.renewed) == 1

    async def test_that_is_refused_waits_for_the_operator(self, beside: Connected) -> None:
        page, bill = await billed(beside)
        await beside.company.actions.record_transfer(bill.number, by=STAFF)
        (await beside.account()).refusal = "client_closed"
        await beside.works()
        for _ in range(5):
            await beside.works(hours=1)
        (call,) = await calls(beside)
        assert (call.state, call.verb) == (CallState.REFUSED, Verb.RECORD_PAYMENT)
        (bill,) = (await beside.shown(page)).invoices
        assert bill.status is InvoiceStatus.BEING_APPLIED
        (notice,) = [one for _, one in await beside.company.notices(CallNeedsYou)]
        assert (notice.call_id, notice.is_refused, notice.amount) == (call.id, True, bill.gross)

    async def test_is_asked_for_again_by_reading_first(self, beside: Connected) -> None:
        page, bill = await billed(beside)
        await beside.company.actions.record_transfer(bill.number, by=STAFF)
        (await beside.account()).refusal = "client_closed"
        await beside.works()
        (await beside.account()).refusal = ""
        (call,) = await calls(beside)
        await beside.company.actions.retry_call(call.id, by=STAFF)
        await settles(beside)
        assert len((await beside.account()).payments) == 1
        assert (await beside.shown(page)).invoices[0].status is InvoiceStatus.PAID
        with pytest.raises(BillingError, match="call_over"):
            await beside.company.actions.retry_call(call.id, by=STAFF)

    async def test_that_was_recorded_by_hand_is_counted_as_done(self, beside: Connected) -> None:
        page, bill = await billed(beside)
        await beside.company.actions.record_transfer(bill.number, by=STAFF)
        account = await beside.account()
        account.refusal = "client_closed"
        await beside.works()
        beside.panel.pays_there(account, account.bills[0])
        (call,) = await calls(beside)
        with pytest.raises(InvalidInputError, match="panel_number_missing"):
            await beside.company.actions.finish_call(call.id, " ", by=STAFF)
        await beside.company.actions.finish_call(call.id, "77", by=STAFF)
        await settles(beside)
        (bill,) = (await beside.shown(page)).invoices
        assert (bill.status, bill.paid) == (InvoiceStatus.PAID, bill.gross)
        assert account.payments == []

    async def test_that_is_given_up_is_unplaced_money(self, beside: Connected) -> None:
        page, bill = await billed(beside)
        await beside.company.actions.record_transfer(bill.number, by=STAFF)
        (await beside.account()).refusal = "client_closed"
        await beside.works()
        (call,) = await calls(beside)
        await beside.company.actions.drop_call(call.id, by=STAFF)
        assert await calls(beside) == []
        (aside,) = (await beside.company.actions.list_unplaced()).items
        assert (aside.amount, aside.currency) == (bill.gross.minor, "PLN")
        (bill,) = (await beside.shown(page)).invoices
        assert (bill.status, bill.paid.minor) == (InvoiceStatus.UNPAID, 0)
        actions = [one.action for one in (await beside.company.actions.list_audit()).items]
        assert "drop_call" in actions
        with pytest.raises(BillingError, match="call_over"):
            await beside.company.actions.drop_call(call.id, by=STAFF)


class TestAnOrderThatIsGivenUp:
    async def test_by_the_operator_is_not_reported_to_them(self, beside: Connected) -> None:
        meets(beside.panel, UNREACHABLE)
        page = await beside.orders_a_renewal()
        await beside.works()
        (call,) = await calls(beside)
        await beside.company.actions.drop_call(call.id, by=STAFF)
        assert (await beside.shown(page)).order.state is OrderState.REFUSED
        assert await beside.company.notices(CallNeedsYou) == []


class TestTheLog:
    async def test_has_one_line_for_a_panel_that_is_down(
        self, beside: Connected, caplog: pytest.LogCaptureFixture
    ) -> None:
        meets(beside.panel, UNREACHABLE)
        await beside.orders_a_renewal()
        await beside.works()
        (record,) = [one for one in caplog.records if one.name.startswith("billing.")]
        assert (record.levelname, record.exc_info) == ("WARNING", None)
        assert record.getMessage() == "the panel does not answer when asked before call 1"


class TestWhatIsDone:
    """The panel has done it and cannot be read just now: there is nothing to decide."""

    async def test_is_neither_dropped_nor_done_by_hand(self, beside: Connected) -> None:
        page, bill = await billed(beside)
        await beside.company.actions.record_transfer(bill.number, by=STAFF)
        meets(beside.panel, NONE, NONE, UNREACHABLE)
        await beside.works()
        await self.refuses_decisions(beside)
        assert not await beside.company.actions.list_unplaced()
        await settles(beside)
        assert (await beside.shown(page)).invoices[0].status is InvoiceStatus.PAID

    async def test_an_order_that_is_placed_stays_so(self, beside: Connected) -> None:
        meets(beside.panel, NONE, NONE, UNREACHABLE)
        page = await beside.orders_a_renewal()
        await beside.works()
        await self.refuses_decisions(beside)
        (call,) = await calls(beside)
        await beside.company.actions.retry_call(call.id, by=STAFF)
        await settles(beside)
        assert (await beside.shown(page)).order.state is OrderState.PLACED
        assert len((await beside.account()).placed) == 1

    async def refuses_decisions(self, beside: Connected) -> None:
        (call,) = await calls(beside)
        assert call.state is CallState.DONE
        actions = beside.company.actions
        with pytest.raises(BillingError, match="call_answered"):
            await actions.drop_call(call.id, by=STAFF)
        with pytest.raises(BillingError, match="call_answered"):
            await actions.finish_call(call.id, "7", by=STAFF)


class TestTheOperator:
    async def test_hears_of_silence_after_some_failures(self, beside: Connected) -> None:
        beside.panel.troubles = repeat(UNREACHABLE)
        await beside.orders_a_renewal()
        for failures in range(1, TELL_AFTER + 3):
            await beside.works(hours=2)
            told = len(await beside.company.notices(CallNeedsYou))
            assert told == (1 if failures >= TELL_AFTER else 0)

    async def test_gives_an_order_up(self, beside: Connected) -> None:
        beside.panel.troubles = repeat(UNREACHABLE)
        page = await beside.orders_a_renewal()
        await beside.works()
        (call,) = await calls(beside)
        await beside.company.actions.drop_call(call.id, by=STAFF)
        assert (await beside.shown(page)).order.state is OrderState.REFUSED
        with pytest.raises(BillingError, match="panel_away"):
            await beside.orders_a_renewal()
        beside.panel.troubles = repeat(NONE)
        await beside.company.actions.read_changes()
        await beside.orders_a_renewal()

    @pytest.mark.parametrize("in_parts", [True, False])
    async def test_is_told_where_somebody_else_was_quicker(
        self, beside: Connected, monkeypatch: pytest.MonkeyPatch, *, in_parts: bool
    ) -> None:
        """Also about a part of an order that another part follows."""
        beside.panel.in_parts = in_parts
        beside.panel.troubles = repeat(UNREACHABLE)
        client, ids = await beside.client(), await beside.company.ids()
        await beside.company.actions.add_renewal(client, PL, ids["A1"])
        await beside.orders_a_renewal()
        (call,) = await calls(beside)
        keep, refuse = Outcomes.done, Outcomes.refused

        async def kept_before(self: Outcomes, subject: CallSubject, answer: Done) -> object:
            assert await keep(self, subject, answer) is not None
            return await keep(self, subject, answer)

        async def refused_before(self: Outcomes, subject: CallSubject, answer: Refused) -> object:
            assert await keep(self, subject, Done()) is not None
            return await refuse(self, subject, answer)

        with monkeypatch.context() as patch:
            patch.setattr(Outcomes, "refused", refused_before)
            patch.setattr(Outcomes, "done", kept_before)
            with pytest.raises(BillingError, match="try_again"):
                await beside.company.actions.finish_call(call.id, "7", by=STAFF)
        (one, *_) = await calls(beside)
        if in_parts:
            with monkeypatch.context() as patch:
                patch.setattr(Outcomes, "refused", refused_before)
                with pytest.raises(BillingError, match="try_again"):
                    await beside.company.actions.drop_call(one.id, by=STAFF)

    async def test_cannot_decide_about_what_is_not_there(self, beside: Connected) -> None:
        for decide in (beside.company.actions.retry_call, beside.company.actions.drop_call):
            with pytest.raises(NotFoundError, match="no_such_call"):
                await decide(99, by=STAFF)


class TestCancelling:
    async def test_is_the_panels_and_can_be_taken_back(self, beside: Connected) -> None:
        client, number = await beside.client(), (await beside.company.ids())["S1"]
        await beside.company.actions.request_cancellation(
            client, number, when=CancelWhen.PERIOD_END, reason=""
        )
        await beside.works()
        account = await beside.account()
        assert {ref for _, ref in account.leaving} == {"S1"}
        await beside.company.actions.withdraw_cancellation(client, number)
        await beside.works(minutes=5)
        assert account.leaving == set()

    async def test_that_is_refused_is_open_no_more(self, beside: Connected) -> None:
        client, number = await beside.client(), (await beside.company.ids())["S1"]
        (await beside.account()).refusal = "client_closed"
        await beside.company.actions.request_cancellation(
            client, number, when=CancelWhen.NOW, reason=""
        )
        await beside.works()
        page = await beside.company.actions.show_service(client, number, PL)
        assert page.cancellation is None
        assert await beside.company.users_with(CancellationRejected) == [ANNA, PIOTR]


async def test_without_a_panel_outside_nothing_is_owed(beside: Connected) -> None:
    assert await beside.works() == 0
    assert not await beside.company.actions.list_calls()


async def test_a_clock_that_was_ahead_keeps_nothing_waiting(beside: Connected) -> None:
    meets(beside.panel, UNREACHABLE)
    beside.company.clock.advance(timedelta(days=3))
    page = await beside.orders_a_renewal()
    await beside.works()
    beside.company.clock.advance(timedelta(days=-3))
    await beside.works()
    assert (await beside.shown(page)).order.state is OrderState.PLACED
