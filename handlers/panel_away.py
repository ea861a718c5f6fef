"""While a connected panel does not answer: what is refused, and what screens say."""

from handlers import buttons
from handlers.chat.screens.codec import Payload

ASKS_PANEL: frozenset[type[Payload]] = frozenset(
    {
        buttons.AskCancellation,
        buttons.AskCancelReason,
        buttons.AskPayFromBalance,
        buttons.AskWithdrawOrder,
        buttons.PayFromBalance,
        buttons.RequestCancellation,
        buttons.SendOrder,
        buttons.SkipCancelReason,
        buttons.WithdrawCancellation,
        buttons.WithdrawOrder,
    }
)
"""Each leads to a write that billing refuses until the panel answers."""
