"""Whose word counts for a service's billing state."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.loading.loaded_state import BillingState, Difference, difference
from billing.rules.services.service import ServiceStatus, SuspendedFor

LOADED = BillingState(
    2900, 2900, BillingCycle.MONTHLY, date(2026, 1, 22), date(2026, 3, 22), 22,
    ServiceStatus.ACTIVE, None,
)  # fmt: skip
APRIL: dict[str, Any] = {"next_due_date": date(2026, 4, 22)}
MAY: dict[str, Any] = {"next_due_date": date(2026, 5, 22)}
CANCELLED = {"status": ServiceStatus.CANCELLED}
SUSPENDED = {"status": ServiceStatus.SUSPENDED, "suspended_for": SuspendedFor.NON_PAYMENT}
DEARER: dict[str, Any] = {"amount": 3300}
ANNUAL = {"cycle": BillingCycle.ANNUALLY, "amount": 29000}


def compare(here: dict[str, Any], folder: dict[str, Any]) -> Difference:
    return difference(replace(LOADED, **here), replace(LOADED, **folder), LOADED)


@pytest.mark.parametrize("same", [{}, APRIL, CANCELLED])
def test_equal_states_do_not_differ(same: dict[str, Any]) -> None:
    assert compare(same, same) is Difference.NONE


@pytest.mark.parametrize("folder", [APRIL, CANCELLED, SUSPENDED, DEARER, ANNUAL])
def test_what_nobody_touched_here_was_changed_there(folder: dict[str, Any]) -> None:
    assert compare({}, folder) is Difference.CHANGED_THERE


@pytest.mark.parametrize("here", [APRIL, CANCELLED, ANNUAL, {"anchor_day": 31} | APRIL])
@pytest.mark.parametrize("folder", [{}, DEARER, SUSPENDED, {"next_due_date": date(2026, 4, 1)}])
def test_what_was_sold_here_and_is_not_known_there_is_a_sale(
    here: dict[str, Any], folder: dict[str, Any]
) -> None:
    assert compare(here, folder) is Difference.SOLD_HERE


@pytest.mark.parametrize(
    ("here", "folder"),
    [
        (APRIL, APRIL | DEARER),
        (APRIL, MAY),
        (APRIL, APRIL | CANCELLED),
        (CANCELLED, {"status": ServiceStatus.TERMINATED}),
        (APRIL | ANNUAL, MAY | ANNUAL),
    ],
)
def test_a_folder_that_knows_of_the_sale_may_go_further(
    here: dict[str, Any], folder: dict[str, Any]
) -> None:
    assert compare(here, folder) is Difference.CHANGED_THERE


def test_another_cycle_that_the_folder_does_not_know_is_a_sale_however_late_it_is_due() -> None:
    assert compare(APRIL | ANNUAL, MAY) is Difference.SOLD_HERE


def test_without_a_state_that_was_loaded_every_difference_is_a_sale() -> None:
    assert difference(LOADED, replace(LOADED, **APRIL), None) is Difference.SOLD_HERE
    assert difference(LOADED, LOADED, None) is Difference.NONE


def test_a_due_date_that_went_away_here_is_a_sale() -> None:
    accepted = replace(LOADED, status=ServiceStatus.PENDING, next_due_date=None)
    assert difference(LOADED, accepted, accepted) is Difference.SOLD_HERE
    assert difference(accepted, LOADED, LOADED) is Difference.SOLD_HERE
