"""The services list and a service's page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from billing.rules.allowed import Allowed
from billing.rules.money import Money, PartialSum
from billing.rules.services.service import LIVING, Service, ServiceStatus
from billing.rules.shop.catalog import Banner, Product, Texts
from billing.rules.shop.quotes import Quote, Taxation
from billing.rules.shop.renewals import Renewability


class Sort(StrEnum):
    """Orders of the services list."""

    DUE_DATE = "due_date"
    NAME = "name"
    PRICE = "price"


@dataclass(frozen=True, slots=True)
class ServiceFilter:
    """What of the services list is asked for; `page` counts from 0.

    Without a status and a search it is the living services, or with `every` all of them.
    """

    status: ServiceStatus | None = None
    sort: Sort = Sort.DUE_DATE
    search: str = ""
    page: int = 0
    every: bool = False

    @property
    def is_living_only(self) -> bool:
        """Whether services that ended or are done are left out."""
        return self.status is None and not self.search and not self.every


@dataclass(frozen=True, slots=True)
class ListedService:
    """A service of the list; `is_ending` where it will be cancelled with its period.

    `ends_on` is None where that day is not known yet. `is_asked_to_end` where the company has yet
    to answer a request to cancel it.
    """

    service: Service
    is_ending: bool = False
    ends_on: date | None = None
    is_asked_to_end: bool = False


@dataclass(frozen=True, slots=True)
class DueAmount:
    """How many services and add-ons have a recurring amount and are overdue, or due soon."""

    is_overdue: bool
    amount: Money | None
    count: int


@dataclass(frozen=True, slots=True)
class ServiceCounts:
    """Top-level services by status, and by amount what is overdue or due soon."""

    by_status: Mapping[ServiceStatus, int]
    due: tuple[DueAmount, ...] = ()


@dataclass(frozen=True, slots=True)
class DueRenewals:
    """What is overdue, or due soon where nothing is, and what renewing it costs with tax."""

    count: int
    gross: PartialSum


@dataclass(frozen=True, slots=True)
class ServiceList:
    """One page of a client's services (add-ons stay on their service's page).

    Amounts of services are as in the data; `taxation` makes of them what the client pays.
    `due` is None where nothing is overdue or due soon.
    """

    service_filter: ServiceFilter
    services: tuple[ListedService, ...]
    counts: Mapping[ServiceStatus, int]
    count: int
    page_size: int
    today: date
    soon_days: int
    taxation: Taxation
    allowed: Allowed
    banner: Banner | None = None
    banner_product: Product | None = None
    due: DueRenewals | None = None

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.count // self.page_size))

    @property
    def all(self) -> int:
        """Services in every status."""
        return sum(self.counts.values())

    @property
    def living(self) -> int:
        """Services that neither ended nor are done."""
        return living_of(self.counts)

    @property
    def is_living_only(self) -> bool:
        """Whether services that ended or are done are left out; a client may have none else."""
        return self.service_filter.is_living_only and self.living > 0


def living_of(counts: Mapping[ServiceStatus, int]) -> int:
    """Those of the counted services that neither ended nor are done."""
    return sum(count for status, count in counts.items() if status in LIVING)


@dataclass(frozen=True, slots=True)
class Offer:
    """The banner that runs today; `product` is what it leads to, if the client can order it."""

    banner: Banner
    product: Product | None = None


class CancelWhen(StrEnum):
    """When a cancellation takes effect."""

    NOW = "now"
    PERIOD_END = "period_end"


class CancellationStatus(StrEnum):
    """A request waits for the operator until decided or withdrawn; done once it took effect."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A client's request to cancel a service.

    `effective_on` is None where it ends with a period whose last day is not known yet.
    """

    id: int
    service_id: int
    client_id: int
    when: CancelWhen
    reason: str
    status: CancellationStatus
    requested_at: datetime
    effective_on: date | None = None

    @property
    def is_undated(self) -> bool:
        """Whether it takes effect at the end of a period, and nobody knows yet when that is."""
        return self.when is CancelWhen.PERIOD_END and self.effective_on is None


@dataclass(frozen=True, slots=True)
class InvoiceRef:
    """An unpaid invoice that a renewal is on."""

    id: int
    number: str
    balance: Money


@dataclass(frozen=True, slots=True)
class OwnedService:
    """A service with what else must be known to renew it, read in one statement.

    `ends_on` where the open request is to cancel it at the end of its period. `being_renewed`
    where the renewal is ordered or paid and the panel has yet to carry it out.
    """

    service: Service
    cancellation_open: bool = False
    on_invoice: InvoiceRef | None = None
    ends_on: date | None = None
    being_renewed: bool = False


@dataclass(frozen=True, slots=True)
class ServicePage:
    """Everything about one service; `addons` are its own, each renewable on its own.

    `renewal` is the quote of its renewal where it is for another billing cycle than its own.
    `about_cancelling` is the company's text on what becomes of files, mail and money.
    `has_other_cycles` where it can be renewed now for more than one. `ended_by_panel` are the
    times at which a connected panel ends it by itself once it is asked to, without a decision,
    and `final` those of requests that cannot be withdrawn.

    Amounts of services are as in the data; `taxation` makes of them what the client pays.
    """

    service: Service
    parent: Service | None
    addons: tuple[Service, ...]
    renewability: Renewability
    in_cart: bool
    today: date
    soon_days: int
    taxation: Taxation
    can_order_addons: bool
    allowed: Allowed
    invoice: InvoiceRef | None = None
    cancellation: Cancellation | None = None
    panel_url: str | None = None
    contact_url: str | None = None
    renewal: Quote | None = None
    about_cancelling: Texts = field(default_factory=dict)
    has_other_cycles: bool = False
    ended_by_panel: frozenset[CancelWhen] = frozenset()
    final: frozenset[CancelWhen] = frozenset()

    @property
    def can_end_later(self) -> bool:
        """Whether it has a period that could end before it does."""
        due = self.service.next_due_date
        return self.service.has_unknown_due_date or (due is not None and due > self.today)

    @property
    def only_panel_ends(self) -> bool:
        """Whether a connected panel ends it by itself, whenever it can be asked to end."""
        is_later = self.can_end_later and CancelWhen.PERIOD_END not in self.ended_by_panel
        return CancelWhen.NOW in self.ended_by_panel and not is_later

    @property
    def is_ending(self) -> bool:
        """Whether it will be cancelled at the end of its period: the company has agreed."""
        cancellation = self.cancellation
        return (
            cancellation is not None
            and cancellation.when is CancelWhen.PERIOD_END
            and cancellation.status is CancellationStatus.ACCEPTED
        )
