"""The company's own texts that clients can read."""

from enum import IntEnum


class CompanyText(IntEnum):
    """The company's texts; old keyboards keep the numbers, so reuse none."""

    TERMS = 0
    PRIVACY = 1
    PAYMENT_SUPPORT = 2
