"""What is asked of the database about renewals, and what it answers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.views.services import OwnedService


@dataclass(frozen=True, slots=True)
class RenewalCriteria:
    """What decides, besides its row, whether a service of a client can be renewed now.

    `currency` is the client's. Of a cycle in `opens`, services due until that day inclusive can be
    renewed; of another one, all. `offered` can be renewed in any case: their rule was applied to
    each of them. `soon` is the last day that counts as due soon.
    """

    client_id: int
    currency: str
    opens: Mapping[BillingCycle, date]
    soon: date
    offered: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class RenewalClass:
    """How many services of a kind can be renewed now; `amount` is set for those due soon only."""

    product_id: str
    cycle: BillingCycle
    due_date_known: bool
    is_due_soon: bool
    amount: Money | None
    count: int


@dataclass(frozen=True, slots=True)
class RenewalPages:
    """A part of what can be renewed and of what cannot, with counts of all.

    `classes` are without what is `offered` in the criteria. `refused_count` cannot be renewed;
    `balances` is what is left to pay of each unpaid invoice that a renewal is on. `parents` are
    the services of the add-ons in both parts.
    """

    offers: tuple[OwnedService, ...]
    refused: tuple[OwnedService, ...]
    parents: tuple[OwnedService, ...]
    classes: tuple[RenewalClass, ...]
    refused_count: int
    balances: Mapping[int, Money]
