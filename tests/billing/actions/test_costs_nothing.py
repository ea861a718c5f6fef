"""What costs 0.00 is never offered for renewal, reminded of, or at risk; its date stands."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.errors import NotRenewableError
from billing.rules.reminders.stages import ReminderItem, ReminderReason
from billing.rules.shop.renewals import Refusal
from billing.views.account import ClientInfo
from billing.views.services import ServiceFilter
from tests.billing.actions.company import PL, CompanyAtWork, addon_row
from tests.billing.actions.reminders.reminding import Days, open_days
from tests.make import STAFF, TODAY, money
from tests.storage.company import service_row

NOTHING = money("0")
LATE = TODAY - timedelta(days=3)
ADD_ALL_WITHIN = TODAY + timedelta(days=3)
FREE: dict[str, Any] = {"amount": NOTHING, "first_amount": NOTHING}


@pytest.fixture
async def days(empty: str) -> AsyncIterator[Days]:
    async with open_days(empty) as opened:
        yield opened


@pytest.fixture
async def gifts(company: CompanyAtWork) -> tuple[int, ...]:
    """A free domain that is overdue, one that is due soon, and a free add-on of S1."""
    return await company.owns(
        service_row("late", cycle=BillingCycle.ANNUALLY, next_due_date=LATE, **FREE),
        service_row("soon", cycle=BillingCycle.ANNUALLY, next_due_date=ADD_ALL_WITHIN, **FREE),
        addon_row("gift", "S1", next_due_date=LATE, **FREE),
    )


async def test_it_is_listed_with_the_reason_and_never_offered(
    company: CompanyAtWork, anna: ClientInfo, gifts: tuple[int, ...]
) -> None:
    found = await company.actions.add_all_due_soon(anna, PL)
    assert {offer.service.ref for offer in found.offers} == {"S1", "A1"}
    assert {o.service.ref for o in found.offers if o.in_cart} == {"S1", "A1"}
    assert {refused.service.ref: refused.renewability.refusal for refused in found.refused} == {
        "late": Refusal.FREE, "soon": Refusal.FREE, "gift": Refusal.FREE,
    }  # fmt: skip


async def test_an_old_button_says_that_it_is_free_and_changes_nothing(
    company: CompanyAtWork, anna: ClientInfo, gifts: tuple[int, ...]
) -> None:
    for number in gifts:
        for renew in (
            company.actions.add_renewal(anna, PL, number),
            company.actions.add_renewal(anna, PL, number, BillingCycle.MONTHLY),
            company.actions.renew_from_page(anna, number, PL),
            company.actions.show_renewal_cycles(anna, PL, number),
        ):
            with pytest.raises(NotRenewableError) as refused:
                await renew
            assert refused.value.code == "free"
    assert (await company.actions.show_cart(anna, PL)).cart.lines == ()
    assert [(await company.service(n)).next_due_date for n in gifts] == [
        LATE,
        ADD_ALL_WITHIN,
        LATE,
    ]


@pytest.mark.slow
async def test_a_line_that_became_free_in_the_cart_is_not_bought(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    ids = await company.ids()
    await company.actions.add_renewal(anna, PL, ids["S1"])
    await company.load(service_row("S1", **FREE), replace_state=True)
    (problem,) = (await company.actions.show_cart(anna, PL)).quoted_cart.problems
    assert problem.refusal is Refusal.FREE


async def test_home_costs_and_the_calendar_do_not_count_it(
    company: CompanyAtWork, anna: ClientInfo, gifts: tuple[int, ...]
) -> None:
    standing = (await company.actions.show_home(anna)).due
    assert (standing.services_overdue, standing.addons_overdue, standing.due_soon) == (0, 0, 2)
    costs = await company.actions.show_costs(anna, PL)
    assert {upcoming.service.ref for upcoming in costs.services} == {"S1", "A1"}
    assert costs.overdue == ()
    calendar = await company.actions.list_due_dates(anna, PL)
    assert {upcoming.service.ref for upcoming in calendar.upcoming} == {"S1", "A1"}
    assert [service.ref for service in calendar.withdrawn] == ["soon"]


async def test_the_list_has_it_after_all_that_is_due(
    company: CompanyAtWork, anna: ClientInfo, gifts: tuple[int, ...]
) -> None:
    found = await company.actions.list_services(anna, ServiceFilter())
    assert [each.service.ref for each in found.services] == ["S1", "late", "soon"]


async def test_its_add_ons_that_cost_something_are_renewed_as_usual(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    await company.load(service_row("S1", **FREE), replace_state=True)
    ids = await company.ids()
    placed = await company.renew(ids["A1"])
    paid = await company.actions.record_transfer(placed.invoice.number, by=STAFF)
    assert paid.invoice.renewed == (ids["A1"],)


@pytest.mark.slow
async def test_nobody_is_reminded_of_it_or_promised_that_they_will_be(days: Days) -> None:
    anna = await days.client()
    hosting = await days.owns(anna, 7, **FREE)
    await days.owns(anna, 7, parent_id=hosting.id, product_id="ssl", **FREE)
    await days.owns(anna, -1, **FREE)
    assert await days.actions.next_reminder() is None
    settings = await days.actions.show_reminder_settings(await days.visitor(), anna)
    assert (settings.next_at, settings.services) == (None, ())
    assert [one async for one in days.actions.preview_reminders(TODAY)] == []
    assert await days.lives(9, every=timedelta(hours=4)) == 0
    assert await days.items() == []


async def test_nothing_of_it_is_at_risk(days: Days) -> None:
    anna = await days.client()
    await days.owns(anna, 3, **FREE)
    await days.actions.note_blocked(7, blocked=True)
    assert [one async for one in days.actions.list_unreachable()] == []
    await days.owns(anna, 7)
    (one,) = [one async for one in days.actions.list_unreachable()]
    assert (one.services, one.at_risk.whole) == (1, money("35.67"))


async def test_what_became_free_after_it_was_planned_is_left_out(days: Days) -> None:
    anna = await days.client()
    hosting, other = await days.owns(anna, 7), await days.owns(anna, 7, name="VPS")
    await days.tick()
    await days.save(replace(hosting, amount=NOTHING))
    await days.goes_to(time(11))
    assert [item.service.id for item in days.last.items] == [other.id]
    log = await days.actions.read_reminder_log(str(hosting.id))
    assert log.items[0].sendings[0].dropped is ReminderReason.FREE


@pytest.mark.slow
async def test_a_reminder_of_nothing_else_is_not_sent(days: Days) -> None:
    hosting = await days.owns(await days.client(), 7)
    await days.tick()
    await days.save(replace(hosting, amount=NOTHING))
    assert await days.lives(1) == 0
    assert await days.states() == ["void"]


@pytest.mark.slow
async def test_a_sent_reminder_shows_that_it_needs_no_payment_any_more(days: Days) -> None:
    anna = await days.client()
    hosting = await days.owns(anna, 7)
    await days.goes_to(time(11))
    await days.save(replace(hosting, amount=NOTHING))
    visitor = await days.visitor()
    (item,) = (await days.actions.show_digest(visitor, anna, None, "pl")).items
    assert (item.done, item.refusal) == (True, Refusal.FREE)
    digest = await days.actions.show_digest(visitor, anna, None, "pl")
    with pytest.raises(NotRenewableError) as refused:
        await days.actions.add_from_digest(visitor, anna, digest.id, "pl", service_id=hosting.id)
    assert refused.value.code == "free"


@pytest.mark.slow
async def test_an_item_that_waits_from_before_is_not_sent(days: Days) -> None:
    anna = await days.client()
    hosting = await days.owns(anna, 7, **FREE)
    due = TODAY + timedelta(days=7)
    async with days.database.work.writing() as uow:
        waiting = ReminderItem(anna.id, due, "7", hosting.id)
        await uow.reminders.add_items({waiting: None}, at=days.clock.now())
        await uow.commit()
    assert await days.lives(1) == 0
