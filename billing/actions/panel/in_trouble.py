"""Telling the operator of services that somebody has to look at in the panel."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from billing.actions.panel.mirror_services import Refs
from billing.ports.outbox import Notification
from billing.ports.work import UnitOfWork
from billing.views.account import ClientInfo
from billing.views.notices.panel import ServiceInTrouble
from billing.views.notices.services import name_service
from billing.views.panel import SeenService

_LONGEST_WORD = 40


async def tell_troubles(
    uow: UnitOfWork,
    client: ClientInfo,
    seen: Sequence[SeenService],
    services: Refs,
    *,
    at: datetime,
) -> None:
    """Once for each service, word and due date, whoever reads it and how often."""
    notes = list(_troubles(client, seen, services))
    if notes:
        await uow.outbox.add(notes, at=at)


def _troubles(
    client: ClientInfo, seen: Sequence[SeenService], services: Refs
) -> Iterator[Notification]:
    for one in seen:
        service = services.get((one.kind, one.ref)) if one.trouble else None
        if service is None:
            continue
        word = one.trouble[:_LONGEST_WORD]
        notice = ServiceInTrouble(client.id, name_service(service), one.ref, word)
        key = f"in-trouble:{service.id}:{word}:{one.next_due_date or ''}"
        yield Notification(key, notice)
