"""What becomes of the lines of a paid proforma, whatever has happened meanwhile."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.payments.invoices import InvoiceStatus, Outcome
from billing.rules.payments.payment import CreditReason
from billing.rules.services.service import ServiceStatus, SuspendedFor
from billing.rules.shop.catalog import LatePolicy, Policy
from billing.views.account import ClientInfo
from billing.views.notices.operator import OrderPaid
from billing.views.services import CancelWhen
from tests.billing.actions.company import (
    BANK,
    CREDIT,
    DUE,
    PL,
    CompanyAtWork,
    addon_row,
    catalogue,
)
from tests.make import STAFF, TODAY, money
from tests.storage.company import service_row

MONTHLY, ANNUALLY = BillingCycle.MONTHLY, BillingCycle.ANNUALLY
ACTIVE, SUSPENDED = ServiceStatus.ACTIVE, ServiceStatus.SUSPENDED


class TestARenewal:
    async def test_moves_the_due_date_one_cycle_from_where_it_was(
        self, company: CompanyAtWork
    ) -> None:
        ids = await company.ids()
        placed = await company.renew(ids["S1"])
        company.passes(days=5)
        paid = await company.actions.record_transfer(placed.invoice.number, by=STAFF)
        (line,) = paid.invoice.lines
        assert line.outcome is Outcome.RENEWED
        assert line.due_date == DUE.replace(month=4)
        assert line.service_id == ids["S1"]
        service = await company.service(ids["S1"])
        assert (service.next_due_date, service.anchor_day) == (DUE.replace(month=4), 22)
        assert await company.alerts() == []

    async def test_two_in_a_row_stack(self, company: CompanyAtWork) -> None:
        ids = await company.ids()
        await company.renew(ids["S1"], gateway=CREDIT)
        await company.renew(ids["S1"], gateway=CREDIT)
        assert (await company.service(ids["S1"])).next_due_date == DUE.replace(month=5)

    @pytest.mark.slow
    async def test_keeps_the_day_of_month_over_short_months(self, company: CompanyAtWork) -> None:
        (number,) = await company.owns(
            service_row("M31", next_due_date=date(2026, 1, 31), anchor_day=31)
        )
        seen = []
        for _ in range(3):
            placed = await company.renew(number)
            await company.actions.record_transfer(placed.invoice.number, by=STAFF)
            seen.append((await company.service(number)).next_due_date)
        assert seen == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]

    async def test_for_another_cycle_replaces_cycle_and_amount(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        (old,) = await company.owns(service_row("old", amount=money("19.00")))
        await company.actions.add_renewal(anna, PL, old, ANNUALLY)
        placed = await company.place()
        await company.actions.record_transfer(placed.invoice.number, by=STAFF)
        service = await company.service(old)
        assert (service.cycle, service.amount) == (ANNUALLY, money("290.00"))
        assert service.next_due_date == DUE.replace(year=2027)
        assert service.first_amount == money("29.00")

    async def test_in_its_own_cycle_leaves_an_amount_alone_that_was_changed_meanwhile(
        self, company: CompanyAtWork
    ) -> None:
        ids = await company.ids()
        placed = await company.renew(ids["S1"])
        await company.load(service_row("S1", amount=money("33.00")), replace_state=True)
        await company.actions.record_transfer(placed.invoice.number, by=STAFF)
        service = await company.service(ids["S1"])
        assert (service.amount, service.next_due_date) == (money("33.00"), DUE.replace(month=4))

    @pytest.mark.slow
    async def test_paid_after_the_due_date_has_moved_adds_one_cycle_and_is_told(
        self, company: CompanyAtWork
    ) -> None:
        ids = await company.ids()
        placed = await company.renew(ids["S1"])
        moved = DUE.replace(month=6)
        await company.becomes(ids["S1"], next_due_date=moved)
        paid = await company.actions.record_transfer(placed.invoice.number, by=STAFF)
        (line,) = paid.invoice.lines
        assert line.outcome is Outcome.RENEWED_AFTER_MOVE
        assert line.due_date == moved.replace(month=7)
        assert (await company.service(ids["S1"])).next_due_date == moved.replace(month=7)
        assert await company.alerts() == ["renewed_after_move"]

    @pytest.mark.slow
    async def test_lifts_a_suspension_for_non_payment_when_paid_up_to_today(
        self, company: CompanyAtWork
    ) -> None:
        just, far = await company.owns(
            service_row(
                "just",
                next_due_date=date(2026, 2, 10),
                anchor_day=10,
                status=SUSPENDED,
                suspended_for=SuspendedFor.NON_PAYMENT,
            ),
            service_row(
                "far",
                next_due_date=date(2026, 1, 9),
                anchor_day=9,
                status=SUSPENDED,
                suspended_for=SuspendedFor.NON_PAYMENT,
            ),
        )
        placed = await company.renew(just, far)
        await company.actions.record_transfer(placed.invoice.number, by=STAFF)
        lifted, behind = await company.service(just), await company.service(far)
        assert (lifted.status, lifted.suspended_for, lifted.next_due_date) == (
            ACTIVE,
            None,
            TODAY,
        )
        assert (behind.status, behind.next_due_date) == (SUSPENDED, date(2026, 2, 9))
        placed = await company.renew(far)
        assert placed.invoice.lines[0].quote.period_to == date(2026, 3, 9)
        await company.actions.record_transfer(placed.invoice.number, by=STAFF)
        assert (await company.service(far)).status is SUSPENDED
        placed = await company.renew(far)
        await company.actions.record_transfer(placed.invoice.number, by=STAFF)
        assert (await company.service(far)).status is ACTIVE

    async def test_paid_late_counts_from_checkout_where_the_policy_says_so(
        self, company: CompanyAtWork
    ) -> None:
        policy = Policy(late=LatePolicy.FROM_PAYMENT_DATE)
        await company.publishes(catalogue(policy=policy))
        (late,) = await company.owns(service_row("late", next_due_date=date(2026, 2, 22)))
        placed = await company.renew(late)
        company.passes(days=2)
        await company.actions.record_transfer(placed.invoice.number, by=STAFF)
        service = await company.service(late)
        assert (service.next_due_date, service.anchor_day) == (date(2026, 4, 10), 10)

    @pytest.mark.slow
    @pytest.mark.parametrize(
        "changed",
        [
            {"status": ServiceStatus.TERMINATED},
            {"status": ServiceStatus.CANCELLED},
            {"status": ServiceStatus.FRAUD},
            {"status": SUSPENDED, "suspended_for": SuspendedFor.ABUSE},
            {"cycle": BillingCycle.FREE, "next_due_date": None},
        ],
        ids=["terminated", "cancelled", "fraud", "abuse", "free"],
    )
    async def test_of_what_has_ended_meanwhile_becomes_credit_and_is_told(
        self, company: CompanyAtWork, changed: dict[str, Any]
    ) -> None:
        ids = await company.ids()
        placed = await company.renew(ids["S1"], ids["A1"])
        await company.becomes(ids["S1"], **changed)
        before = await company.service(ids["S1"])
        paid = await company.actions.record_transfer(placed.invoice.number, by=STAFF)
        assert paid.invoice.status is InvoiceStatus.PAID
        outcomes = {line.quote.service_id: line.outcome for line in paid.invoice.lines}
        assert outcomes == {ids["S1"]: Outcome.CREDITED, ids["A1"]: Outcome.RENEWED}
        assert await company.service(ids["S1"]) == before
        assert await company.credit() == money("135.67")
        assert await company.alerts() == ["line_undelivered"]
        history = await company.actions.show_credit(await company.client())
        assert history.movements[0].reason is CreditReason.UNDELIVERED

    async def test_of_what_is_being_cancelled_becomes_credit_with_its_add_ons(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        placed = await company.renew(ids["S1"], ids["A1"])
        await company.actions.request_cancellation(
            anna, ids["S1"], when=CancelWhen.PERIOD_END, reason=""
        )
        paid = await company.actions.record_transfer(placed.invoice.number, by=STAFF)
        assert {line.outcome for line in paid.invoice.lines} == {Outcome.CREDITED}
        assert (await company.service(ids["S1"])).next_due_date == DUE
        assert await company.credit() == money("100.00") + placed.invoice.gross
        history = await company.actions.show_credit(await company.client())
        assert len(history.movements) == 2
        assert await company.alerts() == [
            "cancellation_requested",
            "line_undelivered",
            "line_undelivered",
        ]

    async def test_after_the_request_was_withdrawn_is_a_renewal_again(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        placed = await company.renew(ids["S1"])
        await company.actions.request_cancellation(
            anna, ids["S1"], when=CancelWhen.PERIOD_END, reason=""
        )
        await company.actions.withdraw_cancellation(anna, ids["S1"])
        paid = await company.actions.record_transfer(placed.invoice.number, by=STAFF)
        assert paid.invoice.lines[0].outcome is Outcome.RENEWED

    async def test_service_and_add_on_on_one_proforma_move_each_by_its_own_cycle(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        await company.actions.add_renewal(anna, PL, ids["A1"], BillingCycle.QUARTERLY)
        placed = await company.place(gateway=CREDIT)
        assert {line.outcome for line in placed.invoice.lines} == {Outcome.RENEWED}
        assert (await company.service(ids["S1"])).next_due_date == DUE.replace(month=4)
        assert (await company.service(ids["A1"])).next_due_date == DUE.replace(month=6)


async def buy_addon(
    company: CompanyAtWork, client: ClientInfo, addon: str, service_id: int
) -> str:
    """A proforma for an add-on; its number."""
    await company.actions.add_addon(
        client,
        PL,
        product_number=company.number(addon),
        cycle=MONTHLY,
        service_id=service_id,
    )
    return (await company.place(gateway=BANK)).invoice.number


class TestAnAddOn:
    async def test_starts_on_the_day_it_is_paid(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        number = await buy_addon(company, anna, "ip", ids["S1"])
        company.passes(days=3)
        paid = await company.actions.record_transfer(number, by=STAFF)
        (line,) = paid.invoice.lines
        assert line.outcome is Outcome.ACTIVATED
        assert line.service_id is not None
        service = await company.service(line.service_id)
        assert (service.parent_id, service.status) == (ids["S1"], ACTIVE)
        assert service.registered_on == TODAY + timedelta(days=3)
        assert service.next_due_date == date(2026, 4, 13) == line.due_date
        assert (service.first_amount, service.amount) == (money("32.00"), money("12.00"))

    @pytest.mark.parametrize("status", [ServiceStatus.TERMINATED, ServiceStatus.CANCELLED])
    async def test_of_a_service_that_has_ended_becomes_credit(
        self, company: CompanyAtWork, anna: ClientInfo, status: ServiceStatus
    ) -> None:
        ids = await company.ids()
        number = await buy_addon(company, anna, "ip", ids["S1"])
        await company.becomes(ids["S1"], status=status)
        paid = await company.actions.record_transfer(number, by=STAFF)
        assert paid.invoice.lines[0].outcome is Outcome.CREDITED
        assert await company.credit() == money("139.36")
        assert await company.alerts() == ["line_undelivered"]

    async def test_that_the_service_has_by_now_becomes_credit(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        (service,) = await company.owns(service_row("S2"))
        number = await buy_addon(company, anna, "ssl", service)
        await company.owns(addon_row("A2", "S2"))
        paid = await company.actions.record_transfer(number, by=STAFF)
        assert paid.invoice.lines[0].outcome is Outcome.CREDITED
        page = await company.actions.show_service(anna, service, PL)
        assert len(page.addons) == 1
        assert await company.credit() == money("112.30")


class TestANewProduct:
    async def test_waits_for_the_operator_together_with_its_add_ons(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await company.actions.add_product(
            anna,
            PL,
            product_number=company.number("start"),
            cycle=ANNUALLY,
            name="nowa.example",
            addons=[(company.number("ssl"), MONTHLY), (company.number("ip"), ANNUALLY)],
        )
        placed = await company.place()
        paid = await company.actions.record_transfer(placed.invoice.number, by=STAFF)
        assert {line.outcome for line in paid.invoice.lines} == {Outcome.ORDERED}
        product, ssl, ip = [line.service_id for line in paid.invoice.lines]
        assert product is not None
        page = await company.actions.show_service(anna, product, PL)
        assert (page.service.status, page.service.domain) == (
            ServiceStatus.PENDING,
            "nowa.example",
        )
        assert page.service.next_due_date is None
        assert [(a.id, a.status, a.domain) for a in page.addons] == [
            (ssl, ServiceStatus.PENDING, ""),
            (ip, ServiceStatus.PENDING, ""),
        ]
        assert await company.alerts() == ["order_paid"]
        assert [order.service.domain for _, order in await company.notices(OrderPaid)] == [
            "nowa.example"
        ]

    async def test_two_products_with_add_ons_keep_their_own(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        for name in ("jeden.example", "dwa.example"):
            await company.actions.add_product(
                anna,
                PL,
                product_number=company.number("start"),
                cycle=MONTHLY,
                name=name,
                addons=[(company.number("ssl"), MONTHLY)],
            )
        placed = await company.place()
        paid = await company.actions.record_transfer(placed.invoice.number, by=STAFF)
        numbers = [line.service_id or 0 for line in paid.invoice.lines]
        parents = [(await company.service(number)).parent_id for number in numbers]
        assert parents == [None, numbers[0], None, numbers[2]]


async def test_everything_at_once_applies_each_line_by_its_kind(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    ids = await company.ids()
    await company.actions.add_product(
        anna,
        PL,
        product_number=company.number("vps"),
        cycle=MONTHLY,
        name="Serwer",
        addons=[(company.number("backup"), MONTHLY)],
    )
    await company.actions.add_renewal(anna, PL, ids["S1"])
    await company.actions.add_addon(
        anna, PL, product_number=company.number("ip"), cycle=MONTHLY, service_id=ids["S1"]
    )
    placed = await company.place()
    paid = await company.actions.record_transfer(placed.invoice.number, by=STAFF)
    assert [line.outcome for line in paid.invoice.lines] == [
        Outcome.ORDERED,
        Outcome.ORDERED,
        Outcome.RENEWED,
        Outcome.ACTIVATED,
    ]
    stored = (await company.actions.show_invoice(anna, placed.invoice.id)).invoice
    assert stored.lines == paid.invoice.lines
    assert replace(stored, lines=()).paid == stored.gross


async def test_an_add_on_row_loaded_for_a_service_renews_on_its_own(
    company: CompanyAtWork,
) -> None:
    (number,) = await company.owns(
        addon_row("IP1", product="ip", next_due_date=TODAY, anchor_day=10)
    )
    await company.renew(number, gateway=CREDIT)
    assert (await company.service(number)).next_due_date == date(2026, 4, 10)
