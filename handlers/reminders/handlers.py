"""Reminders: a digest drawn again, and what is put into the cart from it."""

from billing.rules.errors import AlreadyInvoicedError, NotFoundError, NotRenewableError
from billing.views.reminders.digests import Digest
from handlers.buttons import AddFromDigest, OpenDigest, OpenRenewals, RemoveFromDigest
from handlers.chat.conversation.acting import act_for
from handlers.chat.conversation.context import Context
from handlers.chat.screens.codec import StaleButton
from handlers.chat.screens.errors import sentence, stale
from handlers.reminders import screens
from locales.text import Plain


async def open_digest(ctx: Context, tapped: OpenDigest) -> None:
    """A digest as its services stand now."""
    await act_for(ctx, tapped.client)
    await draw(ctx, tapped.digest)


async def add(ctx: Context, tapped: AddFromDigest) -> None:
    """Adds one of its services, or all; where that has become impossible, it now says why."""
    await act_for(ctx, tapped.client)
    try:
        digest = await ctx.actions.add_from_digest(
            ctx.visitor, ctx.client, tapped.digest, ctx.t.language, service_id=tapped.service
        )
    except (NotRenewableError, AlreadyInvoicedError) as error:
        await draw(ctx, tapped.digest, sentence(ctx.t, error), alert=True)
    else:
        items = [i for i in digest.items if tapped.service in (None, i.service.id)]
        in_cart = any(item.in_cart for item in items)
        note = ctx.t.plain("Added to the cart.") if in_cart else stale(ctx.t)
        await ctx.show(screens.digest(ctx.t, digest), note, reminds=True)


async def remove(ctx: Context, tapped: RemoveFromDigest) -> None:
    """Takes one out of the cart again."""
    await act_for(ctx, tapped.client)
    digest = await ctx.actions.remove_from_digest(
        ctx.visitor, ctx.client, tapped.digest, ctx.t.language, service_id=tapped.service
    )
    note = ctx.t.plain("Removed from the cart.")
    await ctx.show(screens.digest(ctx.t, digest), note, reminds=True)


async def draw(
    ctx: Context, digest: int | None, note: Plain | None = None, *, alert: bool = False
) -> None:
    """Show a digest again; where nothing is left of it, what can be renewed."""
    screen = screens.digest(ctx.t, await read(ctx, digest))
    await ctx.show(screen, note, alert=alert, reminds=True)


async def read(ctx: Context, digest: int | None) -> Digest:
    """A digest as its services stand now, the last one if none is named."""
    try:
        return await ctx.actions.show_digest(ctx.visitor, ctx.client, digest, ctx.t.language)
    except NotFoundError as error:
        raise StaleButton("nothing is left of it", back=OpenRenewals()) from error
