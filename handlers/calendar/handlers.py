"""Sending the due dates as a calendar file."""

import asyncio

from handlers.buttons import OpenCalendar
from handlers.calendar import screens
from handlers.calendar.sender import Sender
from handlers.chat.conversation.context import Context


async def calendar(ctx: Context) -> None:
    """/calendar: always a new message, so that an earlier file stays."""
    due_dates = await ctx.actions.list_due_dates(ctx.client, ctx.t.language)
    if not due_dates.upcoming and not due_dates.withdrawn:
        await ctx.show(screens.nothing(ctx.t, due_dates.undated))
        return
    sender = Sender(ctx.bot.id, ctx.bot.username)
    # In a thread: a thousand services take half a second, and other people must not wait.
    await ctx.show(await asyncio.to_thread(screens.calendar, ctx.t, due_dates, sender))


async def open_calendar(ctx: Context, _: OpenCalendar) -> None:
    """Send the file, after a tap."""
    await calendar(ctx)
