"""Searching among a client's services."""

from typing import Protocol

from billing.rules.services.service import Service
from billing.rules.shop.catalog import Catalog


class ServiceSearch(Protocol):
    """Searches; every query names the client."""

    async def services_and_catalog(
        self, client_id: int, text: str, *, limit: int
    ) -> tuple[tuple[Service, ...], int, Catalog]:
        """The first top-level services that a search finds, how many there are, the catalogue.

        One statement.
        """

    async def is_named(self, client_id: int, word: str) -> bool:
        """Whether a service's whole name, or its domain up to a dot, is that folded word."""
