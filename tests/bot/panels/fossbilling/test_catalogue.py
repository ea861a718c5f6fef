"""Products and add-ons with the prices that the panel really takes."""

from typing import Any

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.shop.catalog import Price, ProductKind
from billing.views.panel import PanelProduct
from bot.sandbox.panels.fossbilling.api import PanelApi
from tests.bot.panels.fossbilling.serving import Outside, outside
from tests.fakes import StillClock

MONTHLY, QUARTERLY, ANNUALLY, TWO_YEARS = (
    BillingCycle.MONTHLY, BillingCycle.QUARTERLY, BillingCycle.ANNUALLY, BillingCycle.BIENNIALLY,
)  # fmt: skip


async def offered(there: Outside) -> dict[str, PanelProduct]:
    return {product.ref: product for product in (await there.panel.catalogue()).products}


def _price(cycle: BillingCycle, amount: int, setup: int = 0, currency: str = "PLN") -> Price:
    return Price(cycle, Money(amount, currency), Money(setup, currency))


def _of(there: Outside, number: int) -> dict[str, Any]:
    return next(one for one in there.api.world.data.products if one["id"] == number)


async def test_only_periods_with_a_price_are_offered(there: Outside) -> None:
    hosting = (await offered(there))["2"]
    assert [one for one in hosting.prices if one.amount.currency == "PLN"] == [
        _price(MONTHLY, 1990), _price(QUARTERLY, 5500), _price(ANNUALLY, 19900, 4900),
        _price(TWO_YEARS, 37900),
    ]  # fmt: skip
    assert (hosting.kind, hosting.name, hosting.description, hosting.group) == (
        ProductKind.PRODUCT, "Hosting Start", "10 GB SSD", "1",
    )  # fmt: skip
    assert (hosting.asks_for_domain, hosting.offered) == (True, True)


async def test_other_currencies_are_reckoned_by_their_rate(there: Outside) -> None:
    hosting = (await offered(there))["2"]
    assert _price(MONTHLY, 498, currency="EUR") in hosting.prices
    assert _price(ANNUALLY, 4975, 1225, currency="EUR") in hosting.prices


async def test_a_period_that_is_on_and_costs_nothing_is_not_filled_in(there: Outside) -> None:
    _of(there, 3)["pricing"]["recurrent"]["3M"] = {"price": 0, "setup": 0, "enabled": True}
    cycles = {one.cycle for one in (await offered(there))["3"].prices}
    assert QUARTERLY not in cycles
    assert MONTHLY in cycles


async def test_what_is_free_is_free_and_what_is_once_is_once(there: Outside) -> None:
    _of(there, 3)["pricing"]["type"] = "free"
    products = await offered(there)
    assert {one.cycle for one in products["3"].prices} == {BillingCycle.FREE}
    assert products["4"].prices[0].cycle is BillingCycle.ONE_TIME


async def test_add_ons_come_with_what_they_are_for(there: Outside) -> None:
    products = await offered(there)
    disk, certificate = products["6"], products["7"]
    assert (disk.kind, disk.fits) == (ProductKind.ADDON, ("2", "3"))
    assert _price(MONTHLY, 900, 500) in disk.prices
    assert certificate.fits == ("2", "3")
    assert [one.cycle for one in certificate.prices] == [BillingCycle.ONE_TIME] * 2
    assert not disk.asks_for_domain


async def test_what_cannot_be_ordered_is_known_and_not_offered(there: Outside) -> None:
    _of(there, 2)["status"] = "disabled"
    _of(there, 3)["hidden"] = True
    _of(there, 4).update(stock_control=True, quantity_in_stock=0)
    products = await offered(there)
    assert [products[ref].offered for ref in ("1", "2", "3", "4")] == [False] * 4
    assert products["1"].prices == ()


async def test_groups_are_the_panels_categories(there: Outside) -> None:
    assert (await there.panel.catalogue()).groups == (("1", "Default category"),)


@pytest.mark.parametrize("denied", ["product", "product.view"])
async def test_without_the_permission_it_is_what_guests_see(
    clock: StillClock, denied: str
) -> None:
    async with outside(PanelApi(clock)) as there:
        before = await offered(there)
        there.api.denied.add(denied)
        assert await offered(there) == before
