"""The only place that prices a line: a line of the cart becomes a quote, or a problem."""

from collections.abc import Mapping
from functools import partial
from itertools import takewhile

from billing.rules.cycles import add_cycle
from billing.rules.money import Money
from billing.rules.services.endings import fits_ending
from billing.rules.services.service import Service, ServiceStatus
from billing.rules.shop.cart import Cart, CartLine, LineKind
from billing.rules.shop.catalog import Price, Product, ProductKind, text_in
from billing.rules.shop.existing_orders import UnpaidLine, alike
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import Problem, Quote, QuotedCart, Unavailable, price_line
from billing.rules.shop.renewal_prices import renewal_price
from billing.rules.shop.renewals import Refusal, renewal_terms


def quote_cart(cart: Cart, pricing: PricingInputs) -> QuotedCart:
    """Price every line of a cart, setting aside what cannot be bought any more."""
    results = [quote_line(line, pricing, cart) for line in cart.lines]
    priced = [result for result in results if isinstance(result, Quote)]
    problems = [result for result in results if isinstance(result, Problem)]
    broken = {problem.line_id for problem in problems}
    quotes = tuple(quote for quote in priced if quote.parent_line not in broken)
    problems += [
        Problem(quote.line_id, quote.kind, quote.name, quote.domain, Unavailable.NOT_OFFERED)
        for quote in priced
        if quote.parent_line in broken
    ]
    return QuotedCart(
        cart.client_id,
        cart.revision,
        pricing.currency,
        quotes,
        tuple(problems),
        is_estimate=pricing.is_estimate,
    )


def quote_line(
    line: CartLine, pricing: PricingInputs, cart: Cart | None = None
) -> Quote | Problem:
    """Price one line, or say why it cannot be bought."""
    if line.kind is LineKind.RENEWAL:
        return _quote_renewal(line, pricing)
    product = pricing.catalog.product(line.product_id)
    name = text_in(product.name, pricing.languages) if product else line.product_id
    if not pricing.allowed.order:
        return Problem(line.id, line.kind, name, line.name, Unavailable.ORDER_NOT_ALLOWED)
    price = _offered_price(product, line, pricing)
    if product is None or price is None:
        return Problem(line.id, line.kind, name, line.name, Unavailable.NOT_OFFERED)
    if line.kind is LineKind.ADDON:
        return _quote_addon(line, pricing, product, price, cart)
    return _quote_product(line, pricing, product, price, name)


def _quote_product(
    line: CartLine, pricing: PricingInputs, product: Product, price: Price, name: str
) -> Quote | Problem:
    if product.kind is not ProductKind.PRODUCT:
        return Problem(line.id, line.kind, name, line.name, Unavailable.NOT_OFFERED)
    if not fits_ending(line.name, endings := product.domain_endings):
        wrong = Unavailable.WRONG_ENDING
        return Problem(line.id, line.kind, name, line.name, wrong, endings=endings)
    others = alike(pricing.catalog, product)
    if unpaid := pricing.existing_orders.line_named(line.name, others):
        return _on_proforma(line, name, line.name, unpaid)
    if pricing.existing_orders.bears(line.name, others):
        return Problem(line.id, line.kind, name, line.name, Unavailable.NAME_TAKEN)
    return _quote_new(line, pricing, product, price, domain=line.name)


def _on_proforma(line: CartLine, name: str, domain: str, unpaid: UnpaidLine) -> Problem:
    if unpaid.invoice_id is None:
        return Problem(line.id, line.kind, name, domain, Unavailable.ORDERED)
    return Problem(
        line.id, line.kind, name, domain, Unavailable.ON_PROFORMA,
        invoice_id=unpaid.invoice_id, number=unpaid.number,
    )  # fmt: skip


def _quote_renewal(line: CartLine, pricing: PricingInputs) -> Quote | Problem:
    service = pricing.services.get(line.service_id or 0)
    if service is None:
        return Problem(line.id, line.kind, line.name, "", Unavailable.NO_SUCH_SERVICE)
    problem = partial(Problem, line.id, line.kind, service.title, service.domain)
    if service.id in pricing.on_invoice:
        return problem(Unavailable.INVOICED, invoice_id=pricing.on_invoice[service.id])
    able = pricing.renewability(service)
    if not able.allowed:
        return problem(Unavailable.NOT_RENEWABLE, able.refusal, able.opens_on)
    price = renewal_price(service, line.cycle, pricing.catalog)
    if price is None or service.currency != pricing.currency:
        return problem(Unavailable.NOT_OFFERED)
    if line.cycle not in pricing.renewal_cycles(service):
        return problem(Unavailable.NOT_RENEWABLE, Refusal.PARENT_ENDS)
    return _quote_period(line, pricing, service, price.amount)


