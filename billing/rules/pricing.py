"""The only place that prices a line: a wish from the cart becomes a quote, or a problem."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import takewhile

from billing.rules.cart import Cart, CartLine, LineKind
from billing.rules.catalog import Catalog, Price, Product, ProductKind, text_in
from billing.rules.cycles import BillingCycle, add_cycle
from billing.rules.endings import fits_ending
from billing.rules.holds import NO_HOLDS, Holds, OpenLine, alike
from billing.rules.money import Money
from billing.rules.quotes import Problem, Quote, QuotedCart, Taxation, Unavailable, price_line
from billing.rules.renewal_prices import cycles_over_by, renewal_cycles, renewal_price
from billing.rules.renewals import Refusal, Renewability, renewability, renewal_terms
from billing.rules.services import Service, ServiceStatus


@dataclass(frozen=True, slots=True)
class QuoteBasis:
    """Everything a price depends on, read in one transaction.

    `services` holds those the cart names and their parents and add-ons; `held` maps services whose
    renewal is on an unpaid invoice to that invoice. `cancelling` have an open request to cancel;
    `ending` are those of them that go on until a day, the end of their period. `holds` is what
    cannot be ordered again; it matters to new services and add-ons only.
    """

    catalog: Catalog
    currency: str
    taxation: Taxation
    today: date
    services: Mapping[int, Service] = field(default_factory=dict)
    cancelling: frozenset[int] = frozenset()
    ending: Mapping[int, date] = field(default_factory=dict)
    held: Mapping[int, int] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    holds: Holds = NO_HOLDS

    def renewability(self, service: Service) -> Renewability:
        """Whether a service can be renewed today under the company's policy."""
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
            return renewal_cycles(service, self.catalog)
        return cycles_over_by(ends_on, service, self.catalog, today=self.today)

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


def quote_cart(cart: Cart, basis: QuoteBasis) -> QuotedCart:
    """Price every line of a cart, setting aside what cannot be bought any more."""
    results = [quote_line(line, basis, cart) for line in cart.lines]
    priced = [result for result in results if isinstance(result, Quote)]
    problems = [result for result in results if isinstance(result, Problem)]
    broken = {problem.line_id for problem in problems}
    quotes = tuple(quote for quote in priced if quote.parent_line not in broken)
    problems += [
        Problem(quote.line_id, quote.kind, quote.name, quote.domain, Unavailable.NOT_OFFERED)
        for quote in priced
        if quote.parent_line in broken
    ]
    return QuotedCart(cart.client_id, cart.revision, basis.currency, quotes, tuple(problems))


def quote_line(line: CartLine, basis: QuoteBasis, cart: Cart | None = None) -> Quote | Problem:
    """Price one line, or say why it cannot be bought."""
    if line.kind is LineKind.RENEWAL:
        return _quote_renewal(line, basis)
    product = basis.catalog.product(line.product_id)
    name = text_in(product.name, basis.languages) if product else line.product_id
    price = _offered_price(product, line, basis)
    if product is None or price is None:
        return Problem(line.id, line.kind, name, line.name, Unavailable.NOT_OFFERED)
    if line.kind is LineKind.ADDON:
        return _quote_addon(line, basis, product, price, cart)
    if product.kind is not ProductKind.PRODUCT:
        return Problem(line.id, line.kind, name, line.name, Unavailable.NOT_OFFERED)
    if not fits_ending(line.name, endings := product.domain_endings):
        wrong = Unavailable.WRONG_ENDING
        return Problem(line.id, line.kind, name, line.name, wrong, endings=endings)
    others = alike(basis.catalog, product)
    if held := basis.holds.line_named(line.name, others):
        return _on_proforma(line, name, line.name, held)
    if basis.holds.bears(line.name, others):
        return Problem(line.id, line.kind, name, line.name, Unavailable.NAME_TAKEN)
    return _quote_new(line, basis, product, price, domain=line.name)


def _on_proforma(line: CartLine, name: str, domain: str, held: OpenLine) -> Problem:
    return Problem(
        line.id, line.kind, name, domain, Unavailable.ON_PROFORMA,
        invoice_id=held.invoice_id, number=held.number,
    )  # fmt: skip


def _quote_renewal(line: CartLine, basis: QuoteBasis) -> Quote | Problem:
    service = basis.services.get(line.service_id or 0)
    if service is None:
        return Problem(line.id, line.kind, line.name, "", Unavailable.NO_SUCH_SERVICE)
    problem = partial(Problem, line.id, line.kind, service.title, service.domain)
    if service.id in basis.held:
        return problem(Unavailable.INVOICED, invoice_id=basis.held[service.id])
    able = basis.renewability(service)
    if not able.allowed:
        return problem(Unavailable.NOT_RENEWABLE, able.refusal, able.opens_on)
    amount = renewal_price(service, line.cycle, basis.catalog)
    if amount is None or amount.currency != basis.currency:
        return problem(Unavailable.NOT_OFFERED)
    if line.cycle not in basis.renewal_cycles(service):
        return problem(Unavailable.NOT_RENEWABLE, Refusal.PARENT_ENDS)
    return _quote_period(line, basis, service, amount)


