from datetime import date

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.services.service import CANCELLABLE, LIVE, ServiceStatus, SuspendedFor, activate
from tests import make


@pytest.mark.parametrize(
    ("due", "days"),
    [
        (date(2026, 3, 22), 12),
        (date(2026, 3, 11), 1),
        (date(2026, 3, 10), 0),
        (date(2026, 3, 3), -7),
        (None, None),
    ],
)
def test_days_left_count_to_the_due_date_and_below_zero_when_overdue(
    due: date | None, days: int | None
) -> None:
    assert make.service(next_due_date=due).days_left(date(2026, 3, 10)) == days


def test_a_service_is_called_what_its_client_calls_it() -> None:
    assert make.service().title == "Hosting start"
    assert make.service(label="Blog Anny").title == "Blog Anny"


def test_an_add_on_is_a_service_with_a_parent() -> None:
    assert not make.service().is_addon
    assert make.owned_addon().is_addon


OWED = {
    (ServiceStatus.ACTIVE, None),
    (ServiceStatus.SUSPENDED, SuspendedFor.NON_PAYMENT),
}


@pytest.mark.parametrize("status", ServiceStatus)
@pytest.mark.parametrize("reason", SuspendedFor)
def test_a_due_date_matters_while_active_or_suspended_for_money(
    status: ServiceStatus, reason: SuspendedFor
) -> None:
    suspended = reason if status is ServiceStatus.SUSPENDED else None
    service = make.service(status=status, suspended_for=suspended)
    assert service.is_owed() is ((status, suspended) in OWED)


@pytest.mark.parametrize("status", ServiceStatus)
def test_what_has_ended_is_not_live(status: ServiceStatus) -> None:
    ended = {
        ServiceStatus.TERMINATED, ServiceStatus.CANCELLED, ServiceStatus.FRAUD,
        ServiceStatus.COMPLETED,
    }  # fmt: skip
    assert make.service(status=status).is_live is (status not in ended)
    assert (status in LIVE) is (status not in ended)


def test_only_what_runs_or_could_run_again_may_be_cancelled() -> None:
    assert {ServiceStatus.ACTIVE, ServiceStatus.SUSPENDED} == CANCELLABLE


@pytest.mark.parametrize(
    ("cycle", "accepted", "due"),
    [
        (BillingCycle.MONTHLY, date(2026, 1, 31), date(2026, 2, 28)),
        (BillingCycle.QUARTERLY, date(2026, 3, 10), date(2026, 6, 10)),
        (BillingCycle.ANNUALLY, date(2024, 2, 29), date(2025, 2, 28)),
        (BillingCycle.TRIENNIALLY, date(2026, 3, 10), date(2029, 3, 10)),
        (BillingCycle.ONE_TIME, date(2026, 3, 10), None),
        (BillingCycle.FREE, date(2026, 3, 10), None),
    ],
)
def test_a_new_service_starts_on_the_day_it_is_accepted(
    cycle: BillingCycle, accepted: date, due: date | None
) -> None:
    ordered = make.service(
        status=ServiceStatus.PENDING, cycle=cycle, next_due_date=None, anchor_day=5
    )
    started = activate(ordered, today=accepted)
    assert started.status is ServiceStatus.ACTIVE
    assert started.registered_on == accepted
    assert started.next_due_date == due
    assert started.anchor_day == accepted.day
    assert (started.id, started.amount, started.cycle) == (1, ordered.amount, cycle)
