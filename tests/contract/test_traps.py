"""The panel's traps, each met by whole actions: they are what loses money."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest

from billing.rules.panel.panel_calls import CallState
from billing.rules.payments.invoices import Invoice, InvoiceStatus
from billing.rules.payments.orders import OrderState
from billing.rules.services.service import ServiceStatus
from billing.views.notices.panel import (
    CallNeedsYou,
    NotCarriedOut,
)
from billing.views.services import CancelWhen
from bot.sandbox.faults import Fault
from bot.sandbox.panels.fossbilling.billing import execute, pending, settle
from tests.contract.companies import ANNA, ANNUALLY, FREE, JAN, MONTHLY, Beside
from tests.contract.troubles import Trouble
from tests.database import on_both_stores
from tests.make import STAFF, money

pytestmark = [on_both_stores, pytest.mark.slow]


async def invoice_of(company: Beside, number: str, ref: str = JAN) -> Invoice:
    """An invoice by its id there."""
    return next(one for one in await company.invoices(ref) if one.ref == number)


async def renews(company: Beside, name: str = "4") -> None:
    await company.puts_renewals(name, ref=JAN)
    await company.confirms(JAN)


def at_first(company: Beside, call: str, trouble: Trouble) -> None:
    """Let the first call of a kind meet a trouble."""
    company.troubles.first = {f"admin/{call}": trouble}


def expires(company: Beside, order: int) -> str:
    return str(company.world.order(order).expires_at)


CUSTOM, PAYPAL = 1, 2
"""Gateways there: one that keeps our number of a payment, and one that does not."""


class TestBalance:
    @pytest.mark.parametrize("trouble", [None, *Trouble])
    async def test_a_renewal_that_pays_itself_buys_one_period(
        self, beside: Beside, trouble: Trouble | None
    ) -> None:
        beside.gives(200, JAN)
        if trouble:
            at_first(beside, "invoice/renewal_invoice", trouble)
        await renews(beside)
        await beside.settles()
        assert beside.world.balance(1) == 151
        assert expires(beside, 4) == "2027-01-18 12:00:00"
        (invoice,) = [one for one in await beside.invoices(JAN) if one.order_id]
        assert invoice.status is InvoiceStatus.PAID
        assert (await beside.service("4", JAN)).next_due_date == date(2027, 1, 18)

    async def owes_balance(self, company: Beside) -> Invoice:
        await renews(company)
        await company.settles()
        (invoice,) = await self.made(company)
        async with company.core.database.work.writing(invoice.client_id) as uow:
            now = company.clock.now()
            await company.core.panel.pay_balance(uow, invoice, now=now)
            await uow.commit()
        return invoice

    async def made(self, company: Beside) -> list[Invoice]:
        return [one for one in await company.invoices(JAN) if one.order_id]

    @pytest.mark.parametrize("trouble", [None, *Trouble])
    async def test_pays_an_invoice_once(self, beside: Beside, trouble: Trouble | None) -> None:
        if trouble:
            at_first(beside, "invoice/pay_with_credits", trouble)
        await self.owes_balance(beside)
        beside.gives(200, JAN)
        await beside.settles()
        assert beside.world.balance(1) == 151
        assert expires(beside, 4) == "2027-01-18 12:00:00"
        assert [one.status for one in await self.made(beside)] == [InvoiceStatus.PAID]
        assert await beside.calls() == []

    async def test_that_is_too_low_is_refused_although_the_panel_says_yes(
        self, beside: Beside
    ) -> None:
        await self.owes_balance(beside)
        beside.gives(48, JAN)
        await beside.settles()
        assert beside.world.balance(1) == 48
        (told,) = await beside.alerts()
        assert isinstance(told, CallNeedsYou)
        assert told.error == "balance_too_low"
        assert (await self.made(beside))[0].status is InvoiceStatus.UNPAID
        assert await beside.calls() == []

    async def test_that_is_spent_meanwhile_is_refused(self, beside: Beside) -> None:
        """It was enough when we looked, and the panel says that it has paid."""
        await self.owes_balance(beside)
        beside.gives(200, JAN)
        beside.troubles.instead = {
            "admin/invoice/pay_with_credits": lambda: beside.gives(-190, JAN)
        }
        await beside.settles()
        (told,) = await beside.alerts()
        assert isinstance(told, CallNeedsYou)
        assert told.error == "balance_too_low"
        assert expires(beside, 4) == "2026-12-18 12:00:00"

    async def test_pays_nothing_that_was_paid_on_the_panels_page_after_we_looked(
        self, beside: Beside
    ) -> None:
        await self.owes_balance(beside)
        beside.gives(200, JAN)
        beside.troubles.instead = {
            "admin/invoice/pay_with_credits": lambda: pays_there(beside, 21)
        }
        await beside.settles()
        assert beside.world.balance(1) == 200
        assert expires(beside, 4) == "2027-01-18 12:00:00"
        assert [one.status for one in await self.made(beside)] == [InvoiceStatus.PAID]
        assert (await beside.calls(), await beside.alerts()) == ([], [])


def pays_there(company: Beside, number: int) -> None:
    """The client pays an invoice on the panel's own page."""
    invoice = company.world.invoice(number)
    lines = pending(invoice)
    settle(company.world, invoice)
    execute(company.world, invoice, lines)


