"""Traps of the dates that a payment moves; each on and off."""

from datetime import datetime

import pytest

from bot.sandbox.panels.fossbilling.times import add_period
from tests.bot.sandbox.panels.fossbilling.calling import Panel, TrapCase, trap


@trap("date_stays_past")
async def test_a_late_payment_leaves_the_date_in_the_past(case: TrapCase) -> None:
    panel = case.panel
    await panel.pay(8, transaction="t-1")
    order = await panel.order(6)
    assert (order["status"], order["reason"]) == ("active", None)
    await panel.ask("admin/cron/run")
    if case.is_on:
        assert order["expires_at"] == "2026-11-19 12:00:00"
        assert (await panel.order(6))["status"] == "suspended"
    else:
        assert order["expires_at"] == "2026-12-28 16:18:06"
        assert (await panel.order(6))["status"] == "active"


@pytest.mark.parametrize(
    ("logic", "late", "early"),
    [
        ("from_greater", "2026-12-28 16:18:06", "2027-01-03 12:00:00"),
        # Who pays early loses the days that are left.
        ("from_today", "2026-12-28 16:18:06", "2026-12-28 16:18:06"),
    ],
)
async def test_a_setting_tells_where_a_renewal_counts_from(
    panel: Panel, logic: str, late: str, early: str
) -> None:
    panel.api.world.renewal_logic = logic
    await panel.pay(8, transaction="t-1")
    await panel.pay(4, transaction="t-2")
    assert (await panel.order(6))["expires_at"] == late
    assert (await panel.order(3))["expires_at"] == early


@trap("months_overflow")
async def test_the_end_of_january_and_a_month_is_in_march(case: TrapCase) -> None:
    number = await case.panel.renew(5)
    await case.panel.pay(number, transaction="t-1")
    expected = "2027-03-03 12:00:00" if case.is_on else "2027-02-28 12:00:00"
    assert (await case.panel.order(5))["expires_at"] == expected


@trap("period_at_payment")
async def test_what_is_bought_is_the_period_at_the_payment(case: TrapCase) -> None:
    number = await case.panel.renew(4)
    await case.panel.ask("admin/order/update", id=4, period="1Y")
    await case.panel.pay(number, transaction="t-1")
    assert (await case.panel.invoice(number))["total"] == 49
    expected = "2027-12-18 12:00:00" if case.is_on else "2027-01-18 12:00:00"
    assert (await case.panel.order(4))["expires_at"] == expected


@pytest.mark.parametrize(
    ("start", "period", "expected"),
    [
        ("2027-01-31 10:00", "1M", "2027-03-03 10:00"),
        ("2027-01-29", "1M", "2027-03-01"),
        ("2028-01-31", "1M", "2028-03-02"),
        ("2027-03-31", "1M", "2027-05-01"),
        ("2028-02-29", "1Y", "2029-03-01"),
        ("2026-10-19", "1M", "2026-11-19"),
        ("2026-12-31", "1W", "2027-01-07"),
        ("2026-11-30", "3M", "2027-03-02"),
    ],
)
def test_periods_are_added_as_measured(start: str, period: str, expected: str) -> None:
    end = add_period(datetime.fromisoformat(start), period, overflow=True)
    assert end == datetime.fromisoformat(expected)
