"""`panelik check`: says in plain words what is wrong with the installation."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from telegram import Bot, WebhookInfo
from telegram.error import InvalidToken, NetworkError, TelegramError

from billing.ports.outside import MailResult
from billing.rules.shop.catalog import Catalog
from bot.app import Core, mailer_of, make_request
from bot.clock import SystemClock
from bot.commands.check_folder import fit_folder
from bot.commands.check_panel import panel_problems, problems_without_database
from bot.commands.data.kept_owner import OwnerError, check_owner
from bot.commands.data.kept_terms import TermsError, check_terms
from bot.commands.decisions.operator_chat import waiting_messages
from bot.commands.output.as_json import JsonOption, only_lists, print_json
from bot.commands.output.sentences import count_of
from bot.commands.session import guarded, opened, settings_or_exit, with_core
from bot.logs import without_secrets
from bot.receiving import address_of
from bot.settings import Settings
from storage.errors import DatabaseError

Say = Callable[[str], object]
"""Takes what is in order, a sentence at a time."""


def check(
    folder: Annotated[
        Path | None, typer.Argument(help="A data folder to check instead; it is not loaded.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check settings, database, data and token; or a data folder."""
    if folder is not None:
        only_lists(as_json)
        for line in with_core(partial(fit_folder, path=folder)):
            typer.echo(line)
        return
    settings = settings_or_exit()
    if as_json:
        _print_as_json(settings)
        return
    problems = guarded(lambda: find_problems(settings, typer.echo))
    for problem in problems:
        typer.echo(without_secrets(problem), err=True)
    if problems:
        raise typer.Exit(1)
    typer.echo("Everything is in place: `panelik run` starts the bot.")


def _print_as_json(settings: Settings) -> None:
    fine: list[str] = []
    problems = guarded(lambda: find_problems(settings, fine.append))
    shown = [without_secrets(problem) for problem in problems]
    print_json({"ready": not problems, "fine": fine, "problems": shown})
    if problems:
        raise typer.Exit(1)


async def find_problems(settings: Settings, say: Say) -> list[str]:
    """Return the problems that prevent a start; say what is in order."""
    problems = []
    try:
        async with opened(settings, make=False) as core:
            problems += await _kept(core, say)
            say("Database: fine.")
            problems += await panel_problems(core.connected, say)
            problems += await _data(core, say)
            if messages := await waiting_messages(core):
                _tell(problems, core, f"Operator: {messages}", say)
    except DatabaseError as error:
        say("Settings: fine.")
        problems.append(f"Database: {error}")
        problems += await problems_without_database(settings, say)
    problems += await _mail(settings, say)
    problems += await _token(settings, say)
    return problems


async def _kept(core: Core, say: Say) -> list[str]:
    """Return what differs from the owner and the settings that the database keeps."""
    try:
        await check_owner(core)
        await check_terms(core)
    except (OwnerError, TermsError) as error:
        return [f"Settings: {error}"]
    say("Settings: fine.")
    return []


def _tell(problems: list[str], core: Core, messages: str, say: Say) -> None:
    """A missing operator's chat is the operator's choice; an unreachable one is a problem."""
    if core.settings.operator_chat is None:
        say(messages)
    else:
        problems.append(messages)


async def _data(core: Core, say: Say) -> list[str]:
    catalog = await core.actions.show_catalog()
    if not catalog.revision:
        return ["Data: nothing is loaded yet. Run `panelik load FOLDER` (docs/data-folder.md)."]
    say(f"Data: {catalog.company.name}, {len(catalog.products)} products and add-ons.")
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
    """Currencies in which no gateway takes money; a panel with a page of its own takes it."""
    if core.settings.provider_token or core.panel.capabilities.pays_there:
        return []
    counts = await core.actions.count_currencies() or {core.settings.currency: 0}
    return [
        f"Payments: {count_of(count, 'client')} with {currency} and no way to pay: add "
        f"company.bank_accounts.{currency} to catalog.yaml and load it, or set "
        "PANELIK_PROVIDER_TOKEN."
        for currency, count in sorted(counts.items())
        if currency not in catalog.company.bank_accounts
    ]


async def _mail(settings: Settings, say: Say) -> list[str]:
    """Whether the mail server, if there is one, lets us in; the log says why it does not."""
    mailer = mailer_of(settings, SystemClock())
    if mailer is None:
        return []
    if await mailer.try_server() is not MailResult.SENT:
        return ["E-mail: the server of PANELIK_SMTP_URL would not take one; the log says why."]
    say("E-mail: fine, the server would take one.")
    return []


async def _token(settings: Settings, say: Say) -> list[str]:
    bot = Bot(
        settings.bot_token.get_secret_value(),
        base_url=settings.bot_api_base,
        request=make_request(settings),
        get_updates_request=make_request(settings),
    )
    try:
        async with bot:
            say(f"Token: fine, the bot is @{bot.username}.")
            webhook = await bot.get_webhook_info()
    except InvalidToken:
        return ["Token: Telegram does not accept PANELIK_BOT_TOKEN. Copy it from @BotFather."]
    except NetworkError as error:
        return [f"Token: {settings.api_url} cannot be reached ({error.message})."]
    except TelegramError as error:
        return [f"Token: Telegram says: {error.message}."]
    problem = webhook_problem(settings, webhook)
    return [f"Webhook: {problem}"] if problem else []


def webhook_problem(settings: Settings, webhook: WebhookInfo) -> str:
    """Return what is wrong with the webhook that Telegram has, or an empty text."""
    address = address_of(settings)
    if settings.mode == "polling":
        # One that ends like ours was set by `panelik run`, which removes it when it polls.
        if not webhook.url or webhook.url.endswith(address.path):
            return ""
        return (
            "another installation has set one for this bot. Stop it and remove the webhook, or "
            "receive by webhook here too (PANELIK_MODE=webhook)."
        )
    if webhook.url and webhook.url != address.url:
        return "Telegram posts to another address now; `panelik run` changes that at its start."
    if webhook.last_error_message and webhook.pending_update_count:
        count = count_of(webhook.pending_update_count, "update")
        return f"Telegram could not post {count}: {webhook.last_error_message}."
    return ""
