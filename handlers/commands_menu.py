"""The menu of commands and the bot's descriptions per language, sent to Telegram on changes."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from telegram import BotCommand, BotCommandScopeAllPrivateChats
from telegram.ext import ExtBot

from billing.rules.allowed import Allowed
from handlers.chat.updates.routing import Command
from locales.catalogues import available_languages
from locales.negotiation import DEFAULT
from locales.text import Plain
from locales.translator import Translator

log = logging.getLogger(__name__)

KEY = "commands_menu"
DESCRIPTION_LIMIT = 512
SHORT_LIMIT = 120
COMMAND_LIMIT = 256


class SettingsStore(Protocol):
    """Small values that the bot keeps for itself."""

    async def get(self, key: str) -> str | None:
        """The value, or None."""

    async def set(self, key: str, value: str) -> None:
        """Keep a value."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Commands and descriptions of the bot in one language; "" is for all other languages."""

    language: str
    commands: tuple[tuple[str, str], ...]
    description: str
    short_description: str


def description(t: Translator, company: str, allowed: Allowed) -> Plain:
    """The text that an empty chat shows before Start is tapped."""
    if not allowed.order:
        return t.plain(
            "{company} in your chat: your services and when they are due, renewals and payments.",
            company=company,
        )
    return t.plain(
        "{company} in your chat: your services and when they are due, renewals, add-ons, "
        "new orders and payments.",
        company=company,
    )


def short_description(t: Translator, company: str, allowed: Allowed) -> Plain:
    """The text of the bot's profile, and beside shared links to it."""
    if not allowed.order:
        return t.plain("Your services at {company}: renew and pay.", company=company)
    return t.plain("Your services at {company}: renew, order, pay.", company=company)


def profiles(commands: Sequence[Command], company: str, allowed: Allowed) -> tuple[Profile, ...]:
    """One profile per language, and the default language's for all others."""
    utc = ZoneInfo("UTC")
    spoken = [("", DEFAULT), *((language, language) for language in available_languages())]
    listed = [command for command in commands if allowed.order or not command.orders]
    return tuple(
        _profile(code, listed, company, allowed, Translator(language, utc))
        for code, language in spoken
    )


async def publish(
    bot: ExtBot[None],
    store: SettingsStore,
    commands: Sequence[Command],
    *,
    company: str,
    allowed: Allowed,
) -> bool:
    """Send changes since the last start to Telegram; return whether there were any.

    After a failure the kept hash stays, so the next start tries again.
    """
    all_profiles = profiles(commands, company, allowed)
    digest = hashlib.sha256(repr((bot.id, all_profiles)).encode()).hexdigest()
    if await store.get(KEY) == digest:
        return False
    for profile in all_profiles:
        await _tell(bot, profile)
    await store.set(KEY, digest)
    log.info("Telegram shows the commands and descriptions anew")
    return True


def _profile(
    code: str, commands: Sequence[Command], company: str, allowed: Allowed, t: Translator
) -> Profile:
    return Profile(
        code,
        tuple(
            (command.name, command.about(t)[:COMMAND_LIMIT])
            for command in commands
            if command.about is not None
        ),
        description(t, company, allowed)[:DESCRIPTION_LIMIT],
        short_description(t, company, allowed)[:SHORT_LIMIT],
    )


async def _tell(bot: ExtBot[None], profile: Profile) -> None:
    code = profile.language or None
    await bot.set_my_commands(
        [BotCommand(name, about) for name, about in profile.commands],
        scope=BotCommandScopeAllPrivateChats(),
        language_code=code,
    )
    await bot.set_my_description(profile.description, language_code=code)
    await bot.set_my_short_description(profile.short_description, language_code=code)
