"""The parts of every conversation that the composition root provides."""

from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from billing.actions.registry import Actions
from billing.ports.conversations import Conversations
from billing.ports.outside import Clock, Draw
from handlers.chat.sending.delivery import PATIENCE
from locales.negotiation import DEFAULT
from locales.translator import Translator


@dataclass(frozen=True, slots=True)
class ChatConfig:
    """Settings that conversations need: the company's zone, the token for Telegram invoices.

    `operator_language` is spoken in the operator's chat. `staff` are the user ids of the people
    who may act for the company. With `links_by_email` there is a mail server. `patience` is the
    number of seconds after which a tap gets an empty answer. `decision_seconds` limits the
    decision on a pre-checkout query; the rest of Telegram's ten seconds is for the answer and for
    repeating it.
    """

    timezone: ZoneInfo
    provider_token: str = field(default="", repr=False)
    operator_chat: int | None = None
    operator_language: str = DEFAULT
    staff: frozenset[int] = frozenset()
    links_by_email: bool = False
    patience: float = PATIENCE
    decision_seconds: float = 6.0

    @property
    def operator_t(self) -> Translator:
        """The translator of all that is said in the operator's chat."""
        return Translator(self.operator_language, self.timezone)


@dataclass(frozen=True, slots=True)
class Deps:
    """Billing's actions and the ports of conversations.

    `on_incident` is called when an update ends with an unexpected error.
    """

    actions: Actions
    clock: Clock
    conversations: Conversations
    draw: Draw
    config: ChatConfig
    on_incident: Callable[[], None] = lambda: None
