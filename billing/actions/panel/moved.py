"""Services that belong to another client of the panel from now on."""

from collections import defaultdict
from collections.abc import Sequence

from billing.actions.environment import Environment
from billing.ports.outbox import Notification
from billing.ports.panel_services import MirroredService
from billing.ports.work import UnitOfWork
from billing.rules.services.service import Service
from billing.views.account import ClientInfo
from billing.views.notices.panel import ServicesMovedAway
from billing.views.notices.services import ServicesMoved, name_service


async def take_from_owners(
    env: Environment, uow: UnitOfWork, client: ClientInfo, moving: Sequence[MirroredService]
) -> None:
    """End what their old clients have open about them, and tell these and the operator.

    The old clients keep what happened, in rows that nobody sees; no link moves. The caller has
    locked them all.
    """
    by_owner: dict[int, list[MirroredService]] = defaultdict(list)
    for one in moving:
        by_owner[one.service.client_id].append(one)
    for owner_id, theirs in by_owner.items():
        numbers = [one.service.id for one in theirs]
        await uow.panel_services.give_up(owner_id, numbers)
        await _leave_cart(uow, owner_id, numbers)
        seen = [one.service for one in theirs if not one.is_hidden]
        if seen:
            await uow.outbox.add(_notes(owner_id, client, seen), at=env.now())


async def _leave_cart(uow: UnitOfWork, owner_id: int, numbers: Sequence[int]) -> None:
    cart = await uow.carts.get(owner_id)
    lines = [line for line in cart.lines if line.service_id not in numbers]
    if len(lines) < len(cart.lines):
        await uow.carts.save(cart, lines)


def _notes(owner_id: int, client: ClientInfo, moved: Sequence[Service]) -> list[Notification]:
    names = tuple(name_service(service) for service in moved)
    key = f"{owner_id}:{client.id}:{max(service.id for service in moved)}"
    return [
        Notification(f"moved:{key}", ServicesMoved(names), client_id=owner_id),
        Notification(f"moved-away:{key}", ServicesMovedAway(owner_id, client.ref, names)),
    ]
