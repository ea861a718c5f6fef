from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.rules.cycles import BillingCycle, add_cycle, anchor_after, clamp
from billing.rules.services.service import Service, ServiceStatus, SuspendedFor
from billing.rules.shop.catalog import LatePolicy, Policy
from billing.rules.shop.renewals import (
    Refusal,
    Renewability,
    RenewalTerms,
    renew,
    renewability,
    renewal_terms,
    terms_when_paid,
)
from tests import make
from tests.billing.rules.strategies import BY_MONTH, CYCLES, RECURRING, anchors, recurring_cycles

TODAY = make.TODAY
many = settings(max_examples=500)

State = tuple[ServiceStatus, SuspendedFor | None]

STATES: list[State] = [
    (status, None) for status in ServiceStatus if status is not ServiceStatus.SUSPENDED
]
STATES += [(ServiceStatus.SUSPENDED, reason) for reason in SuspendedFor]

RENEWABLE_STATES: set[State] = {
    (ServiceStatus.ACTIVE, None),
    (ServiceStatus.SUSPENDED, SuspendedFor.NON_PAYMENT),
}

IN_A_YEAR = date(2027, 3, 1)
PARENTS: dict[str, tuple[Service | None, bool]] = {
    "active": (make.service(id=9), True),
    "overdue": (make.service(id=9, next_due_date=date(2025, 1, 1)), True),
    "not open yet": (
        make.service(id=9, cycle=BillingCycle.ANNUALLY, next_due_date=IN_A_YEAR), True,
    ),
    "free": (make.service(id=9, cycle=BillingCycle.FREE, next_due_date=None), True),
    "one-time": (make.service(id=9, cycle=BillingCycle.ONE_TIME, next_due_date=None), True),
    "suspended for money": (make.service(id=9, status=ServiceStatus.SUSPENDED), True),
    "suspended for abuse": (
        make.service(
            id=9, status=ServiceStatus.SUSPENDED, suspended_for=SuspendedFor.ABUSE
        ), False,
    ),
    "free and suspended for another reason": (
        make.service(
            id=9, cycle=BillingCycle.FREE, next_due_date=None, status=ServiceStatus.SUSPENDED,
            suspended_for=SuspendedFor.OTHER,
        ), False,
    ),
    "pending": (make.service(id=9, status=ServiceStatus.PENDING, next_due_date=None), False),
    "terminated": (make.service(id=9, status=ServiceStatus.TERMINATED), False),
    "cancelled": (make.service(id=9, status=ServiceStatus.CANCELLED), False),
    "fraud": (make.service(id=9, status=ServiceStatus.FRAUD), False),
    "completed": (
        make.service(
            id=9, status=ServiceStatus.COMPLETED, cycle=BillingCycle.ONE_TIME, next_due_date=None
        ), False,
    ),
    "without a due date": (make.service(id=9, next_due_date=None), False),
    "unknown": (None, False),
}  # fmt: skip
"""Every kind of parent, and whether it lets its add-ons be renewed."""


def ask(service: Service, **facts: object) -> Renewability:
    """Whether it can be renewed today, by default alone, without windows or cancellations."""
    base: dict[str, object] = {"parent": None, "policy": Policy(), "today": TODAY}
    return renewability(service, **(base | facts))  # type: ignore[arg-type]


def owned(state: State, cycle: BillingCycle, *, due_in: int) -> Service:
    due = TODAY + timedelta(days=due_in) if cycle.recurring else None
    return make.service(status=state[0], suspended_for=state[1], cycle=cycle, next_due_date=due)


@pytest.mark.parametrize("window", [0, 1, 30, 60])
@pytest.mark.parametrize("cycle", CYCLES)
def test_exactly_these_services_can_be_renewed(cycle: BillingCycle, window: int) -> None:
    policy = Policy(opens_days_before={cycle: window} if window else {})
    for state, due_in, cancelling in product(STATES, [-400, -1, 0, 1, 30, 31, 60], [False, True]):
        able = ask(owned(state, cycle, due_in=due_in), policy=policy, cancellation_open=cancelling)
        assert able.allowed is (
            state in RENEWABLE_STATES
            and cycle.recurring
            and not cancelling
            and (not window or due_in <= window)
        ), (state, due_in, cancelling)
        assert (able.opens_on is not None) is (able.refusal is Refusal.NOT_OPEN_YET)


