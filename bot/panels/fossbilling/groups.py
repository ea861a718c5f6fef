"""Which service of a group an add-on belongs to."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from billing.rules.services.service import ServiceKind
from bot.panels.fossbilling.kinds import Products
from bot.panels.fossbilling.orders import SeenOrder


def joined(orders: Iterable[SeenOrder], products: Products) -> tuple[SeenOrder, ...]:
    """The orders of one client, each once, add-ons with what they belong to."""
    known = {order.number: order for order in orders}
    groups: dict[str, list[SeenOrder]] = {}
    for _, order in sorted(known.items()):
        if order.group and (order.is_main or order.service.kind is ServiceKind.SERVICE):
            groups.setdefault(order.group, []).append(order)
    return tuple(
        _below(order, groups.get(order.group, ()), products) for _, order in sorted(known.items())
    )


def _below(order: SeenOrder, services: Sequence[SeenOrder], products: Products) -> SeenOrder:
    """An add-on below its service; whatever else came from the same cart stands alone."""
    is_addon = order.service.kind is ServiceKind.ADDON
    parent = _parent(order, services, products) if is_addon else None
    return replace(order, service=replace(order.service, parent=parent.key if parent else None))


def _parent(
    addon: SeenOrder, services: Sequence[SeenOrder], products: Products
) -> SeenOrder | None:
    """The service of an add-on among those of its group, which are in turn.

    A cart puts each product before its add-ons. One that was ordered later may belong to any
    service that it fits: the first one, since the leader is the first.
    """
    if addon.parent_product:
        fitting = [one for one in services if one.product_ref == addon.parent_product]
        before = [one for one in fitting if one.number < addon.number]
        fitting = before[-1:] or fitting
    else:
        fitting = [
            one for one in services if products.are_together(one.product_ref, addon.product_ref)
        ]
    return next(iter(fitting), None) or next((one for one in services if one.is_main), None)
