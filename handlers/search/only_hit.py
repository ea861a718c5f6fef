"""Where a hit of a search is shown."""

from billing.rules.shop.catalog import Catalog, Product, ProductKind
from billing.views.search import SearchHits
from handlers.buttons import OpenAddon, OpenProduct, OpenService, OpenShelf, OpenTopic
from handlers.chat.screens.codec import Payload
from handlers.chat.screens.origin import Origin


def only_hit(found: SearchHits, *, visitor: bool) -> Payload | None:
    """The button of the single hit; None where there are none or several."""
    if found.count != 1:
        return None
    if found.services:
        return OpenService(found.services[0].id)
    if found.others.topics:
        return OpenTopic(found.others.topics[0].number)
    (product,) = (*found.others.products, *found.others.addons)
    return payload_of(found.catalog, product, visitor)


def payload_of(catalog: Catalog, product: Product, visitor: bool) -> Payload:
    """Where a product or add-on is shown; visitors see its group in the public catalogue."""
    if visitor:
        places = (n for n, group in enumerate(catalog.groups) if group.id == product.group)
        return OpenShelf(next(places, 0), product.kind)
    if product.kind is ProductKind.ADDON:
        return OpenAddon(product.number, origin=Origin.HOME)
    return OpenProduct(product.number, Origin.HOME)
