"""The cart: looking, another cycle, removing, emptying."""

from billing.rules.errors import CartChangedError, NotFoundError
from handlers.buttons import (
    AskEmptyCart,
    ChangeCycle,
    EmptyCart,
    OpenCart,
    OpenLine,
    RemoveLine,
    RestoreLine,
)
from handlers.cart import screens
from handlers.cart.notes import removed_note
from handlers.cart.removed_lines import as_view, read_removed
from handlers.chat.conversation.context import Context
from handlers.chat.screens.codec import StaleButton
from handlers.chat.screens.errors import sentence


async def cart(ctx: Context) -> None:
    """/cart."""
    await open_cart(ctx, OpenCart())


async def open_cart(ctx: Context, tapped: OpenCart) -> None:
    """The lines and totals."""
    view = await ctx.actions.show_cart(ctx.client, ctx.t.language)
    await ctx.show(screens.cart(ctx.t, view, tapped.page, tapped.origin))


async def remove(ctx: Context, tapped: RemoveLine) -> None:
    """Remove a line; with a product, also the add-ons ordered for it. It can be put back."""
    removed = await ctx.actions.remove_line(ctx.client, ctx.t.language, tapped.line)
    undo = None
    if removed.lines:
        await ctx.look(**as_view(ctx.client.id, removed.lines))
        undo = RestoreLine(tapped.line, tapped.page, tapped.origin)
    screen = screens.cart(ctx.t, removed.cart, tapped.page, tapped.origin, undo=undo)
    await ctx.show(screen, removed_note(ctx.t, removed))


async def restore(ctx: Context, tapped: RestoreLine) -> None:
    """Put back what was removed last; a second tap changes nothing."""
    lines = read_removed(await ctx.view(), ctx.client.id, tapped.line)
    if not lines:
        raise StaleButton("nothing to put back", back=OpenCart(tapped.page, tapped.origin))
    restored = await ctx.actions.restore_lines(ctx.client, ctx.t.language, lines)
    note = ctx.t.plain("It is in the cart again.")
    if not restored.new:
        note = ctx.t.plain("It is in the cart already.")
    await ctx.show(screens.cart(ctx.t, restored.cart, tapped.page, tapped.origin), note)


async def open_line(ctx: Context, tapped: OpenLine) -> None:
    """The cycles of a line."""
    try:
        choice = await ctx.actions.show_line_cycles(ctx.client, ctx.t.language, tapped.line)
    except NotFoundError as error:
        raise StaleButton("no such line", back=OpenCart(tapped.page, tapped.origin)) from error
    await ctx.show(screens.line(ctx.t, choice, tapped.page, tapped.origin))


async def change_cycle(ctx: Context, tapped: ChangeCycle) -> None:
    """Change the cycle of a line."""
    try:
        view = await ctx.actions.change_cycle(
            ctx.client, ctx.t.language, tapped.line, tapped.cycle
        )
    except NotFoundError as error:
        raise StaleButton("no such line", back=OpenCart(tapped.page, tapped.origin)) from error
    note = ctx.t.plain("The billing cycle is changed.")
    await ctx.show(screens.cart(ctx.t, view, tapped.page, tapped.origin), note)


async def ask_empty(ctx: Context, tapped: AskEmptyCart) -> None:
    """Ask before emptying the cart."""
    view = await ctx.actions.show_cart(ctx.client, ctx.t.language)
    if view.cart.lines:
        await ctx.show(screens.ask_empty(ctx.t, view, tapped.origin))
    else:
        await ctx.show(screens.cart(ctx.t, view, 0, tapped.origin))


async def empty(ctx: Context, tapped: EmptyCart) -> None:
    """Empty the cart, unless it has changed since it was shown."""
    try:
        view = await ctx.actions.empty_cart(ctx.client, ctx.t.language, revision=tapped.revision)
    except CartChangedError as error:
        ctx.pending_note = sentence(ctx.t, error)
        await open_cart(ctx, OpenCart(0, tapped.origin))
    else:
        note = ctx.t.plain("The cart is empty now.")
        await ctx.show(screens.cart(ctx.t, view, 0, tapped.origin), note)
