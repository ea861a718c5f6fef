"""The port for updates that carry money: they are kept before they are acknowledged.

Neither polling nor a webhook knows how. They only ask which updates these are, hand them over as
they came, and acknowledge one when they are told that it is kept.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

Raw = Mapping[str, Any]
"""An update as Telegram wrote it, which python-telegram-bot may not be able to read."""


class MoneyInbox(Protocol):
    """Takes updates that carry money, beside and before all others of a person."""

    def carries_money(self, update: Raw) -> bool:
        """Whether an update is one of these."""

    async def receive(self, update: Raw, on_kept: Callable[[], None]) -> None:
        """Keep the update, call `on_kept` once it cannot be lost, then book it.

        It waits for a database that takes nothing, for as long as Telegram keeps updates, and
        raises nothing before `on_kept`. Cancelled by then, the update comes again.
        """


def carries_none(_update: Raw) -> bool:
    """No update carries money: for a bot that sells nothing."""
    return False
