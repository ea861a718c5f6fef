"""The client's credit and how it came about."""

from dataclasses import dataclass

from billing.rules.money import Money
from billing.rules.payments.payment import CreditMovement


@dataclass(frozen=True, slots=True)
class CreditHistory:
    """One page of the credit's movements, newest first."""

    credit: Money
    movements: tuple[CreditMovement, ...]
    page: int
    more: bool
