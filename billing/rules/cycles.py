"""Billing cycles and the due dates they lead to.

A due date is a plain date. It is always computed from an anchor day, never from a date that was
already clamped to a short month: 31 Jan, 28 Feb, 31 Mar.
"""

from calendar import monthrange
from datetime import date
from enum import StrEnum


class BillingCycle(StrEnum):
    """How often a service is paid for."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    SEMI_ANNUALLY = "semi-annually"
    ANNUALLY = "annually"
    BIENNIALLY = "biennially"
    TRIENNIALLY = "triennially"
    ONE_TIME = "one-time"
    FREE = "free"

    @property
    def months(self) -> int:
        """Length in months; 0 for cycles that never renew."""
        return MONTHS[self]

    @property
    def recurring(self) -> bool:
        """Whether a service on this cycle is ever due again."""
        return self.months > 0


MONTHS = {
    BillingCycle.MONTHLY: 1,
    BillingCycle.QUARTERLY: 3,
    BillingCycle.SEMI_ANNUALLY: 6,
    BillingCycle.ANNUALLY: 12,
    BillingCycle.BIENNIALLY: 24,
    BillingCycle.TRIENNIALLY: 36,
    BillingCycle.ONE_TIME: 0,
    BillingCycle.FREE: 0,
}

CYCLES = tuple(BillingCycle)
"""All cycles in the order in which they are offered, shortest first."""


def clamp(year: int, month: int, day: int) -> date:
    """The date, or the month's last day if the month is shorter."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def add_cycle(due: date, *, anchor_day: int, cycle: BillingCycle) -> date:
    """Move a due date one cycle forward, keeping the anchor day of month.

    ValueError for a cycle that never renews.
    """
    if not cycle.recurring:
        raise ValueError(f"{cycle} never renews")
    months = due.year * 12 + due.month - 1 + cycle.months
    return clamp(months // 12, months % 12 + 1, anchor_day)


def leads_to(anchor_day: int, due: date | None) -> bool:
    """Whether due dates of that anchor day can fall on this date; no date is open to any."""
    return due is None or clamp(due.year, due.month, anchor_day) == due


def anchor_for(registered_on: date, next_due: date | None) -> int:
    """The anchor day a loaded service gets when its row names none.

    The day of registration if it clamps to the due date, else the due date's own day.
    """
    if next_due is None:
        return registered_on.day
    if clamp(next_due.year, next_due.month, registered_on.day) == next_due:
        return registered_on.day
    return next_due.day
