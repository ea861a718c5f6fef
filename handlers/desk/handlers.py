"""What waits for staff, and its lists."""

from handlers.buttons import OpenDesk, OpenWaiting
from handlers.chat.conversation.context import Context
from handlers.desk import lists, screens


async def show(ctx: Context) -> None:
    """The desk: what staff find at /start."""
    now = await ctx.actions.show_desk()
    await ctx.show(screens.desk(ctx.t, now, is_client=ctx.visitor.client is not None))


async def open_desk(ctx: Context, _: OpenDesk) -> None:
    """The desk, after a tap."""
    await show(ctx)


async def open_waiting(ctx: Context, tapped: OpenWaiting) -> None:
    """One list of what waits."""
    listed = await ctx.actions.list_waiting(tapped.kind, tapped.page)
    await ctx.show(lists.waiting(ctx.t, listed))
