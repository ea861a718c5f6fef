from calendar import isleap, monthrange
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.rules.cycles import (
    NAMED_CYCLES,
    BillingCycle,
    CycleUnit,
    add_cycle,
    anchor_after,
    anchor_for,
    clamp,
    parse_cycle,
    shortest_first,
)
from tests import make
from tests.billing.rules.strategies import (
    BY_MONTH,
    CYCLES,
    RECURRING,
    anchors,
    days,
    monthly_cycles,
)

many = settings(max_examples=500)


def last_day(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def chain(start: date, cycle: BillingCycle, times: int, anchor_day: int) -> list[date]:
    dates = [start]
    for _ in range(times):
        dates.append(add_cycle(dates[-1], anchor_day=anchor_day, cycle=cycle))
    return dates


@pytest.mark.parametrize(
    ("cycle", "months"),
    [
        (BillingCycle.MONTHLY, 1),
        (BillingCycle.QUARTERLY, 3),
        (BillingCycle.SEMI_ANNUALLY, 6),
        (BillingCycle.ANNUALLY, 12),
        (BillingCycle.BIENNIALLY, 24),
        (BillingCycle.TRIENNIALLY, 36),
        (BillingCycle.ONE_TIME, 0),
        (BillingCycle.FREE, 0),
    ],
)
def test_every_cycle_has_its_months(cycle: BillingCycle, months: int) -> None:
    assert cycle.months == months
    assert cycle.recurring is (months > 0)


def test_cycles_are_offered_shortest_first() -> None:
    assert shortest_first(reversed(CYCLES)) == CYCLES
    assert all(a.months < b.months for a, b in pairwise(BY_MONTH))
    assert all(a.fewest_days < b.fewest_days for a, b in pairwise(RECURRING))
    assert CYCLES[-2:] == (BillingCycle.ONE_TIME, BillingCycle.FREE)


@pytest.mark.parametrize("cycle", CYCLES)
def test_a_cycle_is_read_from_its_name(cycle: BillingCycle) -> None:
    assert parse_cycle(cycle.name) == cycle
    assert str(cycle) == cycle.name


@pytest.mark.parametrize(
    ("written", "cycle"),
    [
        ("12-months", BillingCycle.ANNUALLY), ("36-months", BillingCycle.TRIENNIALLY),
        ("1-year", BillingCycle.ANNUALLY), ("3-months", BillingCycle.QUARTERLY),
        ("5-years", BillingCycle(5, CycleUnit.YEAR)), ("1-week", BillingCycle.WEEKLY),
        ("18-months", BillingCycle(18, CycleUnit.MONTH)),
    ],
)  # fmt: skip
def test_one_length_is_one_cycle_however_it_is_written(written: str, cycle: BillingCycle) -> None:
    assert parse_cycle(written) == cycle


@pytest.mark.parametrize(
    "written",
    ["", "year", "0-weeks", "-1-weeks", "101-years", "1000-weeks", "5 years", "5-days", "1-free",
     "1-one-time", "Monthly", "５-years"],
)  # fmt: skip
def test_other_words_are_no_cycles(written: str) -> None:
    with pytest.raises(ValueError, match="cycle"):
        parse_cycle(written)


@pytest.mark.parametrize(
    ("count", "unit"),
    [(0, CycleUnit.WEEK), (101, CycleUnit.YEAR), (12, CycleUnit.MONTH), (2, CycleUnit.FREE)],
)
def test_a_cycle_has_one_form_within_bounds(count: int, unit: CycleUnit) -> None:
    with pytest.raises(ValueError, match=r"cycle|years"):
        BillingCycle(count, unit)


def test_weeks_are_counted_in_days_and_move_the_anchor() -> None:
    fortnight = BillingCycle(2, CycleUnit.WEEK)
    due = add_cycle(date(2026, 1, 31), anchor_day=31, cycle=fortnight)
    assert due == date(2026, 2, 14)
    assert anchor_after(due, anchor_day=31, cycle=fortnight) == 14
    assert anchor_after(date(2026, 2, 28), anchor_day=31, cycle=BillingCycle.MONTHLY) == 31


def test_the_names_of_old_are_kept() -> None:
    assert " ".join(map(str, NAMED_CYCLES)) == (
        "weekly monthly quarterly semi-annually annually biennially triennially one-time free"
    )


def test_the_31st_of_january_comes_back_after_every_short_month() -> None:
    assert chain(date(2026, 1, 31), BillingCycle.MONTHLY, 12, 31) == [
        date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30),
        date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 31), date(2026, 8, 31),
        date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 30), date(2026, 12, 31),
        date(2027, 1, 31),
    ]  # fmt: skip


def test_a_leap_february_keeps_the_29th_and_gives_it_back_four_years_later() -> None:
    assert chain(date(2024, 2, 29), BillingCycle.ANNUALLY, 4, 29) == [
        date(2024, 2, 29), date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28),
        date(2028, 2, 29),
    ]  # fmt: skip