class TestOneWriter:
    async def test_two_processes_never_write_for_one_client_at_once(self, beside: Beside) -> None:
        beside.world.pause = lambda: asyncio.sleep(0.05)
        await renews(beside)
        await beside.puts("care", name="Opieka", ref=JAN)
        await beside.confirms(JAN)
        await beside.puts("care", name="Druga", ref=ANNA)
        await beside.confirms(ANNA)
        async with another(beside) as other:
            for _ in range(40):
                await asyncio.gather(
                    beside.core.actions.run_calls(), other.core.actions.run_calls()
                )
                if not await beside.calls():
                    break
        assert await beside.calls() == []
        assert beside.troubles.most_at_once == 1
        made = [one for one in beside.world.data.invoices if one.id > 20]
        assert len(made) == 3
        assert len([one for one in made if 4 in one.orders()]) == 1

    async def test_a_call_may_take_effect_after_we_have_looked(self, beside: Beside) -> None:
        at_first(beside, "invoice/renewal_invoice", Trouble.CUT)
        await renews(beside)
        await beside.runs()
        await beside.runs(seconds=6)
        (call,) = await beside.calls()
        assert (call.state, call.error) == (CallState.UNKNOWN, "may_still_run")
        await beside.runs(minutes=2)
        await beside.runs(minutes=3)
        assert beside.troubles.writes == []
        # It was on its way all the time.
        await beside.panel.http.write("admin/invoice/renewal_invoice", id=4)
        await beside.settles()
        assert len([one for one in beside.world.data.invoices if 4 in one.orders()]) == 2
        assert beside.troubles.writes == ["invoice/renewal_invoice"]

    async def test_a_call_may_take_effect_just_before_it_is_sent_again(
        self, beside: Beside
    ) -> None:
        """It is paid from the balance inside, so that no open invoice tells of it."""
        beside.gives(200, JAN)
        at_first(beside, "invoice/renewal_invoice", Trouble.CUT)
        await renews(beside)
        await beside.runs()
        for _ in range(10):
            if (await beside.calls())[0].state is CallState.WAITING:
                break
            beside.clock.advance(timedelta(minutes=3))
            await beside.takes(1)
        (call,) = await beside.calls()
        assert (call.state, call.sendings) == (CallState.WAITING, 1)
        await beside.panel.http.write("admin/invoice/renewal_invoice", id=4)
        await beside.settles()
        assert beside.world.balance(1) == 151
        assert expires(beside, 4) == "2027-01-18 12:00:00"
        assert beside.troubles.writes == ["invoice/renewal_invoice"]
        assert await beside.calls() == []


