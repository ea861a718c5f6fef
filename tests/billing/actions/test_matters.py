"""How matters of the operator's chat stand, whoever has decided them, and where."""

import pytest

from billing.ports.outbox import Notification
from billing.rules.audit import Audited, staff_actor
from billing.rules.errors import BillingError, InvalidInputError, NotFoundError
from billing.rules.services.service import ServiceStatus
from billing.views.account import ClientInfo, Reach
from billing.views.notices.money import CreditChanged
from billing.views.notices.operator import (
    CancellationWithdrawn,
    WrongCodes,
)
from billing.views.notices.services import OrderRejected
from billing.views.payments import PaymentOutcome
from billing.views.services import CancelWhen
from billing.views.staff import MatterId, MatterKind, MatterState, Standing
from tests.billing.actions.company import ANNA, BANK, CompanyAtWork
from tests.billing.actions.test_operating import ordered
from tests.make import NOW, STAFF, money

OLGA = staff_actor(1009, "Olga")


async def standing(company: CompanyAtWork, kind: MatterKind, number: int) -> Standing:
    return await company.actions.show_standing(MatterId(kind, number))


class TestOrders:
    async def test_one_that_waits_is_decided_by_somebody(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        number = await ordered(company, anna)
        before = await standing(company, MatterKind.ORDER, number)
        assert (before.state, before.last) == (MatterState.WAITING, None)
        await company.actions.decide_order(number, accept=True, by=OLGA)
        after = await standing(company, MatterKind.ORDER, number)
        assert after.state is MatterState.DECIDED
        assert after.last is not None
        assert (after.last.action, after.last.actor) == (Audited.ACCEPT_ORDER, OLGA)

    async def test_the_reason_of_a_rejection_reaches_the_client_and_the_audit(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        number = await ordered(company, anna)
        await company.actions.decide_order(
            number, accept=False, by=OLGA, reason=" Domena jest zajęta "
        )
        (_, rejected), *_ = await company.notices(OrderRejected)
        assert rejected.reason == "Domena jest zajęta"
        (entry, *_) = await company.actions.list_audit()
        assert entry.note.endswith("Domena jest zajęta")

    async def test_a_reason_that_is_too_long_decides_nothing(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        number = await ordered(company, anna)
        with pytest.raises(InvalidInputError, match="reason_too_long"):
            await company.actions.decide_order(number, accept=False, by=OLGA, reason="x" * 601)
        assert (await standing(company, MatterKind.ORDER, number)).waits

    async def test_one_that_was_never_audited_is_over(self, company: CompanyAtWork) -> None:
        ids = await company.ids()
        service = await standing(company, MatterKind.ORDER, ids["S1"])
        assert (service.state, service.last) == (MatterState.OVER, None)


class TestRequests:
    async def test_one_that_the_client_takes_back_is_withdrawn(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        request = await company.actions.request_cancellation(
            anna, ids["S1"], when=CancelWhen.PERIOD_END, reason=""
        )
        assert (await standing(company, MatterKind.CANCELLATION, request.id)).waits
        await company.actions.decide_cancellation(request.id, accept=True, by=STAFF)
        decided = await standing(company, MatterKind.CANCELLATION, request.id)
        assert decided.last is not None
        assert decided.last.actor == STAFF
        await company.actions.withdraw_cancellation(anna, ids["S1"])
        taken_back = await standing(company, MatterKind.CANCELLATION, request.id)
        assert (taken_back.state, taken_back.last) == (MatterState.WITHDRAWN, None)

    @pytest.mark.parametrize(
        "kind",
        [MatterKind.CANCELLATION, MatterKind.PROFORMA, MatterKind.UNPLACED, MatterKind.CALL],
    )
    async def test_one_that_never_was_is_not_found(
        self, company: CompanyAtWork, kind: MatterKind
    ) -> None:
        with pytest.raises(NotFoundError):
            await standing(company, kind, 12345)


class TestProformas:
    async def test_one_is_marked_as_paid_for_the_balance_that_was_seen(
        self, company: CompanyAtWork
    ) -> None:
        invoice = (await company.renew((await company.ids())["S1"], gateway=BANK)).invoice
        seal = invoice.seal
        assert (await company.actions.show_bill(invoice.id)).invoice == invoice
        with pytest.raises(BillingError, match="amount_changed"):
            await company.actions.record_transfer(invoice.number, by=OLGA, seal=seal + 1)
        paid = await company.actions.record_transfer(invoice.number, by=OLGA, seal=seal)
        assert paid.outcome is PaymentOutcome.PAID
        again = await company.actions.record_transfer(invoice.number, by=STAFF, seal=seal)
        assert again.outcome is PaymentOutcome.REPEATED
        after = await standing(company, MatterKind.PROFORMA, invoice.id)
        assert after.state is MatterState.PAID
        assert after.last is not None
        assert after.last.actor == OLGA

    async def test_one_that_was_cancelled_is_over(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        invoice = (await company.renew((await company.ids())["S1"], gateway=BANK)).invoice
        await company.actions.cancel_invoice(anna, invoice.id)
        after = await standing(company, MatterKind.PROFORMA, invoice.id)
        assert after == Standing(MatterState.OVER)


class TestTheClient:
    async def test_a_card_has_what_the_client_has_and_owes(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        invoice = (await company.renew((await company.ids())["S1"], gateway=BANK)).invoice
        card = await company.actions.show_client_card(anna.id, by=OLGA)
        assert (card.client.ref, card.figures.reach) == ("anna", Reach.REACHED)
        assert [one.number for one in card.proformas] == [invoice.number]
        assert card.figures.statuses[ServiceStatus.ACTIVE] > 0
        assert card.left_to_pay.count == 1

    async def test_nobody_has_no_card(self, company: CompanyAtWork) -> None:
        with pytest.raises(NotFoundError):
            await company.actions.show_client_card(12345, by=OLGA)


class TestMessages:
    async def test_one_to_the_operator_is_read_with_its_client(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        notes = [
            Notification("a", CancellationWithdrawn(anna.id, 1)),
            Notification("b", WrongCodes(30, 1)),
        ]
        async with company.database.work.writing() as uow:
            await uow.outbox.add(notes, at=NOW)
            waiting = await uow.outbox.for_operator(limit=9)
            await uow.commit()
        withdrawn = await company.actions.read_message(waiting[0].id)
        codes = await company.actions.read_message(waiting[1].id)
        assert withdrawn is not None
        assert withdrawn.client is not None
        assert withdrawn.client.ref == "anna"
        assert codes is not None
        assert codes.client is None

    async def test_one_to_a_user_or_of_no_number_is_nothing(self, company: CompanyAtWork) -> None:
        note = Notification("c", CreditChanged(money("1.00"), money("1.00")), user_id=ANNA)
        async with company.database.work.writing() as uow:
            await uow.outbox.add([note], at=NOW)
            await uow.commit()
        for number in range(1, 5):
            assert await company.actions.read_message(number) is None
