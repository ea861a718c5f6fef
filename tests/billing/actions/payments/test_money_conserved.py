"""Whatever clients, providers and the operator do in whatever order, no money appears or is lost.

What was received (transfers, charges, credit loaded and given) is always what is on the accounts,
what has been delivered, and what lies on unpaid proformas. With a panel that keeps the credit,
unplaced money takes the place of the accounts.
"""

from collections import Counter
from datetime import timedelta
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
from sqlalchemy import ColumnElement, func, select

from billing.actions.payments.settle import NOT_DELIVERED
from billing.actions.payments.unplaced import GIVEN_BACK
from billing.ports.panel import Panel
from billing.rules.allowed import EVERYTHING
from billing.rules.cycles import BillingCycle
from billing.rules.money import Money, total
from billing.rules.payments.charges import Misfit
from billing.rules.payments.invoices import Invoice, InvoiceStatus
from billing.rules.payments.payment import CreditReason, PaymentStatus
from billing.rules.services.service import ServiceStatus, SuspendedFor
from billing.rules.shop.cart import LineKind
from billing.rules.shop.cart_parts import CartPart
from billing.views.cart import CartView
from billing.views.payments import Checkout
from billing.views.services import CancelWhen
from bot.gateways.telegram_notices import notice_of
from bot.panels import embedded
from storage.repositories.sales.invoice_rows import INVOICES, invoices_from
from storage.tables.accounts import credit_movements
from storage.tables.inbox import unplaced_money
from storage.tables.sales import invoices, payments
from storage.tables.services import services
from tests.billing.actions.company import (
    ANNA,
    BANK,
    CREDIT,
    GUEST,
    PL,
    TELEGRAM,
    CompanyAtWork,
    addon_row,
    make_company,
)
from tests.billing.actions.years import Years
from tests.make import STAFF, TODAY, known, money
from tests.panels import limited
from tests.storage.company import service_row

pytestmark = pytest.mark.slow

OWN = ("S1", "A1", "S2", "A2", "S3")

some = st.integers(0, 30)
cycles = st.sampled_from(
    [BillingCycle.MONTHLY, BillingCycle.QUARTERLY, BillingCycle.ANNUALLY, BillingCycle.ONE_TIME]
)
gateways = st.sampled_from([CREDIT, BANK, TELEGRAM])
states = st.sampled_from(
    [
        (ServiceStatus.ACTIVE, None),
        (ServiceStatus.SUSPENDED, SuspendedFor.NON_PAYMENT),
        (ServiceStatus.SUSPENDED, SuspendedFor.ABUSE),
        (ServiceStatus.TERMINATED, None),
    ]
)


