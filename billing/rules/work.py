"""After what the company has work to do."""

from enum import StrEnum


class WorkKind(StrEnum):
    """After what the company has work to do; it opens a task.

    Paid: a new product, an add-on, a renewal; reactivation is the renewal of a service that was
    not active, so that somebody has to switch it on again. Not paid: a client's wish to end a
    service, where the panel cannot do that by itself.
    """

    ORDER = "order"
    ADDON = "addon"
    RENEWAL = "renewal"
    REACTIVATION = "reactivation"
    CANCELLATION = "cancellation"


PAID_WORK = (WorkKind.ORDER, WorkKind.ADDON, WorkKind.RENEWAL, WorkKind.REACTIVATION)
"""What a product may need work after."""

NEEDS_WORK = (WorkKind.ORDER, WorkKind.ADDON, WorkKind.REACTIVATION)
"""What needs work unless a product says otherwise."""
