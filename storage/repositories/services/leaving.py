"""Open requests to cancel a service or its parent, joined to a service's row."""

from typing import Any

from sqlalchemy import FromClause, Join, and_, case, or_

from billing.views.services import CancelWhen
from storage.tables.services import cancellations, services

_OWN = cancellations.alias("own_request")
_ABOVE = cancellations.alias("request_above")

IS_LEAVING = or_(_OWN.c.id.is_not(None), _ABOVE.c.id.is_not(None))
"""The condition that a service or its parent has an open request."""

ENDS_ON: Any = case(
    (
        and_(_OWN.c.id.is_(None), _ABOVE.c.takes_effect == CancelWhen.PERIOD_END),
        _ABOVE.c.effective_on,
    )
)
"""The day on which an add-on's service ends with its period; else NULL."""


def with_requests(source: FromClause = services) -> Join:
    """Services with their open requests; each service has one at most."""
    own = source.outerjoin(_OWN, _OWN.c.open_service_id == services.c.id)
    return own.outerjoin(_ABOVE, _ABOVE.c.open_service_id == services.c.parent_id)
