"""Whatever clients, the panel and the operator do in whatever order, nothing is done twice.

No line is placed twice, no period is sold twice, no payment is recorded twice. Money that came is
recorded in the panel, owed to it, or in the operator's list. When the panel answers again, every
call ends.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import repeat
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import ColumnElement, select

from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.panel.panel_calls import CallState, PanelCall
from billing.rules.payments.invoices import COVERED, Invoice, InvoiceStatus
from billing.rules.payments.orders import OrderState
from billing.rules.payments.payment import PaymentStatus
from billing.views.services import CancelWhen
from storage.repositories.sales.invoice_rows import INVOICES, invoices_from
from storage.tables.inbox import unplaced_money
from storage.tables.sales import orders, payments
from tests.billing.actions.company import PL
from tests.billing.actions.panel.company import Connected, connect_panel
from tests.billing.actions.years import Years
from tests.connected.fake import Account, Trouble
from tests.make import STAFF

pytestmark = pytest.mark.slow

OWN = ("S1", "A1")

some = st.integers(0, 30)
NONE, UNREACHABLE, LOST = Trouble.NONE, Trouble.UNREACHABLE, Trouble.ANSWER_LOST
UNCLEAR = Trouble.UNCLEAR
troubles = st.lists(
    st.sampled_from([NONE, NONE, NONE, UNREACHABLE, LOST, UNCLEAR]), min_size=2, max_size=6
)
seconds = st.sampled_from([1, 10, 60, 200, 4000])

NO_DEADLINE = settings(deadline=None)


class AConnectedCompanysYears(Years):
    """Anna, her orders, and the panel that owns what she has."""

    def __init__(self) -> None:
        super().__init__()
        self.queue: list[Trouble] = []
        self.beside: Connected = self.runner.run(connect_panel(self.database))
        self.beside.panel.troubles = self.next_trouble()

    def next_trouble(self) -> Iterator[Trouble]:
        while True:
            yield self.queue.pop(0) if self.queue else Trouble.NONE

    def teardown(self) -> None:
        try:
            self.see(self._in_the_end_nothing_is_owed())
        finally:
            super().teardown()

    # What the panel is like

    @initialize(
        in_parts=st.booleans(),
        spends=st.booleans(),
        surcharge=st.sampled_from([0, 0, 500]),
        little=st.booleans(),
    )
    def the_panel_has_habits(
        self, in_parts: bool, spends: bool, surcharge: int, little: bool
    ) -> None:
        panel = self.beside.panel
        panel.in_parts, panel.spends_balance, panel.surcharge = in_parts, spends, surcharge
        panel.says_little = little
        self.account.balance = 4000
        for ref in OWN:
            self.renews(ref, 1, [NONE], 1)

    @property
    def account(self) -> Account:
        return self.see(self.beside.account())

    @rule(refusal=st.sampled_from(["", "", "", "client_closed", "client_merged"]))
    def the_client_is_closed_there_or_not(self, refusal: str) -> None:
        self.account.refusal = refusal

    @rule(bill=some)
    def the_client_pays_in_the_panel(self, bill: int) -> None:
        account = self.account
        if account.bills:
            self.beside.panel.pays_there(account, account.bills[bill % len(account.bills)])

    # What the client does

    @rule(ref=st.sampled_from(OWN), taps=st.integers(1, 2), trouble=troubles, after=seconds)
    def renews(self, ref: str, taps: int, trouble: list[Trouble], after: int) -> None:
        number = self.see(self.beside.company.ids())[ref]
        client = self.see(self.beside.client())
        self.does(self.beside.company.actions.add_renewal(client, PL, number))
        # A client who is closed there is shown no cart.
        cart = self.does(self.beside.company.actions.show_cart(client, PL))
        for quoted in [cart.quoted_cart] * taps if cart else ():
            self.does(
                self.beside.company.actions.send_order(
                    client, PL, revision=quoted.revision, seal=quoted.seal
                )
            )
        self.time_passes(trouble, after)

    @rule(ref=st.sampled_from(OWN), trouble=troubles, later=troubles, after=seconds)
    def renews_and_pays(
        self, ref: str, trouble: list[Trouble], later: list[Trouble], after: int
    ) -> None:
        self.renews(ref, 1, trouble, after)
        self.time_passes(trouble, after)
        self.a_transfer_comes(-1, None, later, after)

    @rule(
        product=st.sampled_from(["start", "pro"]),
        name=st.sampled_from(["a.example", "b.example"]),
        with_addon=st.booleans(),
        trouble=troubles,
        after=seconds,
    )
    def orders(
        self, product: str, name: str, with_addon: bool, trouble: list[Trouble], after: int
    ) -> None:
        company, monthly = self.beside.company, BillingCycle.MONTHLY
        client = self.see(self.beside.client())
        addons = [(company.number("ssl"), monthly)] if with_addon else []
        self.does(
            company.actions.add_product(
                client, PL, product_number=company.number(product), cycle=monthly, name=name,
                addons=addons,
            )
        )  # fmt: skip
        self.does(self.beside.order())
        self.time_passes(trouble, after)

    @rule(number=some)
    def withdraws(self, number: int) -> None:
        client = self.see(self.beside.client())
        self.does(self.beside.company.actions.withdraw_order(client, number))

    @rule(ref=st.sampled_from(OWN), is_kept=st.booleans())
    def cancels(self, ref: str, is_kept: bool) -> None:
        number = self.see(self.beside.company.ids())[ref]
        client, actions = self.see(self.beside.client()), self.beside.company.actions
        when = CancelWhen.PERIOD_END
        self.does(actions.request_cancellation(client, number, when=when, reason=""))
        if is_kept:
            self.does(actions.withdraw_cancellation(client, number))

    # What the bank, the operator and time do

    @rule(
        number=some, amount=st.sampled_from([None, None, "10.00"]), trouble=troubles, after=seconds
    )
    def a_transfer_comes(
        self, number: int, amount: str | None, trouble: list[Trouble], after: int
    ) -> None:
        bills = self.see(self._invoices())
        if amount is None:
            bills = [bill for bill in bills if bill.is_open]
        if bills:
            bill = bills[number % len(bills)]
            self.does(
                self.beside.company.actions.record_transfer(
                    bill.number, amount, by=STAFF, again=amount is not None
                )
            )
            self.time_passes(trouble, after)

    @rule(trouble=troubles, after=seconds)
    def time_passes(self, trouble: list[Trouble], after: int) -> None:
        self.queue = list(trouble)
        self.see(self.beside.works(seconds=after))

    @rule(number=some, decision=st.sampled_from(["retry", "retry", "drop"]))
    def the_operator_decides(self, number: int, decision: str) -> None:
        listed = self.see(self.beside.company.actions.list_calls()).items
        refused = [one.call.id for one in listed if one.call.state is CallState.REFUSED]
        if not refused:
            return
        call, actions = refused[number % len(refused)], self.beside.company.actions
        if decision == "retry":
            self.does(actions.retry_call(call, by=STAFF))
        else:
            self.does(actions.drop_call(call, by=STAFF))

    # What must be true

    @invariant()
    def nothing_is_done_twice(self) -> None:
        account = self.account
        assert max(Counter(account.placed).values(), default=0) <= 1
        assert max(Counter(key for _, key, _ in account.payments).values(), default=0) <= 1
        assert max(Counter(account.renewed).values(), default=0) <= 1

    @invariant()
    def money_is_recorded_or_owed_or_listed(self) -> None:
        self.see(self._check_money())

    async def _check_money(self) -> None:
        account = await self.beside.account()
        recorded = {key for _, key, _ in account.payments}
        listed = await self._calls()
        owed = {str(call.payment_id): call.amount for call in listed if call.carries_money}
        there = sum(amount for _, _, amount in account.payments)
        under_way = sum(amount for key, amount in owed.items() if key not in recorded)
        aside = sum(await self._column(unplaced_money.c.amount))
        received = sum(
            amount for amount, status in await self._rows() if status is PaymentStatus.PAID
        )
        credit = (await self.beside.client()).credit - Money(10_000, "PLN")
        assert received == there + under_way + aside + credit.minor
        for bill in await self._invoices():
            if bill.status in COVERED:
                assert bill.paid >= bill.gross
            if bill.status is InvoiceStatus.BEING_APPLIED:
                assert any(call.invoice_id == bill.id for call in listed)

    async def _in_the_end_nothing_is_owed(self) -> None:
        """The panel answers again, and the operator decides about what it has refused."""
        self.beside.panel.troubles = repeat(Trouble.NONE)
        (await self.beside.account()).refusal = ""
        for _ in range(12):
            await self.beside.works(hours=2)
        for call in await self._calls():
            assert call.state is CallState.REFUSED
            assert call.carries_money
            await self.beside.company.actions.drop_call(call.id, by=STAFF)
        await self.beside.works(hours=2)
        assert await self._calls() == []
        await self._check_money()
        for state in await self._column(orders.c.state):
            assert state not in (OrderState.PLACING, OrderState.WITHDRAWING)
        assert not [b for b in await self._invoices() if b.status is InvoiceStatus.BEING_APPLIED]

    async def _calls(self) -> list[PanelCall]:
        page = await self.beside.company.actions.list_calls()
        assert not page.has_next
        return [one.call for one in page.items]

    async def _invoices(self) -> list[Invoice]:
        async with self.database.engines.readers.connect() as connection:
            return list(invoices_from((await connection.execute(INVOICES)).all()))

    async def _rows(self) -> list[tuple[int, PaymentStatus]]:
        async with self.database.engines.readers.connect() as connection:
            rows = await connection.execute(select(payments.c.amount, payments.c.status))
            return [(amount, status) for amount, status in rows]

    async def _column(self, column: ColumnElement[Any]) -> list[Any]:
        async with self.database.engines.readers.connect() as connection:
            return list((await connection.execute(select(column))).scalars())


def test_nothing_is_done_twice_and_no_money_is_lost() -> None:
    run_state_machine_as_test(
        AConnectedCompanysYears,
        settings=settings(NO_DEADLINE, max_examples=15, stateful_step_count=30),
    )


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_nothing_is_done_twice_in_many_years() -> None:
    run_state_machine_as_test(
        AConnectedCompanysYears,
        settings=settings(NO_DEADLINE, max_examples=300, stateful_step_count=60),
    )
