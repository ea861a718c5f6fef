"""The greeting, the menu, and the public catalogue for visitors."""

from billing.rules.shop.catalog import ProductKind
from billing.views.shop import Shop
from handlers.buttons import OpenCatalogue, OpenHome, OpenShelf
from handlers.chat.conversation.context import Context
from handlers.chat.screens.codec import Payload
from handlers.menu import catalogue, screens


async def home(ctx: Context) -> None:
    """Show home; a visitor sees how to link."""
    if ctx.visitor.client is None:
        await unlinked(ctx)
        return
    overview = await ctx.actions.show_home(ctx.client)
    await ctx.show(screens.home(ctx.t, ctx.client, overview))


async def open_home(ctx: Context, _: OpenHome) -> None:
    """Show home, after a tap."""
    await home(ctx)


async def unlinked(ctx: Context) -> None:
    """Show how to link an account, in place of a screen that needs one."""
    catalog = await ctx.actions.show_catalog()
    allowed = await ctx.actions.show_allowed(None)
    by_email = ctx.deps.config.links_by_email
    await ctx.show(screens.welcome(ctx.t, catalog.company, allowed, by_email=by_email))


async def late(ctx: Context, anew: Payload) -> None:
    """Say that an answer came after its question was forgotten, and offer to begin again."""
    await ctx.show(screens.late(ctx.t, anew))


async def open_catalogue(ctx: Context, tapped: OpenCatalogue) -> None:
    """The groups of the public catalogue."""
    shop = await _shop(ctx, tapped.kind)
    await ctx.show(
        catalogue.catalogue(ctx.t, shop, tapped.kind, tapped.page, visitor=_visits(ctx))
    )


async def open_shelf(ctx: Context, tapped: OpenShelf) -> None:
    """One group of the public catalogue."""
    shop = await _shop(ctx, tapped.kind)
    await ctx.show(
        catalogue.shelf(ctx.t, shop, tapped.kind, tapped.group, tapped.page, visitor=_visits(ctx))
    )


def _visits(ctx: Context) -> bool:
    return ctx.visitor.client is None


async def _shop(ctx: Context, kind: ProductKind) -> Shop:
    """The public shop, in the company's currency and with its tax."""
    return await ctx.actions.show_shop(None, kind)
