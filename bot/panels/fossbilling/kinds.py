"""What an order is: a service, a domain, or an add-on of another one.

A cart of the panel leaves all of its orders in one group, and only the first leads it. The others
do not, whether they are add-ons of it or services of their own: `group_master` alone says nothing.
What the cart has written into an order does (`parent_id` is the product that an add-on was chosen
for), and else its product: one that the panel lists is sold by itself, add-ons are in no list.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from billing.rules.services.service import ServiceKind
from bot.panels.fossbilling.unread import number_of
from bot.panels.fossbilling.values import Row, flag, id_of, row, rows

_DOMAIN: Final = "domain"
_PARENT: Final = "parent_id"
_OF_CART: Final = "product_id"
"""A field of the configuration that only a cart writes into it."""


@dataclass(frozen=True, slots=True)
class Products:
    """Products that are sold by themselves, by their refs, with the refs of their add-ons."""

    addons: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def are_together(self, product_ref: str, addon_ref: str) -> bool:
        """Whether one is an add-on of the other."""
        return addon_ref in self.addons.get(product_ref, ())

    def is_service(self, product_ref: str) -> bool:
        """Whether a product is sold by itself only; not, where nobody knows."""
        is_addon = any(product_ref in addons for addons in self.addons.values())
        return product_ref in self.addons and not is_addon


def read_kinds(products: Iterable[Row]) -> Products:
    """Read a list of products, without those that cannot be read."""
    return Products(
        {
            number: frozenset(number_of(addon) for addon in rows(one.get("addons")))
            for one in products
            if (number := number_of(one))
        }
    )


def is_domain(order: Row) -> bool:
    """Whether an order is a domain, which is nobody's add-on."""
    return bool(order.get("service_type") == _DOMAIN)


def leads(order: Row) -> bool:
    """Whether an order leads its group."""
    return flag(order.get("group_master"))


def may_be_addon(order: Row) -> bool:
    """Whether an order is in the group of another one that it may belong to."""
    return not leads(order) and not is_domain(order)


def parent_product(order: Row) -> str:
    """The product that an add-on was chosen for in a cart; "" where the order does not say it."""
    try:
        return str(id_of(row(order.get("config")).get(_PARENT)))
    except ValueError:
        return ""


def needs_products(order: Row) -> bool:
    """Whether nothing but its product says what an order is."""
    return may_be_addon(order) and not parent_product(order) and not _is_of_cart(order)


def kind_of(order: Row, product_ref: str, products: Products) -> ServiceKind:
    """What an order is; an add-on, where nobody knows its product any more."""
    if is_domain(order):
        return ServiceKind.DOMAIN
    if leads(order):
        return ServiceKind.SERVICE
    if parent_product(order):
        return ServiceKind.ADDON
    is_service = _is_of_cart(order) or products.is_service(product_ref)
    return ServiceKind.SERVICE if is_service else ServiceKind.ADDON


def _is_of_cart(order: Row) -> bool:
    return bool(row(order.get("config")).get(_OF_CART))
