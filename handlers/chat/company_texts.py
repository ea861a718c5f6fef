"""The company's own texts that clients can read."""

from enum import IntEnum


class CompanyText(IntEnum):
    """Old keyboards hold the numbers: reuse none."""

    TERMS = 0
    PRIVACY = 1
    PAYMENT_SUPPORT = 2
