"""What of a client's services can be renewed now."""

from collections.abc import Collection
from datetime import date
from typing import Protocol

from billing.views.page import Part
from billing.views.renewals import RenewalCriteria, RenewalPages
from billing.views.services import OwnedService


class Renewals(Protocol):
    """Services that are not cancelled, terminated or fraud; every query names the client.

    Each of its methods is one statement. The rule for all but add-ons of services that end with
    their period, `billing.rules.shop.renewals`, is a condition of the queries.
    """

    async def judged_apart(
        self, client_id: int, service_ids: Collection[int], *, due_by: date
    ) -> tuple[OwnedService, ...]:
        """Services whose rule is applied one by one, with their parents and add-ons.

        They are the named ones, what the client owes for by that day, and services that end with
        their period.
        """

    async def pages(
        self, criteria: RenewalCriteria, *, offers: Part, refused: Part
    ) -> RenewalPages:
        """A part of each list, most urgent first: by due date, title and id; no date comes last.

        A part past the end becomes the last one of its length.
        """
