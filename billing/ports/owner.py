"""The owner of a database."""

from typing import Protocol

from billing.rules.panel.owner import Owner


class Owners(Protocol):
    """The one row that names the owner."""

    async def get(self) -> Owner | None:
        """The owner; None for a new database."""

    async def take(self, first: Owner) -> None:
        """Keep the first owner; nothing happens if there is one already."""

    async def give(self, new: Owner) -> None:
        """Give the database to another owner."""

    async def move(self, identity: str) -> None:
        """Give the owner another identity."""
