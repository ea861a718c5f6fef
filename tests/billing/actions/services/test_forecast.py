"""Looking ahead: the costs of a year, and the due dates for a calendar."""

from datetime import date, timedelta

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.services.service import ServiceStatus
from billing.views.account import ClientInfo
from billing.views.calendar import DueCalendar
from billing.views.services import CancelWhen
from tests.billing.actions.company import DUE, PL, CompanyAtWork
from tests.make import NOW, STAFF, TODAY, money
from tests.storage.company import service_row


def dates(found: DueCalendar) -> dict[str, date]:
    return {upcoming.service.ref: upcoming.dates[0] for upcoming in found.upcoming}


class TestCosts:
    async def test_services_and_addons_are_counted_with_their_tax(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        found = await company.actions.show_costs(anna, PL)
        assert found.total(found.coming).whole == (money("35.67") + money("12.30")) * 12
        assert [due.on for due in found.coming[:2]] == [DUE, DUE]
        assert found.tax_rate == 2300

    async def test_each_client_has_their_own_in_their_currency(
        self, company: CompanyAtWork, john: ClientInfo
    ) -> None:
        found = await company.actions.show_costs(john, "en")
        assert [upcoming.service.ref for upcoming in found.services] == ["J1"]
        assert found.total(found.coming).known.currency == "EUR"

    async def test_what_is_paid_is_not_due_any_more(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        placed = await company.renew(ids["S1"])
        await company.actions.record_transfer(placed.invoice.number, by=STAFF)
        found = await company.actions.show_costs(anna, PL)
        assert sum(due.of.service.ref == "S1" for due in found.coming) == 11

    async def test_what_is_to_be_cancelled_is_not_counted(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.actions.request_cancellation(
            anna, ids["S1"], when=CancelWhen.PERIOD_END, reason=""
        )
        assert (await company.actions.show_costs(anna, PL)).services == ()
        await company.actions.withdraw_cancellation(anna, ids["S1"])
        assert len((await company.actions.show_costs(anna, PL)).services) == 2


class TestTheCalendar:
    async def test_it_holds_everything_owed_however_far_away(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        far = TODAY + timedelta(days=900)
        await company.owns(
            service_row("S2", cycle=BillingCycle.TRIENNIALLY, next_due_date=far),
            service_row("S3", cycle=BillingCycle.ONE_TIME, next_due_date=None),
        )
        found = await company.actions.list_due_dates(anna, PL)
        assert dates(found) == {"A1": DUE, "S1": DUE, "S2": far}
        assert found.made_at == NOW
        assert found.withdrawn == ()

    @pytest.mark.slow
    async def test_a_renewal_moves_the_date(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        placed = await company.renew(ids["S1"])
        await company.actions.record_transfer(placed.invoice.number, by=STAFF)
        found = await company.actions.list_due_dates(anna, PL)
        assert dates(found)["S1"] == date(2026, 4, 22)

    async def test_what_will_not_be_asked_for_is_withdrawn_while_its_date_is_ahead(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.owns(
            service_row("S2", status=ServiceStatus.TERMINATED),
            service_row(
                "S3", status=ServiceStatus.CANCELLED, next_due_date=TODAY - timedelta(days=1)
            ),
        )
        asked = await company.actions.request_cancellation(
            anna, ids["S1"], when=CancelWhen.NOW, reason=""
        )
        found = await company.actions.list_due_dates(anna, PL)
        assert found.upcoming == ()
        assert {service.ref for service in found.withdrawn} == {"S1", "A1", "S2"}
        await company.actions.decide_cancellation(asked.id, accept=True, by=STAFF)
        found = await company.actions.list_due_dates(anna, PL)
        assert {service.ref for service in found.withdrawn} == {"S1", "A1", "S2"}

    async def test_nobody_gets_anothers_dates(
        self, company: CompanyAtWork, john: ClientInfo
    ) -> None:
        await company.owns(service_row("S2", status=ServiceStatus.CANCELLED))
        found = await company.actions.list_due_dates(john, "en")
        assert list(dates(found)) == ["J1"]
        assert found.withdrawn == ()
