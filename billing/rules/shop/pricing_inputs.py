"""Everything a price depends on, and what it says of renewals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from billing.rules.allowed import Allowed
from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.services.service import Service
from billing.rules.shop.catalog import Catalog
from billing.rules.shop.existing_orders import NO_ORDERS, ExistingOrders
from billing.rules.shop.quotes import Taxation
from billing.rules.shop.renewal_prices import cycles_over_by, renewal_cycles
from billing.rules.shop.renewals import Refusal, Renewability, renewability

CyclesKey = tuple[str, BillingCycle, str, bool]
"""All of a service that its cycles depend on: product, own cycle, currency, costs nothing."""


@dataclass(frozen=True, slots=True)
class PricingInputs:
    """Everything a price depends on, read in one transaction.

    `services` are those the cart names and their parents and add-ons; `on_invoice` maps services
    whose renewal is on an unpaid invoice to that invoice, and `balances` such an invoice to what
    is left to pay of it. `cancelling` have an open request to cancel; `ending` are those of them
    that go on until a day, the end of their period. Of `being_renewed` the panel has yet to carry
    a renewal out. `existing_orders` cannot be made again; they matter to new services and add-ons
    only. Sums are estimates where `is_estimate`: the owner of the services says what they come to.
    """

    catalog: Catalog
    currency: str
    taxation: Taxation
    today: date
    allowed: Allowed
    services: Mapping[int, Service] = field(default_factory=dict)
    cancelling: frozenset[int] = frozenset()
    ending: Mapping[int, date] = field(default_factory=dict)
    on_invoice: Mapping[int, int] = field(default_factory=dict)
    balances: Mapping[int, Money] = field(default_factory=dict)
    being_renewed: frozenset[int] = frozenset()
    languages: tuple[str, ...] = ()
    existing_orders: ExistingOrders = NO_ORDERS
    is_estimate: bool = False
    _cycles: dict[CyclesKey, tuple[BillingCycle, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What `renewal_cycles` has found: services of a product are renewed for the same cycles."""

    def renewability(self, service: Service) -> Renewability:
        """Whether a service can be renewed today under the company's policy."""
        if service.id in self.being_renewed:
            return Renewability(Refusal.BEING_RENEWED)
        parent = self.services.get(service.parent_id) if service.parent_id else None
        leaving = parent is not None and parent.id in self.cancelling
        able = renewability(
            service,
            parent=parent,
            policy=self.catalog.policy,
            today=self.today,
            cancellation_open=service.id in self.cancelling,
            parent_cancellation_open=leaving and self.ends_with_parent(service) is None,
        )
        if able.refusal is Refusal.CANCELLATION_OPEN and not self.allowed.cancel:
            return Renewability(Refusal.CANCELLATION_STANDS)
        possible = able.refusal in (None, Refusal.NOT_OPEN_YET)
        if possible and leaving and not self.renewal_cycles(service):
            return Renewability(Refusal.PARENT_ENDS)
        return able

    def ends_with_parent(self, service: Service) -> date | None:
        """The day on which its service ends with its period, if that was asked for."""
        return self.ending.get(service.parent_id or 0)

    def renewal_cycles(self, service: Service) -> tuple[BillingCycle, ...]:
        """The cycles it can be renewed for, shortest first; none goes beyond its service's end."""
        ends_on = self.ends_with_parent(service)
        if ends_on is None:
            return self._cycles_of(service)
        return cycles_over_by(ends_on, service, self.catalog, today=self.today)

    def _cycles_of(self, service: Service) -> tuple[BillingCycle, ...]:
        key = service.product_id, service.cycle, service.currency, service.costs_nothing
        if key not in self._cycles:
            self._cycles[key] = renewal_cycles(service, self.catalog)
        return self._cycles[key]

    def renewal_cycle(self, service: Service) -> BillingCycle:
        """Its own cycle; where its service ends before, the longest that is over by then."""
        cycles = self.renewal_cycles(service)
        return cycles[-1] if cycles and service.cycle not in cycles else service.cycle

    def is_leaving(self, service: Service) -> bool:
        """Whether it is being cancelled, or its service is, before a further period is over."""
        if service.id in self.cancelling:
            return True
        if service.parent_id not in self.cancelling:
            return False
        return self.ends_with_parent(service) is None or not self.renewal_cycles(service)
