"""Text that answers no question: a word that is a button's name, or a search."""

from billing.rules.names import search_words
from billing.rules.shop.search import is_question
from billing.views.search import SearchHits
from billing.views.services import ServiceFilter, Sort
from handlers.chat.conversation.context import Context, NotLinkedError
from handlers.chat.screens.codec import Payload
from handlers.menu import handlers as menu
from handlers.search import screens
from handlers.search.only_hit import only_hit
from handlers.search.typed_words import button_of, is_cancel, word_in
from handlers.services import handlers as services
from handlers.services import screens as service_screens
from handlers.services.list_filter import filter_values, read_filter, read_search


async def take(ctx: Context, typed: str) -> None:
    """Do what the button of that name does, else search.

    A word that is also the whole name of a service of the client finds both.
    """
    word = word_in(typed)
    if is_cancel(typed):
        ctx.pending_note = ctx.t.plain("There was nothing to cancel.")
        await menu.home(ctx)
        return
    button = button_of(word)
    if button is None:
        await search(ctx, typed)
    elif await _is_service_name(ctx, word):
        await search(ctx, typed, button)
    else:
        await ctx.open(button)


async def search(ctx: Context, typed: str, button: Payload | None = None) -> None:
    """Search; a single hit opens. `button` is what the text stands for besides."""
    client, text = ctx.visitor.client, read_search(typed)
    if not search_words(text):
        await services.search(ctx, typed)
        return
    sort = read_filter(await ctx.view(), client.id).sort if client else Sort.DUE_DATE
    found = await ctx.actions.search(client, text, sort=sort)
    only = None if button else only_hit(found, visitor=client is None)
    if only is not None:
        await ctx.open(only)
    elif found.count or button:
        await _show(ctx, found, sort, button)
    elif is_question(text):
        await ctx.show(screens.no_answer(ctx.t, text, found.catalog.company))
    else:
        await _show_list(ctx, found)


async def _show(ctx: Context, found: SearchHits, sort: Sort, button: Payload | None) -> None:
    """Hits of several kinds, or the list of services where there are no others."""
    client = ctx.visitor.client
    if found.service_list is not None and button is None:
        await _show_list(ctx, found)
        return
    if client is not None and found.service_count:
        await _keep(ctx, ServiceFilter(sort=sort, search=found.text))
    word = None if button is None else screens.word_row(found.text, button)
    await ctx.show(screens.hits(ctx.t, found, visitor=client is None, word=word))


async def _show_list(ctx: Context, found: SearchHits) -> None:
    """The list of services, also an empty one; a visitor learns how to link."""
    if found.service_list is None:
        raise NotLinkedError
    await _keep(ctx, found.service_list.service_filter)
    await ctx.show(service_screens.services(ctx.t, found.service_list))


async def _keep(ctx: Context, service_filter: ServiceFilter) -> None:
    """Set the list of services to a search, for buttons that lead to it."""
    values = filter_values(service_filter, ctx.client.id)
    if not values.items() <= (await ctx.view()).items():
        await ctx.look(**values)


async def _is_service_name(ctx: Context, word: str) -> bool:
    client = ctx.visitor.client
    return client is not None and await ctx.actions.find_namesake(client, word)
