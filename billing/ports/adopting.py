"""Handing rows over: from our own tables to a panel, and from one client to another."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from billing.ports.panel_services import ServiceKey
from billing.rules.services.service import Service


@dataclass(frozen=True, slots=True)
class KnownClient:
    """A client as they are known here; `is_linked` where some user acts for them."""

    id: int
    ref: str
    email: str
    is_linked: bool


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What keeps a panel from being adopted: clients by their refs."""

    proformas: tuple[str, ...]
    credit: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.proformas or self.credit)


class Adopting(Protocol):
    """Reads and writes rows of many clients at once: the operator does so hardly ever."""

    async def clients(self) -> tuple[KnownClient, ...]:
        """Everybody."""

    async def unfinished(self) -> Unfinished:
        """Whose proformas are open, and who has credit."""

    async def services(self, client_id: int) -> tuple[Service, ...]:
        """All services of a client."""

    async def rename_clients(self, refs: Mapping[int, str]) -> None:
        """Give clients other refs, by their ids; refs may change places."""

    async def rename_services(
        self, client_ids: Collection[int], keys: Mapping[int, ServiceKey]
    ) -> int:
        """Give services of these clients their ids in the panel, and hide the others; how many."""

    async def move_links(self, from_id: int, to_id: int) -> int:
        """Let the users of a client act for another one, with their wishes; how many."""

    async def move_services(self, from_id: int, to_id: int) -> int:
        """Move services with what users want of their reminders; how many."""
