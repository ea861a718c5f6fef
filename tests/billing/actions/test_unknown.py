"""Services whose price or due date their owner has not said yet, as the actions treat them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from billing.rules.errors import NotOfferedError
from billing.rules.money import PartialSum
from billing.rules.reminders.stages import ReminderReason
from billing.views.account import ClientInfo
from billing.views.services import CancellationStatus, CancelWhen
from tests.billing.actions.company import DUE, PL, CompanyAtWork, tap_pay
from tests.billing.actions.reminders.reminding import Days, open_days
from tests.make import STAFF, TODAY, money

UNPRICED: dict[str, Any] = {"amount": None, "first_amount": None}
UNDATED: dict[str, Any] = {"next_due_date": None, "due_date_known": False}


@pytest.fixture
async def days(empty: str) -> AsyncIterator[Days]:
    async with open_days(empty) as opened:
        yield opened


async def hosting(company: CompanyAtWork, **state: Any) -> int:
    """Anna's hosting in another state."""
    number = (await company.ids())["S1"]
    await company.becomes(number, **state)
    return number


class TestPrices:
    async def test_it_can_be_put_into_the_cart_whose_sum_says_so(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        number = await hosting(company, **UNPRICED)
        addon = (await company.ids())["A1"]
        await company.actions.add_renewal(anna, PL, number)
        listed = await company.actions.add_renewal(anna, PL, addon)
        assert listed.cart_total == PartialSum(money("12.30"), 1)
        assert (await company.actions.show_cart(anna, PL)).quoted_cart.gross == listed.cart_total

    async def test_no_way_to_pay_is_offered_and_no_invoice_is_made(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        number = await hosting(company, **UNPRICED)
        addon = (await company.ids())["A1"]
        await company.actions.add_renewal(anna, PL, number)
        await company.actions.add_renewal(anna, PL, addon)
        assert (await company.actions.review_checkout(anna, PL)).methods == ()
        with pytest.raises(NotOfferedError, match="not_known_yet"):
            await tap_pay(company, anna)
        with pytest.raises(NotOfferedError, match="not_known_yet"):
            await tap_pay(company, anna, use_credit=True)
        assert (await company.actions.list_invoices(anna, is_open=True)).count == 0
        assert await company.credit() == money("100.00")
        assert len((await company.actions.show_cart(anna, PL)).cart.lines) == 2

    async def test_a_confirmed_price_that_is_not_known_any_more_is_not_charged(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        number = (await company.ids())["S1"]
        await company.actions.add_renewal(anna, PL, number)
        seen = (await company.actions.show_cart(anna, PL)).quoted_cart
        await hosting(company, **UNPRICED)
        now = (await company.actions.show_cart(anna, PL)).quoted_cart
        assert now.revision == seen.revision
        assert now.seal != seen.seal

    async def test_the_year_counts_it_without_a_sum(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await hosting(company, **UNPRICED)
        found = await company.actions.show_costs(anna, PL)
        assert found.total(found.coming) == PartialSum(money("12.30") * 12, 12)
        assert (found.unpriced, found.undated) == (1, 0)

    async def test_it_is_as_due_as_any_other(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await hosting(company, **UNPRICED, next_due_date=TODAY - timedelta(days=1))
        assert (await company.actions.show_home(anna)).due.services_overdue == 1


class TestDates:
    async def test_it_can_be_renewed_and_is_neither_overdue_nor_due_soon(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        number = await hosting(company, **UNDATED)
        due = (await company.actions.show_home(anna)).due
        assert (due.services_overdue, due.due_soon) == (0, 1)
        listed = await company.actions.list_renewals(anna, PL)
        assert [offer.service.id for offer in listed.offers][-1] == number
        assert listed.due_soon == 1
        added = await company.actions.add_renewal(anna, PL, number)
        assert added.offers.items[-1].quote.period_from is None
        assert (await company.actions.review_checkout(anna, PL)).methods == ()
        with pytest.raises(NotOfferedError, match="not_known_yet"):
            await tap_pay(company, anna)

    async def test_it_is_in_no_calendar_and_the_calendar_says_so(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await hosting(company, **UNDATED)
        found = await company.actions.list_due_dates(anna, PL)
        assert [(one.service.ref, one.dates[0]) for one in found.upcoming] == [("A1", DUE)]
        assert (found.withdrawn, found.undated) == ((), 1)

    async def test_the_end_of_its_period_has_no_day_and_no_sweep_invents_one(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        number = await hosting(company, **UNDATED)
        asked = await company.actions.request_cancellation(
            anna, number, when=CancelWhen.PERIOD_END, reason=""
        )
        assert asked.effective_on is None
        assert asked.is_undated
        await company.actions.decide_cancellation(asked.id, accept=True, by=STAFF)
        company.passes(days=400)
        assert await company.actions.end_cancelled() == 0
        page = await company.actions.show_service(anna, number, PL)
        assert page.cancellation is not None
        assert page.cancellation.status is CancellationStatus.ACCEPTED
        assert page.service.is_live


class TestReminders:
    async def test_nobody_is_reminded_of_an_unknown_date(self, days: Days) -> None:
        await days.owns(await days.client(), **UNDATED)
        assert await days.lives(40, every=timedelta(days=1)) == 0
        assert await days.items() == []

    async def test_a_reminder_of_an_unknown_price_goes_out(self, days: Days) -> None:
        anna = await days.client()
        await days.owns(anna, 3, **UNPRICED)
        assert await days.lives(1) == 1
        ((_, digest),) = days.post.digests
        assert digest.items[0].gross is None
        assert digest.total == PartialSum(money("0"), 1)
        assert digest.covering_credit is None

    async def test_a_date_that_is_not_known_any_more_is_not_reminded_of(self, days: Days) -> None:
        anna = await days.client()
        owned = await days.owns(anna, 3)
        await days.actions.plan_reminders()
        await days.save(replace(owned, **UNDATED))
        assert await days.lives(1) == 0
        log = await days.actions.read_reminder_log(str(owned.id))
        assert [one.dropped for item in log.items for one in item.sendings] == [
            ReminderReason.NO_DATE
        ]

    async def test_what_is_at_risk_counts_unknown_prices(self, days: Days) -> None:
        anna = await days.client()
        await days.owns(anna, 3, **UNPRICED)
        await days.owns(anna, 5)
        await days.actions.note_blocked(7, blocked=True)
        (one,) = [one async for one in days.actions.list_unreachable()]
        assert (one.services, one.at_risk) == (2, PartialSum(money("35.67"), 1))
