"""Reading the renewals screen: a constant number of statements, however much a client has."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from billing.actions.environment import Environment
from billing.actions.shop.pricing_inputs import make_pricing_inputs
from billing.actions.shop.renewal_list import (
    ADD_ALL_WITHIN,
    ReadRenewals,
    by_urgency,
    renewable,
    renewal_list,
)
from billing.ports.work import UnitOfWork
from billing.rules.services.service import Service
from billing.rules.shop.cart import Cart
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.views.account import ClientInfo
from billing.views.cart import RenewalList
from billing.views.page import CountedPage, Part, existing_page
from billing.views.renewals import RenewalCriteria
from billing.views.services import OwnedService

PAGE_SIZE = 4
"""Offers on a page: so many fit one screen of a phone, with their text and all other buttons."""

REFUSED_PAGE_SIZE = 8
"""What cannot be renewed has less text and shorter buttons."""

LAST_PAGE = 10**9
"""No list has as many pages."""


@dataclass(frozen=True, slots=True)
class JudgedApart:
    """The cart, and those services whose rule is applied one by one, ready to be priced."""

    env: Environment
    cart: Cart
    pricing: PricingInputs
    language: str
    services: tuple[OwnedService, ...]


async def read_apart(
    env: Environment,
    uow: UnitOfWork,
    client: ClientInfo,
    language: str,
    *,
    also: Iterable[int] = (),
    due_by: date = date.min,
) -> JudgedApart:
    """Read what is in the cart, `also`, what is due by a day, and what ends with its period."""
    cart, catalog = await uow.carts.get_with_catalog(client.id)
    named = {line.service_id for line in cart.lines if line.service_id} | set(also)
    services = await uow.renewals.judged_apart(client.id, named, due_by=due_by)
    pricing = make_pricing_inputs(env, client, catalog, services, language=language)
    return JudgedApart(env, cart, pricing, language, services)


async def read_pages(
    uow: UnitOfWork, client: ClientInfo, apart: JudgedApart, page: int, refused_page: int = 0
) -> RenewalList:
    """Read both pages and the counts of everything else; one statement."""
    offered = renewable(apart.pricing)
    criteria = _criteria(client, apart.pricing, offered)
    pages = await uow.renewals.pages(
        criteria, offers=_part(page, PAGE_SIZE), refused=_part(refused_page, REFUSED_PAGE_SIZE)
    )
    known = (*apart.services, *pages.parents, *pages.offers, *pages.refused)
    pricing = make_pricing_inputs(
        apart.env, client, apart.pricing.catalog, known, language=apart.language
    )
    count = len(offered) + sum(one.count for one in pages.classes)
    offers: CountedPage[Service] = existing_page(page, count, PAGE_SIZE)
    refused: CountedPage[Service] = existing_page(
        refused_page, pages.refused_count, REFUSED_PAGE_SIZE
    )
    read = ReadRenewals(
        replace(offers, items=_services(pages.offers)),
        replace(refused, items=_services(pages.refused)),
        offered,
        pages.classes,
        pages.balances,
    )
    return renewal_list(apart.cart, pricing, read)


def _part(page: int, size: int) -> Part:
    """The rows of a page; a number that comes from a button may be any."""
    return Part(size, min(max(page, 0), LAST_PAGE) * size)


def _services(owned: Iterable[OwnedService]) -> tuple[Service, ...]:
    return tuple(by_urgency(one.service for one in owned))


def _criteria(
    client: ClientInfo, pricing: PricingInputs, offered: Iterable[Service]
) -> RenewalCriteria:
    today = pricing.today
    return RenewalCriteria(
        client_id=client.id,
        currency=client.currency,
        opens={
            cycle: today + timedelta(days=window)
            for cycle, window in pricing.catalog.policy.opens_days_before.items()
            if window
        },
        soon=today + ADD_ALL_WITHIN,
        offered=tuple(service.id for service in offered),
    )
