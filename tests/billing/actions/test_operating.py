"""What the operator decides: orders that wait for them, and credit."""

import asyncio
from datetime import date

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.errors import InsufficientCreditError, InvalidInputError, NotFoundError
from billing.rules.payments.payment import CreditReason
from billing.rules.services.service import ServiceStatus
from billing.views.account import ClientInfo, Reach
from billing.views.notices.money import CreditChanged
from billing.views.notices.services import OrderAccepted, OrderRejected
from tests.billing.actions.company import (
    ANNA,
    CREDIT,
    PIOTR,
    PL,
    CompanyAtWork,
    addon_row,
)
from tests.make import STAFF, money
from tests.storage.company import service_row

MONTHLY, ANNUALLY = BillingCycle.MONTHLY, BillingCycle.ANNUALLY
PENDING = {"status": ServiceStatus.PENDING, "next_due_date": None}


async def ordered(company: CompanyAtWork, client: ClientInfo) -> int:
    """A paid hosting with two add-ons, one of them on another cycle; its number."""
    await company.actions.adjust_credit("anna", "400.00", by=STAFF)
    await company.actions.add_product(
        client,
        PL,
        product_number=company.number("start"),
        cycle=ANNUALLY,
        name="nowa.example",
        addons=[(company.number("ssl"), MONTHLY), (company.number("ip"), MONTHLY)],
    )
    placed = await company.place(gateway=CREDIT)
    product, *_ = placed.invoice.lines
    assert product.service_id is not None
    return product.service_id


GROSS = money("356.70") + money("12.30") + money("39.36")