class TestATimeOut:
    """The panel goes on with a write for much longer than we wait for its answer."""

    async def test_of_a_renewal_leaves_it_to_the_operator(self, beside: Beside) -> None:
        hangs(beside, "invoice/renewal_invoice")
        await renews(beside)
        await beside.runs()
        for _ in range(6):
            await beside.runs(hours=1)
        (call,) = await beside.calls()
        assert (call.state, call.error, call.sendings) == (CallState.UNKNOWN, "timed_out", 1)
        (told,) = await beside.alerts()
        assert isinstance(told, CallNeedsYou)
        assert not told.is_refused
        await beside.core.actions.retry_call(call.id, by=STAFF)
        await beside.runs()
        # It was at work all the time.
        await beside.panel.http.write("admin/invoice/renewal_invoice", id=4)
        await beside.settles()
        assert await beside.calls() == []
        assert len([one for one in beside.world.data.invoices if 4 in one.orders()]) == 2
        assert beside.troubles.writes == ["invoice/renewal_invoice"]

    async def test_of_an_order_waits_until_it_must_be_over(self, beside: Beside) -> None:
        hangs(beside, "order/create")
        await beside.puts("care", name="Opieka", ref=JAN)
        await beside.confirms(JAN)
        await beside.runs()
        for _ in range(4):
            await beside.runs(minutes=2, seconds=50)
        (call,) = await beside.calls()
        assert (call.state, call.sendings) == (CallState.UNKNOWN, 1)
        await beside.settles()
        assert await beside.calls() == []
        assert beside.troubles.writes.count("order/create") == 1


def hangs(company: Beside, call: str) -> None:
    """Let the panel be at work on the next call of a kind when we give it up."""
    company.panel.http.times = replace(company.panel.http.times, write=2.0)
    company.troubles.add(Fault(f"admin/{call}", "delay", count=1, delay_ms=600_000))


class TestAnOrderThatIsGivenUp:
    """What was made for it so far is taken back there, whoever gives it up."""

    async def test_after_its_invoice_was_never_made(self, beside: Beside) -> None:
        await self.meets(beside, 3)
        assert (await self.refusal(beside)) == "never_happened"
        assert beside.troubles.writes == ["order/create", "order/delete"]
        told = (await beside.alerts())[-1]
        assert isinstance(told, CallNeedsYou)
        assert (told.is_refused, told.error) == (True, "never_happened")

    async def test_by_the_operator(self, beside: Beside) -> None:
        await self.meets(beside, 1, settles=False)
        (call,) = await beside.calls()
        assert call.step == "invoice"
        await beside.core.actions.drop_call(call.id, by=STAFF)
        await beside.settles()
        assert (await self.refusal(beside)) == "dropped"
        assert beside.troubles.writes == ["order/create", "order/delete"]
        assert await beside.alerts() == []

    async def meets(self, company: Beside, cuts: int, *, settles: bool = True) -> None:
        company.troubles.add(Fault("admin/invoice/prepare", "cut", count=cuts))
        await company.puts("care", name="Opieka", ref=JAN)
        await company.confirms(JAN)
        await company.runs()
        if settles:
            await company.settles()

    async def refusal(self, company: Beside) -> str:
        """Why the order is refused; nothing waits there."""
        assert await company.calls() == []
        pending = [one for one in company.world.data.orders if one.id > 15]
        assert pending == []
        page = await company.core.actions.show_order(await company.client(JAN), 1)
        assert page.order.state is OrderState.REFUSED
        return page.order.refusal


@asynccontextmanager
async def another(company: Beside) -> AsyncIterator[Beside]:
    """A second process beside the same panel."""
    process = Beside(company.clock, company.api, company.address, company.url)
    await process.starts()
    try:
        yield process
    finally:
        await process.stops()


