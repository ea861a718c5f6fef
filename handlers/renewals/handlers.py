"""Renewals: the list, adding to the cart, what cannot be renewed."""

from billing.rules.errors import AlreadyInvoicedError, NotRenewableError
from billing.views.cart import RenewalList
from handlers.buttons import (
    AddAllDueSoon,
    AddRenewal,
    OpenNotRenewable,
    OpenRenewalCycles,
    OpenRenewals,
    RemoveRenewal,
)
from handlers.chat.conversation.context import Context
from handlers.chat.screens.errors import sentence
from handlers.chat.screens.origin import Origin
from handlers.renewals import cycle_list, refusals, screens
from locales.text import Plain


async def renew(ctx: Context) -> None:
    """/renew."""
    await open_renewals(ctx, OpenRenewals(origin=Origin.HOME))


async def open_renewals(ctx: Context, tapped: OpenRenewals) -> None:
    """The list."""
    renewal_list = await ctx.actions.list_renewals(ctx.client, ctx.t.language, tapped.page)
    await ctx.show(screens.renewals(ctx.t, renewal_list, tapped.origin))


async def open_cycles(ctx: Context, tapped: OpenRenewalCycles) -> None:
    """The list, to choose another cycle for one of them."""
    renewal_list = await ctx.actions.list_renewals(ctx.client, ctx.t.language, tapped.page)
    await ctx.show(cycle_list.choose_cycle(ctx.t, renewal_list, tapped.origin))


async def add(ctx: Context, tapped: AddRenewal) -> None:
    """Add a renewal to the cart; if that is impossible by now, the list says why."""
    try:
        renewal_list = await ctx.actions.add_renewal(
            ctx.client, ctx.t.language, tapped.service, page=tapped.page
        )
    except (NotRenewableError, AlreadyInvoicedError) as error:
        renewal_list = await ctx.actions.list_renewals(ctx.client, ctx.t.language, tapped.page)
        screen = screens.renewals(ctx.t, renewal_list, tapped.origin)
        await ctx.show(screen, sentence(ctx.t, error), alert=True)
    else:
        await _show_list(ctx, renewal_list, tapped, ctx.t.plain("Added to the cart."))


async def remove(ctx: Context, tapped: RemoveRenewal) -> None:
    """Remove a renewal from the cart."""
    renewal_list = await ctx.actions.remove_renewal(
        ctx.client, ctx.t.language, tapped.service, tapped.page
    )
    await _show_list(ctx, renewal_list, tapped, ctx.t.plain("Removed from the cart."))


async def add_all_due_soon(ctx: Context, tapped: AddAllDueSoon) -> None:
    """Add everything that is due within 30 days."""
    renewal_list = await ctx.actions.add_all_due_soon(ctx.client, ctx.t.language, tapped.page)
    await _show_list(ctx, renewal_list, tapped, ctx.t.plain("Added to the cart."))


async def open_not_renewable(ctx: Context, tapped: OpenNotRenewable) -> None:
    """Show what cannot be renewed, and why."""
    renewal_list = await ctx.actions.list_renewals(
        ctx.client, ctx.t.language, refused_page=tapped.page
    )
    await ctx.show(refusals.not_renewable(ctx.t, renewal_list, tapped.origin))


async def _show_list(
    ctx: Context,
    renewal_list: RenewalList,
    tapped: AddRenewal | RemoveRenewal | AddAllDueSoon,
    note: Plain,
) -> None:
    await ctx.show(screens.renewals(ctx.t, renewal_list, tapped.origin), note)