class TestOrders:
    async def test_a_paid_product_waits_with_what_was_paid_for_it_and_its_add_ons(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        number = await ordered(company, anna)
        (order,) = await company.actions.list_orders()
        assert (order.service.id, order.client_ref) == (number, "anna")
        assert (order.invoice_number, order.gross) == ("PRO-202603-00001-7391", GROSS)

    async def test_what_was_loaded_as_pending_waits_too_and_nothing_was_paid_for_it(
        self, company: CompanyAtWork
    ) -> None:
        await company.owns(
            service_row("loaded", name="Loaded", **PENDING),
            addon_row("ssl", "loaded", **PENDING),
            addon_row("backup", "S1", name="Backup", **PENDING),
        )
        first, second = await company.actions.list_orders()
        assert [(o.invoice_number, o.gross) for o in (first, second)] == [("", None)] * 2
        accepted = (
            await company.actions.decide_order(first.service.id, accept=True, by=STAFF)
        ).service
        assert accepted.next_due_date == date(2026, 4, 10)
        decided = await company.actions.decide_order(second.service.id, accept=False, by=STAFF)
        assert decided.credited is None
        rejected = decided.service
        assert (accepted.name, rejected.name) == ("Loaded", "Backup")
        assert rejected.status is ServiceStatus.CANCELLED
        assert await company.credit() == money("100.00")
        assert not await company.actions.list_orders()

    async def test_accepted_it_is_active_from_that_day(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        number = await ordered(company, anna)
        company.passes(days=21)
        service = (await company.actions.decide_order(number, accept=True, by=STAFF)).service
        assert service == await company.service(number)
        assert service.status is ServiceStatus.ACTIVE
        assert (service.registered_on, service.next_due_date, service.anchor_day) == (
            date(2026, 3, 31),
            date(2027, 3, 31),
            31,
        )
        page = await company.actions.show_service(anna, number, PL)
        assert {(a.status, a.next_due_date, a.anchor_day) for a in page.addons} == {
            (ServiceStatus.ACTIVE, date(2026, 4, 30), 31)
        }
        assert not await company.actions.list_orders()
        assert await company.credit() == money("500.00") - GROSS

    async def test_rejected_everything_paid_for_it_is_credit(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        number = await ordered(company, anna)
        decided = await company.actions.decide_order(number, accept=False, by=STAFF)
        service = decided.service
        assert decided.credited == GROSS
        assert service.status is ServiceStatus.CANCELLED
        page = await company.actions.show_service(anna, number, PL)
        assert {addon.status for addon in page.addons} == {ServiceStatus.CANCELLED}
        assert await company.credit() == money("500.00")
        newest = (await company.actions.show_credit(await company.client())).movements[0]
        assert (newest.amount, newest.reason) == (GROSS, CreditReason.REJECTED)
        assert newest.invoice_number == "PRO-202603-00001-7391"

    async def test_the_client_is_told_of_an_accepted_order(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        number = await ordered(company, anna)
        await company.actions.decide_order(number, accept=True, by=STAFF)
        assert [
            (user, order.due_date) for user, order in await company.notices(OrderAccepted)
        ] == [(ANNA, date(2027, 3, 10)), (PIOTR, date(2027, 3, 10))]
        assert await company.users_with(OrderRejected) == []

    async def test_the_client_is_told_of_a_rejected_order(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        number = await ordered(company, anna)
        await company.actions.decide_order(number, accept=False, by=STAFF)
        assert [
            (user, order.credited) for user, order in await company.notices(OrderRejected)
        ] == [(ANNA, money("408.36")), (PIOTR, money("408.36"))]
        assert await company.users_with(OrderAccepted) == []

    @pytest.mark.parametrize("first", [True, False])
    async def test_a_decision_is_made_once(
        self, company: CompanyAtWork, anna: ClientInfo, first: bool
    ) -> None:
        number = await ordered(company, anna)
        await company.actions.decide_order(number, accept=first, by=STAFF)
        before = (await company.service(number), await company.credit())
        for accept in (True, False):
            with pytest.raises(NotFoundError) as refused:
                await company.actions.decide_order(number, accept=accept, by=STAFF)
            assert refused.value.code == "no_such_order"
        assert (await company.service(number), await company.credit()) == before

    async def test_two_decisions_at_once_are_one(
        self, company: CompanyAtWork, twin: CompanyAtWork, anna: ClientInfo
    ) -> None:
        number = await ordered(company, anna)
        results = await asyncio.gather(
            company.actions.decide_order(number, accept=False, by=STAFF),
            twin.actions.decide_order(number, accept=False, by=STAFF),
            return_exceptions=True,
        )
        assert sum(isinstance(result, NotFoundError) for result in results) == 1
        assert await company.credit() == money("500.00")

    async def test_an_add_on_or_what_is_active_is_no_order(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        number = await ordered(company, anna)
        page = await company.actions.show_service(anna, number, PL)
        for other in (page.addons[0].id, ids["S1"], 4711):
            with pytest.raises(NotFoundError):
                await company.actions.decide_order(other, accept=True, by=STAFF)

    async def test_what_is_paid_once_or_nothing_is_never_due(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await company.actions.adjust_credit("anna", "200.00", by=STAFF)
        for product, cycle in (
            ("migration", BillingCycle.ONE_TIME),
            ("parking", BillingCycle.FREE),
        ):
            await company.actions.add_product(
                anna,
                PL,
                product_number=company.number(product),
                cycle=cycle,
                name=f"{product}.example",
            )
        placed = await company.place(gateway=CREDIT)
        for line in placed.invoice.lines:
            decided = await company.actions.decide_order(
                line.service_id or 0, accept=True, by=STAFF
            )
            service = decided.service
            assert (service.status, service.next_due_date) == (ServiceStatus.ACTIVE, None)

    async def test_what_was_free_is_rejected_without_credit(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await company.actions.add_product(
            anna,
            PL,
            product_number=company.number("parking"),
            cycle=BillingCycle.FREE,
            name="wolna.example",
        )
        placed = await company.place(gateway=CREDIT)
        number = placed.invoice.lines[0].service_id or 0
        decided = await company.actions.decide_order(number, accept=False, by=STAFF)
        assert decided.credited is None
        assert await company.credit() == money("100.00")
        (_, order), *_ = await company.notices(OrderRejected)
        assert order.credited is None


class TestCredit:
    async def test_it_is_given_and_taken_back_with_a_history(self, company: CompanyAtWork) -> None:
        who, now = await company.actions.adjust_credit("anna", "25.50", by=STAFF)
        assert (who.ref, now) == ("anna", money("125.50"))
        _, now = await company.actions.adjust_credit("anna", "-125.50", by=STAFF)
        assert now == await company.credit() == money("0")
        history = await company.actions.show_credit(await company.client())
        assert [(str(m.amount), m.reason, str(m.balance)) for m in history.movements] == [
            ("-125.50 PLN", CreditReason.ADJUSTED, "0.00 PLN"),
            ("25.50 PLN", CreditReason.ADJUSTED, "125.50 PLN"),
            ("100.00 PLN", CreditReason.LOADED, "100.00 PLN"),
        ]

    async def test_it_never_goes_below_zero(self, company: CompanyAtWork) -> None:
        with pytest.raises(InsufficientCreditError):
            await company.actions.adjust_credit("anna", "-100.01", by=STAFF)
        assert await company.credit() == money("100.00")
        assert await company.outbox() == []

    async def test_the_client_is_told_of_every_change_with_the_operators_note(
        self, company: CompanyAtWork
    ) -> None:
        await company.actions.adjust_credit(
            "anna", "25.50", note="  Sorry for\nthe outage ", by=STAFF
        )
        await company.actions.adjust_credit("anna", "-5.00", by=STAFF)
        notices = await company.notices(CreditChanged)
        assert [user for user, _ in notices] == [ANNA, PIOTR, ANNA, PIOTR]
        assert [change for _, change in notices[::2]] == [
            CreditChanged(money("25.50"), money("125.50"), "Sorry for the outage"),
            CreditChanged(money("-5.00"), money("120.50"), ""),
        ]

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("note", "code"), [("ż" * 501, "note_too_long"), ("a\x00b", "bad_note")]
    )
    async def test_a_note_that_cannot_be_sent_changes_nothing(
        self, company: CompanyAtWork, note: str, code: str
    ) -> None:
        with pytest.raises(InvalidInputError) as refused:
            await company.actions.adjust_credit("anna", "5.00", note=note, by=STAFF)
        assert refused.value.code == code
        assert refused.value.params == ({"limit": 500} if code == "note_too_long" else {})
        assert await company.credit() == money("100.00")
        await company.actions.adjust_credit("anna", "5.00", note="ż" * 500, by=STAFF)

    async def test_at_the_same_moment_neither(
        self, company: CompanyAtWork, twin: CompanyAtWork
    ) -> None:
        results = await asyncio.gather(
            *(
                c.actions.adjust_credit("anna", "-60.00", by=STAFF)
                for c in (company, twin, company)
            ),
            return_exceptions=True,
        )
        assert sum(isinstance(result, InsufficientCreditError) for result in results) == 2
        assert await company.credit() == money("40.00")

    @pytest.mark.parametrize("amount", ["0", "0.00", "dużo", "1.005", "1,50", ""])
    async def test_an_amount_has_to_be_one(self, company: CompanyAtWork, amount: str) -> None:
        with pytest.raises(InvalidInputError):
            await company.actions.adjust_credit("anna", amount, by=STAFF)

    async def test_the_client_has_to_exist(self, company: CompanyAtWork) -> None:
        with pytest.raises(NotFoundError) as refused:
            await company.actions.adjust_credit("nobody", "5.00", by=STAFF)
        assert refused.value.code == "no_such_client"


class TestWhoHears:
    async def test_a_client_with_somebody_who_can_be_written_to(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await company.actions.note_blocked(ANNA, blocked=True)
        found = await company.actions.find_recipient(anna.id)
        assert (found.client.ref, found.reach) == ("anna", Reach.REACHED)

    async def test_a_client_whose_people_have_all_blocked_the_bot(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        for user in (ANNA, PIOTR):
            await company.actions.note_blocked(user, blocked=True)
        assert (await company.actions.find_recipient(anna.id)).reach is Reach.UNREACHABLE

    async def test_a_client_with_nobody(self, company: CompanyAtWork, anna: ClientInfo) -> None:
        for user in (ANNA, PIOTR):
            await company.actions.unlink(anna, user)
        assert (await company.actions.find_recipient(anna.id)).reach is Reach.NOBODY_LINKED

    async def test_no_client(self, company: CompanyAtWork) -> None:
        with pytest.raises(NotFoundError):
            await company.actions.find_recipient(4711)
