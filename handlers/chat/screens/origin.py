"""The screen that the client came from, as a code in buttons for the way back."""

from enum import IntEnum


class Origin(IntEnum):
    """Screens that a Back button can lead to; old keyboards keep the numbers, so reuse none."""

    HOME = 0
    SERVICES = 1
    SERVICE = 2
    RENEWALS = 3
    ADDONS = 4
    ORDER = 5
    CART = 6
    INVOICES = 7
    REMINDER = 8
    ACCOUNT = 9
    HELP = 10
    COSTS = 11
