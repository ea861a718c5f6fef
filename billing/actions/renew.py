"""Renewals: what can be renewed, and putting it into the cart."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from billing.actions.basis import make_basis
from billing.actions.environment import Environment
from billing.ports.work import UnitOfWork
from billing.rules.cart import Cart, CartLine, LineKind
from billing.rules.cycles import BillingCycle
from billing.rules.errors import AlreadyInvoicedError, NotFoundError, NotRenewableError
from billing.rules.pricing import QuoteBasis, quote_cart, quote_line, renewal_cycles
from billing.rules.quotes import Quote
from billing.rules.services import Service
from billing.views.account import ClientInfo
from billing.views.cart import RenewalList, RenewalOffer, RenewalRefused
from billing.views.services import OwnedService

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ListRenewals:
    """All services and add-ons that can be renewed, and those that cannot with the reason."""

    env: Environment

    async def __call__(self, client: ClientInfo, language: str) -> RenewalList:
        """Read the list: most urgent first."""
        async with self.env.work.reading() as uow:
            cart, basis = await _read(self.env, uow, client, language)
        return renewal_list(cart, basis)


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
    ) -> RenewalList:
        """Add one service; NotRenewableError or AlreadyInvoicedError say why not."""
        async with self.env.work.writing() as uow:
            cart, basis = await _read(self.env, uow, client, language)
            cart = await put_renewals(uow, cart, basis, [(service_id, cycle)])
            await uow.commit()
        return renewal_list(cart, basis)


@dataclass(frozen=True, slots=True)
class AddAllDueSoon:
    """Put everything into the cart that is due within 30 days."""

    env: Environment

    async def __call__(self, client: ClientInfo, language: str) -> RenewalList:
        """Add what can be renewed; the rest stays listed with its reason."""
        async with self.env.work.writing() as uow:
            cart, basis = await _read(self.env, uow, client, language)
            soon = [o.service.id for o in offers(cart, basis) if is_soon(o.service, basis.today)]
            cart = await put_renewals(uow, cart, basis, [(id_, None) for id_ in soon])
            await uow.commit()
        return renewal_list(cart, basis)


@dataclass(frozen=True, slots=True)
class RemoveRenewal:
    """Take a renewal out of the cart from the list; absent is fine."""

    env: Environment

    async def __call__(self, client: ClientInfo, language: str, service_id: int) -> RenewalList:
        """Remove the line and return the list."""
        async with self.env.work.writing() as uow:
            cart, basis = await _read(self.env, uow, client, language)
            line = cart.renewal_of(service_id)
            if line:
                kept = [other for other in cart.lines if other.id != line.id]
                cart = await uow.carts.save(cart, kept)
                await uow.commit()
        return renewal_list(cart, basis)


async def put_renewals(
    uow: UnitOfWork,
    cart: Cart,
    basis: QuoteBasis,
    wanted: Iterable[tuple[int, BillingCycle | None]],
) -> Cart:
    """Store the cart with these renewals in it; unchanged carts are not written."""
    lines = list(cart.lines)
    for service_id, cycle in wanted:
        _put_renewal(lines, cart, basis, service_id, cycle)
    return cart if lines == list(cart.lines) else await uow.carts.save(cart, lines)


def _put_renewal(
    lines: list[CartLine],
    cart: Cart,
    basis: QuoteBasis,
    service_id: int,
    cycle: BillingCycle | None,
) -> None:
    service = basis.services.get(service_id)
    if service is None:
        raise NotFoundError
    there = cart.renewal_of(service_id)
    chosen = cycle or (there.cycle if there else service.cycle)
    line = CartLine(there.id if there else 0, LineKind.RENEWAL, chosen, service_id)
    check_renewable(line, service, basis)
    if there:
        lines[lines.index(there)] = replace(there, cycle=chosen)
    else:
        lines.append(line)


def check_renewable(line: CartLine, service: Service, basis: QuoteBasis) -> None:
    """Raise unless the renewal can be bought now."""
    if service.id in basis.held:
        raise AlreadyInvoicedError(invoice_id=basis.held[service.id])
    able = basis.renewability(service)
    if not able.allowed:
        raise NotRenewableError(str(able.refusal), opens_on=able.opens_on)
    if not isinstance(quote_line(line, basis), Quote):
        raise NotRenewableError("cycle_not_offered", cycle=line.cycle)


def can_add(cart: Cart, basis: QuoteBasis, service: Service) -> bool:
    """Whether a renewal is not in the cart yet and can be bought now."""
    return (
        cart.renewal_of(service.id) is None
        and service.id not in basis.held
        and basis.renewability(service).allowed
    )


async def _read(
    env: Environment, uow: UnitOfWork, client: ClientInfo, language: str
) -> tuple[Cart, QuoteBasis]:
    cart = await uow.carts.get(client.id)
    owned: tuple[OwnedService, ...] = await uow.services.live(client.id)
    catalog = await uow.catalogs.current()
    return cart, make_basis(env, client, catalog, owned, language=language)


def is_soon(service: Service, today: date) -> bool:
    """Whether it is overdue or due within 30 days."""
    return service.next_due_date is not None and service.next_due_date <= today + SOON


def offers(cart: Cart, basis: QuoteBasis) -> tuple[RenewalOffer, ...]:
    """What can be renewed now, most urgent first, numbered from 1."""
    found: list[RenewalOffer] = []
    for service in _by_urgency(basis):
        if service.id in basis.held or not basis.renewability(service).allowed:
            continue
        there = cart.renewal_of(service.id)
        line = there or CartLine(0, LineKind.RENEWAL, service.cycle, service.id)
        quote = quote_line(line, basis)
        if isinstance(quote, Quote):
            number = len(found) + 1
            cycles = renewal_cycles(service, basis.catalog)
            chosen = there.cycle if there else None
            found.append(RenewalOffer(number, service, quote, cycles, chosen))
    return tuple(found)


def renewal_list(cart: Cart, basis: QuoteBasis) -> RenewalList:
    """The whole renewals screen from what was read."""
    available = offers(cart, basis)
    offered = {offer.service.id for offer in available}
    refused = []
    for service in _by_urgency(basis):
        if service.id not in offered:
            parent = basis.services.get(service.parent_id or 0)
            refused.append(
                RenewalRefused(
                    service,
                    basis.renewability(service),
                    basis.held.get(service.id),
                    parent.title if parent else "",
                )
            )
    soon = sum(o.in_cart is None and is_soon(o.service, basis.today) for o in available)
    quoted = quote_cart(cart, basis)
    return RenewalList(
        offers=available,
        refused=tuple(refused),
        cart_lines=len(quoted.quotes),
        cart_total=quoted.totals.gross,
        due_soon=soon,
        today=basis.today,
        soon_days=basis.catalog.policy.soon_days,
    )


def _by_urgency(basis: QuoteBasis) -> list[Service]:
    return sorted(
        basis.services.values(),
        key=lambda s: (s.next_due_date is None, s.next_due_date or date.max, s.title, s.id),
    )
