"""Whether the panel offers what is to be ordered: it takes much that it should refuse."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from billing.rules.cycles import BillingCycle, CycleUnit
from billing.rules.panel.refusals import CallRefusal
from billing.rules.shop.quotes import Quote
from bot.panels.fossbilling.values import Row, row, text

_UNITS: Final = {CycleUnit.WEEK: "W", CycleUnit.MONTH: "M", CycleUnit.YEAR: "Y"}
_LONGEST: Final = 9
"""The panel's codes of periods have two characters."""


def period_of(cycle: BillingCycle) -> str | None:
    """The panel's code of a cycle: 1M, 2Y; None for one that it has none for."""
    unit = _UNITS.get(cycle.unit)
    return f"{cycle.count}{unit}" if unit and cycle.count <= _LONGEST else None


def why_not(product: Row | None, quote: Quote) -> CallRefusal | None:
    """Why a product cannot be ordered as a line says; None if it can."""
    if product is None or product.get("status") not in (None, "enabled"):
        return CallRefusal.NOT_OFFERED
    if product.get("stock_control") and int(product.get("quantity_in_stock") or 0) < 1:
        return CallRefusal.OUT_OF_STOCK
    if _needs_name(product) and config_of(product, quote) is None:
        return CallRefusal.NAME_NOT_POSSIBLE
    price = price_of(product, quote)
    is_free = row(product.get("pricing")).get("type") == "free"
    if price is None or (not price and not is_free and not _is_once(quote)):
        return CallRefusal.PERIOD_NOT_OFFERED
    return None


def _is_once(quote: Quote) -> bool:
    return quote.cycle.unit is CycleUnit.ONE_TIME


def price_of(product: Row, quote: Quote) -> Decimal | None:
    """The list price in the default currency; None for a cycle that is off."""
    offer = _offer(product, quote)
    name = "price_registration" if text(product.get("type")) == "domain" else "price"
    return None if offer is None else Decimal(str(offer.get(name) or 0))


def setup_of(product: Row, quote: Quote) -> Decimal:
    """The setup fee in the default currency."""
    offer = _offer(product, quote) or {}
    return Decimal(str(offer.get("setup") or 0))


def _offer(product: Row, quote: Quote) -> Row | None:
    pricing = row(product.get("pricing"))
    if text(product.get("type")) == "domain":
        ending = row(pricing.get(_split(quote.domain)[1]))
        return ending if ending.get("active") and ending.get("allow_register", 1) else None
    kind = "recurrent" if quote.cycle.recurring else quote.cycle.unit.value.partition("-")[0]
    if pricing.get("type") != {"one": "once"}.get(kind, kind):
        return None
    if not quote.cycle.recurring:
        return row(pricing.get(text(pricing.get("type"))))
    offer = row(row(pricing.get("recurrent")).get(period_of(quote.cycle) or ""))
    return offer if offer.get("enabled") else None


def _needs_name(product: Row) -> bool:
    return text(product.get("type")) in ("hosting", "domain")


def config_of(product: Row, quote: Quote) -> Mapping[str, Any] | None:
    """What the panel has to know of a new service; None where its name cannot be used."""
    name, ending = _split(quote.domain)
    kind = text(product.get("type"))
    if kind not in ("hosting", "domain"):
        return {}
    if not name or not ending:
        return None
    if kind == "hosting":
        own = {"action": "owndomain", "owndomain_sld": name, "owndomain_tld": ending}
        return {"domain": own}
    years = quote.cycle.count if quote.cycle.unit is CycleUnit.YEAR else 0
    if not years or ending not in row(product.get("pricing")):
        return None
    return {
        "action": "register",
        "register_sld": name,
        "register_tld": ending,
        "register_years": years,
    }


def _split(domain: str) -> tuple[str, str]:
    """A domain as the panel wants it: the name, and the ending with its point."""
    name, point, ending = domain.partition(".")
    return name, f"{point}{ending}"
