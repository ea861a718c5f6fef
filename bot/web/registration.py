"""Telling Telegram where to post updates, only when that is not so already.

Telegram does not say which secret it was given, so a digest of what was set is kept in the
database. Of the processes that start together, the one with the lease tells Telegram.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from telegram import Bot, WebhookInfo

from bot.telegram.fetch import ALLOWED_UPDATES
from bot.web.address import HookAddress

log = logging.getLogger(__name__)

KEY = "webhook"
"""The key of what was set last: the digest of the address, and that of everything."""


class KeptSettings(Protocol):
    """Small values in the database."""

    async def get(self, key: str) -> str | None:
        """The value, or None."""

    async def set(self, key: str, value: str) -> None:
        """Keep a value."""


class RightToSet(Protocol):
    """What one process at a time has."""

    async def take(self) -> bool:
        """Take it; False while another process has it."""

    async def release(self) -> None:
        """Give it back."""


@dataclass(slots=True)
class Registration:
    """The webhook of one bot, with `connections` at most side by side."""

    bot: Bot
    kept: KeptSettings
    address: HookAddress
    connections: int
    right: RightToSet
    _last_error: datetime | None = None
    _has_looked: bool = False

    async def ensure(self) -> bool:
        """Set the webhook unless it is set; False if another process is about to set it."""
        if await self._is_set():
            return True
        if not await self.right.take():
            return False
        try:
            if not await self._is_set():
                await self._set()
                log.info("Telegram posts updates to this installation now")
        finally:
            await self.right.release()
        return True

    async def look(self) -> None:
        """Say when Telegram cannot deliver; set a webhook again that somebody has removed."""
        info = await self.bot.get_webhook_info()
        if info.url == self.address.url:
            self._report(info)
        elif info.url:
            log.error("Another installation has set its own webhook for this bot")
        else:
            log.warning("Somebody has removed the webhook")
            await self.ensure()

    def _report(self, info: WebhookInfo) -> None:
        """Say what went wrong since the last look."""
        is_new = self._has_looked and info.last_error_date != self._last_error
        self._has_looked, self._last_error = True, info.last_error_date
        if is_new and info.pending_update_count:
            log.warning(
                "%s updates wait at Telegram; the last one could not be posted: %s",
                info.pending_update_count,
                info.last_error_message,
            )

    async def _is_set(self) -> bool:
        if await self.kept.get(KEY) != self._digests():
            return False
        info = await self.bot.get_webhook_info()
        return (
            info.url == self.address.url
            and info.max_connections == self.connections
            and set(info.allowed_updates or ()) == set(ALLOWED_UPDATES)
        )

    async def _set(self) -> None:
        # Until the new digests are kept, every process sees that something is to be done.
        await self.kept.set(KEY, "")
        await self.bot.set_webhook(
            self.address.url,
            secret_token=self.address.secret,
            max_connections=self.connections,
            allowed_updates=list(ALLOWED_UPDATES),
        )
        await self.kept.set(KEY, self._digests())

    def _digests(self) -> str:
        everything = (self.address.url, self.address.secret, self.connections, ALLOWED_UPDATES)
        return f"{_digest(self.address.url)} {_digest(repr(everything))}"


async def remove_own(bot: Bot, kept: KeptSettings) -> None:
    """Remove a webhook that was set from this database; nothing that waits is lost by it."""
    digest, _, _ = (await kept.get(KEY) or "").partition(" ")
    if not digest:
        return
    info = await bot.get_webhook_info()
    if info.url and _digest(info.url) == digest:
        await bot.delete_webhook(drop_pending_updates=False)
        log.warning("The webhook was removed, because this process polls")
    await kept.set(KEY, "")


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
