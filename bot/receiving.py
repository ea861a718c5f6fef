"""The way in of a process's updates, as its settings say: polling or a webhook.

The web side is loaded only by a process that has one.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol

from telegram.error import TelegramError

from bot.app import Core, money_inbox
from bot.lease import ProcessLease
from bot.modes import Mode
from bot.settings import Settings
from bot.telegram.ingress import Polling
from bot.web.address import HookAddress, hook_address
from bot.web.registration import Registration, remove_own
from handlers.chat.conversation.context import PanelikApplication

if TYPE_CHECKING:
    from bot.web.serving import Listening

log = logging.getLogger(__name__)

SETTER = "setter of the webhook"
"""The lease of the process that tells Telegram where to post."""


class Ingress(Protocol):
    """Receives updates and hands them to an application that is started."""

    async def run(self) -> None:
        """Receive until `stop`, then finish what has begun; IngressError says why it cannot."""

    async def stop(self) -> None:
        """Begin to stop."""

    async def look(self) -> None:
        """See now and then whether updates still come."""


class _Polls(Polling):
    async def look(self) -> None:
        """Nothing to see: a poll that fails says so itself."""


async def make_ingress(core: Core, application: PanelikApplication) -> Ingress:
    """Return the way in that the settings name."""
    if Mode(core.settings.mode) is Mode.WEBHOOK:
        return _posting(core, application)
    try:
        await remove_own(application.bot, core.database.settings_store)
    except TelegramError as error:
        log.warning("A webhook that this installation had may still be set: %s", error)
    return _Polls(application, max_in_flight=core.settings.max_in_flight, money=money_inbox(core))


def address_of(settings: Settings) -> HookAddress:
    """Return where Telegram is to post, and the secret of its posts."""
    secret = settings.webhook_secret
    return hook_address(
        settings.bot_token.get_secret_value(),
        settings.public_url or "",
        secret.get_secret_value() if secret else "",
    )


def _posting(core: Core, application: PanelikApplication) -> Ingress:
    from bot.web.intake import Intake  # noqa: PLC0415 - see above
    from bot.web.serving import Posting  # noqa: PLC0415

    settings, database = core.settings, core.database
    registration = Registration(
        application.bot,
        database.settings_store,
        address_of(settings),
        settings.webhook_connections,
        ProcessLease(database.leases, core.clock, SETTER),
    )
    return Posting(Intake(application, money=money_inbox(core)), registration, _listening(core))


@asynccontextmanager
async def pages_beside_polling(core: Core) -> AsyncIterator[None]:
    """Serve the pages from which clients go on to pay, where a process that polls has such.

    One to which Telegram posts serves them beside that.
    """
    if Mode(core.settings.mode) is Mode.WEBHOOK or not core.has_pay_pages:
        yield
        return
    from bot.web.serving import only_pages  # noqa: PLC0415 - see above

    async with only_pages(_listening(core)):
        yield


def _listening(core: Core) -> "Listening":
    from bot.web.pay.endpoint import PayPages  # noqa: PLC0415 - see above
    from bot.web.serving import Listening  # noqa: PLC0415

    settings = core.settings
    pages = PayPages(core.actions.show_pay_page) if core.has_pay_pages else None
    return Listening(settings.web_host, settings.web_port, settings.max_in_flight, pay_pages=pages)
