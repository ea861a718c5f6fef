"""What goes on behind a screen that was shown: its client is read anew from their panel."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol


class Refresher(Protocol):
    """Reads a client anew behind a screen, and draws it again if that has changed anything.

    Contexts are `Context`, which knows this one.
    """

    def forget(self, user_id: int) -> None:
        """Draw nothing again for a person who has gone on."""

    async def begin(self, ctx: Any, again: Callable[[Any], Awaitable[None]]) -> None:
        """Read the client of the screen that was just shown."""

    async def close(self) -> None:
        """Give up what is under way."""