def _quote_period(
    line: CartLine, pricing: PricingInputs, service: Service, amount: Money | None
) -> Quote:
    """Price a further period: no setup; dates go on from the service's own, where it is known."""
    parent = pricing.services.get(service.parent_id or 0)
    period_from = period_to = None
    anchor_day = service.anchor_day
    if service.due_date_known:
        terms = renewal_terms(
            service, cycle=line.cycle, late=pricing.catalog.policy.late, today=pricing.today
        )
        period_from, period_to, anchor_day = terms.period_from, terms.period_to, terms.anchor_day
    priced = price_line(amount, pricing.taxation) if amount is not None else None
    return Quote(
        line_id=line.id, kind=line.kind, product_id=service.product_id, name=service.title,
        domain=service.domain or (parent.domain if parent else ""), cycle=line.cycle,
        period_from=period_from, period_to=period_to, anchor_day=anchor_day,
        amount=amount, setup=Money.zero(pricing.currency), amounts=priced,
        recurring=priced.gross if priced else None,
        setup_gross=Money.zero(pricing.currency), service_id=service.id,
        due_date=service.next_due_date, parent_name=parent.title if parent else "",
    )  # fmt: skip


def _offered_price(
    product: Product | None, line: CartLine, pricing: PricingInputs
) -> Price | None:
    if product is None or not product.offered:
        return None
    return product.price(line.cycle, pricing.currency)


def addon_obstacle(product: Product, service: Service | None, count: int) -> Unavailable | None:
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
    return Unavailable.ALREADY_HAS_IT if count >= product.max_per_service else None


def count_owned(services: Mapping[int, Service], parent_id: int, product_id: str) -> int:
    """Live add-ons of one kind that a service has."""
    return sum(
        s.parent_id == parent_id and s.product_id == product_id and s.is_live
        for s in services.values()
    )


def _quote_addon(
    line: CartLine, pricing: PricingInputs, product: Product, price: Price, cart: Cart | None
) -> Quote | Problem:
    name = text_in(product.name, pricing.languages)
    ahead = _lines_before(line, pricing, cart)
    if line.parent_line is not None:
        above = cart.line(line.parent_line) if cart else None
        fits = above is not None and product.fits_product(above.product_id)
        if cart and not (fits and ahead < product.max_per_service):
            return Problem(line.id, line.kind, name, line.name, Unavailable.NOT_OFFERED)
        return _quote_new(line, pricing, product, price, domain=above.name if above else "")
    service = pricing.services.get(line.service_id or 0)
    count = count_owned(pricing.services, line.service_id or 0, product.id)
    obstacle = addon_obstacle(product, service, count + ahead)
    if obstacle or service is None:
        domain = service.domain if service else ""
        return Problem(line.id, line.kind, name, domain, obstacle or Unavailable.NO_SUCH_SERVICE)
    unpaid = pricing.existing_orders.addons(service.id, product.id)
    if unpaid and addon_obstacle(product, service, count + ahead + len(unpaid)):
        return _on_proforma(line, name, service.domain, unpaid[0])
    domain = service.domain or service.label
    return _quote_new(line, pricing, product, price, domain=domain, parent=service)


def _lines_before(line: CartLine, pricing: PricingInputs, cart: Cart | None) -> int:
    """Lines above this one that buy the same add-on for the same service: it will have those."""
    earlier = takewhile(lambda other: other.id != line.id, cart.lines if cart else ())
    product = pricing.catalog.product(line.product_id)
    return sum(
        (other.product_id, other.service_id, other.parent_line)
        == (line.product_id, line.service_id, line.parent_line)
        and _offered_price(product, other, pricing) is not None
        for other in earlier
        if other.kind is LineKind.ADDON
    )


def _quote_new(
    line: CartLine,
    pricing: PricingInputs,
    product: Product,
    price: Price,
    *,
    domain: str,
    parent: Service | None = None,
) -> Quote:
    """Price a first period: list price plus setup; dates are those of a start today."""
    priced = price_line(price.amount + price.setup, pricing.taxation)
    later = price_line(price.amount, pricing.taxation).gross
    recurring = later if line.cycle.recurring else Money.zero(pricing.currency)
    period_to = None
    if line.cycle.recurring:
        period_to = add_cycle(pricing.today, anchor_day=pricing.today.day, cycle=line.cycle)
    return Quote(
        line_id=line.id, kind=line.kind, product_id=product.id,
        name=text_in(product.name, pricing.languages), domain=domain, cycle=line.cycle,
        period_from=pricing.today, period_to=period_to, anchor_day=pricing.today.day,
        amount=price.amount, setup=price.setup, amounts=priced, recurring=recurring,
        setup_gross=priced.gross - later, service_id=line.service_id,
        parent_line=line.parent_line, parent_name=parent.title if parent else "",
    )  # fmt: skip
