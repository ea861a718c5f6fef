"""A service with its add-ons.

A cart of the panel leaves all of its orders in one group, and only the first leads it: the others
look like add-ons, also domains and services of their own.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.panels.fossbilling.kinds import is_domain, leads, may_be_addon
from bot.panels.fossbilling.questions import ENDED, Questions
from bot.panels.fossbilling.values import Row, ref_of, rows


@dataclass(frozen=True, slots=True)
class Family:
    """A service, before its add-ons; `doubtful` may be add-ons of it, and nothing says so."""

    orders: Sequence[Row] = ()
    doubtful: Sequence[Row] = ()


async def family_of(ask: Questions, order: Row) -> Family:
    """The add-ons of an order are those in its group that its product has as add-ons.

    Where another service in the group has the same ones, nothing says whose they are.
    """
    listed = await ask.addons(order["id"])
    members = [one for one in listed if may_be_addon(one) and one["id"] != order["id"]]
    if not members or is_domain(order):
        return Family([order])
    fitting = _addons_of(await _product(ask, order))
    if not leads(order):
        return Family([order], [one for one in members if _runs(one) and _is_of(one, fitting)])
    rest = [(one, await _product(ask, one)) for one in members if not _is_of(one, fitting)]
    others = {ref for _, product in rest for ref in _addons_of(product)}
    fit = [one for one in members if _is_of(one, fitting)]
    unclear = [one for one in fit if _is_of(one, others)]
    unclear += [one for one, product in rest if not _is_main(product) and not _is_of(one, others)]
    own = [one for one in fit if not _is_of(one, others)]
    return Family([order, *own], [one for one in unclear if _runs(one)])


def _runs(order: Row) -> bool:
    return order.get("status") not in ENDED


def _is_main(product: Row | None) -> bool:
    """Whether a product is a service: add-ons are in no category."""
    return product is not None and bool(product.get("product_category_id"))


async def _product(ask: Questions, order: Row) -> Row | None:
    ref = ref_of(order.get("product_id"))
    return await ask.product(ref) if ref else None


def _addons_of(product: Row | None) -> set[str]:
    return {ref_of(one.get("id")) for one in rows(product.get("addons"))} if product else set()


def _is_of(order: Row, products: Collection[str]) -> bool:
    return ref_of(order.get("product_id")) in products
