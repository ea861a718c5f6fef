"""Products, add-ons, currencies, gateways and what the company says about itself."""

from bot.sandbox.panels.fossbilling.callers import Caller
from bot.sandbox.panels.fossbilling.errors import Json, PanelError
from bot.sandbox.panels.fossbilling.paging import page_of
from bot.sandbox.panels.fossbilling.parameters import Parameters
from bot.sandbox.panels.fossbilling.times import PERIODS
from bot.sandbox.panels.fossbilling.world import World

_STAFF_ONLY = [
    "created_at",
    "updated_at",
    "quantity_in_stock",
    "stock_control",
    "upgrades",
    "status",
    "hidden",
    "setup",
    "category",
]
_STAFF_ONLY_ADDON = ("plugin", "created_at", "updated_at")
_STAFF_ONLY_CONFIG = ("server_id", "hosting_plan_id")
DEFAULT_CURRENCY = "PLN"


def _for_guests(product: Json) -> Json:
    """Return a product without what only staff see."""
    shown = {name: value for name, value in product.items() if name not in _STAFF_ONLY}
    shown["addons"] = [
        {name: value for name, value in addon.items() if name not in _STAFF_ONLY_ADDON}
        for addon in product["addons"]
    ]
    if product["config"]:
        config = product["config"].items()
        shown["config"] = {name: v for name, v in config if name not in _STAFF_ONLY_CONFIG}
    if product["type"] == "domain":
        shown["pricing"] = {
            tld: {name: value for name, value in offer.items() if name != "registrar"}
            for tld, offer in product["pricing"].items()
        }
    return shown


def _main(world: World) -> list[Json]:
    """Return the products that lists show: add-ons have no category and are in none."""
    return [p for p in world.data.products if p["product_category_id"] is not None]


async def get_list(world: World, params: Parameters, _caller: Caller) -> Json:
    """`guest/product/get_list`."""
    return page_of(params, _main(world), _for_guests)


async def staff_list(world: World, params: Parameters, _caller: Caller) -> Json:
    """`admin/product/get_list`."""
    return page_of(params, _main(world), dict)


async def get(world: World, params: Parameters, _caller: Caller) -> Json:
    """`guest/product/get` by id or slug; add-ons are not found."""
    slug = params.text("slug")
    number = None if slug else params.id("id", "Product")
    for product in _main(world):
        if product["slug"] == slug or product["id"] == number:
            return _for_guests(product)
    raise PanelError("Product not found")


async def staff_get(world: World, params: Parameters, _caller: Caller) -> Json:
    """`admin/product/get`: add-ons too."""
    return world.product(params.id("id", "Product"))


async def addon_pairs(world: World, _params: Parameters, _caller: Caller) -> Json:
    """`product/addon_get_pairs`."""
    addons = [p for p in world.data.products if p["product_category_id"] is None]
    return {str(product["id"]): product["title"] for product in addons}


async def categories(world: World, params: Parameters, _caller: Caller) -> Json:
    """`product/category_get_list`."""
    rows = [world.data.category, *world.data.more_categories]
    return page_of(params, rows, lambda row: {**row, "products": _products_of(world, row["id"])})


def _products_of(world: World, category_id: int) -> list[Json]:
    return [_for_guests(p) for p in _main(world) if p["product_category_id"] == category_id]


async def currency_pairs(world: World, _params: Parameters, _caller: Caller) -> Json:
    """`currency/get_pairs`."""
    return {code: row["name"] for code, row in world.data.currencies.items()}


async def currency(world: World, params: Parameters, _caller: Caller) -> Json:
    """`currency/get`: the default one unless a code is sent."""
    code = params.text("code") or DEFAULT_CURRENCY
    row = world.data.currencies.get(code)
    if row is None:
        raise PanelError("Currency not found")
    return {
        "code": code,
        "name": row["name"],
        "symbol": code,
        "conversion_rate": row["rate"],
        "default": code == DEFAULT_CURRENCY,
    }


async def gateways(world: World, _params: Parameters, _caller: Caller) -> list[Json]:
    """`invoice/gateways`: the enabled ones."""
    return world.data.gateways


async def gateway_pairs(world: World, _params: Parameters, _caller: Caller) -> Json:
    """`invoice/gateway_get_pairs`."""
    return {str(gateway["id"]): gateway["title"] for gateway in world.data.gateways}


async def periods(_world: World, _params: Parameters, _caller: Caller) -> Json:
    """`system/periods`: longer ones than products can have, too."""
    return dict(PERIODS)


async def company(world: World, _params: Parameters, _caller: Caller) -> Json:
    """`system/company`."""
    return world.data.company
