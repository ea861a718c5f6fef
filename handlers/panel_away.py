"""While a connected panel does not answer: what screens do not offer."""

from handlers import buttons
from handlers.chat.screens.codec import Payload

ASKS_PANEL: frozenset[type[Payload]] = frozenset(
    {
        buttons.AskPayFromBalance,
        buttons.AskWithdrawOrder,
        buttons.PayFromBalance,
        buttons.SendOrder,
        buttons.WithdrawOrder,
    }
)
"""Each leads to a write that billing refuses until the panel answers.

Cancellations are not among them: what staff carry out needs nothing of the panel. Buttons of the
others are marked one by one.
"""
