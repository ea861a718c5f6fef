"""Whose word counts for the billing state of a service: the folder's, or what happened here.

The state that a load left behind is remembered with the service. Where the service has another
one by now, something happened here since: it was renewed, cancelled, accepted or rejected. We call
that a sale. A folder that does not know of it must not take it back without being told to.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from billing.rules.cycles import BillingCycle
from billing.rules.services.service import LIVE, ServiceStatus, SuspendedFor


@dataclass(frozen=True, slots=True)
class BillingState:
    """What of a service later loads change only on request; amounts in minor units."""

    first_amount: int
    amount: int
    cycle: BillingCycle
    registered_on: date
    next_due_date: date | None
    anchor_day: int
    status: ServiceStatus
    suspended_for: SuspendedFor | None


class Difference(StrEnum):
    """How a row of the folder relates to the stored service."""

    NONE = "none"
    CHANGED_THERE = "changed_there"
    SOLD_HERE = "sold_here"


def difference(
    here: BillingState, folder: BillingState, last_load: BillingState | None
) -> Difference:
    """Compare a service with a folder's row; `loaded` is the state that the last load left.

    Without one (None) everything that differs counts as sold here.
    """
    if here == folder:
        return Difference.NONE
    if last_load is not None and (here == last_load or _knows_of_sale(here, folder, last_load)):
        return Difference.CHANGED_THERE
    return Difference.SOLD_HERE


def _knows_of_sale(here: BillingState, folder: BillingState, last_load: BillingState) -> bool:
    """Whether the folder has every change that was made here, or has gone further."""
    if _price(here) not in (_price(last_load), _price(folder)):
        return False
    if here.next_due_date != last_load.next_due_date and not _is_due_as_late(here, folder):
        return False
    has_ended = here.status not in LIVE and folder.status not in LIVE
    return has_ended or _status_of(here) in (_status_of(last_load), _status_of(folder))


def _price(state: BillingState) -> tuple[int, int, BillingCycle]:
    return state.amount, state.first_amount, state.cycle


def _status_of(state: BillingState) -> tuple[ServiceStatus, SuspendedFor | None]:
    return state.status, state.suspended_for


def _is_due_as_late(here: BillingState, folder: BillingState) -> bool:
    if here.next_due_date is None or folder.next_due_date is None:
        return here.next_due_date is folder.next_due_date
    return folder.next_due_date >= here.next_due_date
