"""Cancellation: asked for, withdrawn, decided, carried out on its day."""

import asyncio
from datetime import timedelta

import pytest

from billing.rules.errors import BillingError, InvalidInputError, NotFoundError
from billing.rules.services.service import ServiceStatus, SuspendedFor
from billing.views.account import ClientInfo
from billing.views.notices.services import (
    CancellationAccepted,
    CancellationNews,
    CancellationRejected,
    CancellationTakenBack,
    ServiceCancelled,
)
from billing.views.services import CancellationStatus, CancelWhen
from tests.billing.actions.company import (
    ANNA,
    DUE,
    PIOTR,
    PL,
    CompanyAtWork,
    addon_row,
)
from tests.make import STAFF, TODAY
from tests.storage.company import service_row

NOW, PERIOD_END = CancelWhen.NOW, CancelWhen.PERIOD_END
ACTIVE, CANCELLED = ServiceStatus.ACTIVE, ServiceStatus.CANCELLED


async def request(
    company: CompanyAtWork,
    client: ClientInfo,
    when: CancelWhen = PERIOD_END,
    *,
    ref: str = "S1",
) -> int:
    """Ask to cancel a service; the request's number."""
    ids = await company.ids()
    asked = await company.actions.request_cancellation(
        client, ids[ref], when=when, reason="  za drogo "
    )
    return asked.id


async def status(company: CompanyAtWork, ref: str = "S1") -> ServiceStatus:
    return (await company.service((await company.ids())[ref])).status


