"""The cart: looking, changing, emptying."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from billing.actions.environment import Environment
from billing.actions.shop.pricing_inputs import (
    cart_view,
    offered_cycles,
    price_cart,
    read_pricing_inputs,
)
from billing.actions.shop.renew import check_renewable
from billing.actions.shop.renewal_list import renewal_line
from billing.rules.cycles import BillingCycle, shortest_first
from billing.rules.errors import (
    AlreadyInvoicedError,
    CartChangedError,
    NotFoundError,
    NotOfferedError,
    NotRenewableError,
)
from billing.rules.names import same_name
from billing.rules.shop.cart import Cart, CartLine, LineKind
from billing.rules.shop.pricing import quote_line
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import Quote, Unavailable
from billing.rules.shop.savings import CyclePrice, savings
from billing.views.account import ClientInfo
from billing.views.cart import CartView, CycleChoice, RemovedLines, RestoredLines


@dataclass(frozen=True, slots=True)
class ShowCart:
    """The cart with today's prices."""

    env: Environment

    async def __call__(self, client: ClientInfo, language: str) -> CartView:
        """Read and price it."""
        self.env.allowed(client).check_pay()
        async with self.env.work.reading() as uow:
            cart, pricing = await read_pricing_inputs(self.env, uow, client, language=language)
        return cart_view(self.env, client, cart, pricing)


@dataclass(frozen=True, slots=True)
class RemoveLine:
    """Take a line out, and with a product the add-ons ordered for it; absent is fine."""

    env: Environment

    async def __call__(self, client: ClientInfo, language: str, line_id: int) -> RemovedLines:
        """Remove, and return the cart with what was taken out."""
        self.env.allowed(client).check_pay()
        async with self.env.work.writing(client.id) as uow:
            cart, pricing = await read_pricing_inputs(self.env, uow, client, language=language)
            removed = tuple(one for one in cart.lines if line_id in (one.id, one.parent_line))
            names = [quote_line(line, pricing, cart).name for line in removed]
            if removed:
                others = [line for line in cart.lines if line not in removed]
                cart = await uow.carts.save(cart, others)
                await uow.commit()
        view = cart_view(self.env, client, cart, pricing)
        return RemovedLines(view, removed, tuple(names))


@dataclass(frozen=True, slots=True)
class RestoreLines:
    """Put lines back that were taken out of the cart; those that are in it again stay as they are.

    Line ids are never given twice, so a second call finds the first one's lines. Something that
    was bought or forbidden meanwhile becomes a line that the cart calls a problem.
    """

    env: Environment

    async def __call__(
        self, client: ClientInfo, language: str, lines: Sequence[CartLine]
    ) -> RestoredLines:
        """Put the lines where they were, and return the cart."""
        self.env.allowed(client).check_pay()
        async with self.env.work.writing(client.id) as uow:
            cart, catalog = await uow.carts.get_with_catalog(client.id)
            missing = _missing(cart, lines)
            if missing:
                together = sorted((*cart.lines, *missing), key=lambda line: line.id)
                cart = await uow.carts.save(cart, together)
            pricing = await price_cart(self.env, uow, client, cart, catalog, language=language)
            await uow.commit()
        return RestoredLines(cart_view(self.env, client, cart, pricing), bool(missing))


def _missing(cart: Cart, lines: Sequence[CartLine]) -> tuple[CartLine, ...]:
    """Those of the lines that neither are in the cart nor were put there anew."""
    new = [line for line in lines if not cart.line(line.id) and not _is_bought_in(cart, line)]
    ids = {line.id for line in (*cart.lines, *new)}
    return tuple(line for line in new if line.parent_line is None or line.parent_line in ids)


def _is_bought_in(cart: Cart, line: CartLine) -> bool:
    """Whether another line of the cart buys the same: a renewal counts in whatever cycle."""
    if line.kind is LineKind.RENEWAL:
        return cart.renewal_of(line.service_id or 0) is not None
    return line.parent_line is None and any(
        (one.kind, one.service_id, one.product_id) == (line.kind, line.service_id, line.product_id)
        and same_name(one.name, line.name)
        for one in cart.lines
    )