class ACompanysYears(Years):
    """Anna, her carts and proformas; John's account must stay as it is."""

    panel: Panel = embedded.panel()

    def __init__(self) -> None:
        super().__init__()
        self.rejected: set[int] = set()
        self.company: CompanyAtWork = make_company(self.database, panel=self.panel)

    def pick(self, column: ColumnElement[Any], number: int) -> Any:
        """One of the values there are, or nothing while there are none."""
        found = self.see(self._rows(column))
        return found[number % len(found)][0] if found else None

    @initialize()
    def much_is_going_on_already(self) -> None:
        """Orders wait, two proformas are open, one of them paid in part with credit."""
        self.see(
            self.company.load(
                service_row("S2", domain="drugi.example", next_due_date=TODAY),
                addon_row("A2", "S2", product="ip", next_due_date=TODAY - timedelta(days=40)),
                service_row("S3", domain="trzeci.example", next_due_date=TODAY),
            )
        )
        self.orders_at_once("pro", "f.example", CREDIT)
        self.orders_at_once("start", "g.example", CREDIT)
        self.the_operator_moves_credit("50.00")
        self.buys_a_renewal_at_once("S1", TELEGRAM, use_credit=False)
        self.adds_a_renewal("S2", BillingCycle.ANNUALLY)
        self.pays_the_cart(BANK, use_credit=True, taps=2)

    # What the client does

    @rule(ref=st.sampled_from([*OWN, "J1"]), cycle=st.none() | cycles)
    def adds_a_renewal(self, ref: str, cycle: BillingCycle | None) -> None:
        number = self.see(self.company.ids())[ref]
        anna = self.see(self.company.client())
        self.does(self.company.actions.add_renewal(anna, PL, number, cycle))

    @rule()
    def adds_all_due_soon(self) -> None:
        anna = self.see(self.company.client())
        self.see(self.company.actions.add_all_due_soon(anna, PL))

    @rule(addon=st.sampled_from(["ssl", "ip"]), ref=st.sampled_from(OWN), cycle=cycles)
    def adds_an_addon(self, addon: str, ref: str, cycle: BillingCycle) -> None:
        number = self.see(self.company.ids())[ref]
        anna = self.see(self.company.client())
        self.does(
            self.company.actions.add_addon(
                anna,
                PL,
                product_number=self.company.number(addon),
                cycle=cycle,
                service_id=number,
            )
        )

    @rule(
        product=st.sampled_from(["start", "pro", "migration"]),
        name=st.sampled_from(["a.example", "b.example", "c.example"]),
        cycle=cycles,
        addons=st.lists(st.tuples(st.sampled_from(["ssl", "ip"]), cycles), max_size=2),
    )
    def adds_a_product(
        self,
        product: str,
        name: str,
        cycle: BillingCycle,
        addons: list[tuple[str, BillingCycle]],
    ) -> None:
        anna = self.see(self.company.client())
        self.does(
            self.company.actions.add_product(
                anna,
                PL,
                product_number=self.company.number(product),
                cycle=cycle,
                name=name,
                addons=[(self.company.number(addon), c) for addon, c in addons],
            )
        )

    @rule(line=some)
    def removes_a_line(self, line: int) -> None:
        anna = self.see(self.company.client())
        lines = self.see(self.company.actions.show_cart(anna, PL)).cart.lines
        number = lines[line % len(lines)].id if lines else line
        self.see(self.company.actions.remove_line(anna, PL, number))

    @rule(line=some, cycle=cycles)
    def changes_a_cycle(self, line: int, cycle: BillingCycle) -> None:
        anna = self.see(self.company.client())
        lines = self.see(self.company.actions.show_cart(anna, PL)).cart.lines
        number = lines[line % len(lines)].id if lines else line
        self.does(self.company.actions.change_cycle(anna, PL, number, cycle))

    @rule(gateway=gateways, use_credit=st.booleans(), taps=st.integers(1, 2))
    def pays_the_cart(self, gateway: int | None, use_credit: bool, taps: int) -> None:
        anna = self.see(self.company.client())
        shown = self.see(self.company.actions.show_cart(anna, PL)).quoted_cart
        for _ in range(taps):
            placed = self.does(
                self.company.actions.place_order(
                    anna,
                    PL,
                    revision=shown.revision,
                    seal=shown.seal,
                    gateway_number=gateway,
                    use_credit=use_credit,
                )
            )
            if placed is not None:
                assert placed.invoice.totals == shown.totals
                assert tuple(line.quote for line in placed.invoice.lines) == shown.quotes

    @rule(
        line=some,
        more=st.integers(0, 3),
        gateway=gateways,
        use_credit=st.booleans(),
        taps=st.integers(1, 2),
    )
    def pays_a_part_of_the_cart(
        self, line: int, more: int, gateway: int | None, use_credit: bool, taps: int
    ) -> None:
        anna = self.see(self.company.client())
        lines = self.see(self.company.actions.show_cart(anna, PL)).cart.lines
        if not lines:
            return
        first = lines[line % len(lines)].id
        part = CartPart(first, first + more)
        review = self.does(
            self.company.actions.review_checkout(anna, PL, use_credit=use_credit, part=part)
        )
        if review is not None:
            self.pays_what_was_reviewed(review, gateway, use_credit=use_credit, taps=taps)

    @rule(soon=st.booleans(), gateway=gateways, use_credit=st.booleans(), taps=st.integers(1, 2))
    def pays_what_is_due(
        self, soon: bool, gateway: int | None, use_credit: bool, taps: int
    ) -> None:
        anna = self.see(self.company.client())
        review = self.does(self.company.actions.check_out_due(anna, PL, soon=soon))
        if review is not None:
            self.pays_what_was_reviewed(review, gateway, use_credit=use_credit, taps=taps)

    @rule(ref=st.sampled_from([*OWN, "J1"]), cycle=cycles, gateway=gateways)
    def renews_for_another_cycle(self, ref: str, cycle: BillingCycle, gateway: int | None) -> None:
        number = self.see(self.company.ids())[ref]
        anna = self.see(self.company.client())
        review = self.does(self.company.actions.check_out_renewal(anna, PL, number, cycle))
        if review is not None:
            assert [quote.service_id for quote in review.quoted_cart.quotes] == [number]
            self.pays_what_was_reviewed(review, gateway, use_credit=True, taps=1)

    def pays_what_was_reviewed(
        self, review: Checkout, gateway: int | None, *, use_credit: bool, taps: int
    ) -> None:
        """Exactly that is on the proforma; every other line stays in the cart as it is."""
        anna, shown = self.see(self.company.client()), review.quoted_cart
        before = self.see(self.company.actions.show_cart(anna, PL)).cart
        for _ in range(taps):
            placed = self.does(
                self.company.actions.place_order(
                    anna,
                    PL,
                    revision=shown.revision,
                    seal=shown.seal,
                    gateway_number=gateway,
                    use_credit=use_credit,
                    part=review.part,
                )
            )
            if placed is not None:
                assert placed.invoice.totals == shown.totals
                assert tuple(line.quote for line in placed.invoice.lines) == shown.quotes
                ordered = {quote.line_id for quote in shown.quotes}
                after = self.see(self.company.actions.show_cart(anna, PL)).cart
                assert after.lines == tuple(
                    line for line in before.lines if line.id not in ordered
                )

    @rule(ref=st.sampled_from(OWN), gateway=gateways, use_credit=st.booleans())
    def buys_a_renewal_at_once(self, ref: str, gateway: int | None, use_credit: bool) -> None:
        self.adds_a_renewal(ref, None)
        self.pays_the_cart(gateway, use_credit, 1)

    @rule(
        product=st.sampled_from(["start", "pro"]),
        name=st.sampled_from(["d.example", "e.example"]),
        gateway=gateways,
    )
    def orders_at_once(self, product: str, name: str, gateway: int | None) -> None:
        monthly = BillingCycle.MONTHLY
        self.adds_a_product(product, name, monthly, [("ssl", monthly)])
        self.pays_the_cart(gateway, use_credit=True, taps=1)

    @rule(invoice=some, gateway=gateways)
    def pays_a_proforma(self, invoice: int, gateway: int | None) -> None:
        number = self.pick(invoices.c.id, invoice)
        if number is not None:
            anna = self.see(self.company.client())
            self.does(
                self.company.actions.pay_invoice(anna, invoice_id=number, gateway_number=gateway)
            )

    @rule(invoice=some)
    def cancels_a_proforma(self, invoice: int) -> None:
        number = self.pick(invoices.c.id, invoice)
        if number is not None:
            anna = self.see(self.company.client())
            self.does(self.company.actions.cancel_invoice(anna, number))

    @rule(ref=st.sampled_from(OWN), when=st.sampled_from(CancelWhen))
    def asks_to_cancel(self, ref: str, when: CancelWhen) -> None:
        number = self.see(self.company.ids())[ref]
        anna = self.see(self.company.client())
        self.does(self.company.actions.request_cancellation(anna, number, when=when, reason=""))

    @rule(ref=st.sampled_from(OWN))
    def withdraws_it(self, ref: str) -> None:
        number = self.see(self.company.ids())[ref]
        anna = self.see(self.company.client())
        self.does(self.company.actions.withdraw_cancellation(anna, number))

    # What providers and the bank say

    @rule(
        payment=some,
        charge=st.sampled_from("abcde"),
        amount=st.sampled_from(["5.00", "12.30", "35.67", "400.00"]),
    )
    def a_provider_confirms(self, payment: int, charge: str, amount: str) -> None:
        number = self.pick(payments.c.id, payment)
        if number is not None:
            self.does(
                self.company.actions.confirm_payment(
                    gateway="telegram", payment_id=number, charge_id=charge, amount=money(amount)
                )
            )

    @rule(payment=some, times=st.integers(1, 2))
    def a_provider_confirms_what_was_asked_for(self, payment: int, times: int) -> None:
        number = self.pick(payments.c.id, payment)
        if number is None:
            return
        amount = Money(self.pick(payments.c.amount, payment), "PLN")
        for _ in range(times):
            self.does(
                self.company.actions.confirm_payment(
                    gateway="telegram",
                    payment_id=number,
                    charge_id=f"charge-{number}",
                    amount=amount,
                )
            )

    @rule(
        payment=some,
        charge=st.sampled_from("abcde"),
        amount=st.sampled_from([500, 3567, 40000]),
        currency=st.sampled_from(["PLN", "PLN", "PLN", "EUR", "XTR"]),
        user=st.sampled_from([ANNA, ANNA, GUEST]),
    )
    def telegram_tells_of_money(
        self, payment: int, charge: str, amount: int, currency: str, user: int
    ) -> None:
        number = self.pick(payments.c.id, payment)
        paid = {
            "currency": currency, "total_amount": amount, "invoice_payload": f"p1:{number}",
            "telegram_payment_charge_id": charge,
        }  # fmt: skip
        chat = {"id": user, "type": "private"}
        notice = notice_of({"update_id": 1, "message": {"chat": chat, "successful_payment": paid}})
        for _ in range(2):
            self.see(self.company.actions.keep_event("telegram", notice.event_id, notice.body))
            self.see(self.company.actions.book_events())

    @rule(number=some, is_credit=st.booleans())
    def the_operator_decides_about_money_that_fits_nothing(
        self, number: int, is_credit: bool
    ) -> None:
        waiting = self.see(self.company.actions.list_unplaced())
        if not waiting:
            return
        aside = waiting.items[number % len(waiting)].id
        for _ in range(2):
            if is_credit:
                self.does(self.company.actions.credit_unplaced(aside, "anna", by=STAFF))
            else:
                self.does(self.company.actions.close_unplaced(aside, "sent back", by=STAFF))

    @rule(
        invoice=some,
        amount=st.none() | st.sampled_from(["10.00", "35.67", "500.00"]),
        again=st.booleans(),
    )
    def a_transfer_comes(self, invoice: int, amount: str | None, again: bool) -> None:
        number = self.pick(invoices.c.number, invoice)
        if number is not None:
            self.does(self.company.actions.record_transfer(number, amount, again=again, by=STAFF))

    # What the operator does, and time

    @rule(amount=st.sampled_from(["50.00", "300.00", "-20.00", "-1000.00"]))
    def the_operator_moves_credit(self, amount: str) -> None:
        self.does(self.company.actions.adjust_credit("anna", amount, by=STAFF))

    @rule(service=some)
    def the_operator_accepts_an_order(self, service: int) -> None:
        self.decides(service, accept=True)

    @rule(service=some)
    def the_operator_rejects_an_order(self, service: int) -> None:
        self.decides(service, accept=False)

    def decides(self, service: int, *, accept: bool) -> None:
        waiting = self.see(self.company.actions.list_orders())
        if waiting:
            number = waiting.items[service % len(waiting)].service.id
            self.see(self.company.actions.decide_order(number, accept=accept, by=STAFF))
            self.rejected |= set() if accept else {number}

    @rule(request=some, accept=st.booleans())
    def the_operator_decides_a_cancellation(self, request: int, accept: bool) -> None:
        waiting = self.see(self.company.actions.list_cancellations())
        if waiting:
            number = waiting.items[request % len(waiting)][0].id
            self.does(self.company.actions.decide_cancellation(number, accept=accept, by=STAFF))

    @rule(
        ref=st.sampled_from(["S1", "S2"]),
        state=states,
        due=st.integers(-40, 40),
        amount=st.sampled_from(["29.00", "31.50"]),
        over_sales=st.booleans(),
    )
    def the_operator_replaces_a_state(
        self,
        ref: str,
        state: tuple[ServiceStatus, SuspendedFor | None],
        due: int,
        amount: str,
        *,
        over_sales: bool,
    ) -> None:
        status, why = state
        row = service_row(
            ref,
            status=status,
            suspended_for=why,
            amount=money(amount),
            next_due_date=TODAY + timedelta(days=due),
        )
        self.see(self.company.load(row, replace_state=True, over_sales=over_sales))

    @rule(ref=st.sampled_from(["S1", "S2", "S3"]), amount=st.none() | st.just("100.00"))
    def what_has_ended_is_paid_for(self, ref: str, amount: str | None) -> None:
        number = self.see(self.company.ids())[ref]
        anna = self.see(self.company.client())
        held = self.see(self.company.actions.show_service(anna, number, PL)).invoice
        ended = service_row(ref, status=ServiceStatus.TERMINATED)
        self.see(self.company.load(ended, replace_state=True, over_sales=True))
        if held is not None:
            self.does(self.company.actions.record_transfer(held.number, amount, by=STAFF))

    @rule(days=st.sampled_from([1, 10, 15]))
    def time_passes(self, days: int) -> None:
        if self.company.clock.now().date() + timedelta(days=days) < TODAY.replace(day=31):
            self.company.passes(days=days)
        self.see(self.company.actions.expire_invoices())
        self.see(self.company.actions.end_cancelled())

    @rule()
    def a_proforma_runs_out(self) -> None:
        self.see(self._let_expire())

    # What must be true

    @invariant()
    def everything_adds_up(self) -> None:
        self.see(self._check())

    async def _check(self) -> None:
        anna = await self.company.client()
        found = await self._invoices()
        for invoice in found:
            check_invoice(invoice)
        moved = await self._moved()
        assert sum(moved.values()) == anna.credit.minor >= 0
        waiting = sum(invoice.paid.minor for invoice in found if invoice.is_open)
        kept = anna.credit.minor + await self._given_back() + waiting
        kept += await self._delivered(found)
        received = await self._paid() + moved[CreditReason.LOADED]
        given = moved[CreditReason.ADJUSTED] + moved[CreditReason.RECEIVED]
        assert kept == received + given
        view = await self.company.actions.show_cart(anna, PL)
        check_cart(view)
        listed = await self.company.actions.list_renewals(anna, PL)
        assert listed.cart_total.whole == view.quoted_cart.totals.gross
        assert await self.company.credit("john") == money("50.00", "EUR")
        assert {invoice.client_id for invoice in found} <= {anna.id}

    async def _delivered(self, found: list[Invoice]) -> int:
        """The gross of what the client has got; rejected orders were given back."""
        lines = [line for invoice in found for line in invoice.lines if line.outcome]
        parents = dict(await self._rows(services.c.id, services.c.parent_id))
        return sum(
            line.amounts.gross.minor
            for line in lines
            if line.outcome not in NOT_DELIVERED
            and not self.rejected & {line.service_id, parents.get(line.service_id)}
        )

    async def _invoices(self) -> list[Invoice]:
        async with self.database.engines.readers.connect() as connection:
            return list(invoices_from((await connection.execute(INVOICES)).all()))

    async def _given_back(self) -> int:
        """What was booked and is unplaced money, also where the operator has closed it."""
        u = unplaced_money.c
        return sum(
            amount
            for amount, source in await self._rows(u.amount, u.source)
            if source == GIVEN_BACK
        )

    async def _paid(self) -> int:
        amounts = await self._rows(payments.c.amount, payments.c.status)
        return sum(amount for amount, status in amounts if status is PaymentStatus.PAID)

    async def _moved(self) -> Counter[CreditReason]:
        """What was moved on Anna's account, by reason."""
        m = credit_movements.c
        moved: Counter[CreditReason] = Counter()
        for amount, currency, reason in await self._rows(m.amount, m.currency, m.reason):
            moved[reason] += amount if currency == "PLN" else 0
        return moved

    async def _let_expire(self) -> None:
        """Bring the last day of an open proforma forward, as if two weeks had passed."""
        async with self.database.engines.writer.begin() as connection:
            await connection.execute(
                invoices.update()
                .where(
                    invoices.c.id.in_(
                        select(func.min(invoices.c.id)).where(
                            invoices.c.status == InvoiceStatus.UNPAID
                        )
                    )
                )
                .values(expires_on=TODAY - timedelta(days=1))
            )
        await self.company.actions.expire_invoices()

    async def _rows(self, *columns: ColumnElement[Any]) -> list[Any]:
        async with self.database.engines.readers.connect() as connection:
            return list((await connection.execute(select(*columns))).all())


