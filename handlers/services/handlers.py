"""The list of services with filter and sort; a service's page; adding it to the cart."""

from dataclasses import replace

from billing.ports.conversations import Json
from billing.rules.errors import NotFoundError
from billing.views.services import ServiceFilter, ServicePage
from handlers.buttons import (
    AddService,
    ClearSearch,
    DropService,
    FilterServices,
    OpenLastService,
    OpenOwnedAddons,
    OpenService,
    OpenServiceMenu,
    OpenServices,
    OpenSorts,
    OpenStatuses,
    SortServices,
    TurnServices,
)
from handlers.chat.codec import StaleButton
from handlers.chat.context import Context
from handlers.chat.origin import Origin
from handlers.services import addon_list, filters, page, screens
from handlers.services.list_filter import kept, looked, searched


async def services(ctx: Context) -> None:
    """/services: the whole list, in the last sort order."""
    await _look(ctx, ServiceFilter(sort=(await _looked(ctx)).sort))


async def open_services(ctx: Context, _: OpenServices) -> None:
    """The list with the last filter, sort order and search."""
    found = await ctx.actions.list_services(ctx.client, await _looked(ctx))
    await ctx.show(screens.services(ctx.t, found))


async def turn(ctx: Context, tapped: TurnServices) -> None:
    """Another page."""
    await _look(ctx, replace(await _looked(ctx), page=tapped.page))


async def open_statuses(ctx: Context, _: OpenStatuses) -> None:
    """The status filter."""
    found = await ctx.actions.list_services(ctx.client, await _looked(ctx))
    await ctx.show(filters.statuses(ctx.t, found))


async def choose_status(ctx: Context, tapped: FilterServices) -> None:
    """Choose a status or all; the list begins at its first page."""
    await _look(ctx, replace(await _looked(ctx), status=tapped.status, page=0))


async def open_sorts(ctx: Context, _: OpenSorts) -> None:
    """Show the sort orders."""
    await ctx.show(filters.sorts(ctx.t, (await _looked(ctx)).sort))


async def choose_sort(ctx: Context, tapped: SortServices) -> None:
    """Choose a sort order; the list begins at its first page."""
    await _look(ctx, replace(await _looked(ctx), sort=tapped.sort, page=0))


async def search(ctx: Context, text: str) -> None:
    """Search for typed text, in services of every status."""
    sort = (await _looked(ctx)).sort
    await _look(ctx, ServiceFilter(sort=sort, search=searched(text)))


async def clear_search(ctx: Context, _: ClearSearch) -> None:
    """Show the list without the search."""
    await _look(ctx, replace(await _looked(ctx), search="", page=0))


async def open_service(ctx: Context, tapped: OpenService) -> None:
    """One service's page."""
    found = await find_page(ctx, tapped)
    await remember(ctx, tapped)
    await ctx.show(page.service(ctx.t, found, tapped))


async def open_last(ctx: Context, _: OpenLastService) -> None:
    """Go back to the last service's page."""
    view = await ctx.view()
    number, origin = view.get("services.last"), view.get("services.last_origin")
    if not isinstance(number, int) or origin not in set(Origin):
        await open_services(ctx, OpenServices())
        return
    inside = view.get("services.last_inside") is True
    await open_service(ctx, OpenService(number, Origin(int(str(origin))), inside))


async def open_menu(ctx: Context, tapped: OpenServiceMenu) -> None:
    """Show the actions on a service."""
    found = await find_page(ctx, OpenService(tapped.service))
    await remember(ctx, OpenService(tapped.service))
    await ctx.show(page.menu(ctx.t, found))


async def open_addons(ctx: Context, tapped: OpenOwnedAddons) -> None:
    """All add-ons of a service."""
    found = await find_page(ctx, OpenService(tapped.service, tapped.origin))
    await ctx.show(addon_list.addon_list(ctx.t, found, tapped.origin, tapped.page))


async def add(ctx: Context, tapped: AddService) -> None:
    """Add the service's renewal to the cart."""
    place = OpenService(tapped.service, tapped.origin, tapped.inside)
    found = await ctx.actions.renew_from_page(ctx.client, tapped.service, ctx.t.language)
    await ctx.show(page.service(ctx.t, found, place), ctx.t.plain("Added to the cart."))


async def drop(ctx: Context, tapped: DropService) -> None:
    """Remove the service's renewal from the cart."""
    place = OpenService(tapped.service, tapped.origin, tapped.inside)
    found = await ctx.actions.drop_from_page(ctx.client, tapped.service, ctx.t.language)
    await ctx.show(page.service(ctx.t, found, place), ctx.t.plain("Removed from the cart."))


async def find_page(ctx: Context, place: OpenService) -> ServicePage:
    """Read a service's page; if the service is not the client's, show the list instead."""
    try:
        return await ctx.actions.show_service(ctx.client, place.service, ctx.t.language)
    except NotFoundError as error:
        raise StaleButton("no such service", back=OpenServices()) from error


async def remember(ctx: Context, place: OpenService) -> None:
    """Note the page that was shown, for screens whose Back button leads to it."""
    last: dict[str, Json] = {
        "services.last": place.service,
        "services.last_origin": int(place.origin),
        "services.last_inside": place.inside,
    }
    known = last.items() <= (await ctx.view()).items()
    if not known and place.origin is not Origin.SERVICE:
        await ctx.look(**last)


async def _looked(ctx: Context) -> ServiceFilter:
    return looked(await ctx.view(), ctx.client.id)


async def _look(ctx: Context, asked: ServiceFilter) -> None:
    """Read the list, keep its filter (a page past the end became the last), and show it."""
    found = await ctx.actions.list_services(ctx.client, asked)
    if found.asked != await _looked(ctx):
        await ctx.look(**kept(found.asked, ctx.client.id))
    await ctx.show(screens.services(ctx.t, found))
