"""The renewals screen, read by pages and classes, is what the plain rule makes of all services."""

import asyncio
from itertools import count
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.actions.shop.pricing_inputs import make_pricing_inputs
from billing.rules.shop.cart import Cart
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.views.account import ClientInfo
from tests import renewal_rule
from tests.billing.actions.company import PL, CompanyAtWork, make_company
from tests.billing.actions.shop.invented_renewals import Invented, invent_catalogue
from tests.database import Store, connect
from tests.make import NOW

EXAMPLES = {Store.SQLITE: 100, Store.POSTGRESQL: 40}


async def invent(company: CompanyAtWork, random: Random, ref: str) -> ClientInfo:
    async with company.database.work.writing() as uow:
        await uow.catalogs.save(invent_catalogue(random), at=NOW)
        client = await Invented(random, uow).client(ref)
        await uow.commit()
    return client


async def read_all(company: CompanyAtWork, client: ClientInfo) -> tuple[Cart, PricingInputs]:
    """The cart, and everything that the client has, as it was read for the plain rule."""
    env = company.actions.list_renewals.env
    async with company.database.work.reading() as uow:
        cart, catalog = await uow.carts.get_with_catalog(client.id)
        owned = await uow.services.live(client.id)
    return cart, make_pricing_inputs(env, client, catalog, owned, language=PL)


async def compare(company: CompanyAtWork, random: Random, ref: str) -> None:
    client = await invent(company, random, ref)
    cart, pricing = await read_all(company, client)
    for page in range(-1, 7):
        by_rule = renewal_rule.renewal_list(cart, pricing, page, refused_page=page)
        found = await company.actions.list_renewals(client, PL, page, refused_page=page)
        assert found == by_rule
    added = await company.actions.add_all_due_soon(client, PL)
    assert added == renewal_rule.renewal_list(*await read_all(company, client))
    assert added.due_soon == 0


@pytest.mark.slow
def test_pages_and_counts_are_those_of_the_plain_rule(store: Store, prepared: str) -> None:
    numbers = count()
    with asyncio.Runner() as runner:
        database = runner.run(connect(prepared))
        company = make_company(database)

        @settings(max_examples=EXAMPLES[store])
        @given(st.integers(0, 2**48))
        def is_alike(seed: int) -> None:
            runner.run(compare(company, Random(seed), f"client-{next(numbers)}"))

        try:
            is_alike()
        finally:
            runner.run(database.close())
