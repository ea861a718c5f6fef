"""The settings: language, time zone, and the ways to the others."""

from billing.rules.errors import InvalidInputError
from handlers.account import choices
from handlers.buttons import (
    ChooseLanguage,
    ChooseZone,
    OpenLanguages,
    OpenSettings,
    OpenZones,
)
from handlers.chat.codec import StaleButton
from handlers.chat.context import Context
from handlers.chat.screen import Screen
from locales.catalogues import available_languages, language_number
from locales.zones import find_zone

ZONE = "account.zone"


async def settings(ctx: Context) -> None:
    """/settings; a visitor without an account can choose his language."""
    found = await ctx.actions.show_account(ctx.visitor)
    await ctx.show(choices.settings(ctx.t, found))


async def open_settings(ctx: Context, _: OpenSettings) -> None:
    """The button that leads to the settings."""
    await settings(ctx)


async def language(ctx: Context) -> None:
    """/language."""
    await ctx.show(_languages(ctx))


async def open_languages(ctx: Context, _: OpenLanguages) -> None:
    """The button that leads to the languages."""
    await language(ctx)


async def choose_language(ctx: Context, tapped: ChooseLanguage) -> None:
    """Speaks it at once, to visitors too."""
    numbers = {language_number(code): code for code in available_languages()}
    if tapped.language is not None and tapped.language not in numbers:
        raise StaleButton("no such language", back=OpenLanguages())
    code = None if tapped.language is None else numbers[tapped.language]
    ctx.recognise(await ctx.actions.choose_language(ctx.visitor, code))
    await ctx.show(_languages(ctx), ctx.t.plain("Language changed."))


async def open_zones(ctx: Context, _: OpenZones) -> None:
    """The time zones."""
    await ask_zone(ctx)


async def ask_zone(ctx: Context) -> None:
    """The question, also after a name that is not known."""
    _ = ctx.client
    await ctx.ask(ZONE, choices.zones(ctx.t, ctx.visitor.timezone))


async def choose_zone(ctx: Context, tapped: ChooseZone) -> None:
    """One of the offered zones, or the account's."""
    await _choose(ctx, None if tapped.zone is None else str(tapped.zone))


async def zone_typed(ctx: Context, text: str) -> None:
    """A city or the name of a zone."""
    zone = find_zone(text, ctx.t.language)
    if zone is None:
        raise InvalidInputError("unknown_zone")
    await _choose(ctx, zone)


def _languages(ctx: Context) -> Screen:
    linked = ctx.visitor.client is not None
    return choices.languages(ctx.t, ctx.visitor.language, linked=linked)


async def _choose(ctx: Context, zone: str | None) -> None:
    ctx.recognise(await ctx.actions.choose_timezone(ctx.visitor, zone))
    ctx.pending_note = ctx.t.plain("Time zone changed.")
    await settings(ctx)
