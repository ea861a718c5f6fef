"""The client's own name of a service."""

from handlers.buttons import AskServiceName, OpenService, ResetServiceName
from handlers.chat.conversation.context import Context
from handlers.services import changes, page
from handlers.services.drafts import as_draft, place_of
from handlers.services.handlers import find_page

NAME = "services.name"
DASHES = frozenset({"-", "–", "—"})
"""Typed texts that restore the product's name."""


async def ask(ctx: Context, tapped: AskServiceName) -> None:
    """Ask for a name."""
    (await ctx.actions.show_allowed(ctx.client)).check_rename()
    await ctx.begin(as_draft(OpenService(tapped.service, tapped.origin, tapped.inside)))
    await ask_again(ctx)


async def ask_again(ctx: Context) -> None:
    """Ask again, also after an invalid name."""
    (await ctx.actions.show_allowed(ctx.client)).check_rename()
    await ctx.ask(NAME, changes.ask_name(ctx.t, place_of(await ctx.draft())))


async def typed(ctx: Context, text: str) -> None:
    """Take the name."""
    place = place_of(await ctx.draft())
    label = "" if text.strip() in DASHES else text
    name = await ctx.actions.rename_service(ctx.client, place.service, label)
    note = ctx.t.plain("Renamed.") if name else ctx.t.plain("It has the product's name again.")
    service_page = await find_page(ctx, place)
    await ctx.show(page.service(ctx.t, service_page, place), note)


async def reset(ctx: Context, tapped: ResetServiceName) -> None:
    """Restore the product's name."""
    place = OpenService(tapped.service, tapped.origin, tapped.inside)
    await ctx.actions.rename_service(ctx.client, place.service, "")
    await ctx.show(changes.name_reset(ctx.t, place))
