"""The next owner of an account whose owner has left."""

from datetime import datetime

from billing.ports.outbox import Notification
from billing.ports.work import UnitOfWork
from billing.views.notices.access import OwnershipReceived


async def promote_and_tell(uow: UnitOfWork, client_id: int, *, at: datetime) -> None:
    """Where an account has no owner, make the longest-linked user the owner and tell them."""
    owner = await uow.access.promote(client_id)
    if owner is not None:
        await uow.outbox.add([tell_owner(client_id, owner, at=at)], at=at)


def tell_owner(client_id: int, user_id: int, *, at: datetime) -> Notification:
    """The message to a user who owns an account from now on."""
    key = f"owner:{client_id}:{at.isoformat()}"
    return Notification(key, OwnershipReceived(), client_id=client_id, user_id=user_id)