class TestPayments:
    async def test_a_late_renewal_shows_the_date_that_the_panel_has(self, beside: Beside) -> None:
        invoice = await invoice_of(beside, "8", ANNA)
        await beside.core.actions.record_transfer(invoice.number, by=STAFF)
        await beside.settles()
        service = await beside.service("6")
        assert (service.status, service.next_due_date) == (
            ServiceStatus.ACTIVE,
            date(2026, 11, 19),
        )

    @pytest.mark.parametrize("trouble", Trouble)
    async def test_are_recorded_once(self, beside: Beside, trouble: Trouble) -> None:
        at_first(beside, "invoice/mark_as_paid", trouble)
        invoice = await invoice_of(beside, "4")
        await beside.core.actions.record_transfer(invoice.number, by=STAFF)
        await beside.settles()
        assert expires(beside, 3) == "2027-01-03 12:00:00"
        assert len(beside.world.data.transactions) == 1
        assert [line.status for line in beside.world.invoice(4).lines] == ["executed"]
        assert await beside.calls() == []

    @pytest.mark.parametrize(
        ("status", "refusal"), [("canceled", "invoice_closed"), ("paid", "invoice_paid")]
    )
    async def test_for_an_invoice_that_is_closed_wait_for_the_operator(
        self, beside: Beside, status: str, refusal: str
    ) -> None:
        """Paying a cancelled one would bring its service back; a paid one keeps no more money."""
        invoice = await invoice_of(beside, "4")
        beside.world.invoice(4).status = status
        await beside.core.actions.record_transfer(invoice.number, by=STAFF)
        await beside.settles()
        (call,) = await beside.calls()
        assert (call.state, call.error) == (CallState.REFUSED, refusal)
        assert beside.world.data.transactions == []
        await beside.core.actions.drop_call(call.id, by=STAFF)
        (unplaced,) = (await beside.core.actions.list_unplaced()).items
        assert unplaced.amount == 4900

    async def test_for_what_was_paid_on_the_panels_page_after_we_looked_become_unplaced_money(
        self, beside: Beside
    ) -> None:
        """The panel says yes, and keeps nothing of ours."""
        invoice = await invoice_of(beside, "4")
        await beside.core.actions.record_transfer(invoice.number, by=STAFF)
        beside.troubles.instead = {"admin/invoice/mark_as_paid": lambda: pays_there(beside, 4)}
        await beside.settles()
        assert expires(beside, 3) == "2027-01-03 12:00:00"
        assert beside.world.data.transactions == []
        (call,) = await beside.calls()
        assert (call.state, call.error) == (CallState.REFUSED, "invoice_paid")
        await beside.core.actions.drop_call(call.id, by=STAFF)
        (unplaced,) = (await beside.core.actions.list_unplaced()).items
        assert unplaced.amount == 4900

    async def test_of_a_part_wait_for_the_operator(self, beside: Beside) -> None:
        invoice = await invoice_of(beside, "4")
        await beside.core.actions.record_transfer(invoice.number, "10.00", by=STAFF)
        await beside.settles()
        (call,) = await beside.calls()
        assert (call.state, call.error, call.amount) == (CallState.REFUSED, "not_in_full", 1000)
        assert beside.world.invoice(4).status == "unpaid"

    async def test_without_a_gateway_that_keeps_their_number_wait(self, beside: Beside) -> None:
        """Another one would take the payment and keep nothing to recognise it by."""
        gateways, beside.world.data.gateways = beside.world.data.gateways, []
        invoice = await invoice_of(beside, "4")
        await beside.core.actions.record_transfer(invoice.number, by=STAFF)
        await beside.settles()
        (call,) = await beside.calls()
        assert call.error == "no_gateway"
        beside.world.data.gateways = gateways
        await beside.core.actions.retry_call(call.id, by=STAFF)
        await beside.settles()
        assert await beside.calls() == []
        assert beside.world.invoice(4).status == "paid"

    @pytest.mark.parametrize("before", [None, PAYPAL])
    async def test_before_08_wait_until_the_invoice_has_that_gateway(
        self, beside: Beside, before: int | None
    ) -> None:
        """mark_as_paid takes no gateway there, and one that keeps no number says yes."""
        beside.world.version = "0.7.2"
        beside.world.invoice(4).gateway_id = before
        invoice = await invoice_of(beside, "4")
        await beside.core.actions.record_transfer(invoice.number, by=STAFF)
        await beside.settles()
        (call,) = await beside.calls()
        assert (call.state, call.error) == (CallState.REFUSED, "other_gateway")
        assert beside.world.invoice(4).status == "unpaid"
        beside.world.invoice(4).gateway_id = CUSTOM
        await beside.core.actions.retry_call(call.id, by=STAFF)
        await beside.settles()
        assert await beside.calls() == []
        assert beside.world.invoice(4).status == "paid"
        assert [one.invoice_id for one in beside.world.data.transactions] == [4]

    async def test_of_what_the_panel_cannot_renew_are_told(self, beside: Beside) -> None:
        beside.world.order(3).service_id = None
        invoice = await invoice_of(beside, "4")
        await beside.core.actions.record_transfer(invoice.number, by=STAFF)
        await beside.settles()
        (told,) = await beside.alerts()
        assert isinstance(told, NotCarriedOut)
        assert "Order 3 has no active service" in told.trouble
        assert await beside.calls() == []

    async def test_for_the_balance_wait_for_the_operator(self, beside: Beside) -> None:
        """The panel would mark the invoice paid and add nothing to the balance."""
        beside.world.invoice(20).lines[0].type = "deposit"
        invoice = await invoice_of(beside, "20")
        await beside.core.actions.record_transfer(invoice.number, by=STAFF)
        await beside.settles()
        (call,) = await beside.calls()
        assert (call.state, call.error) == (CallState.REFUSED, "deposit")
        assert beside.world.invoice(20).status == "unpaid"

    async def test_of_a_combined_invoice_tell_of_what_stays_open(self, beside: Beside) -> None:
        lines = [
            {"title": "x", "price": 49, "type": "order", "rel_id": number, "task": "renew"}
            for number in (3, 4)
        ]
        made = await beside.panel.http.write(
            "admin/invoice/prepare", client_id=1, approve=1, items=lines
        )
        await beside.reads_all()
        invoice = await invoice_of(beside, str(made))
        await beside.core.actions.record_transfer(invoice.number, by=STAFF)
        await beside.settles()
        (told,) = await beside.alerts()
        assert isinstance(told, NotCarriedOut)
        assert told.trouble == "order 3 has open invoices, too: 4"

    async def test_with_tax_are_compared_in_whole_grosze(self, beside: Beside) -> None:
        """19.90 and 23 % are 24.479999999999997 there."""
        beside.world.tax_percent = 23
        await beside.puts("start", name="nowa.example", ref=JAN)
        await beside.buys(ref=JAN)
        assert await beside.calls() == []
        (invoice,) = [one for one in await beside.invoices(JAN) if one.order_id]
        assert (invoice.status, invoice.gross) == (InvoiceStatus.PAID, money("24.48"))

    async def test_of_what_has_a_long_title_have_a_line_that_fits(self, beside: Beside) -> None:
        beside.world.product(2)["title"] = "ł" * 255
        await beside.puts("start", ANNUALLY, name="nowa.example", ref=JAN)
        await beside.buys(ref=JAN)
        assert await beside.calls() == []
        titles = [line.title for line in beside.world.invoice(21).lines]
        assert titles == ["ł" * 250, "ł" * 244 + " setup"]

    async def test_buy_the_period_that_the_service_has_by_then(self, beside: Beside) -> None:
        invoice = await invoice_of(beside, "4")
        beside.world.order(3).period = "3M"
        await beside.core.actions.record_transfer(invoice.number, by=STAFF)
        await beside.settles()
        assert (await beside.service("3", JAN)).next_due_date == date(2027, 3, 3)

    @pytest.mark.parametrize("trouble", [None, *Trouble])
    async def test_that_fit_nothing_are_put_on_the_balance_once(
        self, beside: Beside, trouble: Trouble | None
    ) -> None:
        invoice = await invoice_of(beside, "4")
        await beside.core.actions.record_transfer(invoice.number, "10.00", by=STAFF)
        await beside.settles()
        (call,) = await beside.calls()
        await beside.core.actions.drop_call(call.id, by=STAFF)
        (unplaced,) = (await beside.core.actions.list_unplaced()).items
        if trouble:
            at_first(beside, "client/balance_add_funds", trouble)
        async with beside.core.database.work.writing(call.client_id) as uow:
            await beside.core.panel.add_balance(
                uow, call.client_id, money("10.00"), unplaced_id=unplaced.id,
                now=beside.clock.now(),
            )  # fmt: skip
            await uow.commit()
        await beside.settles()
        assert beside.world.balance(1) == 10
        assert await beside.calls() == []