def test_no_leap_day_in_the_year_2100() -> None:
    due = add_cycle(date(2096, 2, 29), anchor_day=29, cycle=BillingCycle.BIENNIALLY)
    assert add_cycle(due, anchor_day=29, cycle=BillingCycle.BIENNIALLY) == date(2100, 2, 28)


@pytest.mark.parametrize(
    ("due", "anchor_day", "cycle", "then"),
    [
        (date(2026, 1, 30), 30, BillingCycle.MONTHLY, date(2026, 2, 28)),
        (date(2026, 2, 28), 30, BillingCycle.MONTHLY, date(2026, 3, 30)),
        (date(2026, 2, 28), 28, BillingCycle.MONTHLY, date(2026, 3, 28)),
        (date(2026, 11, 30), 31, BillingCycle.QUARTERLY, date(2027, 2, 28)),
        (date(2026, 8, 31), 31, BillingCycle.SEMI_ANNUALLY, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, BillingCycle.MONTHLY, date(2027, 1, 1)),
        (date(2026, 12, 31), 31, BillingCycle.ANNUALLY, date(2027, 12, 31)),
        (date(2025, 2, 28), 29, BillingCycle.TRIENNIALLY, date(2028, 2, 29)),
    ],
)
def test_one_cycle_forward(due: date, anchor_day: int, cycle: BillingCycle, then: date) -> None:
    assert add_cycle(due, anchor_day=anchor_day, cycle=cycle) == then


@pytest.mark.parametrize("cycle", [BillingCycle.ONE_TIME, BillingCycle.FREE])
def test_one_time_and_free_never_move(cycle: BillingCycle) -> None:
    with pytest.raises(ValueError, match="never renews"):
        add_cycle(date(2026, 1, 1), anchor_day=1, cycle=cycle)


@pytest.mark.slow
@many
@given(due=days, anchor_day=anchors, cycle=monthly_cycles)
def test_the_new_date_is_exactly_the_cycles_months_later(
    due: date, anchor_day: int, cycle: BillingCycle
) -> None:
    new = add_cycle(due, anchor_day=anchor_day, cycle=cycle)
    assert (new.year - due.year) * 12 + new.month - due.month == cycle.months
    assert new.day == min(anchor_day, last_day(new))
    assert new > due


@pytest.mark.slow
@many
@given(due=days, anchor_day=anchors, cycle=monthly_cycles, times=st.integers(1, 40))
def test_dates_never_drift_from_the_anchor(
    due: date, anchor_day: int, cycle: BillingCycle, times: int
) -> None:
    for day in chain(due, cycle, times, anchor_day)[1:]:
        assert day.day == anchor_day or (day.day < anchor_day and day.day == last_day(day))


@pytest.mark.slow
@many
@given(due=days, anchor_day=anchors, cycle=monthly_cycles)
def test_month_after_month_ends_where_one_long_step_does(
    due: date, anchor_day: int, cycle: BillingCycle
) -> None:
    monthly = make.due_after(due, BillingCycle.MONTHLY, times=cycle.months, anchor_day=anchor_day)
    assert monthly == add_cycle(due, anchor_day=anchor_day, cycle=cycle)


@given(year=st.integers(1999, 2101), month=st.integers(1, 12), day=anchors)
def test_clamping_stays_in_its_month(year: int, month: int, day: int) -> None:
    clamped = clamp(year, month, day)
    assert (clamped.year, clamped.month) == (year, month)
    assert clamped.day == min(day, last_day(clamped))
    if (month, day) == (2, 29):
        assert clamped.day == (29 if isleap(year) else 28)


@pytest.mark.parametrize(
    ("registered_on", "next_due", "anchor_day"),
    [
        (date(2025, 1, 31), date(2026, 2, 28), 31),
        (date(2025, 1, 31), date(2026, 4, 30), 31),
        (date(2025, 1, 31), date(2026, 3, 31), 31),
        (date(2025, 1, 31), date(2026, 3, 30), 30),
        (date(2025, 1, 15), date(2026, 2, 28), 28),
        (date(2024, 2, 29), date(2026, 2, 28), 29),
        (date(2025, 1, 15), None, 15),
    ],
)
def test_a_loaded_service_without_an_anchor_gets_the_day_that_explains_its_due_date(
    registered_on: date, next_due: date | None, anchor_day: int
) -> None:
    assert anchor_for(registered_on, next_due) == anchor_day


@pytest.mark.slow
@many
@given(registered_on=days, anchor_day=anchors, cycle=monthly_cycles, times=st.integers(1, 24))
def test_the_anchor_of_a_chain_is_found_again_from_any_of_its_dates(
    registered_on: date, anchor_day: int, cycle: BillingCycle, times: int
) -> None:
    start = clamp(registered_on.year, 1, anchor_day)
    assert all(
        anchor_for(start, due) == anchor_day for due in chain(start, cycle, times, anchor_day)
    )
