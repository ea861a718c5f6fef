"""Telegram's reasons for not delivering updates, in words for the operator."""

import logging
import time

from telegram.error import Conflict

log = logging.getLogger(__name__)

_CONFLICTS_BORNE = 5
_CONFLICT_MEMORY_SECONDS = 120.0

NOT_ACCEPTED = (
    "Telegram does not accept the bot token. Copy it again from @BotFather, and check the API "
    "address if you use your own Bot API server."
)
_WEBHOOK_SET = (
    "A webhook is set for this bot, so its updates cannot be polled. Stop the installation that "
    "uses it and remove it with the Bot API method deleteWebhook, or receive by webhook here too "
    "(PANELIK_MODE=webhook)."
)
_OTHER_POLLER = (
    "Another process fetches the updates of this bot. Only one may poll: stop the other one, or "
    "get a new token from @BotFather if you do not know it."
)


class IngressError(Exception):
    """Updates cannot be received until the operator changes something; the text says what."""


class Conflicts:
    """Counts 409s: a few are normal while a new process replaces an old one, many are not."""

    def __init__(self) -> None:
        self._number = 0
        self._last = -_CONFLICT_MEMORY_SECONDS

    def count(self, error: Conflict) -> int:
        """Return how many there were lately; IngressError if waiting will not help."""
        if "webhook" in error.message.lower():
            raise IngressError(_WEBHOOK_SET)
        now = time.monotonic()
        self._number = self._number + 1 if now - self._last < _CONFLICT_MEMORY_SECONDS else 1
        self._last = now
        if self._number > _CONFLICTS_BORNE:
            raise IngressError(_OTHER_POLLER)
        log.warning("%s Trying again.", _OTHER_POLLER)
        return self._number
