"""The company changes what it offers while people are talking to its bot."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from billing.rules.shop.catalog import Catalog, Product
from tests.world import START, World


async def publishes(world: World, change: Callable[[Catalog], Catalog]) -> None:
    """Load the catalogue anew, changed."""
    async with world.core.database.work.writing() as uow:
        await uow.catalogs.save(change(await uow.catalogs.current()), at=START)
        await uow.commit()


async def changes_product(world: World, product_id: str, **changes: Any) -> None:
    """Load the catalogue anew with another product or add-on of that id."""

    def changed(product: Product) -> Product:
        return replace(product, **changes) if product.id == product_id else product

    await publishes(
        world, lambda c: replace(c, products=tuple(changed(product) for product in c.products))
    )


async def number_of(world: World, product_id: str) -> int:
    """The number that buttons carry for a product or add-on."""
    async with world.core.database.work.reading() as uow:
        product = (await uow.catalogs.current()).product(product_id)
    assert product is not None
    return product.number
