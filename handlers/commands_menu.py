"""The menu of commands and the bot's descriptions per language, sent to Telegram on changes."""

import hashlib
import json
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from telegram import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import BadRequest, Forbidden
from telegram.ext import ExtBot

from billing.rules.allowed import Allowed
from handlers.chat.updates.routing import Command
from locales.catalogues import available_languages
from locales.negotiation import DEFAULT
from locales.text import Plain
from locales.translator import Translator

log = logging.getLogger(__name__)

KEY = "commands_menu"
STAFF_KEY = "staff_menu"
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
    listed = _listed([command for command in commands if not command.staff], allowed)
    return tuple(
        _profile(code, listed, company, allowed, Translator(language, utc))
        for code, language in spoken
    )


def _listed(commands: Sequence[Command], allowed: Allowed) -> list[Command]:
    return [command for command in commands if allowed.order or not command.orders]


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


async def publish_to_staff(
    bot: ExtBot[None],
    store: SettingsStore,
    commands: Sequence[Command],
    *,
    staff: Collection[int],
    allowed: Allowed,
) -> None:
    """Show staff their commands in their chats, and those who have left the common ones.

    Telegram knows a chat once the person has pressed Start: for others the next start of the bot
    tries again.
    """
    menus = _menus(_listed(commands, allowed))
    digest = hashlib.sha256(repr((bot.id, menus)).encode()).hexdigest()
    before: dict[str, str] = json.loads(await store.get(STAFF_KEY) or "{}")
    after = dict(before)
    for user in sorted({str(one) for one in staff} | before.keys()):
        is_staff = int(user) in staff
        if is_staff and before.get(user) == digest:
            continue
        try:
            await _tell_staff(bot, int(user), menus if is_staff else None)
        except (BadRequest, Forbidden) as error:
            log.info("the menu of staff %s is not shown yet: %s", user, error.message)
            after.pop(user, None)
        else:
            after[user] = digest
        if not is_staff:
            after.pop(user, None)
    if after != before:
        await store.set(STAFF_KEY, json.dumps(after))


Menus = Mapping[str, tuple[tuple[str, str], ...]]


def _menus(commands: Sequence[Command]) -> Menus:
    """The commands by language, "" for all other languages."""
    utc = ZoneInfo("UTC")
    spoken = [("", DEFAULT), *((language, language) for language in available_languages())]
    return {code: _texts(commands, Translator(language, utc)) for code, language in spoken}


async def _tell_staff(bot: ExtBot[None], user: int, menus: Menus | None) -> None:
    """Set the commands in one chat, or (None) forget them there."""
    scope = BotCommandScopeChat(user)
    if menus is None:
        for language in ("", *available_languages()):
            await bot.delete_my_commands(scope=scope, language_code=language or None)
        return
    for language, texts in menus.items():
        listed = [BotCommand(name, about) for name, about in texts]
        await bot.set_my_commands(listed, scope=scope, language_code=language or None)


def _texts(commands: Sequence[Command], t: Translator) -> tuple[tuple[str, str], ...]:
    return tuple(
        (command.name, command.about(t)[:COMMAND_LIMIT])
        for command in commands
        if command.about is not None
    )


def _profile(
    code: str, commands: Sequence[Command], company: str, allowed: Allowed, t: Translator
) -> Profile:
    return Profile(
        code,
        _texts(commands, t),
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