class TestEnding:
    async def test_open_invoices_of_a_cancelled_service_are_closed(self, beside: Beside) -> None:
        await beside.cancels("3", JAN)
        await beside.settles()
        assert beside.world.order(3).status == "canceled"
        assert beside.world.invoice(4).status == "canceled"
        assert beside.troubles.writes == ["invoice/update", "order/cancel"]

    @pytest.mark.parametrize("letter", ["a", "ł", "🙂a"])
    async def test_reasons_of_any_length_are_kept_as_far_as_they_fit(
        self, beside: Beside, letter: str
    ) -> None:
        reason = (letter * 500)[:500]
        service = await beside.service("3", JAN)
        await beside.core.actions.request_cancellation(
            await beside.client(JAN), service.id, when=CancelWhen.NOW, reason=reason
        )
        await beside.settles()
        assert beside.world.order(3).status == "canceled"
        assert beside.world.order(3).reason == reason.replace("🙂", "")[:250]
        assert await beside.alerts() == []

    @pytest.mark.parametrize("trouble", Trouble)
    async def test_with_addons_whatever_goes_wrong(self, beside: Beside, trouble: Trouble) -> None:
        at_first(beside, "order/cancel", trouble)
        await beside.cancels("1", JAN)
        await beside.settles()
        assert {beside.world.order(n).status for n in (1, 2)} == {"canceled"}
        assert await beside.calls() == []

    async def test_a_withdrawn_order_leaves_nothing(self, beside: Beside) -> None:
        await beside.puts("start", name="nowa.example", addons=[("space", MONTHLY)], ref=JAN)
        await beside.puts_renewals("4", ref=JAN)
        page = await beside.orders(JAN)
        await beside.settles()
        await beside.core.actions.withdraw_order(await beside.client(JAN), page.order.id)
        await beside.settles()
        made = [one for one in beside.world.data.invoices if one.id > 20]
        assert [one.status for one in made] == ["canceled", "canceled"]
        assert [one for one in beside.world.data.orders if one.id > 15] == []
        assert beside.world.order(4).status == "active"
        page = await beside.core.actions.show_order(await beside.client(JAN), page.order.id)
        assert page.order.state is OrderState.WITHDRAWN

    async def test_an_order_that_is_paid_meanwhile_is_not_withdrawn(self, beside: Beside) -> None:
        page = await self.placed(beside)
        await beside.core.actions.withdraw_order(await beside.client(JAN), page)
        beside.world.invoice(21).status = "paid"
        await beside.settles()
        shown = await beside.core.actions.show_order(await beside.client(JAN), page)
        assert (shown.order.state, shown.order.refusal) == (OrderState.PLACED, "invoice_paid")

    async def placed(self, company: Beside) -> int:
        await company.puts_renewals("4", ref=JAN)
        page = await company.orders(JAN)
        await company.settles()
        return page.order.id


