"""Whatever clients, staff, cron and the network do in whatever order, nothing is done twice.

No order is made twice for one line, no period is sold twice, no payment is recorded twice. Money
that came is recorded there, owed to it, or in the operator's list. In the end nothing is owed.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import ColumnElement, select

from billing.rules.errors import BillingError
from billing.rules.panel.panel_calls import CallState
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.payments.orders import UNDER_WAY
from billing.rules.payments.payment import PaymentStatus
from bot.sandbox.panels.fossbilling.cron import run_cron
from storage.tables.inbox import unplaced_money
from storage.tables.sales import orders, payments
from tests.contract.companies import JAN, MONTHLY, Beside, load_clients, open_beside
from tests.contract.troubles import Trouble
from tests.database import Store, database_at
from tests.make import STAFF

pytestmark = pytest.mark.slow

T = TypeVar("T")
NO_DEADLINE = settings(deadline=None)
some = st.integers(0, 30)
troubles = st.lists(st.tuples(st.integers(0, 25), st.sampled_from(list(Trouble))), max_size=3)
minutes = st.sampled_from([0.2, 1, 10, 60, 3000])


class YearsBesideAPanel(RuleBasedStateMachine):
    """Jan, what they have and order, and the panel that owns it."""

    store = Store.SQLITE

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.files, self.stack = ExitStack(), AsyncExitStack()
        folder = self.files.enter_context(TemporaryDirectory())
        url = self.files.enter_context(database_at(self.store, Path(folder), load_clients))
        self.company: Beside = self.see(self.stack.enter_async_context(open_beside(url)))
        known = [order.id for order in self.company.world.data.orders]
        self.before = {number: self._periods(number) for number in known}

    def teardown(self) -> None:
        try:
            self.see(self._in_the_end_nothing_is_owed())
        finally:
            self.see(self.stack.aclose())
            self.runner.close()
            self.files.close()

    def see(self, reading: Awaitable[T]) -> T:
        async def read() -> T:
            return await reading

        return self.runner.run(read())

    def does(self, doing: Awaitable[T]) -> T | None:
        """What comes of it, or nothing when billing refuses."""

        async def attempt() -> T | None:
            try:
                return await doing
            except BillingError:
                return None

        return self.runner.run(attempt())

    # What Jan does

    @initialize(balance=st.sampled_from([0, 60, 500]))
    def there_is_a_balance(self, balance: int) -> None:
        if balance:
            self.company.gives(balance, JAN)

    @rule(name=st.sampled_from("1234"), taps=st.integers(1, 2), bad=troubles, after=minutes)
    def renews(self, name: str, taps: int, bad: list[tuple[int, Trouble]], after: float) -> None:
        self.does(self.company.puts_renewals(name, ref=JAN))
        for _ in range(taps):
            self.does(self.company.confirms(JAN))
        self.time_passes(bad, after)

    @rule(name=st.sampled_from(["a", "b"]), more=st.booleans(), bad=troubles, after=minutes)
    def orders(self, name: str, more: bool, bad: list[tuple[int, Trouble]], after: float) -> None:
        addons = [("space", MONTHLY)] if more else []
        self.does(self.company.puts("start", name=f"{name}.example", addons=addons, ref=JAN))
        self.does(self.company.puts_addon("space", "3", ref=JAN))
        self.does(self.company.confirms(JAN))
        self.time_passes(bad, after)

    @rule(number=some, amount=st.sampled_from([None, None, "10.00"]), bad=troubles, after=minutes)
    def a_transfer_comes(
        self, number: int, amount: str | None, bad: list[tuple[int, Trouble]], after: float
    ) -> None:
        bills = self.see(self.company.invoices(JAN))
        if amount is None:
            bills = tuple(bill for bill in bills if bill.is_open)
        if bills:
            bill = bills[number % len(bills)]
            self.does(
                self.company.core.actions.record_transfer(
                    bill.number, amount, by=STAFF, again=True
                )
            )
        self.time_passes(bad, after)

    @rule(number=some)
    def withdraws(self, number: int) -> None:
        client = self.see(self.company.client(JAN))
        self.does(self.company.core.actions.withdraw_order(client, number))

    @rule(name=st.sampled_from("34"), bad=troubles, after=minutes)
    def cancels(self, name: str, bad: list[tuple[int, Trouble]], after: float) -> None:
        self.does(self.company.cancels(name, JAN))
        self.time_passes(bad, after)

    # What staff, cron and time do

    @rule(number=some)
    def staff_cancel_an_invoice(self, number: int) -> None:
        unpaid = [one for one in self.company.world.data.invoices if one.status == "unpaid"]
        if unpaid:
            unpaid[number % len(unpaid)].status = "canceled"

    @rule()
    def cron_runs(self) -> None:
        self.see(run_cron(self.company.world))

    @rule()
    def we_read_everything(self) -> None:
        self.see(self.company.reads_all())

    @rule(bad=troubles, after=minutes)
    def time_passes(self, bad: list[tuple[int, Trouble]], after: float) -> None:
        begin = len(self.company.troubles.calls)
        self.company.troubles.at = {begin + number: trouble for number, trouble in bad}
        self.see(self.company.runs(minutes=after))
        self.company.troubles.at = {}

    @rule(number=some, is_dropped=st.booleans())
    def the_operator_decides(self, number: int, is_dropped: bool) -> None:
        refused = [one for one in self.see(self.company.calls()) if one.state is CallState.REFUSED]
        if refused:
            call, actions = refused[number % len(refused)].id, self.company.core.actions
            deed = actions.drop_call if is_dropped else actions.retry_call
            self.does(deed(call, by=STAFF))

    # What must be true

    @invariant()
    def nothing_is_done_twice(self) -> None:
        data = self.company.world.data
        marks = Counter(one.meta["panelik"] for one in data.orders if "panelik" in one.meta)
        assert max(marks.values(), default=1) == 1
        paid = Counter(one.invoice_id for one in data.transactions)
        assert max(paid.values(), default=1) == 1
        for order in data.orders:
            executed, renewed = self._periods(order.id)
            lines, periods = self.before.get(order.id, (0, 0))
            assert renewed - periods <= executed - lines
            unpaid = [one for one in data.invoices if one.status == "unpaid"]
            assert sum(order.id in one.orders() for one in unpaid) <= 1
        assert self.company.world.balance(int(JAN)) >= 0
        assert self.company.troubles.most_at_once <= 1

    def _periods(self, order: int) -> tuple[int, int]:
        """Lines that were carried out for a renewal, and periods that it was renewed for."""
        data = self.company.world.data
        executed = sum(
            line.status == "executed" and line.rel_id == order and line.task == "renew"
            for invoice in data.invoices
            for line in invoice.lines
        )
        renewed = sum(one.message == f"Renewed order #{order}" for one in data.activities)
        return executed, renewed

    @invariant()
    def money_is_recorded_or_owed_or_listed(self) -> None:
        self.see(self._check_money())

    async def _check_money(self) -> None:
        data = self.company.world.data
        recorded = round(sum(one.amount for one in data.transactions) * 100)
        numbers = {one.txn_id for one in data.transactions}
        calls = [one for one in await self.company.calls() if one.carries_money]
        there = {call.id for call in calls if call.ref in numbers}
        under_way = sum(call.amount for call in calls if call.id not in there)
        aside = sum(await self._column(unplaced_money.c.amount))
        received = sum(
            amount
            for amount, status in await self._rows(payments.c.amount, payments.c.status)
            if status is PaymentStatus.PAID
        )
        uncertain = [one for one in calls if one.state in (CallState.SENDING, CallState.UNKNOWN)]
        if not uncertain:
            assert received == recorded + under_way + aside

    async def _in_the_end_nothing_is_owed(self) -> None:
        """The panel answers again, and the operator gives up what it has refused."""
        self.company.troubles.at = {}
        await self.company.settles()
        for call in await self.company.calls():
            assert call.state is CallState.REFUSED
            assert call.carries_money
            await self.company.core.actions.drop_call(call.id, by=STAFF)
        await self.company.settles()
        assert await self.company.calls() == []
        await self._check_money()
        assert not set(await self._column(orders.c.state)) & UNDER_WAY
        bills = await self.company.invoices(JAN)
        assert not [bill for bill in bills if bill.status is InvoiceStatus.BEING_APPLIED]

    async def _column(self, column: ColumnElement[Any]) -> list[Any]:
        return [row[0] for row in await self._rows(column)]

    async def _rows(self, *columns: ColumnElement[Any]) -> list[Any]:
        async with self.company.core.database.engines.readers.connect() as connection:
            return list((await connection.execute(select(*columns))).all())


class YearsOnPostgresql(YearsBesideAPanel):
    """The same on the other store."""

    store = Store.POSTGRESQL


YEARS = pytest.mark.parametrize("years", [YearsBesideAPanel, YearsOnPostgresql])


@YEARS
def test_nothing_is_done_twice_and_no_money_is_lost(years: type[YearsBesideAPanel]) -> None:
    run_state_machine_as_test(
        years, settings=settings(NO_DEADLINE, max_examples=8, stateful_step_count=20)
    )


@pytest.mark.soak
@pytest.mark.timeout(3600)
@YEARS
def test_nothing_is_done_twice_in_many_years(years: type[YearsBesideAPanel]) -> None:
    run_state_machine_as_test(
        years, settings=settings(NO_DEADLINE, max_examples=200, stateful_step_count=50)
    )
