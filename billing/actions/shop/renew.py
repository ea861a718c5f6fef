"""Renewals: what can be renewed, and putting it into the cart."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from billing.actions.environment import Environment
from billing.actions.shop.read_renewals import read_apart, read_pages
from billing.actions.shop.renewal_list import (
    ADD_ALL_WITHIN,
    can_renew,
    is_within_add_all,
    renewable,
    renewal_line,
)
from billing.ports.work import UnitOfWork
from billing.rules.cycles import BillingCycle
from billing.rules.errors import AlreadyInvoicedError, NotFoundError, NotRenewableError
from billing.rules.services.service import Service
from billing.rules.shop.cart import Cart, CartLine
from billing.rules.shop.pricing import quote_line
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import Quote
from billing.views.account import ClientInfo
from billing.views.cart import RenewalList


@dataclass(frozen=True, slots=True)
class ListRenewals:
    """Services and add-ons that can be renewed, and those that cannot with the reason."""

    env: Environment

    async def __call__(
        self, client: ClientInfo, language: str, page: int = 0, *, refused_page: int = 0
    ) -> RenewalList:
        """Read a page of each, most urgent first; a page past the end becomes the last one."""
        self.env.allowed(client).check_pay()
        async with self.env.work.reading() as uow:
            apart = await read_apart(self.env, uow, client, language)
            return await read_pages(uow, client, apart, page, refused_page)


@dataclass(frozen=True, slots=True)
class AddRenewals:
    """Put renewals into the cart from the list; adding again changes the cycle or nothing."""

    env: Environment

    async def __call__(
        self,
        client: ClientInfo,
        language: str,
        service_id: int,
        cycle: BillingCycle | None = None,
        *,
        page: int = 0,
    ) -> RenewalList:
        """Add one service; NotRenewableError or AlreadyInvoicedError say why not."""
        self.env.allowed(client).check_pay()
        async with self.env.work.writing(client.id) as uow:
            apart = await read_apart(self.env, uow, client, language, also=[service_id])
            cart = await put_renewals(uow, apart.cart, apart.pricing, [(service_id, cycle)])
            found = await read_pages(uow, client, replace(apart, cart=cart), page)
            await uow.commit()
        return found


@dataclass(frozen=True, slots=True)
class AddAllDueSoon:
    """Put everything into the cart that is due within 30 days."""

    env: Environment

    async def __call__(self, client: ClientInfo, language: str, page: int = 0) -> RenewalList:
        """Add what can be renewed; the rest stays listed with its reason."""
        self.env.allowed(client).check_pay()
        soon = self.env.today() + ADD_ALL_WITHIN
        async with self.env.work.writing(client.id) as uow:
            apart = await read_apart(self.env, uow, client, language, due_by=soon)
            renewals = [
                (one.id, None)
                for one in renewable(apart.pricing)
                if is_within_add_all(one, apart.pricing.today)
            ]
            cart = await put_renewals(uow, apart.cart, apart.pricing, renewals)
            found = await read_pages(uow, client, replace(apart, cart=cart), page)
            await uow.commit()
        return found


@dataclass(frozen=True, slots=True)
class RemoveRenewal:
    """Take a renewal out of the cart from the list; absent is fine."""

    env: Environment

    async def __call__(
        self, client: ClientInfo, language: str, service_id: int, page: int = 0
    ) -> RenewalList:
        """Remove the line and return the list."""
        self.env.allowed(client).check_pay()
        async with self.env.work.writing(client.id) as uow:
            apart = await read_apart(self.env, uow, client, language)
            cart = await drop_renewal(uow, apart.cart, service_id)
            found = await read_pages(uow, client, replace(apart, cart=cart), page)
            await uow.commit()
        return found


async def put_renewals(
    uow: UnitOfWork,
    cart: Cart,
    pricing: PricingInputs,
    renewals: Iterable[tuple[int, BillingCycle | None]],
) -> Cart:
    """Store the cart with these renewals in it; unchanged carts are not written.

    NotFoundError, NotRenewableError or AlreadyInvoicedError at the first that cannot be had.
    """
    changed = with_renewals(cart, pricing, renewals)
    return cart if changed.lines == cart.lines else await uow.carts.save(cart, changed.lines)


def with_renewals(
    cart: Cart, pricing: PricingInputs, renewals: Iterable[tuple[int, BillingCycle | None]]
) -> Cart:
    """The cart with these renewals in it, not stored yet: new lines have the id 0."""
    for service_id, cycle in renewals:
        cart = _with_renewal(cart, pricing, service_id, cycle)
    return cart


async def drop_renewal(uow: UnitOfWork, cart: Cart, service_id: int) -> Cart:
    """Store the cart without a service's renewal; where there is none it is not written."""
    line = cart.renewal_of(service_id)
    if line is None:
        return cart
    return await uow.carts.save(cart, [other for other in cart.lines if other.id != line.id])


def _with_renewal(
    cart: Cart, pricing: PricingInputs, service_id: int, cycle: BillingCycle | None
) -> Cart:
    service = pricing.services.get(service_id)
    if service is None:
        raise NotFoundError
    line = renewal_line(cart, service, pricing)
    line = replace(line, cycle=cycle or line.cycle)
    check_renewable(line, service, pricing)
    in_cart = cart.renewal_of(service_id)
    if in_cart is None:
        return replace(cart, lines=(*cart.lines, line))
    line = replace(line, id=in_cart.id)
    return replace(cart, lines=tuple(line if one is in_cart else one for one in cart.lines))


def check_renewable(line: CartLine, service: Service, pricing: PricingInputs) -> None:
    """Raise unless the renewal can be bought now."""
    if service.id in pricing.on_invoice:
        raise AlreadyInvoicedError(invoice_id=pricing.on_invoice[service.id])
    able = pricing.renewability(service)
    if not able.allowed:
        raise NotRenewableError(str(able.refusal), opens_on=able.opens_on)
    quote = quote_line(line, pricing)
    if not isinstance(quote, Quote):
        raise NotRenewableError(str(quote.refusal or "cycle_not_offered"), cycle=line.cycle)


def can_add(cart: Cart, pricing: PricingInputs, service: Service) -> bool:
    """Whether a renewal is not in the cart yet and can be bought now."""
    return cart.renewal_of(service.id) is None and can_renew(service, pricing)
