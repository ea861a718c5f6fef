"""What rows may refer to: ids of the folder's own files and of earlier loads.

Only ids and what a check needs are kept, so that 100 000 services fit in a few tens of megabytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from billing.rules.loading.differences import Known, ProductKey
from billing.rules.shop.catalog import ProductKind
from bot.datafolder.lookalikes import likeness


class ClientEntry(NamedTuple):
    """A client's line in its file, and its currency (None: unreadable)."""

    line: int
    currency: str | None


class ServiceEntry(NamedTuple):
    """A service's line in its file, its client, and its parent if it is an add-on."""

    line: int
    client: str
    parent: str


class AwaitingParent(NamedTuple):
    """An add-on to be checked against its parent, once all services are read."""

    line: int
    client: str
    parent: str


@dataclass(slots=True)
class References:
    """The ids read so far; an id may be missing without a note if its file was not read whole."""

    known: Known
    products: Mapping[ProductKey, str] = field(default_factory=dict)
    clients: dict[str, ClientEntry] = field(default_factory=dict)
    services: dict[str, ServiceEntry] = field(default_factory=dict)
    awaiting: list[AwaitingParent] = field(default_factory=list)
    products_complete: bool = True
    clients_complete: bool = True
    services_complete: bool = True
    _alike: dict[str, str] | None = None

    def forget_services(self) -> None:
        """Free what only the check needs; reading rows again needs only clients' currencies."""
        self.services.clear()
        self.awaiting.clear()

    def currency_of(self, client: str) -> str | None:
        """Return the client's currency; None if it is unreadable or the client is unknown."""
        entry = self.clients.get(client)
        return entry.currency if entry else self.known.clients.get(client)

    def client_reason(self, client: str) -> str | None:
        """Say why a service cannot name that client, or None."""
        if client in self.clients or client in self.known.clients or not self.clients_complete:
            return None
        return f'no client has the id "{client}"{self._hint(client)}'

    def _hint(self, client: str) -> str:
        """Name the client whose id looks like this one."""
        if self._alike is None:
            ids = (*self.known.clients, *self.clients)
            self._alike = {likeness(ref): ref for ref in ids}
        other = self._alike.get(likeness(client))
        return f'; "{other}" looks like it' if other else ""

    def product_id(self, kind: ProductKind, ref: str) -> str | None:
        """Return the catalogue's id of what a service names, or None."""
        return self.products.get((kind, ref)) or self.known.products.get((kind, ref))

    def parent_reason(self, addon: AwaitingParent) -> str | None:
        """Say why a service cannot be the parent of that add-on, or None."""
        parent = self.services.get(addon.parent) or self.known.services.get(addon.parent)
        if parent is None:
            missing = f'no service has the id "{addon.parent}"'
            return missing if self.services_complete else None
        if parent.parent:
            return f'"{addon.parent}" is an add-on itself'
        if parent.client and addon.client and parent.client != addon.client:
            return f'"{addon.parent}" belongs to client "{parent.client}"'
        return None

    def move_reason(self, service: str, *, client: str, parent: str) -> str | None:
        """Say why a loaded service cannot move to another client or parent, or None."""
        loaded_service = self.known.services.get(service)
        if loaded_service is None or (loaded_service.client, loaded_service.parent) == (
            client,
            parent,
        ):
            return None
        place = f'client "{loaded_service.client}"'
        if loaded_service.parent:
            place = f'service "{loaded_service.parent}" of {place}'
        return f"was loaded for {place} and cannot move; end it and give the new one another id"
