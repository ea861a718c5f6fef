"""What every conversation is given by the composition root."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from billing.actions.registry import Actions
from billing.ports.conversations import Conversations
from billing.ports.outside import Clock
from handlers.chat.delivery import PATIENCE


@dataclass(frozen=True, slots=True)
class ChatConfig:
    """Settings that conversations need: the company's zone, the token for Telegram invoices.

    `patience` is how many seconds a tap waits for its note before it is answered with nothing.
    `decision_seconds` is how long it may take to decide on a pre-checkout query; of Telegram's
    ten seconds the rest is for the answer and for repeating it.
    """

    timezone: ZoneInfo
    provider_token: str = field(default="", repr=False)
    operator_chat: int | None = None
    patience: float = PATIENCE
    decision_seconds: float = 6.0


@dataclass(frozen=True, slots=True)
class Deps:
    """The heart's actions and the ports of conversations."""

    actions: Actions
    clock: Clock
    conversations: Conversations
    config: ChatConfig
