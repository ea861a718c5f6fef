"""Services that a connected panel owns: what we keep is what it last said."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from billing.rules.services.service import Service, ServiceKind

ServiceKey = tuple[ServiceKind, str]
"""What a panel calls a service: unique within its kind."""


@dataclass(frozen=True, slots=True)
class MirroredService:
    """A service as we keep it; `missing_since` a reading did not show it.

    One that `is_hidden` is not there any more, and no client sees it.
    """

    service: Service
    missing_since: datetime | None = None
    is_hidden: bool = False


class PanelServices(Protocol):
    """Rows of services that have an id in the panel."""

    async def of_client(self, client_id: int) -> tuple[MirroredService, ...]:
        """All of a client, also hidden ones."""

    async def elsewhere(
        self, client_id: int, keys: Collection[ServiceKey]
    ) -> tuple[MirroredService, ...]:
        """Those of these that are kept under other clients."""

    async def save(self, changed: Sequence[Service]) -> None:
        """Write what the panel says of services, their names too, in one statement."""

    async def note_missing(self, service_ids: Collection[int], *, since: datetime) -> None:
        """A reading that began then did not show them."""

    async def note_present(self, service_ids: Collection[int]) -> None:
        """They are there: neither missing nor hidden."""

    async def hide(self, service_ids: Collection[int]) -> None:
        """No client sees them any more, and nothing of them is due."""

    async def give_up(self, client_id: int, service_ids: Collection[int]) -> None:
        """They belong to another client now: hide these rows, which lose their ids there.

        What was open about them ends: holds of renewals, requests to cancel, and reminders.
        """
