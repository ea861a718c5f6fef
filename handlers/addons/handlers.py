"""Add-ons: list, page, billing cycle, service, cart."""

from billing.rules.errors import AlreadyInvoicedError
from billing.rules.shop.catalog import ProductKind
from handlers.addons import pickers, screens
from handlers.buttons import AddAddon, OpenAddon, OpenAddonCycles, OpenAddons, OpenAddonServices
from handlers.cart.screens import cart
from handlers.chat.conversation.context import Context
from handlers.chat.screens.errors import sentence
from handlers.chat.screens.origin import Origin
from handlers.orders.cart_note import LAST_PAGE, added_note


async def addons(ctx: Context) -> None:
    """/addons."""
    await open_addons(ctx, OpenAddons(origin=Origin.HOME))


async def open_addons(ctx: Context, tapped: OpenAddons) -> None:
    """All add-ons, or those for one service."""
    if tapped.service is None:
        shop = await ctx.actions.show_shop(ctx.client, ProductKind.ADDON)
        await ctx.show(screens.addons(ctx.t, shop, tapped))
    else:
        service_shop = await ctx.actions.show_service_addons(
            ctx.client, ctx.t.language, tapped.service
        )
        await ctx.show(screens.addons_for(ctx.t, service_shop, tapped))


async def open_addon(ctx: Context, tapped: OpenAddon) -> None:
    """One add-on."""
    page = await ctx.actions.show_addon(ctx.client, ctx.t.language, tapped.product, tapped.service)
    await ctx.show(screens.addon(ctx.t, page, tapped))


async def open_cycles(ctx: Context, tapped: OpenAddonCycles) -> None:
    """The billing cycle picker."""
    page = await ctx.actions.show_addon(ctx.client, ctx.t.language, tapped.product, tapped.service)
    await ctx.show(pickers.cycles(ctx.t, page, tapped))


async def open_services(ctx: Context, tapped: OpenAddonServices) -> None:
    """The service picker."""
    candidates = await ctx.actions.find_fitting_services(
        ctx.client, ctx.t.language, tapped.product, tapped.cycle
    )
    await ctx.show(pickers.services(ctx.t, candidates, tapped))


async def add(ctx: Context, tapped: AddAddon) -> None:
    """Put the add-on into the cart and show it, or show the proforma that it is on."""
    try:
        addition = await ctx.actions.add_addon(
            ctx.client,
            ctx.t.language,
            product_number=tapped.product,
            cycle=tapped.cycle,
            service_id=tapped.service,
        )
    except AlreadyInvoicedError as error:
        ctx.pending_note = sentence(ctx.t, error)
        await open_addon(ctx, OpenAddon(tapped.product, tapped.service, origin=tapped.origin))
        return
    screen = cart(ctx.t, addition.cart, LAST_PAGE, tapped.origin)
    await ctx.show(screen, added_note(ctx.t, addition))
