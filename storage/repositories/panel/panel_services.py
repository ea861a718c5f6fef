"""Services that a connected panel owns: what we keep is what it last said."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from billing.ports.panel_services import MirroredService, ServiceKey
from billing.rules.reminders.stages import ReminderReason
from billing.rules.services.service import Service, ServiceKind, ServiceStatus
from billing.views.services import CancellationStatus
from storage.engines.connection import Connection
from storage.repositories.services.service_forms import forms, state
from storage.rows import SERVICE, WIDTH, service_from
from storage.tables.messages import reminder_items, reminder_pauses
from storage.tables.sales import invoice_lines, order_holds
from storage.tables.services import cancellations, services
from storage.tables.states import NOT_WAITING, ItemState

_MIRRORED = select(*SERVICE, services.c.missing_since, services.c.is_hidden)
_SAVE = update(services).where(services.c.id == bindparam("number"))


@dataclass(frozen=True, slots=True)
class SqlPanelServices:
    """Rows of services that have an id in the panel."""

    connection: Connection

    async def of_client(self, client_id: int) -> tuple[MirroredService, ...]:
        """All of a client, also hidden ones."""
        theirs = services.c.client_id == client_id, services.c.ref.is_not(None)
        rows = await self.connection.execute(_MIRRORED.where(*theirs).order_by(services.c.id))
        return tuple(_mirrored(row) for row in rows)

    async def elsewhere(
        self, client_id: int, keys: Collection[ServiceKey]
    ) -> tuple[MirroredService, ...]:
        """Those of these that are kept under other clients."""
        refs: dict[ServiceKind, set[str]] = defaultdict(set)
        for kind, ref in keys:
            refs[kind].add(ref)
        found: list[MirroredService] = []
        for kind, names in refs.items():
            others = _MIRRORED.where(
                services.c.ref.in_(names), services.c.kind == kind,
                services.c.client_id != client_id,
            )  # fmt: skip
            found.extend(_mirrored(row) for row in await self.connection.execute(others))
        return tuple(found)

    async def save(self, changed: Sequence[Service]) -> None:
        """Write what the panel says of services, their names too, in one statement."""
        if changed:
            await self.connection.execute(_SAVE, [_described(service) for service in changed])

    async def note_missing(self, service_ids: Collection[int], *, since: datetime) -> None:
        """A reading that began then did not show them."""
        await self._write(service_ids, missing_since=since)

    async def note_present(self, service_ids: Collection[int]) -> None:
        """They are there: neither missing nor hidden."""
        await self._write(service_ids, missing_since=None, is_hidden=False)

    async def hide(self, service_ids: Collection[int]) -> None:
        """No client sees them any more, and nothing of them is due."""
        await self._write(
            service_ids, is_hidden=True, status=ServiceStatus.CANCELLED, suspended_for=None
        )

    async def give_up(self, client_id: int, service_ids: Collection[int]) -> None:
        """They belong to another client now: hide these rows, and end what was open of them."""
        if not service_ids:
            return
        numbers = tuple(service_ids)
        await self.hide(numbers)
        await self._write(numbers, ref=None)
        held, asked = invoice_lines.c.held_service_id, cancellations.c.open_service_id
        waits = reminder_items.c.state.not_in(NOT_WAITING)
        for statement in (
            delete(order_holds).where(order_holds.c.service_id.in_(numbers)),
            update(invoice_lines).where(held.in_(numbers)).values(held_service_id=None),
            update(cancellations)
            .where(asked.in_(numbers))
            .values(status=CancellationStatus.WITHDRAWN, open_service_id=None),
            update(reminder_items)
            .where(reminder_items.c.service_id.in_(numbers), waits)
            .values(state=ItemState.SKIPPED, reason=ReminderReason.ENDED),
            delete(reminder_pauses).where(
                reminder_pauses.c.client_id == client_id,
                reminder_pauses.c.service_id.in_(numbers),
            ),
        ):
            await self.connection.execute(statement)

    async def _write(self, service_ids: Collection[int], **values: Any) -> None:
        if service_ids:
            these = services.c.id.in_(tuple(service_ids))
            await self.connection.execute(update(services).where(these).values(values))


def _mirrored(row: Sequence[Any]) -> MirroredService:
    missing_since, is_hidden = row[WIDTH:]
    return MirroredService(service_from(row), missing_since, bool(is_hidden))


def _described(service: Service) -> dict[str, Any]:
    return {
        "number": service.id,
        "product_id": service.product_id,
        "name": service.name,
        "domain": service.domain,
        "parent_id": service.parent_id,
        **state(service),
        **forms(label=service.label, name=service.name, domain=service.domain),
    }
