"""The meaning of Telegram's refusals to write into a chat, by their wording.

The Bot API has no codes for them beyond 400 and 403; PTB passes on its sentences.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from billing.ports.outside import Delivery
from billing.rules.reach import ClosedChat, Unreachable

log = logging.getLogger(__name__)

REFUSED = Delivery()
NETWORK_PAUSE = 1.0
"""Least seconds until the next try if Telegram was not reached."""

NO_CHAT = ("chat not found", "user not found", "peer_id_invalid")
NEVER_STARTED = ("can't initiate conversation", "to bots")
CLOSED_CHATS = (
    (ClosedChat.TOPIC_CLOSED, ("topic_closed", "topic_deleted", "message thread not found")),
    (
        ClosedChat.MAY_NOT_WRITE,
        (
            "not enough rights", "no rights to send", "_forbidden",
            "need administrator rights", "chat_admin_required", "chat_restricted",
            "user_banned_in_channel",
        ),
    ),
    (
        ClosedChat.NOT_FOUND,
        (*NO_CHAT, *NEVER_STARTED, "deactivated", "was deleted", "upgraded to a supergroup"),
    ),
    (ClosedChat.REMOVED, ("channel_private",)),
)  # fmt: skip
"""The first match counts; any other 403 means that the bot was removed or is blocked."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """The addressee of a message: a user, or the operator's chat.

    Messages to the operator's chat are never given up. The log shows errors by the addressee.
    """

    chat_id: int
    is_operator: bool = False

    def __str__(self) -> str:
        return f"{'the operator chat' if self.is_operator else 'user'} {self.chat_id}"

    def after(self, error: TelegramError) -> Delivery:
        """The consequence of a refusal; a BadRequest about the message itself is raised."""
        match error:
            case RetryAfter(retry_after=wait):
                seconds = wait.total_seconds() if isinstance(wait, timedelta) else wait
                return Delivery(retry_after=seconds)
            case BadRequest() | Forbidden():
                return self._closed_delivery(error)
            case NetworkError() | InvalidToken():
                log.warning("a message to %s waits: %s", self, error.message)
                return Delivery(retry_after=NETWORK_PAUSE, answered=False)
            case _:
                log.error("a message to %s cannot be sent: %s", self, error.message)
                return self.at_last

    @property
    def at_last(self) -> Delivery:
        """The consequence if Telegram refuses even the shortest message for no known reason."""
        return Delivery(retry_after=NETWORK_PAUSE) if self.is_operator else REFUSED

    def _closed_delivery(self, error: BadRequest | Forbidden) -> Delivery:
        if self.is_operator:
            chat_closed = why_closed(error)
            delivery = Delivery(closed=chat_closed) if chat_closed else None
        else:
            why = why_unreachable(error)
            delivery = Delivery(unreachable=why) if why else None
        if delivery is None:
            raise error
        log.info("%s cannot be written to: %s", self, error.message)
        return delivery


def why_unreachable(error: TelegramError) -> Unreachable | None:
    """Why a user cannot be reached; None if the message or the network is at fault."""
    message = error.message.lower()
    if isinstance(error, Forbidden):
        if "deactivated" in message:
            return Unreachable.DEACTIVATED
        return Unreachable.NEVER_STARTED if _says(message, NEVER_STARTED) else Unreachable.BLOCKED
    if isinstance(error, BadRequest) and _says(message, NO_CHAT):
        return Unreachable.NEVER_STARTED
    return None


def why_closed(error: TelegramError) -> ClosedChat | None:
    """Why the operator's chat is closed; it may be a group, a channel or a private chat."""
    if not isinstance(error, Forbidden | BadRequest):
        return None
    message = error.message.lower()
    reasons = (why for why, words in CLOSED_CHATS if _says(message, words))
    return next(reasons, ClosedChat.REMOVED if isinstance(error, Forbidden) else None)


def _says(message: str, words: tuple[str, ...]) -> bool:
    return any(word in message for word in words)
