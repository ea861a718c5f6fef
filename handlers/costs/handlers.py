"""The costs of the next twelve months."""

from billing.rules.shop.forecast import Forecast
from handlers.buttons import OpenCosts, OpenMonthCosts, OpenOverdueCosts, OpenServiceCosts
from handlers.chat.conversation.context import Context
from handlers.chat.screens.errors import stale
from handlers.costs import screens


async def costs(ctx: Context) -> None:
    """/costs."""
    await ctx.show(screens.costs(ctx.t, await _foreseen(ctx)))


async def open_costs(ctx: Context, _: OpenCosts) -> None:
    """The year."""
    await costs(ctx)


async def open_month(ctx: Context, tapped: OpenMonthCosts) -> None:
    """Show a month; if it has no costs any more, show the year."""
    forecast = await _foreseen(ctx)
    if tapped.month not in forecast.months():
        await _show_year(ctx, forecast)
        return
    await ctx.show(screens.month_costs(ctx.t, forecast, tapped.month, tapped.page))


async def open_overdue(ctx: Context, tapped: OpenOverdueCosts) -> None:
    """Show overdue payments; if there are none, show the year."""
    forecast = await _foreseen(ctx)
    if not forecast.overdue:
        await _show_year(ctx, forecast)
        return
    await ctx.show(screens.overdue_costs(ctx.t, forecast, tapped.page))


async def open_by_service(ctx: Context, tapped: OpenServiceCosts) -> None:
    """Each service and add-on."""
    forecast = await _foreseen(ctx)
    await ctx.show(screens.service_costs(ctx.t, forecast, tapped.page))


async def _show_year(ctx: Context, forecast: Forecast) -> None:
    """Show the year to who has tapped on something that is no longer in it."""
    await ctx.show(screens.costs(ctx.t, forecast), stale(ctx.t))


async def _foreseen(ctx: Context) -> Forecast:
    return await ctx.actions.show_costs(ctx.client, ctx.t.language)