@pytest.mark.parametrize("parent_name", PARENTS)
@pytest.mark.parametrize("cycle", CYCLES)
def test_exactly_these_add_ons_can_be_renewed(cycle: BillingCycle, parent_name: str) -> None:
    parent, carries = PARENTS[parent_name]
    for state, own, above in product(STATES, [False, True], [False, True]):
        able = ask(
            replace(owned(state, cycle, due_in=5), parent_id=9),
            parent=parent,
            cancellation_open=own,
            parent_cancellation_open=above,
        )
        itself = state in RENEWABLE_STATES and cycle.recurring and not own
        assert able.allowed is (itself and carries and not above), (state, own, above)
        assert (able.refusal is Refusal.PARENT) is (itself and not carries)
        leaves = itself and carries and above
        assert (able.refusal is Refusal.PARENT_CANCELLATION) is leaves


@pytest.mark.parametrize(
    ("status", "reason", "refusal"),
    [
        (ServiceStatus.PENDING, None, Refusal.PENDING),
        (ServiceStatus.ACTIVE, None, None),
        (ServiceStatus.SUSPENDED, SuspendedFor.NON_PAYMENT, None),
        (ServiceStatus.SUSPENDED, SuspendedFor.ABUSE, Refusal.SUSPENDED),
        (ServiceStatus.SUSPENDED, SuspendedFor.OTHER, Refusal.SUSPENDED),
        (ServiceStatus.TERMINATED, None, Refusal.TERMINATED),
        (ServiceStatus.CANCELLED, None, Refusal.CANCELLED),
        (ServiceStatus.FRAUD, None, Refusal.FRAUD),
        (ServiceStatus.COMPLETED, None, Refusal.COMPLETED),
    ],
)
def test_every_status_has_its_own_reason(
    status: ServiceStatus, reason: SuspendedFor | None, refusal: Refusal | None
) -> None:
    service = make.service(status=status, suspended_for=reason)
    assert ask(service) == Renewability(refusal)
    # The status is said even where a cancellation is open as well: withdrawing would not help.
    both = ask(service, cancellation_open=True).refusal
    assert both is (refusal or Refusal.CANCELLATION_OPEN)


@pytest.mark.parametrize(
    ("cycle", "refusal"),
    [(BillingCycle.ONE_TIME, Refusal.ONE_TIME), (BillingCycle.FREE, Refusal.FREE)],
)
def test_one_time_and_free_say_so(cycle: BillingCycle, refusal: Refusal) -> None:
    assert ask(make.service(cycle=cycle, next_due_date=None)) == Renewability(refusal)
    assert ask(make.service(cycle=cycle)) == Renewability(refusal)


def test_a_recurring_service_without_a_due_date_says_so() -> None:
    assert ask(make.service(next_due_date=None)) == Renewability(Refusal.NO_DUE_DATE)


@pytest.mark.parametrize(
    ("today", "able"),
    [
        (date(2026, 1, 1), Renewability(Refusal.NOT_OPEN_YET, date(2026, 2, 20))),
        (date(2026, 2, 19), Renewability(Refusal.NOT_OPEN_YET, date(2026, 2, 20))),
        (date(2026, 2, 20), Renewability()),
        (date(2026, 3, 22), Renewability()),
        (date(2027, 1, 1), Renewability()),
    ],
)
def test_a_renewal_that_opens_later_says_from_when(today: date, able: Renewability) -> None:
    policy = Policy(opens_days_before={BillingCycle.MONTHLY: 30})
    service = make.service(next_due_date=date(2026, 3, 22))
    assert ask(service, policy=policy, today=today) == able


def test_a_window_counts_for_its_own_cycle_only() -> None:
    policy = Policy(opens_days_before={BillingCycle.ANNUALLY: 30})
    assert ask(make.service(next_due_date=IN_A_YEAR), policy=policy).allowed


def test_an_add_on_keeps_its_own_window_whatever_its_parents() -> None:
    policy = Policy(opens_days_before={BillingCycle.ANNUALLY: 30})
    parent = make.service(cycle=BillingCycle.ANNUALLY, next_due_date=IN_A_YEAR)
    addon = make.owned_addon()
    assert ask(parent, policy=policy).refusal is Refusal.NOT_OPEN_YET
    assert ask(addon, parent=parent, policy=policy).allowed


