"""The only place that prices a line: a wish from the cart becomes a quote, or a problem."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from billing.rules.cart import Cart, CartLine, LineKind
from billing.rules.catalog import Catalog, Price, Product, text_in
from billing.rules.cycles import CYCLES, BillingCycle, add_cycle
from billing.rules.money import Money
from billing.rules.quotes import Problem, Quote, QuotedCart, Taxation, Unavailable, price_line
from billing.rules.renewals import Renewability, renewability, renewal_terms
from billing.rules.services import Service, ServiceStatus


@dataclass(frozen=True, slots=True)
class QuoteBasis:
    """Everything a price depends on, read in one transaction.

    `services` holds those the cart names and their parents and add-ons; `held` maps services whose
    renewal is on an unpaid invoice to that invoice.
    """

    catalog: Catalog
    currency: str
    taxation: Taxation
    today: date
    services: Mapping[int, Service] = field(default_factory=dict)
    cancelling: frozenset[int] = frozenset()
    held: Mapping[int, int] = field(default_factory=dict)
    languages: tuple[str, ...] = ()

    def renewability(self, service: Service) -> Renewability:
        """Whether a service can be renewed today under the company's policy."""
        parent = self.services.get(service.parent_id) if service.parent_id else None
        return renewability(
            service,
            parent=parent,
            policy=self.catalog.policy,
            today=self.today,
            cancellation_open=service.id in self.cancelling,
            parent_cancellation_open=parent is not None and parent.id in self.cancelling,
        )


def quote_cart(cart: Cart, basis: QuoteBasis) -> QuotedCart:
    """Price every line of a cart, setting aside what cannot be bought any more."""
    results = [quote_line(line, basis, cart) for line in cart.lines]
    broken = {r.line_id for r in results if isinstance(r, Problem)}
    quotes = [r for r in results if isinstance(r, Quote)]
    problems = [r for r in results if isinstance(r, Problem)]
    for orphan in [q for q in quotes if q.parent_line in broken]:
        quotes.remove(orphan)
        problems.append(
            Problem(orphan.line_id, orphan.kind, orphan.name, orphan.domain,
                    Unavailable.NOT_OFFERED)
        )  # fmt: skip
    return QuotedCart(
        cart.client_id, cart.revision, basis.currency, tuple(quotes), tuple(problems)
    )


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
    return _quote_new(line, basis, product, price, domain=line.name)


def renewal_price(service: Service, cycle: BillingCycle, catalog: Catalog) -> Money | None:
    """The recurring amount of a renewal; None where that cycle is not offered for it.

    In its own cycle a service keeps its own amount; in another, where the policy allows it,
    today's list price counts.
    """
    if cycle is service.cycle:
        return service.amount
    product = catalog.product(service.product_id)
    if not catalog.policy.change_cycle_on_renewal or not cycle.recurring or product is None:
        return None
    price = product.price(cycle, service.amount.currency) if product.offered else None
    return price.amount if price else None


def renewal_cycles(service: Service, catalog: Catalog) -> tuple[BillingCycle, ...]:
    """The cycles a service can be renewed for, shortest first."""
    return tuple(c for c in CYCLES if renewal_price(service, c, catalog) is not None)


def _quote_renewal(line: CartLine, basis: QuoteBasis) -> Quote | Problem:
    service = basis.services.get(line.service_id or 0)
    if service is None:
        return Problem(line.id, line.kind, line.name, "", Unavailable.NO_SUCH_SERVICE)
    if service.id in basis.held:
        return Problem(
            line.id, line.kind, service.title, service.domain, Unavailable.INVOICED,
            invoice_id=basis.held[service.id],
        )  # fmt: skip
    able = basis.renewability(service)
    amount = renewal_price(service, line.cycle, basis.catalog)
    if not able.allowed or amount is None:
        reason = Unavailable.NOT_OFFERED if able.allowed else Unavailable.NOT_RENEWABLE
        return Problem(
            line.id, line.kind, service.title, service.domain, reason, able.refusal, able.opens_on
        )
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
    if not product.fits_product(service.product_id):
        return Unavailable.NOT_OFFERED
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
    if line.parent_line is not None:
        above = cart.line(line.parent_line) if cart else None
        if cart and (above is None or not product.fits_product(above.product_id)):
            name = text_in(product.name, basis.languages)
            return Problem(line.id, line.kind, name, line.name, Unavailable.NOT_OFFERED)
        return _quote_new(line, basis, product, price, domain=above.name if above else "")
    service = basis.services.get(line.service_id or 0)
    owned = count_owned(basis.services, line.service_id or 0, product.id)
    obstacle = addon_obstacle(product, service, owned)
    if obstacle or service is None:
        name = text_in(product.name, basis.languages)
        domain = service.domain if service else ""
        return Problem(line.id, line.kind, name, domain, obstacle or Unavailable.NO_SUCH_SERVICE)
    domain = service.domain or service.label
    return _quote_new(line, basis, product, price, domain=domain, parent=service)


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
