"""A service that ends with its period: its add-ons live until that day, asked for or accepted."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.errors import NotRenewableError
from billing.rules.payments.invoices import Outcome
from billing.rules.services.service import Service, ServiceStatus
from billing.rules.shop.renewals import Refusal
from billing.views.account import ClientInfo
from billing.views.services import CancelWhen
from tests.billing.actions.company import DUE, PL, CompanyAtWork, addon_row
from tests.billing.actions.reminders.reminding import Days, open_days
from tests.make import STAFF, TODAY, money
from tests.storage.company import service_row

MONTHLY, QUARTERLY, ANNUALLY = (
    BillingCycle.MONTHLY, BillingCycle.QUARTERLY, BillingCycle.ANNUALLY,
)  # fmt: skip
END = date(2026, 6, 22)
"""When S2 ends: its add-on is due on the 22nd of each month, first in March."""


@pytest.fixture
async def days(empty: str) -> AsyncIterator[Days]:
    async with open_days(empty) as opened:
        yield opened


@pytest.fixture(params=["asked for", "accepted"])
async def addon(request: pytest.FixtureRequest, company: CompanyAtWork, anna: ClientInfo) -> int:
    """A monthly add-on of a service whose end was asked for, or accepted."""
    parent, number = await company.owns(
        service_row("S2", domain="drugi.example", cycle=ANNUALLY, next_due_date=END),
        addon_row("A2", "S2"),
    )
    asked = await company.actions.request_cancellation(
        anna, parent, when=CancelWhen.PERIOD_END, reason=""
    )
    if request.param == "accepted":
        await company.actions.decide_cancellation(asked.id, accept=True, by=STAFF)
    return number


async def test_it_is_offered_for_periods_that_are_over_by_then(
    company: CompanyAtWork, anna: ClientInfo, addon: int
) -> None:
    found = await company.actions.list_renewals(anna, PL)
    offer = next(offer for offer in found.offers if offer.service.id == addon)
    assert offer.cycles == (MONTHLY, QUARTERLY)
    assert {one.service.ref for one in found.refused} == {"S2"}
    page = await company.actions.show_service(anna, addon, PL)
    assert page.renewability.allowed
    with pytest.raises(NotRenewableError) as refused:
        await company.actions.add_renewal(anna, PL, addon, ANNUALLY)
    assert refused.value.code == "parent_ends"


@pytest.mark.slow
async def test_it_is_renewed_until_the_end_and_no_further(
    company: CompanyAtWork, anna: ClientInfo, addon: int
) -> None:
    for due in (date(2026, 4, 22), date(2026, 5, 22), END):
        placed = await company.renew(addon)
        paid = await company.actions.record_transfer(placed.invoice.number, by=STAFF)
        assert [line.outcome for line in paid.invoice.lines] == [Outcome.RENEWED]
        assert (await company.service(addon)).next_due_date == due
    with pytest.raises(NotRenewableError) as refused:
        await company.actions.add_renewal(anna, PL, addon)
    assert refused.value.code == "parent_ends"


async def test_costs_and_the_calendar_have_it_until_then(
    company: CompanyAtWork, anna: ClientInfo, addon: int
) -> None:
    found = await company.actions.show_costs(anna, PL)
    mine = [due.on for due in found.coming if due.of.service.id == addon]
    assert mine == [date(2026, 3, 22), date(2026, 4, 22), date(2026, 5, 22)]
    calendar = await company.actions.list_due_dates(anna, PL)
    (upcoming,) = (one for one in calendar.upcoming if one.service.id == addon)
    assert upcoming.dates == tuple(mine)
    assert [service.ref for service in calendar.withdrawn] == ["S2"]


async def test_what_was_sold_for_longer_before_the_request_becomes_credit(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    parent, addon = await company.owns(
        service_row("S2", cycle=ANNUALLY, next_due_date=END), addon_row("A2", "S2")
    )
    await company.actions.add_renewal(anna, PL, addon, ANNUALLY)
    placed = await company.place()
    await company.actions.request_cancellation(anna, parent, when=CancelWhen.PERIOD_END, reason="")
    paid = await company.actions.record_transfer(placed.invoice.number, by=STAFF)
    assert [line.outcome for line in paid.invoice.lines] == [Outcome.CREDITED]
    assert (await company.service(addon)).next_due_date == DUE
    assert await company.credit() == money("100.00") + placed.invoice.gross


async def test_a_line_in_the_cart_that_has_become_too_long_says_why(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    parent, addon = await company.owns(
        service_row("S2", cycle=ANNUALLY, next_due_date=END), addon_row("A2", "S2")
    )
    await company.actions.add_renewal(anna, PL, addon, ANNUALLY)
    await company.actions.request_cancellation(anna, parent, when=CancelWhen.PERIOD_END, reason="")
    (problem,) = (await company.actions.show_cart(anna, PL)).quoted_cart.problems
    assert problem.refusal is Refusal.PARENT_ENDS
    # Adding it again takes the cycle that fits.
    found = await company.actions.add_renewal(anna, PL, addon)
    assert [o.in_cart for o in found.offers if o.service.id == addon] == [MONTHLY]


async def test_a_shorter_cycle_is_offered_if_the_own_one_is_too_long(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    parent, addon = await company.owns(
        service_row("S2", cycle=ANNUALLY, next_due_date=END),
        addon_row("A2", "S2", cycle=ANNUALLY, amount=money("77.00")),
    )
    await company.actions.request_cancellation(anna, parent, when=CancelWhen.PERIOD_END, reason="")
    page = await company.actions.show_service(anna, addon, PL)
    assert page.renewal is not None
    assert (page.renewal.cycle, page.renewal.gross) == (QUARTERLY, money("36.90"))
    added = await company.actions.renew_from_page(anna, addon, PL)
    assert added.in_cart
    (quote,) = (await company.actions.show_cart(anna, PL)).quoted_cart.quotes
    assert (quote.cycle, quote.gross) == (QUARTERLY, money("36.90"))


async def test_a_request_for_at_once_still_leaves_nothing_to_renew(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    ids = await company.ids()
    await company.actions.request_cancellation(anna, ids["S1"], when=CancelWhen.NOW, reason="")
    with pytest.raises(NotRenewableError) as refused:
        await company.actions.add_renewal(anna, PL, ids["A1"])
    assert refused.value.code == "parent_cancellation_open"
    assert (await company.actions.show_costs(anna, PL)).services == ()


@pytest.mark.slow
async def test_on_the_day_it_is_cancelled_with_its_service(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    parent, addon = await company.owns(
        service_row("S2", cycle=ANNUALLY, next_due_date=END), addon_row("A2", "S2")
    )
    asked = await company.actions.request_cancellation(
        anna, parent, when=CancelWhen.PERIOD_END, reason=""
    )
    await company.actions.decide_cancellation(asked.id, accept=True, by=STAFF)
    company.passes(days=(END - TODAY).days)
    assert await company.actions.end_cancelled() == 1
    assert (await company.service(addon)).status is ServiceStatus.CANCELLED


# -- reminders ----------------------------------------------------------------------------------


async def ending_family(days: Days, client: ClientInfo, *, ends_in: int) -> Service:
    """An add-on due in 7 days, of a service that ends with its period in so many."""
    parent = await days.owns(client, ends_in, cycle=ANNUALLY)
    addon = await days.owns(client, 7, name="SSL", parent_id=parent.id, product_id="ssl")
    await days.actions.request_cancellation(
        client, parent.id, when=CancelWhen.PERIOD_END, reason=""
    )
    return addon


@pytest.mark.slow
async def test_it_is_reminded_of_and_the_reminder_is_promised(days: Days) -> None:
    anna = await days.client()
    addon = await ending_family(days, anna, ends_in=60)
    shown = await days.actions.show_reminder_settings(await days.visitor(), anna)
    assert shown.next_at is not None
    assert await days.actions.next_reminder() is not None
    (preview,) = [one async for one in days.actions.preview_reminders(TODAY)]
    (message,) = preview.messages
    assert message.digest is not None
    assert [item.service.id for item in message.digest.items] == [addon.id]
    await days.lives(1)
    assert [item.service.id for item in days.last.items] == [addon.id]
    assert days.last.items[0].can_add


@pytest.mark.slow
async def test_what_was_promised_comes(days: Days) -> None:
    anna = await days.client()
    await ending_family(days, anna, ends_in=60)
    await days.lives(1)
    shown = await days.actions.show_reminder_settings(await days.visitor(), anna)
    await days.lives(5, every=timedelta(minutes=30))
    assert shown.next_at is not None
    late = days.post.digests[-1][0] - shown.next_at
    assert timedelta(0) <= late <= timedelta(minutes=30)


@pytest.mark.slow
async def test_a_service_with_no_further_period_has_no_reminders(days: Days) -> None:
    anna = await days.client()
    await ending_family(days, anna, ends_in=30)
    shown = await days.actions.show_reminder_settings(await days.visitor(), anna)
    assert shown.next_at is None
    assert await days.actions.next_reminder() is None
    assert await days.lives(9, every=timedelta(hours=4)) == 0
    assert await days.items() == []


@pytest.mark.slow
async def test_what_is_planned_is_not_said_once_the_end_is_too_near(days: Days) -> None:
    anna = await days.client()
    parent = await days.owns(anna, 30, cycle=ANNUALLY)
    await days.owns(anna, 7, name="SSL", parent_id=parent.id, product_id="ssl")
    await days.tick()
    await days.actions.request_cancellation(anna, parent.id, when=CancelWhen.PERIOD_END, reason="")
    assert await days.lives(1) == 0
    assert await days.states() == ["void"]


@pytest.mark.slow
async def test_what_is_asked_for_again_later_comes(days: Days) -> None:
    anna = await days.client()
    addon = await ending_family(days, anna, ends_in=60)
    await days.lives(1)
    visitor, until = await days.visitor(), TODAY + timedelta(days=2)
    await days.actions.snooze_digest(visitor, anna, days.last.id, PL, until)
    await days.lives(2, every=timedelta(hours=2))
    assert [item.service.id for item in days.last.items] == [addon.id]
    assert days.last.items[0].stage == f"snooze:{until}"
    assert days.clock.now() < datetime(2026, 3, 14, tzinfo=UTC)


async def test_it_is_at_risk_where_nobody_can_be_reached(days: Days) -> None:
    anna = await days.client()
    await ending_family(days, anna, ends_in=60)
    await days.actions.note_blocked(7, blocked=True)
    (one,) = [one async for one in days.actions.list_unreachable()]
    assert (one.services, one.at_risk.whole) == (1, money("35.67"))
