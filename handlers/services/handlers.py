"""The list of services with filter and sort; a service's page; adding it to the cart."""

from dataclasses import replace

from billing.ports.conversations import Json
from billing.rules.errors import NotFoundError
from billing.views.services import ServiceFilter, ServiceList, ServicePage
from handlers.buttons import (
    AddService,
    ClearSearch,
    DropService,
    FilterServices,
    ListLiving,
    OpenLastService,
    OpenOffer,
    OpenOwnedAddons,
    OpenService,
    OpenServiceMenu,
    OpenServiceMenus,
    OpenServices,
    OpenSorts,
    OpenStatuses,
    SortServices,
    TurnServices,
)
from handlers.chat.conversation.context import Context
from handlers.chat.screens.codec import StaleButton
from handlers.chat.screens.origin import Origin
from handlers.services import addon_list, filters, page, screens
from handlers.services.list_filter import filter_values, read_filter, read_search
from handlers.services.offer_page import offer_page


async def services(ctx: Context) -> None:
    """/services: what is living, in the last sort order."""
    await _look(ctx, ServiceFilter(sort=(await _last_filter(ctx)).sort))


async def open_services(ctx: Context, _: OpenServices) -> None:
    """The list with the last filter, sort order and search."""
    service_list = await ctx.actions.list_services(ctx.client, await _last_filter(ctx))
    await ctx.show(screens.services(ctx.t, service_list))


async def open_offer(ctx: Context, _: OpenOffer) -> None:
    """The offer of the day, with its picture."""
    await ctx.show(offer_page(ctx.t, await ctx.actions.show_offer(ctx.client)))


async def turn(ctx: Context, tapped: TurnServices) -> None:
    """Another page."""
    await _look(ctx, replace(await _last_filter(ctx), page=tapped.page))


async def open_statuses(ctx: Context, _: OpenStatuses) -> None:
    """The status filter."""
    service_list = await ctx.actions.list_services(ctx.client, await _last_filter(ctx))
    await ctx.show(filters.statuses(ctx.t, service_list))


async def choose_status(ctx: Context, tapped: FilterServices) -> None:
    """Choose a status or all; the list begins at its first page."""
    every = tapped.status is None
    last = await _last_filter(ctx)
    await _look(ctx, replace(last, status=tapped.status, every=every, page=0))


async def list_living(ctx: Context, _: ListLiving) -> None:
    """Choose what neither ended nor is done; the list begins at its first page."""
    await _look(ctx, ServiceFilter(sort=(await _last_filter(ctx)).sort))


async def open_sorts(ctx: Context, _: OpenSorts) -> None:
    """Show the sort orders."""
    await ctx.show(filters.sorts(ctx.t, (await _last_filter(ctx)).sort))


async def choose_sort(ctx: Context, tapped: SortServices) -> None:
    """Choose a sort order; the list begins at its first page."""
    await _look(ctx, replace(await _last_filter(ctx), sort=tapped.sort, page=0))


async def search(ctx: Context, text: str) -> None:
    """Search for typed text, in services of every status."""
    sort = (await _last_filter(ctx)).sort
    await _look(ctx, ServiceFilter(sort=sort, search=read_search(text)))


async def clear_search(ctx: Context, _: ClearSearch) -> None:
    """Show the list without the search."""
    await _look(ctx, ServiceFilter(sort=(await _last_filter(ctx)).sort))


async def open_menus(ctx: Context, tapped: OpenServiceMenus) -> None:
    """A page of the list whose buttons open the menus of actions."""
    service_filter = await _last_filter(ctx)
    if tapped.page is not None:
        service_filter = replace(service_filter, page=tapped.page)
    service_list = await _read(ctx, service_filter)
    await ctx.show(screens.menus(ctx.t, service_list))


async def open_service(ctx: Context, tapped: OpenService) -> None:
    """One service's page."""
    service_page = await find_page(ctx, tapped)
    await remember(ctx, tapped)
    await ctx.show(page.service(ctx.t, service_page, tapped))


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
    service_page = await find_page(ctx, OpenService(tapped.service))
    await remember(ctx, OpenService(tapped.service))
    await ctx.show(page.menu(ctx.t, service_page))


async def open_addons(ctx: Context, tapped: OpenOwnedAddons) -> None:
    """All add-ons of a service."""
    service_page = await find_page(ctx, OpenService(tapped.service, tapped.origin))
    await ctx.show(addon_list.addon_list(ctx.t, service_page, tapped.origin, tapped.page))


async def add(ctx: Context, tapped: AddService) -> None:
    """Add the service's renewal to the cart."""
    place = OpenService(tapped.service, tapped.origin, tapped.inside)
    service_page = await ctx.actions.renew_from_page(ctx.client, tapped.service, ctx.t.language)
    await ctx.show(page.service(ctx.t, service_page, place), ctx.t.plain("Added to the cart."))


async def drop(ctx: Context, tapped: DropService) -> None:
    """Remove the service's renewal from the cart."""
    place = OpenService(tapped.service, tapped.origin, tapped.inside)
    service_page = await ctx.actions.drop_from_page(ctx.client, tapped.service, ctx.t.language)
    await ctx.show(page.service(ctx.t, service_page, place), ctx.t.plain("Removed from the cart."))


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
    is_noted = last.items() <= (await ctx.view()).items()
    if not is_noted and place.origin is not Origin.SERVICE:
        await ctx.look(**last)


async def _last_filter(ctx: Context) -> ServiceFilter:
    return read_filter(await ctx.view(), ctx.client.id)


async def _look(ctx: Context, service_filter: ServiceFilter) -> None:
    """Read the list, keep its filter, and show it."""
    await ctx.show(screens.services(ctx.t, await _read(ctx, service_filter)))


async def _read(ctx: Context, service_filter: ServiceFilter) -> ServiceList:
    """Read the list and keep its filter: a page past the end became the last."""
    service_list = await ctx.actions.list_services(ctx.client, service_filter)
    if service_list.service_filter != await _last_filter(ctx):
        await ctx.look(**filter_values(service_list.service_filter, ctx.client.id))
    return service_list