def _quote_period(line: CartLine, basis: QuoteBasis, service: Service, amount: Money) -> Quote:
    """Price a further period: no setup; dates go on from the service's own."""
    parent = basis.services.get(service.parent_id or 0)
    terms = renewal_terms(
        service, cycle=line.cycle, late=basis.catalog.policy.late, today=basis.today
    )
    priced = price_line(amount, basis.taxation)
    return Quote(
        line_id=line.id, kind=line.kind, product_id=service.product_id, name=service.title,
        domain=service.domain or (parent.domain if parent else ""), cycle=line.cycle,
        period_from=terms.period_from, period_to=terms.period_to, anchor_day=terms.anchor_day,
        amount=amount, setup=Money.zero(basis.currency), amounts=priced, recurring=priced.gross,
        setup_gross=Money.zero(basis.currency), service_id=service.id,
        due_date=service.next_due_date, parent_name=parent.title if parent else "",
    )  # fmt: skip


def _offered_price(product: Product | None, line: CartLine, basis: QuoteBasis) -> Price | None:
    if product is None or not product.offered:
        return None
    return product.price(line.cycle, basis.currency)


def addon_obstacle(product: Product, service: Service | None, owned: int) -> Unavailable | None:
    """Why an add-on cannot be ordered for a service; None when it can.

    `owned` counts live add-ons of that kind the service already has or is about to get.
    """
    if service is None or service.is_addon:
        return Unavailable.NO_SUCH_SERVICE
    if product.kind is not ProductKind.ADDON:
        return Unavailable.NOT_OFFERED
    if not product.fits_product(service.product_id):
        return Unavailable.DOES_NOT_FIT
    if service.status is not ServiceStatus.ACTIVE:
        return Unavailable.SERVICE_NOT_ACTIVE
    return Unavailable.ALREADY_HAS_IT if owned >= product.max_per_service else None


def count_owned(services: Mapping[int, Service], parent_id: int, product_id: str) -> int:
    """Live add-ons of one kind that a service has."""
    return sum(
        s.parent_id == parent_id and s.product_id == product_id and s.is_live
        for s in services.values()
    )


def _quote_addon(
    line: CartLine, basis: QuoteBasis, product: Product, price: Price, cart: Cart | None
) -> Quote | Problem:
    name = text_in(product.name, basis.languages)
    ahead = _wished_before(line, basis, cart)
    if line.parent_line is not None:
        above = cart.line(line.parent_line) if cart else None
        fits = above is not None and product.fits_product(above.product_id)
        if cart and not (fits and ahead < product.max_per_service):
            return Problem(line.id, line.kind, name, line.name, Unavailable.NOT_OFFERED)
        return _quote_new(line, basis, product, price, domain=above.name if above else "")
    service = basis.services.get(line.service_id or 0)
    owned = count_owned(basis.services, line.service_id or 0, product.id)
    obstacle = addon_obstacle(product, service, owned + ahead)
    if obstacle or service is None:
        domain = service.domain if service else ""
        return Problem(line.id, line.kind, name, domain, obstacle or Unavailable.NO_SUCH_SERVICE)
    held = basis.holds.addons(service.id, product.id)
    if held and addon_obstacle(product, service, owned + ahead + len(held)):
        return _on_proforma(line, name, service.domain, held[0])
    domain = service.domain or service.label
    return _quote_new(line, basis, product, price, domain=domain, parent=service)


def _wished_before(line: CartLine, basis: QuoteBasis, cart: Cart | None) -> int:
    """Lines above this one that buy the same add-on for the same service: it will have those."""
    earlier = takewhile(lambda other: other.id != line.id, cart.lines if cart else ())
    product = basis.catalog.product(line.product_id)
    return sum(
        (other.product_id, other.service_id, other.parent_line)
        == (line.product_id, line.service_id, line.parent_line)
        and _offered_price(product, other, basis) is not None
        for other in earlier
        if other.kind is LineKind.ADDON
    )


def _quote_new(
    line: CartLine,
    basis: QuoteBasis,
    product: Product,
    price: Price,
    *,
    domain: str,
    parent: Service | None = None,
) -> Quote:
    """Price a first period: list price plus setup; dates are those of a start today."""
    priced = price_line(price.amount + price.setup, basis.taxation)
    later = price_line(price.amount, basis.taxation).gross
    recurring = later if line.cycle.recurring else Money.zero(basis.currency)
    period_to = None
    if line.cycle.recurring:
        period_to = add_cycle(basis.today, anchor_day=basis.today.day, cycle=line.cycle)
    return Quote(
        line_id=line.id, kind=line.kind, product_id=product.id,
        name=text_in(product.name, basis.languages), domain=domain, cycle=line.cycle,
        period_from=basis.today, period_to=period_to, anchor_day=basis.today.day,
        amount=price.amount, setup=price.setup, amounts=priced, recurring=recurring,
        setup_gross=priced.gross - later, service_id=line.service_id,
        parent_line=line.parent_line, parent_name=parent.title if parent else "",
    )  # fmt: skip
