"""What of a client's services can be renewed: counts, and a part of the list."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from billing.rules.money import Money
from billing.views.page import Part
from billing.views.renewals import RenewalClass, RenewalCriteria, RenewalPages
from billing.views.services import OwnedService
from storage.engines.connection import Connection
from storage.repositories.services.owned_services import OWNED_WIDTH, owned_from
from storage.repositories.services.renewal_rule import cycle_name, last_day
from storage.repositories.services.renewal_statements import (
    AMOUNT,
    COUNT,
    CURRENCY,
    CYCLE,
    DATE_KNOWN,
    INVOICE_ID,
    IS_SOON,
    JUDGED_APART,
    PRODUCT_ID,
    Place,
    pages_with,
)


@dataclass(frozen=True, slots=True)
class SqlRenewals:
    """Queries that judge services, and those whose rule is applied one by one."""

    connection: Connection

    async def judged_apart(
        self, client_id: int, service_ids: Collection[int], *, due_by: date
    ) -> tuple[OwnedService, ...]:
        """The named services, those due by a day, those that end with their period; families."""
        parameters = {"client_id": client_id, "ids": service_ids, "until": due_by}
        rows = await self.connection.execute(JUDGED_APART, parameters)
        return tuple(owned_from(row) for row in rows)

    async def pages(
        self, criteria: RenewalCriteria, *, offers: Part, refused: Part
    ) -> RenewalPages:
        """A part of what can be renewed and of what cannot, with counts of all."""
        parameters = _parameters(criteria) | {
            "offers": offers.limit, "before_offers": offers.offset,
            "refused": refused.limit, "before_refused": refused.offset,
        }  # fmt: skip
        statement = pages_with(len(criteria.opens))
        rows: dict[int, list[Sequence[Any]]] = {place: [] for place in Place}
        for row in await self.connection.execute(statement, parameters):
            rows[row[OWNED_WIDTH]].append(row)
        return RenewalPages(
            offers=tuple(map(owned_from, rows[Place.OFFERS])),
            refused=tuple(map(owned_from, rows[Place.REFUSED])),
            parents=tuple(map(owned_from, rows[Place.PARENTS])),
            classes=tuple(_class_from(row, criteria) for row in rows[Place.CLASSES]),
            refused_count=sum(row[COUNT] for row in rows[Place.REFUSALS]),
            balances={
                row[INVOICE_ID]: Money(max(row[AMOUNT], 0), row[CURRENCY])
                for row in rows[Place.REFUSALS]
                if row[INVOICE_ID] is not None
            },
        )


def _parameters(criteria: RenewalCriteria) -> dict[str, Any]:
    given: dict[str, Any] = {
        "client_id": criteria.client_id,
        "currency": criteria.currency,
        "offered": criteria.offered,
        "soon": criteria.soon,
    }
    for place, (cycle, day) in enumerate(criteria.opens.items()):
        given |= {cycle_name(place): cycle, last_day(place): day}
    return given


def _class_from(row: Sequence[Any], criteria: RenewalCriteria) -> RenewalClass:
    amount = None if row[AMOUNT] is None else Money(row[AMOUNT], criteria.currency)
    is_due_soon = bool(row[IS_SOON])
    return RenewalClass(
        row[PRODUCT_ID], row[CYCLE], row[DATE_KNOWN], is_due_soon, amount, row[COUNT]
    )
