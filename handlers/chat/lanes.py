"""The lanes in which messages that nobody waits for go out; a call without one is an answer.

`bot.telegram.pacing` knows them by these names and gives each its own pace and patience.
"""

from typing import Final

PROMPT: Final = "prompt"
"""Receipts, and what the operator has decided."""

BULK: Final = "bulk"
"""Reminders."""