def test_one_overdue_service_does_not_block_another() -> None:
    overdue = make.service(id=1, next_due_date=TODAY - timedelta(days=90))
    prepaid = make.service(id=2, next_due_date=TODAY + timedelta(days=90))
    pricing = make.pricing(overdue, prepaid)
    assert [pricing.renewability(service).allowed for service in (overdue, prepaid)] == [
        True,
        True,
    ]


LATE = st.sampled_from(LatePolicy)
OFFSETS = st.integers(-800, 800)


@pytest.mark.slow
@many
@given(anchor_day=anchors, cycle=recurring_cycles, late=LATE, offset=OFFSETS)
def test_paying_early_or_on_the_day_loses_no_days(
    anchor_day: int, cycle: BillingCycle, late: LatePolicy, offset: int
) -> None:
    due = clamp(2026, 4, anchor_day)
    service = make.service(next_due_date=due, anchor_day=anchor_day)
    terms = renewal_terms(service, cycle=cycle, late=late, today=due - timedelta(days=abs(offset)))
    assert terms.period_from == due
    assert terms.period_to == add_cycle(due, anchor_day=anchor_day, cycle=cycle)
    assert terms.anchor_day == anchor_after(terms.period_to, anchor_day=anchor_day, cycle=cycle)


@pytest.mark.slow
@many
@given(anchor_day=anchors, cycle=recurring_cycles, days_late=st.integers(1, 800))
def test_paying_late_counts_from_the_day_that_the_policy_says(
    anchor_day: int, cycle: BillingCycle, days_late: int
) -> None:
    due = clamp(2026, 4, anchor_day)
    today = due + timedelta(days=days_late)
    service = make.service(next_due_date=due, anchor_day=anchor_day)
    from_due = renewal_terms(service, cycle=cycle, late=LatePolicy.FROM_DUE_DATE, today=today)
    from_day = renewal_terms(service, cycle=cycle, late=LatePolicy.FROM_PAYMENT_DATE, today=today)
    then = add_cycle(due, anchor_day=anchor_day, cycle=cycle)
    anchor = anchor_after(then, anchor_day=anchor_day, cycle=cycle)
    assert from_due == RenewalTerms(due, then, anchor)
    fresh = add_cycle(today, anchor_day=today.day, cycle=cycle)
    anchor = anchor_after(fresh, anchor_day=today.day, cycle=cycle)
    assert from_day == RenewalTerms(today, fresh, anchor)


def test_nothing_is_renewed_without_a_due_date() -> None:
    service = make.service(next_due_date=None)
    with pytest.raises(ValueError, match="due date"):
        renewal_terms(
            service, cycle=BillingCycle.MONTHLY, late=LatePolicy.FROM_DUE_DATE, today=TODAY
        )
    sold = RenewalTerms(TODAY, TODAY, 1)
    with pytest.raises(ValueError, match="due date"):
        terms_when_paid(service, sold, sold_due=TODAY, cycle=BillingCycle.MONTHLY)


def pay(service: Service, cycle: BillingCycle, today: date, late: LatePolicy) -> Service:
    terms = renewal_terms(service, cycle=cycle, late=late, today=today)
    return renew(service, terms, cycle=cycle, amount=service.amount, today=today)


@pytest.mark.slow
@many
@given(
    anchor_day=anchors,
    first=st.sampled_from(BY_MONTH),
    second=st.sampled_from(BY_MONTH),
    days_early=st.integers(0, 400),
)
def test_two_renewals_stack(
    anchor_day: int, first: BillingCycle, second: BillingCycle, days_early: int
) -> None:
    due = clamp(2026, 1, anchor_day)
    today = due - timedelta(days=days_early)
    service = make.service(next_due_date=due, anchor_day=anchor_day)
    once = pay(service, first, today, LatePolicy.FROM_PAYMENT_DATE)
    twice = pay(once, second, today, LatePolicy.FROM_PAYMENT_DATE)
    months = first.months + second.months
    expected = make.due_after(due, BillingCycle.MONTHLY, times=months, anchor_day=anchor_day)
    assert twice.next_due_date == expected
    assert twice.anchor_day == anchor_day


def test_the_31st_survives_a_year_of_monthly_payments() -> None:
    service = make.service(next_due_date=date(2026, 1, 31))
    days = []
    for _ in range(12):
        assert service.next_due_date is not None
        service = pay(
            service, BillingCycle.MONTHLY, service.next_due_date, LatePolicy.FROM_DUE_DATE
        )
        days.append(service.days_left(date(2026, 1, 31)))
    assert days == [28, 59, 89, 120, 150, 181, 212, 242, 273, 303, 334, 365]


