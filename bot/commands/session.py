"""What all commands share: settings, logs, the database, errors in plain words.

Exit codes: 0 done, 1 refused or failed, 2 wrong settings or usage.
"""

import asyncio
import getpass
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import typer

from billing.ports.connected import PanelBusyError, PanelUnreachableError
from billing.rules.audit import LONGEST_ACTOR, Actor
from billing.rules.errors import BillingError
from bot.app import Core, open_core
from bot.commands.data.kept_owner import OwnerError, check_owner
from bot.commands.data.kept_terms import TermsError, check_terms
from bot.commands.demo_time import in_its_time
from bot.commands.output.sentences import sentence
from bot.logs import configure_logging, without_secrets
from bot.setting_problems import SettingsError
from bot.settings import OfflineSettings, Settings, load_settings
from storage.errors import DatabaseError, NoDatabaseError

T = TypeVar("T")


def settings_or_exit(*, kind: type[Settings] = Settings, **given: Any) -> Settings:
    """Load the settings and set up logging; exit 2 with what is wrong."""
    try:
        settings = load_settings(kind=kind, **given)
    except SettingsError as error:
        fail(str(error), code=2)
    configure_logging(settings.log_level, secrets=settings.hidden, form=settings.log_format)
    return settings


def actor() -> Actor:
    """Who is at the command line, as the audit trail knows them: "anna (command line)".

    With sudo that is who has called it. A machine may have no name for its user.
    """
    try:
        login = os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):
        login = f"user {os.getuid()}"
    way = " (command line)"
    name = "".join(filter(str.isprintable, login))[: LONGEST_ACTOR - len(way)]
    return Actor(name + way)


def fail(message: str, *, code: int = 1) -> NoReturn:
    """Say what is wrong on standard error, without secrets, and exit."""
    typer.echo(without_secrets(message), err=True)
    raise typer.Exit(code)


def with_core(
    work: Callable[[Core], Awaitable[T]],
    *,
    make: bool = False,
    any_terms: bool = False,
    any_owner: bool = False,
) -> T:
    """Run a command's work on the database, without Telegram; errors become messages.

    On the database of a demo it is done in the demo's time.
    `make` creates a missing database. `any_terms` allows settings that differ from those with
    which the data was loaded, `any_owner` another panel than the one that owns it.
    """
    settings = settings_or_exit(kind=OfflineSettings)

    async def run() -> T:
        async with opened(settings, make=make) as core:
            if not any_owner:
                await check_owner(core)
            if not any_terms:
                await check_terms(core)
            return await work(await in_its_time(core))

    return guarded(run)


@asynccontextmanager
async def opened(settings: Settings, *, make: bool) -> AsyncIterator[Core]:
    """Open the database; if there is none, say where it was expected and why there."""
    try:
        async with open_core(settings, make=make) as core:
            yield core
    except NoDatabaseError as error:
        raise NoDatabaseError(f"{error}. {_where_from(settings)}") from error


def _where_from(settings: Settings) -> str:
    ways = "`panelik load FOLDER` or `panelik run` makes one."
    if "database_url" in settings.model_fields_set:
        return f"PANELIK_DATABASE_URL names it; {ways}"
    file = Path(".env").absolute()
    missing = "does not set it" if file.exists() else "does not exist"
    return (
        f"PANELIK_DATABASE_URL is not set ({file} {missing}), so it was looked for in this "
        f"folder. Work where your .env is; for a new one, {ways}"
    )


def guarded(
    work: Callable[[], Awaitable[T]],
    *,
    run_all: Callable[[Coroutine[Any, Any, T]], T] = asyncio.run,
) -> T:
    """Run a coroutine by `run_all`; expected errors become a sentence and exit 1."""

    async def run() -> T:
        return await work()

    try:
        return run_all(run())
    except BillingError as error:
        fail(sentence(error))
    except PanelBusyError:
        fail(
            "Your panel takes no more calls for now: there were too many within an hour. Nothing "
            "was changed; try again later."
        )
    except PanelUnreachableError:
        fail("Your panel does not answer. Nothing was changed; try again once it is there.")
    except DatabaseError as error:
        fail(str(error))
    except (OwnerError, TermsError) as error:
        fail(str(error), code=2)
