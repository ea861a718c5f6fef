"""Due dates for a calendar outside."""

from dataclasses import dataclass
from datetime import datetime

from billing.rules.services.service import Service
from billing.rules.shop.forecast import Upcoming


@dataclass(frozen=True, slots=True)
class DueCalendar:
    """What a client's calendar should hold as of `made_at`, and what it should hold no more.

    `withdrawn` have a next due date in the future that nobody will ask to be paid. So many
    services and add-ons are left out because their due date is not known yet: `undated`. Amounts
    and later dates are no more than estimates where it `is_estimate`.
    """

    company: str
    made_at: datetime
    upcoming: tuple[Upcoming, ...]
    withdrawn: tuple[Service, ...]
    undated: int = 0
    is_estimate: bool = False
