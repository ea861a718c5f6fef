"""Services and add-ons: what a client owns, and its status.

An add-on is a service with a parent: it has the same price, cycle, status and due date of its own.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from billing.rules.cycles import BillingCycle, CycleUnit, add_cycle, anchor_after
from billing.rules.money import Money


class ServiceStatus(StrEnum):
    """Where a service stands in its life."""

    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    CANCELLED = "cancelled"
    FRAUD = "fraud"
    COMPLETED = "completed"


class SuspendedFor(StrEnum):
    """Why a service is suspended; only the first can be paid away."""

    NON_PAYMENT = "non_payment"
    ABUSE = "abuse"
    OTHER = "other"


class ServiceKind(StrEnum):
    """What an owner of services numbers apart; an id is unique within its kind."""

    SERVICE = "service"
    ADDON = "addon"
    DOMAIN = "domain"


LIVE = frozenset({ServiceStatus.PENDING, ServiceStatus.ACTIVE, ServiceStatus.SUSPENDED})
"""Statuses of services that still exist for the client."""

LIVING = LIVE | {ServiceStatus.FRAUD}
"""Statuses of the services that a list shows at first: those neither ended nor done."""

CANCELLABLE = frozenset({ServiceStatus.ACTIVE, ServiceStatus.SUSPENDED})
"""Statuses from which a client may ask for cancellation."""


@dataclass(frozen=True, slots=True)
class Service:
    """A product a client has bought, or an add-on (with `parent_id`) of such a service.

    `next_due_date` is None for one-time, free and pending services, and where its owner has not
    said the date yet: then `due_date_known` is False. An amount that its owner has not said yet is
    None. `suspended_for` is set exactly while suspended; `label` is the client's own name for it.
    Its owner knows it by kind and `ref`.
    """

    id: int
    client_id: int
    product_id: str
    name: str
    domain: str
    currency: str
    first_amount: Money | None
    amount: Money | None
    cycle: BillingCycle
    registered_on: date
    next_due_date: date | None
    anchor_day: int
    status: ServiceStatus
    suspended_for: SuspendedFor | None = None
    parent_id: int | None = None
    label: str = ""
    ref: str = ""
    loaded_on: date | None = None
    kind: ServiceKind = ServiceKind.SERVICE
    due_date_known: bool = True

    @property
    def title(self) -> str:
        """The client's label, else the product's name as bought."""
        return self.label or self.name

    @property
    def full_title(self) -> str:
        """The title with the domain, where it has one: "Hosting S kwiaty.example"."""
        return f"{self.title} {self.domain}".strip()

    @property
    def is_addon(self) -> bool:
        """Whether it belongs to another service."""
        return self.parent_id is not None

    @property
    def is_live(self) -> bool:
        """Whether it still exists for the client."""
        return self.status in LIVE

    @property
    def costs_nothing(self) -> bool:
        """Whether no period of it is ever paid for: free, or a recurring amount of 0.00.

        An amount that is not known yet may be anything but nothing.
        """
        if self.cycle.unit is CycleUnit.FREE:
            return True
        return self.cycle.recurring and self.amount is not None and not self.amount

    @property
    def owed_on(self) -> date | None:
        """The next due date where something has to be paid then; what costs nothing has none."""
        payable = self.is_owed() and self.cycle.recurring and not self.costs_nothing
        return self.next_due_date if payable else None

    @property
    def has_unknown_due_date(self) -> bool:
        """Whether it will be due on a date that its owner has not said yet."""
        payable = self.is_live and self.cycle.recurring and not self.costs_nothing
        return payable and not self.due_date_known

    def days_left(self, today: date) -> int | None:
        """Days to the next due date, negative when overdue; None without a known date."""
        return None if self.next_due_date is None else (self.next_due_date - today).days

    def is_owed(self) -> bool:
        """Whether its next due date still matters: active, or suspended for non-payment."""
        return self.status is ServiceStatus.ACTIVE or (
            self.status is ServiceStatus.SUSPENDED
            and self.suspended_for is SuspendedFor.NON_PAYMENT
        )


def activate(service: Service, *, today: date) -> Service:
    """A pending service or a fresh add-on that starts today; one-time and free are never due."""
    due, cycle = None, service.cycle
    if cycle.recurring:
        due = add_cycle(today, anchor_day=today.day, cycle=cycle)
    return replace(
        service,
        status=ServiceStatus.ACTIVE,
        registered_on=today,
        next_due_date=due,
        due_date_known=True,
        anchor_day=anchor_after(due or today, anchor_day=today.day, cycle=cycle),
    )


@dataclass(frozen=True, slots=True)
class Placed:
    """A service, or an add-on with the service it belongs to, as far as that one is known."""

    service: Service
    parent: Service | None

    @property
    def domain(self) -> str:
        """Its own domain, else that of the service it belongs to."""
        return self.service.domain or (self.parent.domain if self.parent else "")

    @property
    def parent_name(self) -> str:
        """What an add-on belongs to; empty for a service."""
        return self.parent.title if self.parent else ""