class TestOrders:
    async def test_an_open_invoice_is_what_is_to_be_paid(self, beside: Beside) -> None:
        """One that staff prepared: no order points to it, and the panel would make another."""
        await renews(beside)
        line = {
            "title": "Opieka WWW", "price": 40, "type": "order", "rel_id": 4, "task": "renew",
        }  # fmt: skip
        made = await beside.panel.http.write(
            "admin/invoice/prepare", client_id=1, approve=1, items=[line]
        )
        await beside.settles()
        (invoice,) = [one for one in await beside.invoices(JAN) if one.order_id]
        assert invoice.ref == str(made)
        assert "invoice/renewal_invoice" not in beside.troubles.writes

    async def test_a_period_that_is_off_is_refused_before_anything_is_made(
        self, beside: Beside
    ) -> None:
        await beside.puts("care", name="Opieka", ref=JAN)
        await beside.puts("start", ANNUALLY, name="nowa.example", ref=JAN)
        page = await beside.orders(JAN)
        beside.world.product(2)["pricing"]["recurrent"]["1Y"]["enabled"] = False
        await beside.settles()
        await self.is_refused(beside, page.order.id, "period_not_offered")
        assert beside.troubles.writes == []

    async def test_what_was_made_before_a_refusal_is_taken_back(self, beside: Beside) -> None:
        await beside.puts("care", name="Opieka", ref=JAN)
        await beside.puts("start", ANNUALLY, name="nowa.example", ref=JAN)
        page = await beside.orders(JAN)
        await beside.takes(2)
        assert beside.troubles.writes == ["order/create"]
        beside.world.product(2)["status"] = "disabled"
        at_first(beside, "order/delete", Trouble.LOST)
        await beside.settles()
        await self.is_refused(beside, page.order.id, "not_offered")
        assert beside.troubles.writes == ["order/create", "order/delete"]
        assert [one for one in beside.world.data.orders if one.id > 15] == []

    async def is_refused(self, company: Beside, order_id: int, code: str) -> None:
        page = await company.core.actions.show_order(await company.client(JAN), order_id)
        assert (page.order.state, page.order.refusal) == (OrderState.REFUSED, code)
        assert page.invoices == ()
        assert await company.calls() == []

    async def test_renewals_of_what_is_paid_are_invoiced_whatever_is_free_beside_it(
        self, beside: Beside
    ) -> None:
        await beside.puts("trial", FREE, name="Próba", ref=JAN)
        await beside.puts("care", name="Opieka", ref=JAN)
        await beside.orders(JAN)
        beside.troubles.instead = {"admin/order/activate": lambda: self.ends_all(beside)}
        await beside.settles()
        made = {one.product_id: one for one in beside.world.data.orders if one.id > 15}
        assert made[5].status == "canceled"
        assert (made[3].status, made[3].invoice_option) == ("pending_setup", "issue-invoice")
        (told,) = await beside.alerts()
        assert isinstance(told, CallNeedsYou)
        assert told.error == "refused_there"

    def ends_all(self, company: Beside) -> None:
        """Nothing that is free can be set up any more."""
        for one in company.world.data.orders:
            if one.product_id == 5:
                one.status = "canceled"

    @pytest.mark.parametrize("status", ["suspended", "canceled"])
    async def test_of_a_closed_client_are_refused(self, beside: Beside, status: str) -> None:
        await beside.puts_renewals("4", ref=JAN)
        page = await beside.orders(JAN)
        beside.world.client(1).status = status
        await beside.settles()
        await self.is_refused(beside, page.order.id, "client_closed")

    async def test_that_are_done_by_hand_go_on(self, beside: Beside) -> None:
        await beside.puts("care", name="Opieka", ref=JAN)
        page = await beside.orders(JAN)
        await beside.takes(1)
        made = await beside.panel.http.write(
            "admin/order/create",
            client_id=1,
            product_id=3,
            period="1M",
            invoice_option="no-invoice",
        )
        (call,) = await beside.calls()
        await beside.core.actions.finish_call(call.id, str(made), by=STAFF)
        await beside.settles()
        shown = await beside.core.actions.show_order(await beside.client(JAN), page.order.id)
        assert shown.order.state is OrderState.PLACED
        assert [one.orders() for one in beside.world.data.invoices[20:]] == [[made]]


async def test_an_hour_without_the_panel_in_the_middle(beside: Beside) -> None:
    await beside.puts("start", name="nowa.example", addons=[("space", MONTHLY)], ref=JAN)
    await beside.puts_renewals("4", ref=JAN)
    await beside.confirms(JAN)
    await beside.takes(3)
    beside.troubles.is_down = True
    for _ in range(6):
        await beside.runs(minutes=10)
    assert await beside.calls()
    beside.troubles.is_down = False
    await beside.settles()
    for invoice in await beside.open(JAN):
        if invoice.order_id:
            await beside.core.actions.record_transfer(invoice.number, by=STAFF)
    beside.troubles.is_down = True
    for _ in range(6):
        await beside.runs(minutes=10)
    being = [one.status for one in await beside.invoices(JAN) if one.order_id]
    assert being == [InvoiceStatus.BEING_APPLIED] * 2
    beside.troubles.is_down = False
    await beside.settles()
    assert await beside.calls() == []
    assert len(beside.world.data.transactions) == 2
    assert expires(beside, 4) == "2027-01-18 12:00:00"
    assert {one.status for one in await beside.made(JAN)} == {ServiceStatus.ACTIVE}