class TestAsking:
    async def test_the_request_is_kept_and_the_operator_told(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        number = await request(company, anna)
        ((asked, service, ref),) = await company.actions.list_cancellations()
        assert (asked.id, asked.reason, asked.effective_on) == (number, "za drogo", DUE)
        assert asked.status is CancellationStatus.REQUESTED
        assert (service.ref, ref) == ("S1", "anna")
        assert await company.alerts() == ["cancellation_requested"]
        assert await status(company) is ACTIVE

    async def test_asking_again_changes_nothing(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        first = await request(company, anna)
        again = await company.actions.request_cancellation(
            anna, ids["S1"], when=NOW, reason="jednak od razu"
        )
        assert (again.id, again.when, again.reason) == (first, PERIOD_END, "za drogo")
        assert len(await company.actions.list_cancellations()) == 1
        assert await company.alerts() == ["cancellation_requested"]

    async def test_two_users_at_once_make_one_request(
        self, company: CompanyAtWork, twin: CompanyAtWork, anna: ClientInfo
    ) -> None:
        numbers = await asyncio.gather(request(company, anna), request(twin, anna))
        assert len(set(numbers)) == 1

    @pytest.mark.parametrize(
        ("when", "due_in", "effective_in"),
        [(NOW, 12, 0), (PERIOD_END, 12, 12), (PERIOD_END, -5, 0), (PERIOD_END, None, 0)],
    )
    async def test_it_would_take_effect_now_or_when_the_period_ends(
        self,
        company: CompanyAtWork,
        anna: ClientInfo,
        when: CancelWhen,
        due_in: int | None,
        effective_in: int,
    ) -> None:
        due = None if due_in is None else TODAY + timedelta(days=due_in)
        (number,) = await company.owns(service_row("S2", next_due_date=due))
        asked = await company.actions.request_cancellation(anna, number, when=when, reason="")
        assert asked.effective_on == TODAY + timedelta(days=effective_in)

    @pytest.mark.parametrize(
        "state",
        [
            ServiceStatus.PENDING,
            ServiceStatus.TERMINATED,
            CANCELLED,
            ServiceStatus.FRAUD,
            ServiceStatus.COMPLETED,
        ],
    )
    async def test_what_is_not_running_cannot_be_cancelled(
        self, company: CompanyAtWork, anna: ClientInfo, state: ServiceStatus
    ) -> None:
        await company.owns(service_row("S2", status=state))
        with pytest.raises(BillingError) as refused:
            await request(company, anna, ref="S2")
        assert refused.value.code == "not_cancellable"

    async def test_what_is_suspended_can(self, company: CompanyAtWork, anna: ClientInfo) -> None:
        await company.owns(
            service_row(
                "S2",
                status=ServiceStatus.SUSPENDED,
                suspended_for=SuspendedFor.NON_PAYMENT,
            )
        )
        number = await request(company, anna, NOW, ref="S2")
        await company.actions.decide_cancellation(number, accept=True, by=STAFF)
        assert await status(company, "S2") is CANCELLED

    async def test_a_very_long_reason_is_refused(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        with pytest.raises(InvalidInputError) as refused:
            await company.actions.request_cancellation(anna, ids["S1"], when=NOW, reason="x" * 601)
        assert refused.value.code == "reason_too_long"
        assert not await company.actions.list_cancellations()


class TestWithdrawing:
    @pytest.mark.slow
    @pytest.mark.parametrize("accepted", [False, True])
    async def test_it_is_as_if_nothing_had_been_asked(
        self, company: CompanyAtWork, anna: ClientInfo, accepted: bool
    ) -> None:
        ids = await company.ids()
        number = await request(company, anna)
        if accepted:
            await company.actions.decide_cancellation(number, accept=True, by=STAFF)
        assert await company.actions.withdraw_cancellation(anna, ids["S1"])
        assert not await company.actions.withdraw_cancellation(anna, ids["S1"])
        company.passes(days=30)
        assert await company.actions.end_cancelled() == 0
        assert await status(company) is ACTIVE
        await company.actions.add_renewal(anna, PL, ids["S1"])
        assert await company.alerts() == ["cancellation_requested", "cancellation_withdrawn"]

    async def test_it_can_be_asked_for_again_afterwards(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        first = await request(company, anna)
        await company.actions.withdraw_cancellation(anna, ids["S1"])
        second = await request(company, anna, NOW)
        assert first != second
        with pytest.raises(BillingError) as decided:
            await company.actions.decide_cancellation(first, accept=True, by=STAFF)
        assert decided.value.code == "already_decided"

    async def test_what_has_taken_effect_stays(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        number = await request(company, anna, NOW)
        await company.actions.decide_cancellation(number, accept=True, by=STAFF)
        assert not await company.actions.withdraw_cancellation(anna, ids["S1"])
        assert await status(company) is CANCELLED


class TestDeciding:
    @pytest.mark.slow
    async def test_accepted_now_ends_the_service_and_its_add_ons(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await company.owns(
            addon_row("A2", product="ip", status=ServiceStatus.TERMINATED),
            addon_row(
                "A3",
                product="ip",
                status=ServiceStatus.SUSPENDED,
                suspended_for=SuspendedFor.ABUSE,
            ),
        )
        number = await request(company, anna, NOW)
        decided = await company.actions.decide_cancellation(number, accept=True, by=STAFF)
        assert decided.status is CancellationStatus.ACCEPTED
        assert [await status(company, ref) for ref in ("S1", "A1", "A2", "A3")] == [
            CANCELLED,
            CANCELLED,
            ServiceStatus.TERMINATED,
            CANCELLED,
        ]
        assert await company.actions.end_cancelled() == 0
        assert await company.users_with(CancellationAccepted) == [ANNA, PIOTR]
        assert await company.users_with(ServiceCancelled) == []

    async def test_accepted_for_the_end_of_the_period_ends_on_that_day(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        number = await request(company, anna)
        await company.actions.decide_cancellation(number, accept=True, by=STAFF)
        company.passes(days=11)
        assert await company.actions.end_cancelled() == 0
        assert await status(company) is ACTIVE
        company.passes(days=1)
        assert await company.actions.end_cancelled() == 1
        assert await company.actions.end_cancelled() == 0
        assert (await status(company), await status(company, "A1")) == (CANCELLED, CANCELLED)
        notices = await company.notices(ServiceCancelled)
        assert [(user, notice.service.domain) for user, notice in notices] == [
            (ANNA, "anna.example"),
            (PIOTR, "anna.example"),
        ]

    async def test_rejected_the_service_goes_on(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        number = await request(company, anna)
        await company.actions.decide_cancellation(number, accept=False, by=STAFF)
        await company.actions.add_renewal(anna, PL, ids["S1"])
        company.passes(days=30)
        assert await company.actions.end_cancelled() == 0
        assert await status(company) is ACTIVE
        assert await company.users_with(CancellationRejected) == [ANNA, PIOTR]

    async def test_a_rejection_carries_the_operators_reason(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        number = await request(company, anna)
        with pytest.raises(InvalidInputError) as refused:
            await company.actions.decide_cancellation(
                number, accept=False, by=STAFF, reason="x" * 601
            )
        assert refused.value.code == "reason_too_long"
        await company.actions.decide_cancellation(
            number, accept=False, by=STAFF, reason=" umowa na rok "
        )
        rejections = await company.notices(CancellationRejected)
        assert [notice.reason for _, notice in rejections] == ["umowa na rok"] * 2
        (entry, *_) = await company.actions.list_audit()
        assert entry.note.endswith(": umowa na rok")

    async def test_a_reason_of_a_yes_is_not_told(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        number = await request(company, anna)
        await company.actions.decide_cancellation(number, accept=True, by=STAFF, reason="x" * 601)
        assert await company.users_with(CancellationAccepted) == [ANNA, PIOTR]

    async def test_the_other_users_are_told_of_a_request_and_of_its_withdrawal(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        for _ in range(2):
            await company.actions.request_cancellation(
                anna, ids["S1"], when=PERIOD_END, reason="", user_id=ANNA
            )
        ((user, news),) = await company.notices(CancellationNews)
        assert (user, news.service.domain, news.effective_on) == (PIOTR, "anna.example", DUE)
        for _ in range(2):
            await company.actions.withdraw_cancellation(anna, ids["S1"], user_id=PIOTR)
        assert await company.users_with(CancellationTakenBack) == [ANNA]

    @pytest.mark.parametrize("first", [True, False])
    async def test_a_decision_is_made_once(
        self, company: CompanyAtWork, anna: ClientInfo, first: bool
    ) -> None:
        number = await request(company, anna)
        decided = await company.actions.decide_cancellation(number, accept=first, by=STAFF)
        notices = len(await company.outbox())
        for accept in (True, False):
            with pytest.raises(BillingError) as refused:
                await company.actions.decide_cancellation(number, accept=accept, by=STAFF)
            assert refused.value.code == "already_decided"
            assert refused.value.params == {"id": number, "status": decided.status}
        assert len(await company.outbox()) == notices

    async def test_an_unknown_request_is_not_found(self, company: CompanyAtWork) -> None:
        with pytest.raises(NotFoundError) as refused:
            await company.actions.decide_cancellation(4711, accept=True, by=STAFF)
        assert refused.value.code == "no_such_cancellation"


class TestAnAddOn:
    async def test_is_cancelled_alone(self, company: CompanyAtWork, anna: ClientInfo) -> None:
        number = await request(company, anna, ref="A1")
        await company.actions.decide_cancellation(number, accept=True, by=STAFF)
        company.passes(days=12)
        assert await company.actions.end_cancelled() == 1
        assert (await status(company), await status(company, "A1")) == (ACTIVE, CANCELLED)

    async def test_that_ended_with_its_service_needs_no_second_end(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        addon = await request(company, anna, ref="A1")
        await company.actions.decide_cancellation(addon, accept=True, by=STAFF)
        service = await request(company, anna, NOW)
        await company.actions.decide_cancellation(service, accept=True, by=STAFF)
        company.passes(days=12)
        assert await company.actions.end_cancelled() == 1
        assert await status(company, "A1") is CANCELLED


async def test_what_has_ended_otherwise_before_its_day_keeps_its_status(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    number = await request(company, anna)
    await company.actions.decide_cancellation(number, accept=True, by=STAFF)
    await company.load(service_row("S1", status=ServiceStatus.TERMINATED), replace_state=True)
    company.passes(days=12)
    assert await company.actions.end_cancelled() == 1
    assert await status(company) is ServiceStatus.TERMINATED
