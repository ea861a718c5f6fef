from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.rules.cycles import BillingCycle
from billing.rules.reminders.stages import (
    DEFAULT_STAGES,
    ReminderPolicy,
    ReminderReason,
    StagePlan,
    plan_stages,
    snooze_stage,
)
from tests.billing.rules.strategies import recurring_cycles

DUE = date(2026, 6, 30)
LONG_AGO = date(2020, 1, 1)
many = settings(max_examples=500)

SHORT = (7, 3, 1, 0, -1, -3, -7)


@pytest.mark.parametrize(
    ("cycle", "stages"),
    [
        (BillingCycle.MONTHLY, SHORT),
        (BillingCycle.QUARTERLY, (14, *SHORT)),
        (BillingCycle.SEMI_ANNUALLY, (14, *SHORT)),
        (BillingCycle.ANNUALLY, (30, 14, *SHORT)),
        (BillingCycle.BIENNIALLY, (30, 14, *SHORT)),
        (BillingCycle.TRIENNIALLY, (30, 14, *SHORT)),
        (BillingCycle.ONE_TIME, ()),
        (BillingCycle.FREE, ()),
    ],
)
def test_the_stages_of_every_cycle(cycle: BillingCycle, stages: tuple[int, ...]) -> None:
    assert ReminderPolicy().stages_for(cycle) == stages


@pytest.mark.parametrize(
    ("opens", "stages"),
    [
        (0, (30, 14, *SHORT)),
        (60, (30, 14, *SHORT)),
        (30, (30, 14, *SHORT)),
        (29, (14, *SHORT)),
        (5, (3, 1, 0, -1, -3, -7)),
    ],
)
def test_no_reminder_before_renewal_opens(opens: int, stages: tuple[int, ...]) -> None:
    planned = ReminderPolicy().stages_for(BillingCycle.ANNUALLY, opens_days_before=opens)
    assert planned == stages


def test_the_operators_own_stages_are_sorted_once_each_and_shorter_than_the_cycle() -> None:
    policy = ReminderPolicy(stages=(-2, 60, 5, 5, 28, 27, 100))
    assert policy.stages_for(BillingCycle.MONTHLY) == (27, 5, -2)
    assert policy.stages_for(BillingCycle.QUARTERLY) == (60, 28, 27, 5, -2)
    assert policy.stages_for(BillingCycle.ANNUALLY) == (100, 60, 28, 27, 5, -2)
    assert ReminderPolicy(stages=()).stages_for(BillingCycle.ANNUALLY) == ()


def test_the_horizon_is_as_wide_as_the_stages_and_the_catching_up() -> None:
    assert ReminderPolicy().horizon == (30, -10)
    assert ReminderPolicy(stages=(5, 1), catch_up_days=0).horizon == (5, 1)
    assert ReminderPolicy(stages=()).horizon == (0, -3)


def test_a_snooze_is_a_stage_named_by_its_date() -> None:
    assert snooze_stage(date(2026, 3, 12)) == "snooze:2026-03-12"


def plan(days_before: int, *, known_since: date = LONG_AGO, catch_up_days: int = 3) -> StagePlan:
    """The plan of the default stages, so many days before the due date."""
    return plan_stages(
        DUE,
        DEFAULT_STAGES,
        today=DUE - timedelta(days=days_before),
        known_since=known_since,
        catch_up_days=catch_up_days,
    )


@pytest.mark.parametrize(
    ("days_before", "send"),
    [
        (31, None), (30, 30), (29, 30), (27, 30), (26, None), (15, None), (14, 14), (11, 14),
        (10, None), (8, None), (7, 7), (4, 7), (3, 3), (2, 3), (1, 1), (0, 0), (-1, -1), (-2, -1),
        (-3, -3), (-6, -3), (-7, -7), (-10, -7), (-11, None), (-400, None),
    ],
)  # fmt: skip
def test_the_most_urgent_stage_is_sent_for_three_days(days_before: int, send: int | None) -> None:
    planned = plan(days_before)
    assert planned.send == send
    passed = {stage for stage in DEFAULT_STAGES if stage >= days_before}
    assert {stage for stage, _ in planned.skipped} == passed - {send}


def test_after_an_outage_one_message_goes_out_and_the_others_are_skipped() -> None:
    assert plan(-1) == StagePlan(-1, superseded=(1, 0), too_late=(30, 14, 7, 3))
    reasons = dict(plan(-1).skipped)
    assert reasons[0] is ReminderReason.SUPERSEDED
    assert reasons[3] is ReminderReason.TOO_LATE


