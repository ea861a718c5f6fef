"""What staff see of the company: what waits for them, and what is owed to it."""

from dataclasses import dataclass

from billing.rules.money import Money


@dataclass(frozen=True, slots=True)
class Tally:
    """How many, and what they come to: one amount per currency.

    The prices that are not known yet, those of `unpriced`, are in none of the sums. Where a
    connected panel has not said what they come to, there are no sums at all.
    """

    count: int = 0
    sums: tuple[Money, ...] = ()
    unpriced: int = 0


NONE = Tally()
"""Nothing at all."""


@dataclass(frozen=True, slots=True)
class OverdueGroup:
    """Overdue services of one amount, currency and tax rate; `is_long`: for more than a week."""

    is_long: bool
    amount: Money | None
    currency: str
    tax_rate: int | None
    count: int


@dataclass(frozen=True, slots=True)
class ToDo:
    """How much waits for staff.

    `calls` are those to a panel that do not come to an end by themselves, `unreachable` clients
    who owe something soon and whom no reminder reaches.
    """

    orders: int = 0
    cancellations: int = 0
    unplaced: int = 0
    calls: int = 0
    unreachable: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether nobody has to do anything."""
        return self == ToDo()


@dataclass(frozen=True, slots=True)
class Standing:
    """How the company stands at an instant.

    `waiting` are the proformas that wait to be paid, `expiring` those of them that lapse within
    days; `overdue` are services past their due date that are neither ended nor being cancelled,
    `long_overdue` those of them that have been for more than a week.
    """

    waiting: Tally = NONE
    expiring: Tally = NONE
    overdue: Tally = NONE
    long_overdue: Tally = NONE
    todo: ToDo = ToDo()

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to say."""
        return self == Standing()
