"""What every command does first and last: settings, logs, the database, errors in plain words.

Exit codes: 0 done, 1 refused or failed, 2 wrong settings or usage.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn, TypeVar

import typer

from billing.rules.errors import BillingError
from bot.app import Heart, open_heart
from bot.commands.sentences import sentence
from bot.logs import configure_logging
from bot.settings import OfflineSettings, Settings, SettingsError, load_settings
from storage.errors import DatabaseError

T = TypeVar("T")


def settings_or_exit(*, kind: type[Settings] = Settings, **given: Any) -> Settings:
    """The settings, with logging set up by them; exit 2 naming what is wrong."""
    try:
        settings = load_settings(kind=kind, **given)
    except SettingsError as error:
        fail(str(error), code=2)
    configure_logging(settings.log_level, secrets=settings.secrets)
    return settings


def fail(message: str, *, code: int = 1) -> NoReturn:
    """Say what is wrong on standard error and exit."""
    typer.echo(message, err=True)
    raise typer.Exit(code)


def with_heart(work: Callable[[Heart], Awaitable[T]]) -> T:
    """Run a command's work on the database, with no Telegram; errors become messages."""
    settings = settings_or_exit(kind=OfflineSettings)

    async def run() -> T:
        async with open_heart(settings) as heart:
            return await work(heart)

    return guarded(run)


def guarded(work: Callable[[], Awaitable[T]]) -> T:
    """Run a coroutine; expected errors become a sentence and exit 1."""

    async def run() -> T:
        return await work()

    try:
        return asyncio.run(run())
    except BillingError as error:
        fail(sentence(error))
    except DatabaseError as error:
        fail(str(error))