def test_a_renewal_in_another_cycle_replaces_cycle_and_amount() -> None:
    terms = RenewalTerms(date(2026, 3, 22), date(2027, 3, 22), 22)
    after = renew(
        make.service(), terms, cycle=BillingCycle.ANNUALLY, amount=make.money("290.00"),
        today=TODAY,
    )  # fmt: skip
    assert after == replace(
        make.service(),
        cycle=BillingCycle.ANNUALLY,
        amount=make.money("290.00"),
        next_due_date=date(2027, 3, 22),
    )


@pytest.mark.parametrize(
    ("state", "paid_until", "then"),
    [
        ((ServiceStatus.ACTIVE, None), -1, (ServiceStatus.ACTIVE, None)),
        ((ServiceStatus.ACTIVE, None), 30, (ServiceStatus.ACTIVE, None)),
        ((ServiceStatus.SUSPENDED, SuspendedFor.NON_PAYMENT), 30, (ServiceStatus.ACTIVE, None)),
        ((ServiceStatus.SUSPENDED, SuspendedFor.NON_PAYMENT), 0, (ServiceStatus.ACTIVE, None)),
        (
            (ServiceStatus.SUSPENDED, SuspendedFor.NON_PAYMENT), -1,
            (ServiceStatus.SUSPENDED, SuspendedFor.NON_PAYMENT),
        ),
        (
            (ServiceStatus.SUSPENDED, SuspendedFor.ABUSE), 30,
            (ServiceStatus.SUSPENDED, SuspendedFor.ABUSE),
        ),
        (
            (ServiceStatus.SUSPENDED, SuspendedFor.OTHER), 30,
            (ServiceStatus.SUSPENDED, SuspendedFor.OTHER),
        ),
    ],
)  # fmt: skip
def test_money_lifts_a_suspension_for_money_once_paid_up_to_today(
    state: State,
    paid_until: int,
    then: State,
) -> None:
    service = make.service(status=state[0], suspended_for=state[1])
    until = TODAY + timedelta(days=paid_until)
    after = renew(
        service, RenewalTerms(until - timedelta(days=30), until, 22),
        cycle=service.cycle, amount=service.amount, today=TODAY,
    )  # fmt: skip
    assert (after.status, after.suspended_for) == then


@given(behind=st.integers(1, 400), late=LATE)
def test_paying_period_after_period_ends_in_active(behind: int, late: LatePolicy) -> None:
    service = make.service(
        status=ServiceStatus.SUSPENDED, next_due_date=TODAY - timedelta(days=behind)
    )
    for _ in range(14):
        if service.status is ServiceStatus.ACTIVE:
            break
        assert ask(service).allowed
        service = pay(service, BillingCycle.MONTHLY, TODAY, late)
    assert service.status is ServiceStatus.ACTIVE
    assert service.next_due_date is not None
    assert TODAY <= service.next_due_date < TODAY + timedelta(days=32)


@pytest.mark.parametrize("cycle", RECURRING)
def test_a_renewal_paid_as_it_was_sold_keeps_the_dates_on_the_invoice(
    cycle: BillingCycle,
) -> None:
    service = make.service()
    sold = renewal_terms(service, cycle=cycle, late=LatePolicy.FROM_DUE_DATE, today=TODAY)
    paid = terms_when_paid(service, sold, sold_due=service.next_due_date, cycle=cycle)
    assert paid == sold


@given(moved=st.dates(date(2025, 1, 1), date(2030, 1, 1)), cycle=recurring_cycles)
def test_a_renewal_whose_due_date_moved_adds_one_cycle_to_what_it_is_now(
    moved: date, cycle: BillingCycle
) -> None:
    sold_due = date(2031, 3, 22)
    sold = RenewalTerms(sold_due, add_cycle(sold_due, anchor_day=22, cycle=cycle), 22)
    service = make.service(next_due_date=moved)
    paid = terms_when_paid(service, sold, sold_due=sold_due, cycle=cycle)
    then = add_cycle(moved, anchor_day=moved.day, cycle=cycle)
    anchor = anchor_after(then, anchor_day=moved.day, cycle=cycle)
    assert paid == RenewalTerms(moved, then, anchor)
