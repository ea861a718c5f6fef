"""The port for updates that carry money: they are kept before they are acknowledged.

Polling and webhooks do not know how. They only ask which updates carry money, hand them over
unchanged, and acknowledge one when they are told that it is kept.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

Raw = Mapping[str, Any]
"""An update as Telegram wrote it, which python-telegram-bot may not be able to read."""


class MoneyInbox(Protocol):
    """Takes updates that carry money; these do not wait for the person's other updates."""

    def carries_money(self, update: Raw) -> bool:
        """Return whether an update carries money."""

    async def receive(self, update: Raw, on_kept: Callable[[], None]) -> None:
        """Keep the update, call `on_kept` once it cannot be lost, then book it.

        While the database cannot be written to, it retries for as long as Telegram keeps updates,
        and raises nothing before `on_kept`. If it is cancelled by then, the update comes again.
        """


def carries_none(_update: Raw) -> bool:
    """Return False, for a bot that sells nothing."""
    return False
