"""The catalogue of the demo's panel, in the shape in which staff read it."""

from datetime import datetime

from bot.sandbox.panels.fossbilling.errors import Json
from bot.sandbox.panels.fossbilling.times import text

_PERIODS = ("1W", "1M", "3M", "6M", "1Y", "2Y", "3Y")
_NOTHING: Json = {"price": 0, "setup": 0}
_TAKEN = {"allow_quantity_select": False, "icon_url": None}


def category_row(row: Json, now: datetime) -> Json:
    """Return a category."""
    return {
        "id": row["id"],
        "title": row["title"],
        **_dates(now),
        "description": None,
        "icon_url": None,
        "price_starting_from": 0,
        "type": None,
    }


def product_row(row: Json, told: Json, now: datetime) -> Json:
    """Return a product with its add-ons."""
    wanted = row.get("addons", ())
    category = next(each for each in told["categories"] if each["id"] == row["category"])
    addons = [_inside(addon, now) for addon in told["addons"] if addon["id"] in wanted]
    config: Json | list[object] = []
    if row["type"] == "hosting":
        config = {"server_id": 1, "hosting_plan_id": 1, "allow_domain_own": 1}
    return {
        **_about(row, now),
        "product_category_id": row["category"],
        "unit": "year" if row["type"] == "domain" else "product",
        "priority": row["id"] * 10,
        "config": config,
        "addons": addons,
        "category": {"id": category["id"], "title": category["title"]},
    }


def addon_row(row: Json, now: datetime) -> Json:
    """Return an add-on as staff read one alone: in no category."""
    return {
        **_about(row, now),
        "product_category_id": None,
        "priority": None,
        "config": [],
        "addons": [],
    }


def _inside(row: Json, now: datetime) -> Json:
    """Return an add-on as it stands inside a product."""
    whole = addon_row(row, now)
    names = ("id", "type", "title", "slug", "description", "unit", "pricing", "config")
    return {**{name: whole[name] for name in names}, **_TAKEN, **_dates(now), "plugin": None}


def _about(row: Json, now: datetime) -> Json:
    return {
        "id": row["id"],
        "type": row.get("type", "custom"),
        "title": row["title"],
        "slug": f"product-{row['id']}",
        "description": row.get("description"),
        "unit": "product",
        "pricing": _pricing(row),
        "price_starting_from": _least(row),
        "form_id": None,
        **_TAKEN,
        **_dates(now),
        "quantity_in_stock": 0,
        "stock_control": False,
        "upgrades": [],
        "status": "enabled",
        "hidden": False,
        "setup": "after_payment",
    }


def _pricing(row: Json) -> Json:
    if "tlds" in row:
        return {tld: _tld(tld, price) for tld, price in row["tlds"].items()}
    prices, setup = row.get("prices", {}), row.get("setup", {})
    return {
        "type": "recurrent" if prices else "once",
        "free": _NOTHING,
        "once": {"price": row.get("once", 0), "setup": 0},
        "recurrent": {
            period: {
                "price": prices.get(period, 0),
                "setup": setup.get(period, 0),
                "enabled": period in prices,
            }
            for period in _PERIODS
        },
    }


def _tld(tld: str, price: float) -> Json:
    written = f"{price:.2f}"
    return {
        "tld": tld,
        "price_registration": written,
        "price_renew": written,
        "price_transfer": written,
        "active": 1,
        "allow_register": 1,
        "allow_transfer": 1,
        "min_years": 1,
        "registrar": {"id": 1, "title": "Custom"},
    }


def _least(row: Json) -> float:
    offers = (row.get("prices") or row.get("tlds") or {"once": row.get("once", 0)}).values()
    return float(min(offers))


def _dates(now: datetime) -> Json:
    return {"created_at": text(now), "updated_at": text(now)}
