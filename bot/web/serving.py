"""Receiving updates by webhook: the counterpart of polling (`bot/telegram/ingress.py`)."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.types import ASGIApp
from telegram.error import BadRequest, InvalidToken, TelegramError

from billing.ports.work import UnavailableError
from bot.serving import served
from bot.sockets import CannotListenError
from bot.telegram.backoff import Backoff
from bot.telegram.refusals import IngressError
from bot.telegram.waiting import happens
from bot.web.app import create_app
from bot.web.intake import Intake
from bot.web.registration import Registration
from bot.web.webhook import Webhook

log = logging.getLogger(__name__)

_NEXT_LOOK_SECONDS = 1.0
"""Seconds after which it is seen whether another process has set the webhook."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a process waits for requests, how many updates it takes at once, and its pages."""

    host: str
    port: int
    max_in_flight: int = 100
    pay_pages: ASGIApp | None = None


def _cannot_listen(error: CannotListenError) -> IngressError:
    return IngressError(f"{error} Choose another one with PANELIK_WEB_PORT.")


@asynccontextmanager
async def only_pages(listening: Listening) -> AsyncIterator[None]:
    """Serve nothing but the pages inside the block; IngressError says why it cannot."""
    app, host = create_app(pay_pages=listening.pay_pages), listening.host
    try:
        async with served(app, host=host, port=listening.port, drain=_nothing) as bound:
            log.info("The pages to pay are at %s, port %s", host, bound)
            yield
    except CannotListenError as error:
        raise _cannot_listen(error) from None


async def _nothing() -> None:
    """A page takes no time, and the process may end at once."""


class Posting:
    """Takes what Telegram posts, from `run` to `stop`; the application is started."""

    def __init__(self, intake: Intake, registration: Registration, listening: Listening) -> None:
        self._intake = intake
        self._registration = registration
        self._listening = listening
        self._stop = asyncio.Event()
        self._is_registered = False

    async def run(self) -> None:
        """Serve until `stop`, then finish what was taken; IngressError says why it cannot."""
        address = self._registration.address
        webhook = Webhook(
            self._intake,
            secret=address.secret,
            max_in_flight=self._listening.max_in_flight,
        )
        app = create_app(webhook, address.path, pay_pages=self._listening.pay_pages)
        host, port = self._listening.host, self._listening.port
        try:
            async with served(app, host=host, port=port, drain=self._intake.drain) as bound:
                log.info("Waiting for Telegram's posts at %s, port %s", host, bound)
                await self._register()
                await self._stop.wait()
        except CannotListenError as error:
            raise _cannot_listen(error) from None

    async def stop(self) -> None:
        """Take no more."""
        self._stop.set()

    async def look(self) -> None:
        """See whether Telegram still posts here, once it was told to."""
        if self._is_registered:
            await self._registration.look()

    async def _register(self) -> None:
        """Set the webhook, however long it takes to reach Telegram."""
        backoff = Backoff()
        while not self._stop.is_set():
            pause = _NEXT_LOOK_SECONDS
            try:
                if await self._registration.ensure():
                    self._is_registered = True
                    return
            except InvalidToken:
                raise
            except BadRequest as error:
                raise IngressError(
                    f"Telegram does not take the webhook: {error.message}"
                ) from None
            except TelegramError as error:
                pause = backoff.failed(error)
            except UnavailableError as error:
                log.debug("The webhook is set when the database can be used: %s", error)
            await happens(self._stop, time.monotonic() + pause)
