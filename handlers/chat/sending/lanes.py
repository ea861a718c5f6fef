"""The lanes of messages that are sent unasked; a call without a lane is an answer.

`bot.telegram.pacing` knows them by these names and gives each its own pace and patience.
"""

from typing import Final

PROMPT: Final = "prompt"
"""Receipts and the operator's decisions."""

BULK: Final = "bulk"
"""Reminders."""
