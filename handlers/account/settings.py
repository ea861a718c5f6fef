"""The settings: language, time zone, and the way to the others."""

from billing.rules.errors import InvalidInputError
from handlers.account import choices
from handlers.buttons import (
    ChooseLanguage,
    ChooseOfferedZone,
    ChooseZone,
    OpenLanguages,
    OpenSettings,
    OpenZones,
)
from handlers.chat.conversation.context import Context
from handlers.chat.conversation.drafts import as_text
from handlers.chat.screens.codec import StaleButton
from handlers.chat.screens.screen import Screen
from locales.catalogues import available_languages, language_number
from locales.zone_reading import read_zone

ZONE, OFFERED = "account.zone", "account.zones"


async def settings(ctx: Context) -> None:
    """/settings; a visitor without an account can choose their language."""
    account = await ctx.actions.show_account(ctx.visitor)
    await ctx.show(choices.settings(ctx.t, account, ctx.now))


async def open_settings(ctx: Context, _: OpenSettings) -> None:
    """Show the settings, after a tap."""
    await settings(ctx)


async def language(ctx: Context) -> None:
    """/language."""
    await ctx.show(_languages(ctx))


async def open_languages(ctx: Context, _: OpenLanguages) -> None:
    """Show the languages, after a tap."""
    await language(ctx)


async def choose_language(ctx: Context, tapped: ChooseLanguage) -> None:
    """Change the language at once, also for visitors."""
    numbers = {language_number(code): code for code in available_languages()}
    if tapped.language is not None and tapped.language not in numbers:
        raise StaleButton("no such language", back=OpenLanguages())
    code = None if tapped.language is None else numbers[tapped.language]
    ctx.set_visitor(await ctx.actions.choose_language(ctx.visitor, code))
    await ctx.show(_languages(ctx), ctx.t.plain("Language changed."))


async def open_zones(ctx: Context, _: OpenZones) -> None:
    """The time zones."""
    await ask_zone(ctx)


async def ask_zone(ctx: Context) -> None:
    """Ask for a time zone, also after an unknown name."""
    _ = ctx.client
    await ctx.ask(ZONE, choices.zones(ctx.t, ctx.visitor.timezone, ctx.now))


async def choose_zone(ctx: Context, tapped: ChooseZone) -> None:
    """Choose one of the offered zones, or the account's."""
    await _choose(ctx, None if tapped.zone is None else str(tapped.zone))


async def zone_typed(ctx: Context, text: str) -> None:
    """Read a city, a country, a zone's name or a difference from UTC; if in doubt, ask which."""
    zone = read_zone(text, ctx.t.language, now=ctx.now)
    if not zone.zones:
        raise InvalidInputError("unknown_zone")
    if zone.is_certain:
        await _choose(ctx, zone.zones[0])
    else:
        number = await ctx.begin({OFFERED: list(zone.zones)})
        await ctx.ask(ZONE, choices.which_zone(ctx.t, zone.zones, number, ctx.now))


async def choose_offered_zone(ctx: Context, tapped: ChooseOfferedZone) -> None:
    """Choose one of the zones that a typed place may mean."""
    try:
        offered = (await ctx.draft(tapped.draft)).get(OFFERED)
        zone = as_text(offered[tapped.place] if isinstance(offered, list) else None)
    except (StaleButton, IndexError) as error:
        raise StaleButton("no such zone is offered", back=OpenZones()) from error
    await _choose(ctx, zone)


def _languages(ctx: Context) -> Screen:
    linked = ctx.visitor.client is not None
    return choices.languages(ctx.t, ctx.visitor.language, linked=linked)


async def _choose(ctx: Context, zone: str | None) -> None:
    ctx.set_visitor(await ctx.actions.choose_timezone(ctx.visitor, zone))
    time = choices.time_there(ctx.t, ctx.now)
    ctx.pending_note = ctx.t.plain("Time zone changed. It is {time} there.", time=time)
    await settings(ctx)
