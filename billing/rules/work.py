"""After what the company has work to do."""

from enum import StrEnum


class WorkKind(StrEnum):
    """What was paid so that the company has work to do; it opens a task.

    A new product, an add-on, a renewal; reactivation is the renewal of a service that was not
    active, so that somebody has to switch it on again.
    """

    ORDER = "order"
    ADDON = "addon"
    RENEWAL = "renewal"
    REACTIVATION = "reactivation"


NEEDS_WORK = (WorkKind.ORDER, WorkKind.ADDON, WorkKind.REACTIVATION)
"""What needs work unless a product says otherwise."""
