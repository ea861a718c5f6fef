"""One catalogue of two: what a connected panel offers, and what the operator says of it.

Products, prices, cycles and add-ons are the panel's. Texts, banners, help and policy are those of
the operator's folder, which names a product by what the panel calls it (`ref`). A product that the
folder does not name is offered as the panel describes it, with the company's policy.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain, count

from billing.ports.work import UnitOfWork
from billing.rules.names import tidy
from billing.rules.shop.catalog import Catalog, Group, NameKind, Product, ProductKind
from billing.views.panel import PanelCatalogue, PanelProduct

Key = tuple[ProductKind, str]
"""What a panel calls a product: its kind, and its number there."""

OTHER = "other"
"""The group of products to which nobody gives one; it has no name unless the folder names it."""

NOTHING = PanelCatalogue((), ())
"""What a panel offers that was never read."""

NAME_MAX, DESCRIPTION_MAX = 60, 1000
"""Characters that the folder may use, too; the screens are made for them."""


def merge_catalogue(folder: Catalog, offers: PanelCatalogue, before: Catalog) -> Catalog:
    """The catalogue of both, not yet numbered; `before` is the newest one that is stored.

    A product keeps the id under which it is known, because services name it. One that only the
    folder knows is not offered. The folder's own prices do not count.
    """
    ids = _Ids(folder, before)
    there = {(one.kind, one.ref): one for one in offers.products}
    groups = {group.id for group in folder.groups} | {ref for ref, _ in offers.groups}
    known = [
        _merged(own, there[_key(own)], ids, groups)
        if _key(own) in there
        else _withdrawn(own, before, ids, groups)
        for own in folder.products
    ]
    unknown = [
        _merged(_bare(one), one, ids, groups)
        for key, one in there.items()
        if folder.owned_as(*key) is None
    ]
    products = (*known, *unknown)
    return replace(
        folder,
        groups=tuple(_groups(folder, offers, products)),
        products=products,
        banners=tuple(
            replace(banner, product=ids.of_folder(banner.product)) if banner.product else banner
            for banner in folder.banners
        ),
    )


async def merge_with_panel(uow: UnitOfWork, folder: Catalog) -> Catalog:
    """A folder's catalogue with what the panel offered when it was read last."""
    offers = await uow.catalogue_sources.offers()
    return merge_catalogue(folder, offers or NOTHING, await uow.catalogs.current())


class _Ids:
    """The catalogue's ids of products by what the panel calls them."""

    def __init__(self, folder: Catalog, before: Catalog) -> None:
        self._folder = folder
        self._taken: dict[str, Key] = {one.id: _key(one) for one in before.products}
        self._given = {key: own for own, key in self._taken.items()}
        for own in folder.products:
            self.of(*_key(own))

    def of(self, kind: ProductKind, ref: str) -> str:
        """The id: the one that is stored, else the folder's, else the panel's number."""
        key = (kind, ref)
        if key not in self._given:
            free = (one for one in self._candidates(key) if one not in self._taken)
            self._given[key] = own = next(free)
            self._taken[own] = key
        return self._given[key]

    def of_folder(self, product_id: str) -> str:
        """The id of a product that the folder names by its own id."""
        product = self._folder.product(product_id)
        return self.of(*_key(product)) if product else product_id

    def _candidates(self, key: Key) -> Iterator[str]:
        kind, ref = key
        own = self._folder.owned_as(kind, ref)
        # A panel may number products and add-ons apart.
        named = [own.id] if own else []
        return chain(named, [ref, f"{kind}-{ref}"], (f"{kind}-{ref}-{n}" for n in count(2)))


def _key(product: Product) -> Key:
    return product.kind, product.ref


def _bare(offer: PanelProduct) -> Product:
    """A product of which the folder says nothing."""
    return Product(offer.ref, offer.ref, 0, offer.kind, "", {})


def _merged(own: Product, offer: PanelProduct, ids: _Ids, groups: set[str]) -> Product:
    """The panel's offer with the folder's words about it."""
    asks_domain = offer.asks_for_domain or own.asks_for is NameKind.DOMAIN
    return replace(
        own,
        id=ids.of(offer.kind, offer.ref),
        group=_group(own.group or offer.group, groups),
        name=own.name or {"en": _name(offer)},
        description=own.description or _in_english(_description(offer.description)),
        prices=offer.prices,
        fits=_fits(own, offer, ids),
        asks_for=NameKind.DOMAIN if asks_domain else NameKind.LABEL,
        offered=offer.offered and own.offered,
    )


def _withdrawn(own: Product, before: Catalog, ids: _Ids, groups: set[str]) -> Product:
    """A product of the folder that the panel does not offer: services may still name it."""
    known = before.owned_as(*_key(own))
    return replace(
        own,
        id=ids.of(*_key(own)),
        group=_group(own.group or (known.group if known else ""), groups),
        name=own.name or (known.name if known else {"en": own.ref}),
        prices=(),
        fits=tuple(ids.of_folder(one) for one in own.fits),
        offered=False,
    )


def _fits(own: Product, offer: PanelProduct, ids: _Ids) -> tuple[str, ...]:
    """What an add-on fits: what the panel says, where the folder does not leave some of it out."""
    there = tuple(ids.of(ProductKind.PRODUCT, ref) for ref in offer.fits)
    here = tuple(ids.of_folder(one) for one in own.fits)
    if not there or not here:
        return there or here
    return tuple(one for one in there if one in here)


def _groups(
    folder: Catalog, offers: PanelCatalogue, products: tuple[Product, ...]
) -> Iterator[Group]:
    """The folder's groups, then those of the panel that it does not name."""
    yield from folder.groups
    known = {group.id for group in folder.groups}
    for ref, name in dict(offers.groups).items():
        if ref not in known:
            yield Group(ref, {"en": _line(name, NAME_MAX) or ref})
    if OTHER not in known | {ref for ref, _ in offers.groups} and any(
        product.group == OTHER for product in products
    ):
        yield Group(OTHER, {})


def _group(group: str, known: set[str]) -> str:
    return group if group in known else OTHER


def _name(offer: PanelProduct) -> str:
    return _line(offer.name, NAME_MAX) or offer.ref


def _line(text: str, longest: int) -> str:
    clean = tidy(text)
    return clean if len(clean) <= longest else clean[: longest - 1].rstrip() + "…"


def _description(text: str) -> str:
    """The text with its lines, as long as one of the folder may be."""
    joined = "\n".join(tidy(line) for line in text.strip().splitlines())
    return joined if len(joined) <= DESCRIPTION_MAX else joined[: DESCRIPTION_MAX - 1] + "…"


def _in_english(text: str) -> Mapping[str, str]:
    """One text for all languages, as the folder has it."""
    return {"en": text} if text else {}
