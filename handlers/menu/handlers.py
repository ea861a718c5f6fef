"""Greets, shows the way, and shows visitors what there is."""

from billing.rules.catalog import ProductKind
from billing.views.shop import Shop
from handlers.buttons import OpenCatalogue, OpenHome, OpenShelf
from handlers.chat.codec import Payload
from handlers.chat.context import Context
from handlers.menu import catalogue, screens


async def home(ctx: Context) -> None:
    """/start, and wherever else there is to go; a visitor is shown how to link."""
    if ctx.visitor.client is None:
        await unlinked(ctx)
        return
    found = await ctx.actions.show_home(ctx.client)
    await ctx.show(screens.home(ctx.t, ctx.client, found))


async def open_home(ctx: Context, _: OpenHome) -> None:
    """The button that leads home."""
    await home(ctx)


async def unlinked(ctx: Context) -> None:
    """How to link an account, in the place of what needs one."""
    catalog = await ctx.actions.show_catalog()
    await ctx.show(screens.welcome(ctx.t, catalog.company))


async def late(ctx: Context, anew: Payload) -> None:
    """An answer came after its question was forgotten: say so, and offer to begin again."""
    await ctx.show(screens.late(ctx.t, anew))


async def open_catalogue(ctx: Context, tapped: OpenCatalogue) -> None:
    """The groups of the public catalogue."""
    shop = await _shop(ctx, tapped.kind)
    await ctx.show(catalogue.catalogue(ctx.t, shop, tapped.kind, tapped.page))


async def open_shelf(ctx: Context, tapped: OpenShelf) -> None:
    """One group of the public catalogue."""
    shop = await _shop(ctx, tapped.kind)
    await ctx.show(catalogue.shelf(ctx.t, shop, tapped.kind, tapped.group, tapped.page))


async def _shop(ctx: Context, kind: ProductKind) -> Shop:
    """In the company's currency and with its tax, whoever looks."""
    return await ctx.actions.show_shop(None, kind)
