"""`panelik check`: says in plain words what is wrong with the installation."""

import typer
from telegram import Bot
from telegram.error import InvalidToken, NetworkError, TelegramError

from billing.rules.catalog import Catalog
from bot.app import Core, make_request
from bot.commands.kept_owner import OwnerError, check_owner
from bot.commands.kept_terms import TermsError, check_terms
from bot.commands.operator_chat import waiting_messages
from bot.commands.sentences import count_of
from bot.commands.session import guarded, opened, settings_or_exit
from bot.logs import without_secrets
from bot.settings import Settings
from storage.errors import DatabaseError


def check() -> None:
    """Check settings, database, data and token."""
    settings = settings_or_exit()
    problems = guarded(lambda: find_problems(settings))
    for problem in problems:
        typer.echo(without_secrets(problem), err=True)
    if problems:
        raise typer.Exit(1)
    typer.echo("Everything is in place: `panelik run` starts the bot.")


async def find_problems(settings: Settings) -> list[str]:
    """Return the problems that prevent a start; print what is in order."""
    problems = []
    try:
        async with opened(settings, make=False) as core:
            problems += await _kept(core)
            typer.echo("Database: fine.")
            problems += await _data(core)
            if messages := await waiting_messages(core):
                _tell(problems, core, f"Operator: {messages}")
    except DatabaseError as error:
        typer.echo("Settings: fine.")
        problems.append(f"Database: {error}")
    problems += await _token(settings)
    return problems


async def _kept(core: Core) -> list[str]:
    """Return what differs from the owner and the settings that the database keeps."""
    try:
        await check_owner(core)
        await check_terms(core)
    except (OwnerError, TermsError) as error:
        return [f"Settings: {error}"]
    typer.echo("Settings: fine.")
    return []


def _tell(problems: list[str], core: Core, messages: str) -> None:
    """A missing operator's chat is the operator's choice; an unreachable one is a problem."""
    if core.settings.operator_chat is None:
        typer.echo(messages)
    else:
        problems.append(messages)


async def _data(core: Core) -> list[str]:
    catalog = await core.actions.show_catalog()
    if not catalog.revision:
        return ["Data: nothing is loaded yet. Run `panelik load FOLDER` (docs/data-folder.md)."]
    typer.echo(f"Data: {catalog.company.name}, {len(catalog.products)} products and add-ons.")
    problems = []
    for name, texts in (
        ("terms", catalog.company.terms),
        ("privacy", catalog.company.privacy),
        ("payment_support", catalog.company.payment_support),
    ):
        if not texts:
            problems.append(f"Data: company.{name} is missing in catalog.yaml; /{name} needs it.")
    return problems + await _payments(core, catalog)


async def _payments(core: Core, catalog: Catalog) -> list[str]:
    """Currencies in which no gateway takes money."""
    if core.settings.provider_token:
        return []
    counts = await core.actions.count_currencies() or {core.settings.currency: 0}
    return [
        f"Payments: {count_of(count, 'client')} with {currency} and no way to pay: add "
        f"company.bank_accounts.{currency} to catalog.yaml and load it, or set "
        "PANELIK_PROVIDER_TOKEN."
        for currency, count in sorted(counts.items())
        if currency not in catalog.company.bank_accounts
    ]


async def _token(settings: Settings) -> list[str]:
    bot = Bot(
        settings.bot_token.get_secret_value(),
        base_url=settings.bot_api_base,
        request=make_request(settings),
        get_updates_request=make_request(settings),
    )
    try:
        async with bot:
            typer.echo(f"Token: fine, the bot is @{bot.username}.")
            webhook = await bot.get_webhook_info()
    except InvalidToken:
        return ["Token: Telegram does not accept PANELIK_BOT_TOKEN. Copy it from @BotFather."]
    except NetworkError as error:
        return [f"Token: {settings.api_url} cannot be reached ({error.message})."]
    except TelegramError as error:
        return [f"Token: Telegram says: {error.message}."]
    if webhook.url:
        return ["Token: a webhook is set for this bot; `panelik run` needs it removed first."]
    return []