@dataclass(frozen=True, slots=True)
class EmptyCart:
    """Take everything out."""

    env: Environment

    async def __call__(
        self, client: ClientInfo, language: str, *, revision: int | None = None
    ) -> CartView:
        """Empty and return the cart; CartChangedError if it is not at the `revision` shown."""
        self.env.allowed(client).check_pay()
        async with self.env.work.writing(client.id) as uow:
            cart, pricing = await read_pricing_inputs(self.env, uow, client, language=language)
            if cart.lines:
                if revision not in (None, cart.revision):
                    raise CartChangedError
                cart = await uow.carts.save(cart, [])
                await uow.commit()
        return cart_view(self.env, client, cart, pricing)


@dataclass(frozen=True, slots=True)
class ShowLineCycles:
    """The cycles a line of the cart may have, with their prices."""

    env: Environment

    async def __call__(self, client: ClientInfo, language: str, line_id: int) -> CycleChoice:
        """Price every cycle; NotFoundError when the line is gone or cannot be bought."""
        self.env.allowed(client).check_pay()
        async with self.env.work.reading() as uow:
            cart, pricing = await read_pricing_inputs(self.env, uow, client, language=language)
        line = cart.line(line_id)
        if line is None:
            raise NotFoundError
        return _choice(line, pricing, cart)


@dataclass(frozen=True, slots=True)
class ShowRenewalCycles:
    """The cycles a service can be renewed for, with their prices."""

    env: Environment

    async def __call__(self, client: ClientInfo, language: str, service_id: int) -> CycleChoice:
        """Price every cycle; NotFoundError, NotRenewableError or AlreadyInvoicedError."""
        self.env.allowed(client).check_pay()
        async with self.env.work.reading() as uow:
            cart, pricing = await read_pricing_inputs(
                self.env, uow, client, language=language, also=[service_id]
            )
        service = pricing.services.get(service_id)
        if service is None:
            raise NotFoundError
        line = renewal_line(cart, service, pricing)
        check_renewable(line, service, pricing)
        return _choice(line, pricing, cart)


def _choice(line: CartLine, pricing: PricingInputs, cart: Cart) -> CycleChoice:
    cycles = shortest_first([line.cycle, *offered_cycles(line, pricing)])
    quotes = [quote_line(replace(line, cycle=cycle), pricing, cart) for cycle in cycles]
    priced = [quote for quote in quotes if isinstance(quote, Quote)]
    for quote in priced:
        if quote.cycle == line.cycle:
            prices = (
                CyclePrice(q.cycle, q.recurring, q.setup_gross) for q in priced if q.recurring
            )
            choices = tuple((q.cycle, q.gross) for q in priced)
            return CycleChoice(quote, choices, savings(prices), pricing.taxation.rate)
    raise NotFoundError


@dataclass(frozen=True, slots=True)
class ChangeCycle:
    """Give a line of the cart another cycle."""

    env: Environment

    async def __call__(
        self, client: ClientInfo, language: str, line_id: int, cycle: BillingCycle
    ) -> CartView:
        """Change and return the cart; NotFoundError without such a line.

        NotOfferedError for a cycle without a price; NotRenewableError and AlreadyInvoicedError for
        a renewal that cannot be bought any more in any cycle.
        """
        self.env.allowed(client).check_pay()
        async with self.env.work.writing(client.id) as uow:
            cart, pricing = await read_pricing_inputs(self.env, uow, client, language=language)
            line = cart.line(line_id)
            if line is None:
                raise NotFoundError
            changed = replace(line, cycle=cycle)
            _check_available(changed, pricing, cart)
            if changed != line:
                lines = [changed if other.id == line_id else other for other in cart.lines]
                cart = await uow.carts.save(cart, lines)
                await uow.commit()
        return cart_view(self.env, client, cart, pricing)


def _check_available(line: CartLine, pricing: PricingInputs, cart: Cart) -> None:
    problem = quote_line(line, pricing, cart)
    if isinstance(problem, Quote):
        return
    if problem.invoice_id is not None:
        raise AlreadyInvoicedError(
            str(problem.reason), invoice_id=problem.invoice_id, number=problem.number
        )
    if problem.reason is Unavailable.NOT_RENEWABLE:
        raise NotRenewableError(str(problem.refusal), opens_on=problem.opens_on)
    if problem.reason is Unavailable.NOT_OFFERED:
        raise NotOfferedError("cycle_not_offered", cycle=line.cycle)
    raise NotOfferedError(str(problem.reason))
