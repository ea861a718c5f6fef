"""What the panel offers: products and add-ons with the prices that it really takes.

Prices are in the panel's default currency and net; in another currency they are that times its
rate, as the panel reckons itself. A period that nobody filled in is enabled and costs nothing, so
nothing is offered for nothing unless the product is free.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Final

from billing.rules.cycles import BillingCycle
from billing.rules.money import EXPONENTS, Money
from billing.rules.panel.unread_rows import RowKind, UnreadRow
from billing.rules.shop.catalog import Price, ProductKind
from billing.views.panel import PanelCatalogue, PanelProduct
from bot.panels.fossbilling.addons import read_products
from bot.panels.fossbilling.http import PanelHttp
from bot.panels.fossbilling.orders import cycle_of
from bot.panels.fossbilling.paging import all_of, whole
from bot.panels.fossbilling.unread import number_of, read_row
from bot.panels.fossbilling.values import Row, id_in, money, ref_in, ref_of, row, rows, text

_DOMAIN: Final = "domain"
_HOSTING: Final = "hosting"

Rates = Mapping[str, Decimal]
"""How much of a currency one unit of the panel's default currency is."""


async def read_catalogue(http: PanelHttp) -> PanelCatalogue:
    """Read groups, products and add-ons."""
    rates = await _read_rates(http)
    products = await read_products(http)
    groups = await _read_groups(http)
    unread: dict[UnreadRow, None] = {}
    readable, mains = [], []
    for one in products:
        product = read_row(RowKind.PRODUCT, one, partial(_product, one, rates))
        addons = read_row(RowKind.PRODUCT, one, partial(_addons, [one], rates))
        if isinstance(product, UnreadRow) or isinstance(addons, UnreadRow):
            unread[
                product
                if isinstance(product, UnreadRow)
                else UnreadRow(RowKind.PRODUCT, number_of(one), "addons")
            ] = None
            continue
        readable.append(one)
        if one.get("product_category_id"):
            mains.append(product)
    return PanelCatalogue(groups, (*mains, *_addons(readable, rates)), tuple(unread))


async def _read_rates(http: PanelHttp) -> Rates:
    """The currencies of the panel that we know, too."""
    pairs = await http.read("guest/currency/get_pairs")
    codes = [code for code in row(pairs) if code in EXPONENTS]
    found = await all_of(http.read("guest/currency/get", code=code) for code in codes)
    return {
        code: _rate(one.get("conversion_rate"))
        for code, one in zip(codes, map(row, found), strict=True)
    }


def _rate(value: object) -> Decimal:
    """A rate; 0, with which nothing is offered, for one that is no number."""
    try:
        rate = Decimal(str(value or 0))
    except ArithmeticError:
        return Decimal(0)
    return rate if rate.is_finite() else Decimal(0)


async def _read_groups(http: PanelHttp) -> tuple[tuple[str, str], ...]:
    found = await whole(http, "guest/product/category_get_list")
    return tuple((str(number), text(one.get("title"))) for number, one in sorted(found.items()))


def _product(product: Row, rates: Rates) -> PanelProduct:
    is_domain = product.get("type") == _DOMAIN
    return PanelProduct(
        ProductKind.PRODUCT,
        str(id_in(product, "id")),
        text(product.get("title")),
        text(product.get("description")),
        ref_in(product, "product_category_id"),
        () if is_domain else prices_of(row(product.get("pricing")), rates),
        asks_for_domain=product.get("type") == _HOSTING,
        # What a domain costs depends on its ending.
        offered=not is_domain and _is_offered(product),
    )


def _addons(products: Iterable[Row], rates: Rates) -> list[PanelProduct]:
    """The add-ons, each once, with the products that they are for."""
    found: dict[str, Row] = {}
    fits: dict[str, list[str]] = {}
    for product in products:
        for addon in rows(product.get("addons")):
            ref = ref_of(addon.get("id"))
            found.setdefault(ref, addon)
            fits.setdefault(ref, []).append(ref_of(product.get("id")))
    return [
        PanelProduct(
            ProductKind.ADDON,
            ref,
            text(addon.get("title")),
            text(addon.get("description")),
            prices=prices_of(row(addon.get("pricing")), rates),
            fits=tuple(fits[ref]),
            offered=_is_offered(addon),
        )
        for ref, addon in found.items()
    ]


def _is_offered(product: Row) -> bool:
    """Whether it can be ordered; guests are shown such ones only, and not told more."""
    is_sold_out = bool(product.get("stock_control")) and not product.get("quantity_in_stock")
    is_enabled = product.get("status", "enabled") == "enabled"
    return is_enabled and not product.get("hidden") and not is_sold_out


def prices_of(pricing: Row, rates: Rates) -> tuple[Price, ...]:
    """The prices of a product in each currency."""
    match pricing.get("type"):
        case "free":
            offers = {BillingCycle.FREE: row(pricing.get("free"))}
        case "once":
            offers = {BillingCycle.ONE_TIME: row(pricing.get("once"))}
        case _:
            periods = row(pricing.get("recurrent"))
            offers = {
                cycle_of(period): row(offer)
                for period, offer in periods.items()
                if row(offer).get("enabled") and cycle_of(period).recurring
            }
    return tuple(
        price
        for code, rate in rates.items()
        for cycle, offer in offers.items()
        if (price := _price(cycle, offer, code, rate)) is not None
    )


def _price(cycle: BillingCycle, offer: Row, code: str, rate: Decimal) -> Price | None:
    amount, setup = (_in_currency(offer.get(name), code, rate) for name in ("price", "setup"))
    if cycle is BillingCycle.FREE:
        return Price(cycle, Money.zero(code), Money.zero(code))
    if not rate or amount is None or amount.minor <= 0:
        return None
    return Price(cycle, amount, setup or Money.zero(code))


def _in_currency(value: object, code: str, rate: Decimal) -> Money | None:
    try:
        return money(Decimal(str(value)) * rate, code)
    except ArithmeticError:
        return None