class WithoutCredit(ACompanysYears):
    """The same with a panel that keeps the credit: no credit is ever moved."""

    panel = limited(EVERYTHING, credit=False)

    @invariant()
    def no_credit_moves(self) -> None:
        assert set(self.see(self._moved())) == {CreditReason.LOADED}

    @invariant()
    def what_is_given_back_names_its_reason(self) -> None:
        u = unplaced_money.c
        for reason, source in self.see(self._rows(u.reason, u.source)):
            assert (source == GIVEN_BACK) is (reason in MISFITS)


MISFITS = {Misfit.SURPLUS, Misfit.LATE, Misfit.RELEASED, Misfit.UNDELIVERED, Misfit.REJECTED}


def check_invoice(invoice: Invoice) -> None:
    """It is paid in full and applied, or neither; its totals are those of its lines."""
    applied = [bool(line.applied_at and line.outcome) for line in invoice.lines]
    paid = invoice.status is InvoiceStatus.PAID
    assert all(applied) if paid else not any(applied)
    assert invoice.paid == invoice.gross if paid else invoice.paid < invoice.gross
    amounts = invoice.totals
    assert amounts.net + amounts.tax == amounts.gross == invoice.gross


def check_cart(view: CartView) -> None:
    """It costs the sum of its lines, and renews nothing twice."""
    gross = total((known(quote.gross) for quote in view.quoted_cart.quotes), "PLN")
    assert gross == view.quoted_cart.totals.gross
    renewed = [line.service_id for line in view.cart.lines if line.kind is LineKind.RENEWAL]
    assert len(renewed) == len(set(renewed))


@pytest.mark.parametrize("machine", [ACompanysYears, WithoutCredit])
def test_no_money_appears_or_is_lost(machine: type[ACompanysYears]) -> None:
    run_state_machine_as_test(machine, settings=settings(max_examples=10, stateful_step_count=30))


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("machine", [ACompanysYears, WithoutCredit])
def test_no_money_appears_or_is_lost_in_many_years(machine: type[ACompanysYears]) -> None:
    run_state_machine_as_test(machine, settings=settings(max_examples=300, stateful_step_count=60))
