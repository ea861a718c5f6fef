"""Greets, and shows the way."""

from handlers.buttons import OpenHome
from handlers.chat.context import Context
from handlers.menu import screens


async def home(ctx: Context) -> None:
    """/start, and wherever else there is to go."""
    await ctx.show(screens.home(ctx.t, ctx.client.name))


async def open_home(ctx: Context, _: OpenHome) -> None:
    """The button that leads home."""
    await home(ctx)


async def unlinked(ctx: Context) -> None:
    """How to link an account, in the place of what needs one."""
    await ctx.show(screens.unlinked(ctx.t))


async def not_understood(ctx: Context, _: str) -> None:
    """Text that nobody waits for."""
    await home(ctx)
