"""What of a client's services can be renewed: counts, and a part of the list."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from billing.rules.money import Money
from billing.views.page import Part
from billing.views.renewals import (
    RenewalClass,
    RenewalCounts,
    RenewalCriteria,
    RenewalPages,
)
from billing.views.services import OwnedService
from storage.repositories.services.owned_services import OWNED_WIDTH, owned_from
from storage.repositories.services.renewal_statements import (
    JUDGED_APART,
    Place,
    count_with,
    cycle_name,
    last_day,
    pages_with,
)


@dataclass(frozen=True, slots=True)
class SqlRenewals:
    """Queries that judge services, and those whose rule is applied one by one."""

    connection: AsyncConnection

    async def judged_apart(
        self, client_id: int, service_ids: Collection[int], *, due_by: date
    ) -> tuple[OwnedService, ...]:
        """The named services, those due by a day, those that end with their period; families."""
        parameters = {"client_id": client_id, "ids": service_ids, "until": due_by}
        rows = await self.connection.execute(JUDGED_APART, parameters)
        return tuple(owned_from(row) for row in rows)

    async def counts(self, criteria: RenewalCriteria) -> RenewalCounts:
        """How many can be renewed and how many cannot."""
        statement = count_with(len(criteria.opens))
        parameters = _parameters(criteria) | {"soon": criteria.soon}
        return _counts_from(await self.connection.execute(statement, parameters), criteria)

    async def pages(
        self, criteria: RenewalCriteria, *, offers: Part, refused: Part
    ) -> RenewalPages:
        """A part of what can be renewed and of what cannot, each most urgent first."""
        parameters = _parameters(criteria) | {
            "offers": offers.limit, "before_offers": offers.offset,
            "refused": refused.limit, "before_refused": refused.offset,
        }  # fmt: skip
        rows = await self.connection.execute(pages_with(len(criteria.opens)), parameters)
        found: dict[int, list[OwnedService]] = {place: [] for place in Place}
        for row in rows:
            found[row[OWNED_WIDTH]].append(owned_from(row))
        return RenewalPages(*(tuple(found[place]) for place in Place))


def _parameters(criteria: RenewalCriteria) -> dict[str, Any]:
    given: dict[str, Any] = {
        "client_id": criteria.client_id,
        "currency": criteria.currency,
        "offered": criteria.offered,
    }
    for place, (cycle, day) in enumerate(criteria.opens.items()):
        given |= {cycle_name(place): cycle, last_day(place): day}
    return given


def _counts_from(rows: Iterable[Sequence[Any]], criteria: RenewalCriteria) -> RenewalCounts:
    classes: list[RenewalClass] = []
    balances: dict[int, Money] = {}
    refused = 0
    for product_id, cycle, known, soon, amount, invoice_id, currency, count in rows:
        if product_id is not None:
            money = Money(amount, criteria.currency) if soon and amount is not None else None
            classes.append(RenewalClass(product_id, cycle, bool(known), bool(soon), money, count))
            continue
        refused += count
        if invoice_id is not None:
            balances[invoice_id] = Money(max(amount, 0), currency)
    return RenewalCounts(tuple(classes), refused, balances)
