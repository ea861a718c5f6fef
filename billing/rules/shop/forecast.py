"""What will be due, and what it will cost: every due date of a client's services in a year.

A date after the next one depends on payment, so each is foreseen as if what is overdue were paid
today and everything else on its day: by the same rule that moves the date when it is paid. What
cannot be renewed (ended, one-time, free, suspended for abuse, to be cancelled, an add-on of such
a service) will not be due; the add-ons of a service that ends with its period are, for periods
that are over by then. A year goes from today to the day before today's next anniversary, so
that what is paid once a year is counted exactly once, whenever one looks.

An amount or a due date that a service's owner has not said yet is not guessed: it is in no sum
and on no day, and the forecast says how many there are.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from billing.rules.cycles import BillingCycle, add_cycle
from billing.rules.money import Money, PartialSum, total_known
from billing.rules.services.service import Placed, Service
from billing.rules.shop.catalog import LatePolicy
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import price_line
from billing.rules.shop.renewal_prices import renewal_price
from billing.rules.shop.renewals import Refusal, renewal_terms


@dataclass(frozen=True, slots=True)
class Upcoming(Placed):
    """A service or add-on that will be due: on `dates`, each time for `gross`.

    The first is its next due date, however far away; those after it lie within the year. There
    are none while its due date is not known, and `gross` is None while its price is not.
    """

    gross: Money | None
    dates: tuple[date, ...]

    @property
    def next_due(self) -> date | None:
        """Its next due date, which may be in the past."""
        return self.dates[0] if self.dates else None


@dataclass(frozen=True, slots=True)
class Due:
    """One of the due dates of a service or add-on."""

    of: Upcoming
    on: date


@dataclass(frozen=True, slots=True)
class Forecast:
    """The year from `today` to the day before `until`; prices are gross, the tax in basis points.

    `overdue` are due dates before today, `coming` those of the year, earliest first; `services`
    are all that will ever be due again, the most urgent first, and last those whose due date is
    not known. All of it `is_estimate` where the owner of the services computes dates and amounts.
    """

    today: date
    until: date
    currency: str
    tax_rate: int
    services: tuple[Upcoming, ...]
    overdue: tuple[Due, ...]
    coming: tuple[Due, ...]
    is_estimate: bool = False

    def months(self) -> Mapping[date, tuple[Due, ...]]:
        """What is coming by month, as its first day; months without anything are left out."""
        by_month = groupby(self.coming, lambda due: due.on.replace(day=1))
        return {month: tuple(dues) for month, dues in by_month}

    def total(self, dues: Iterable[Due]) -> PartialSum:
        """What they cost together, as far as that is known."""
        return total_known((due.of.gross for due in dues), self.currency)

    @property
    def undated(self) -> int:
        """How many services and add-ons have no known due date."""
        return sum(not upcoming.dates for upcoming in self.services)

    @property
    def unpriced(self) -> int:
        """How many services and add-ons have no known price."""
        return sum(upcoming.gross is None for upcoming in self.services)

    def times(self, upcoming: Upcoming) -> int:
        """How often it is due in the year."""
        return sum(self.today <= day < self.until for day in upcoming.dates)

    def by_cost(self) -> tuple[Upcoming, ...]:
        """Services and add-ons, those that cost the most in the year first, unknown ones last."""
        return tuple(sorted(self.services, key=self._cost_order))  # stable: by date

    def _cost_order(self, upcoming: Upcoming) -> tuple[bool, int]:
        gross = upcoming.gross
        if gross is None or not upcoming.dates:
            return True, 0
        return False, -gross.minor * self.times(upcoming)


def forecast(pricing: PricingInputs) -> Forecast:
    """Foresee the year of the client whose services these are."""
    until = add_cycle(pricing.today, anchor_day=pricing.today.day, cycle=BillingCycle.ANNUALLY)
    services = tuple(sorted(_upcoming(pricing, until), key=_urgency))
    dues = sorted(
        (Due(upcoming, day) for upcoming in services for day in upcoming.dates if day < until),
        key=lambda due: due.on,
    )
    return Forecast(
        today=pricing.today,
        until=until,
        currency=pricing.currency,
        tax_rate=pricing.taxation.rate,
        services=services,
        overdue=tuple(due for due in dues if due.on < pricing.today),
        coming=tuple(due for due in dues if due.on >= pricing.today),
        is_estimate=pricing.is_estimate,
    )


def due_dates(
    service: Service,
    *,
    until: date,
    late: LatePolicy,
    today: date,
    ends_on: date | None = None,
) -> Iterator[date]:
    """Its next due date, and those before `until` that follow if each is paid on its day.

    With `ends_on`, only those of periods that are over by that day. None at all while its due date
    is not known. ValueError for a service that is never due.
    """
    if not service.due_date_known:
        return
    if service.next_due_date is None:
        raise ValueError("a service without a due date has no later ones")
    yield service.next_due_date
    terms = renewal_terms(service, cycle=service.cycle, late=late, today=today)
    due = terms.period_to
    while due < until:
        following = add_cycle(due, anchor_day=terms.anchor_day, cycle=service.cycle)
        if ends_on is not None and following > ends_on:
            return
        yield due
        due = following


def _upcoming(pricing: PricingInputs, until: date) -> Iterator[Upcoming]:
    for service in pricing.services.values():
        price = renewal_price(service, service.cycle, pricing.catalog)
        if (
            price is None
            or service.currency != pricing.currency
            or not _will_be_due(service, pricing)
        ):
            continue
        dates = due_dates(
            service,
            until=until,
            late=pricing.catalog.policy.late,
            today=pricing.today,
            ends_on=pricing.ends_with_parent(service),
        )
        parent = pricing.services.get(service.parent_id or 0)
        amount = price.amount
        gross = None if amount is None else price_line(amount, pricing.taxation).gross
        yield Upcoming(service, parent, gross, tuple(dates))


def _will_be_due(service: Service, pricing: PricingInputs) -> bool:
    """Whether it can be renewed as it is, be it not yet."""
    possible = pricing.renewability(service).refusal in (None, Refusal.NOT_OPEN_YET)
    return possible and service.cycle in pricing.renewal_cycles(service)


def _urgency(upcoming: Upcoming) -> tuple[date, str, int]:
    return (upcoming.next_due or date.max, upcoming.service.title, upcoming.service.id)
