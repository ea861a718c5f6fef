"""Renewals: whether a service can be renewed and why not, for which period, with what effect."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from billing.rules.cycles import BillingCycle, add_cycle, anchor_after
from billing.rules.money import Money
from billing.rules.services.service import Service, ServiceStatus
from billing.rules.shop.catalog import LatePolicy, Policy


class Refusal(StrEnum):
    """Why a service cannot be renewed now."""

    ONE_TIME = "one_time"
    FREE = "free"
    PENDING = "pending"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    CANCELLED = "cancelled"
    FRAUD = "fraud"
    COMPLETED = "completed"
    CANCELLATION_OPEN = "cancellation_open"
    CANCELLATION_STANDS = "cancellation_stands"
    PARENT = "parent_not_renewable"
    PARENT_CANCELLATION = "parent_cancellation_open"
    PARENT_ENDS = "parent_ends"
    NOT_OPEN_YET = "not_open_yet"
    NO_DUE_DATE = "no_due_date"
    BEING_RENEWED = "being_renewed"


@dataclass(frozen=True, slots=True)
class Renewability:
    """Whether a service can be renewed: `refusal` is None, or says why not and from when."""

    refusal: Refusal | None = None
    opens_on: date | None = None

    @property
    def allowed(self) -> bool:
        """True when renewal is possible now."""
        return self.refusal is None


STATUS_REFUSALS: Mapping[ServiceStatus, Refusal] = {
    ServiceStatus.PENDING: Refusal.PENDING,
    ServiceStatus.TERMINATED: Refusal.TERMINATED,
    ServiceStatus.CANCELLED: Refusal.CANCELLED,
    ServiceStatus.FRAUD: Refusal.FRAUD,
    ServiceStatus.COMPLETED: Refusal.COMPLETED,
}


def renewability(
    service: Service,
    *,
    parent: Service | None,
    policy: Policy,
    today: date,
    cancellation_open: bool = False,
    parent_cancellation_open: bool = False,
) -> Renewability:
    """Decide whether a service or add-on can be renewed today, and if not, why and from when."""
    refusal = _refusal_by_status(service)
    if refusal is None and cancellation_open:
        refusal = Refusal.CANCELLATION_OPEN
    if refusal is None and service.is_addon:
        refusal = _refusal_by_parent(parent, parent_cancellation_open)
    if refusal is not None:
        return Renewability(refusal)
    if service.next_due_date is None:
        # Of a date that is not known nobody can say that it is too far away.
        return Renewability(Refusal.NO_DUE_DATE if service.due_date_known else None)
    window = policy.opens_days_before.get(service.cycle, 0)
    opens_on = service.next_due_date - timedelta(days=window)
    if window and today < opens_on:
        return Renewability(Refusal.NOT_OPEN_YET, opens_on)
    return Renewability()


def _refusal_by_parent(parent: Service | None, cancellation_open: bool) -> Refusal | None:
    if not _carries(parent):
        return Refusal.PARENT
    return Refusal.PARENT_CANCELLATION if cancellation_open else None


def _carries(parent: Service | None) -> bool:
    """Whether a parent lets its add-ons be renewed; an unknown one does not.

    A parent whose own renewal has not opened yet carries them, and so does one that costs nothing
    or was paid once: it never renews itself, and its add-ons would end for ever.
    """
    if parent is None:
        return False
    if parent.costs_nothing or not parent.cycle.recurring:
        return parent.is_owed()
    has_due_date = parent.next_due_date is not None or not parent.due_date_known
    return has_due_date and _refusal_by_status(parent) is None


def _refusal_by_status(service: Service) -> Refusal | None:
    if service.status in STATUS_REFUSALS:
        return STATUS_REFUSALS[service.status]
    if not service.is_owed():
        return Refusal.SUSPENDED
    if service.cycle == BillingCycle.ONE_TIME:
        return Refusal.ONE_TIME
    return Refusal.FREE if service.costs_nothing else None


@dataclass(frozen=True, slots=True)
class RenewalTerms:
    """The dates of a renewal: its period from-to (the new due date) and the anchor afterwards."""

    period_from: date
    period_to: date
    anchor_day: int


def renewal_terms(
    service: Service, *, cycle: BillingCycle, late: LatePolicy, today: date
) -> RenewalTerms:
    """The period a renewal pays for: one cycle from the current due date.

    Early payment loses no days. Late payment counts from the due date or, by policy, from the day
    of payment, which also moves the anchor. ValueError without a due date.
    """
    due = service.next_due_date
    if due is None:
        raise ValueError("a service without a due date has no renewal")
    if due < today and late is LatePolicy.FROM_PAYMENT_DATE:
        return _next_period(today, anchor_day=today.day, cycle=cycle)
    return _next_period(due, anchor_day=service.anchor_day, cycle=cycle)


def terms_when_paid(
    service: Service, sold_terms: RenewalTerms, *, sold_due: date | None, cycle: BillingCycle
) -> RenewalTerms:
    """The dates that count when a renewal is paid: as sold at checkout, unless the due date moved.

    If it is not `sold_due` any more, one cycle is added to what it is now, so no period is paid
    for twice and none is lost. ValueError when the service has no due date left.
    """
    if service.next_due_date is None:
        raise ValueError("a service without a due date has no renewal")
    if service.next_due_date == sold_due:
        return sold_terms
    return _next_period(service.next_due_date, anchor_day=service.anchor_day, cycle=cycle)


def _next_period(start: date, *, anchor_day: int, cycle: BillingCycle) -> RenewalTerms:
    end = add_cycle(start, anchor_day=anchor_day, cycle=cycle)
    return RenewalTerms(start, end, anchor_after(end, anchor_day=anchor_day, cycle=cycle))


def renew(
    service: Service,
    terms: RenewalTerms,
    *,
    cycle: BillingCycle,
    amount: Money | None,
    today: date,
) -> Service:
    """The service after a paid renewal; paid up to today or later ends a suspension for money."""
    paid_up = terms.period_to >= today
    lifted = service.status is ServiceStatus.SUSPENDED and service.is_owed() and paid_up
    return replace(
        service,
        next_due_date=terms.period_to,
        due_date_known=True,
        anchor_day=terms.anchor_day,
        cycle=cycle,
        amount=amount,
        status=ServiceStatus.ACTIVE if lifted else service.status,
        suspended_for=None if lifted else service.suspended_for,
    )
