"""For which billing cycles a service can be renewed, and what each costs."""

from dataclasses import dataclass
from datetime import date

from billing.rules.cycles import BillingCycle, shortest_first
from billing.rules.money import Money
from billing.rules.services.service import Service
from billing.rules.shop.catalog import Catalog
from billing.rules.shop.renewals import renewal_terms


@dataclass(frozen=True, slots=True)
class RenewalPrice:
    """The recurring amount of a renewal; None while the service's owner has not said it."""

    amount: Money | None


def renewal_price(service: Service, cycle: BillingCycle, catalog: Catalog) -> RenewalPrice | None:
    """What a renewal costs; None where that cycle is not offered for it.

    In its own cycle a service keeps its own amount; in another, where the policy allows it,
    today's list price counts. What is one-time or costs nothing has no renewal at all.
    """
    if service.costs_nothing or not service.cycle.recurring or not cycle.recurring:
        return None
    if cycle == service.cycle:
        return RenewalPrice(service.amount)
    product = catalog.product(service.product_id)
    if not catalog.policy.change_cycle_on_renewal or product is None or not product.offered:
        return None
    price = product.price(cycle, service.currency)
    return RenewalPrice(price.amount) if price else None


def renewal_cycles(service: Service, catalog: Catalog) -> tuple[BillingCycle, ...]:
    """The cycles a service can be renewed for, shortest first."""
    if service.costs_nothing or not service.cycle.recurring:
        return ()
    others = other_cycles(service.product_id, service.cycle, service.currency, catalog)
    return shortest_first([service.cycle, *others])


def other_cycles(
    product_id: str, cycle: BillingCycle, currency: str, catalog: Catalog
) -> tuple[BillingCycle, ...]:
    """The cycles besides its own that a service can be renewed for."""
    product = catalog.product(product_id)
    if not catalog.policy.change_cycle_on_renewal or product is None or not product.offered:
        return ()
    prices = product.prices_in(currency)
    return tuple(one.cycle for one in prices if one.cycle.recurring and one.cycle != cycle)


def cycles_over_by(
    day: date, service: Service, catalog: Catalog, *, today: date
) -> tuple[BillingCycle, ...]:
    """Of those, the ones of which a further period is over by a day.

    An add-on does not outlive its service: when that one ends, no period of it may still run.
    Without a known due date nobody can say that one is over by then.
    """
    if service.next_due_date is None:
        return ()
    late = catalog.policy.late
    terms = {
        cycle: renewal_terms(service, cycle=cycle, late=late, today=today)
        for cycle in renewal_cycles(service, catalog)
    }
    return tuple(cycle for cycle, each in terms.items() if each.period_to <= day)