def test_going_live_with_an_overdue_service_sends_nothing() -> None:
    today = DUE + timedelta(days=9)
    assert plan(-9, known_since=today) == StagePlan(None)
    assert plan(-9, known_since=today - timedelta(days=1)) == StagePlan(None)


def test_a_stage_that_falls_on_the_day_of_loading_is_sent() -> None:
    assert plan(3, known_since=DUE - timedelta(days=3)) == StagePlan(3)
    assert plan(2, known_since=DUE - timedelta(days=2)) == StagePlan(None)


stage_lists = st.lists(st.integers(-30, 60), max_size=8, unique=True)
offsets = st.integers(-60, 90)


@pytest.mark.slow
@many
@given(
    stages=stage_lists,
    days_before=offsets,
    known_before=offsets,
    catch_up_days=st.integers(0, 7),
)
def test_every_stage_is_sent_skipped_still_to_come_or_older_than_the_service(
    stages: list[int], days_before: int, known_before: int, catch_up_days: int
) -> None:
    today = DUE - timedelta(days=days_before)
    known_since = DUE - timedelta(days=known_before)
    planned = plan_stages(
        DUE, stages, today=today, known_since=known_since, catch_up_days=catch_up_days
    )
    sent = () if planned.send is None else (planned.send,)
    skipped = [stage for stage, _ in planned.skipped]
    future = tuple(stage for stage in stages if stage < days_before)
    unknown = tuple(s for s in stages if s >= days_before and s > known_before)
    assert sorted((*sent, *skipped, *future, *unknown)) == sorted(stages)
    if planned.send is not None:
        assert 0 <= planned.send - days_before <= catch_up_days
        assert planned.send <= known_before
        assert all(stage > planned.send for stage in skipped if stage >= days_before)


def live_through(
    stages: tuple[int, ...], days: list[int], *, known_before: int
) -> dict[int, tuple[int, bool]]:
    """What is kept per stage after ticking on these days: (days before when kept, was sent).

    As the reminder items do, the first record of a stage stands.
    """
    kept: dict[int, tuple[int, bool]] = {}
    for days_before in days:
        planned = plan_stages(
            DUE,
            stages,
            today=DUE - timedelta(days=days_before),
            known_since=DUE - timedelta(days=known_before),
            catch_up_days=3,
        )
        if planned.send is not None:
            kept.setdefault(planned.send, (days_before, True))
        for stage, _ in planned.skipped:
            kept.setdefault(stage, (days_before, False))
    return kept


@pytest.mark.slow
@many
@given(
    up=st.sets(st.integers(-30, 60)),
    known_before=st.integers(-10, 60),
    cycle=recurring_cycles,
)
def test_whatever_the_outages_each_stage_is_kept_once_and_no_day_has_two(
    up: set[int], known_before: int, cycle: BillingCycle
) -> None:
    stages = ReminderPolicy().stages_for(cycle)
    days = sorted((day for day in up if day <= known_before), reverse=True)
    kept = live_through(stages, days, known_before=known_before)
    sent = [(when, stage) for stage, (when, was_sent) in kept.items() if was_sent]
    assert len({when for when, _ in sent}) == len(sent)
    assert [stage for _, stage in sorted(sent, reverse=True)] == sorted(
        (stage for _, stage in sent), reverse=True
    )
    for when, stage in sent:
        assert stage <= known_before
        assert 0 <= stage - when <= 3
    last = min(days, default=61)
    assert set(kept) == {stage for stage in stages if last <= stage <= known_before}


@given(cycle=recurring_cycles)
def test_without_outages_every_stage_is_sent_on_its_day(cycle: BillingCycle) -> None:
    stages = ReminderPolicy().stages_for(cycle)
    kept = live_through(stages, list(range(60, -31, -1)), known_before=60)
    assert kept == {stage: (stage, True) for stage in stages}


@given(known_before=st.integers(-60, 60), ticks=st.integers(1, 5))
def test_ticking_often_on_one_day_changes_nothing(known_before: int, ticks: int) -> None:
    once = live_through(DEFAULT_STAGES, [known_before], known_before=known_before)
    often = live_through(DEFAULT_STAGES, [known_before] * ticks, known_before=known_before)
    assert often == once
    assert sum(was_sent for _, was_sent in often.values()) <= 1


@pytest.mark.slow
@given(dues=st.lists(st.integers(-200, 200), min_size=50, max_size=50))
def test_going_live_sends_only_what_falls_on_that_very_day(dues: list[int]) -> None:
    today = date(2026, 3, 10)
    for days_left in dues:
        planned = plan_stages(
            today + timedelta(days=days_left),
            DEFAULT_STAGES,
            today=today,
            known_since=today,
            catch_up_days=3,
        )
        assert planned == StagePlan(days_left if days_left in DEFAULT_STAGES else None)
