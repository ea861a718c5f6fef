"""Billing cycles and the due dates they lead to.

A due date is a plain date. It is always computed from an anchor day, never from a date that was
already clamped to a short month: 31 Jan, 28 Feb, 31 Mar.
"""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from math import inf
from typing import ClassVar, Self


class CycleUnit(StrEnum):
    """What a billing cycle is counted in; two units are never due again."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    ONE_TIME = "one-time"
    FREE = "free"


MOST = 100
"""The longest cycle of each unit."""

_DAYS = {CycleUnit.WEEK: 7, CycleUnit.MONTH: 28, CycleUnit.YEAR: 12 * 28}
"""The fewest days of each unit, a year counted as twelve short months."""


@dataclass(frozen=True, slots=True)
class BillingCycle:
    """How often a service is paid for: every so many weeks, months or years, once, or never.

    ValueError for a number out of bounds, and for months that make whole years: equal cycles are
    equal values.
    """

    count: int
    unit: CycleUnit
    recurring: bool = field(init=False, repr=False, compare=False)
    """Whether a service on this cycle is ever due again; follows from the unit."""

    WEEKLY: ClassVar[Self]
    MONTHLY: ClassVar[Self]
    QUARTERLY: ClassVar[Self]
    SEMI_ANNUALLY: ClassVar[Self]
    ANNUALLY: ClassVar[Self]
    BIENNIALLY: ClassVar[Self]
    TRIENNIALLY: ClassVar[Self]
    ONE_TIME: ClassVar[Self]
    FREE: ClassVar[Self]

    def __post_init__(self) -> None:
        object.__setattr__(self, "recurring", self.unit in _DAYS)
        if not 1 <= self.count <= (MOST if self.recurring else 1):
            raise ValueError(f"no cycle is {self.count} {self.unit}")
        if self.unit is CycleUnit.MONTH and self.count % 12 == 0:
            raise ValueError(f"{self.count} months are {self.count // 12} years")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Its word in files and rows: "monthly", "2-weeks", "5-years"; `parse_cycle` reads it."""
        if self in _NAMES:
            return _NAMES[self]
        return f"{self.count}-{self.unit}{'' if self.count == 1 else 's'}"

    @property
    def months(self) -> int:
        """Length in months; 0 for cycles of weeks and for those that never renew."""
        return self.count * {CycleUnit.MONTH: 1, CycleUnit.YEAR: 12}.get(self.unit, 0)

    @property
    def fewest_days(self) -> int:
        """The days that a period has at least; 0 for cycles that never renew."""
        return self.count * _DAYS.get(self.unit, 0)

    @property
    def length(self) -> tuple[float, str]:
        """The order in which cycles are offered, shortest first, those that never renew last."""
        return self.fewest_days or inf, _LAST.get(self.unit, "")


_LAST = {CycleUnit.ONE_TIME: "1", CycleUnit.FREE: "2"}

BillingCycle.WEEKLY = BillingCycle(1, CycleUnit.WEEK)
BillingCycle.MONTHLY = BillingCycle(1, CycleUnit.MONTH)
BillingCycle.QUARTERLY = BillingCycle(3, CycleUnit.MONTH)
BillingCycle.SEMI_ANNUALLY = BillingCycle(6, CycleUnit.MONTH)
BillingCycle.ANNUALLY = BillingCycle(1, CycleUnit.YEAR)
BillingCycle.BIENNIALLY = BillingCycle(2, CycleUnit.YEAR)
BillingCycle.TRIENNIALLY = BillingCycle(3, CycleUnit.YEAR)
BillingCycle.ONE_TIME = BillingCycle(1, CycleUnit.ONE_TIME)
BillingCycle.FREE = BillingCycle(1, CycleUnit.FREE)

_NAMES = {
    BillingCycle.WEEKLY: "weekly",
    BillingCycle.MONTHLY: "monthly",
    BillingCycle.QUARTERLY: "quarterly",
    BillingCycle.SEMI_ANNUALLY: "semi-annually",
    BillingCycle.ANNUALLY: "annually",
    BillingCycle.BIENNIALLY: "biennially",
    BillingCycle.TRIENNIALLY: "triennially",
    BillingCycle.ONE_TIME: "one-time",
    BillingCycle.FREE: "free",
}

NAMED_CYCLES = tuple(_NAMES)
"""The cycles with a name of their own, shortest first."""

_BY_NAME = {name: cycle for cycle, name in _NAMES.items()}
_COUNTED = re.compile(r"([1-9][0-9]{0,2})-(week|month|year)s?")


def parse_cycle(name: str) -> BillingCycle:
    """The cycle of a name, or of a number and a unit: "annually", "2-weeks", "12-months".

    ValueError for anything else.
    """
    if name in _BY_NAME:
        return _BY_NAME[name]
    match = _COUNTED.fullmatch(name)
    if match is None:
        raise ValueError(f'"{name}" is no billing cycle')
    count, unit = int(match[1]), CycleUnit(match[2])
    if unit is CycleUnit.MONTH and count % 12 == 0:
        count, unit = count // 12, CycleUnit.YEAR
    return BillingCycle(count, unit)


def shortest_first(cycles: Iterable[BillingCycle]) -> tuple[BillingCycle, ...]:
    """Each of the cycles once, in the order in which they are offered."""
    return tuple(sorted(set(cycles), key=lambda cycle: cycle.length))


def clamp(year: int, month: int, day: int) -> date:
    """The date, or the month's last day if the month is shorter."""
    return date(year, month, day if day <= 28 else min(day, monthrange(year, month)[1]))


def add_cycle(due: date, *, anchor_day: int, cycle: BillingCycle) -> date:
    """Move a due date one cycle forward, keeping the anchor day of month; weeks have none.

    ValueError for a cycle that never renews.
    """
    if not cycle.recurring:
        raise ValueError(f"{cycle} never renews")
    if cycle.unit is CycleUnit.WEEK:
        return due + timedelta(weeks=cycle.count)
    months = due.year * 12 + due.month - 1 + cycle.months
    return clamp(months // 12, months % 12 + 1, anchor_day)


def anchor_after(due: date, *, anchor_day: int, cycle: BillingCycle) -> int:
    """The anchor day from a new due date on: weeks move it, months and years return to it."""
    return due.day if cycle.unit is CycleUnit.WEEK else anchor_day


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
