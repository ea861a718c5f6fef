"""What planning asks: who is owed what, who waits for a digest, who reads one.

Each starts from an index on what is due or who is meant, so that its cost grows with that and not
with what exists.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, or_, select, tuple_

from billing.rules.services import Service
from storage.rows import SERVICE
from storage.tables.accounts import clients, links, users
from storage.tables.messages import digests, reminder_items
from storage.tables.services import cancellations, services
from storage.tables.states import ItemState


def owed_between(
    earliest: date, latest: date, *, after: Service | None, limit: int
) -> Select[Any]:
    """Services that are owed with a due date in a window, by due date and id, after the last."""
    # The page starts at the last one's day: a later start would have to be found by reading.
    start = (after.next_due_date if after else None) or earliest
    asked = (
        select(*SERVICE)
        .where(services.c.owed_on >= start, services.c.owed_on <= latest)
        .order_by(services.c.owed_on, services.c.id)
        .limit(limit)
    )
    if after is None:
        return asked
    place = tuple_(services.c.owed_on, services.c.id)
    return asked.where(place > (after.next_due_date, after.id))


def being_cancelled(service_ids: Collection[int]) -> Select[Any]:
    """The ids of those with an open request to cancel, their own or their parent's."""
    cancelled = (
        select(cancellations.c.id)
        .where(
            or_(
                cancellations.c.open_service_id == services.c.id,
                cancellations.c.open_service_id == services.c.parent_id,
            )
        )
        .correlate(services)
        .exists()
    )
    return select(services.c.id).where(services.c.id.in_(tuple(service_ids)), cancelled)


def waiting_for_digest(day: date, *, limit: int) -> Select[Any]:
    """Clients with waiting items who have no digest of the day yet."""
    client = reminder_items.c.client_id
    has_one = (
        select(digests.c.id)
        .where(digests.c.client_id == client, digests.c.day == day)
        .correlate(reminder_items)
        .exists()
    )
    return (
        select(client)
        .where(reminder_items.c.state == ItemState.WAITING, ~has_one)
        .distinct()
        .order_by(client)
        .limit(limit)
    )


def readers_of(client_ids: Collection[int]) -> Select[Any]:
    """Client, user, the user's own zone and the client's, of those who get digests."""
    return (
        select(links.c.client_id, links.c.user_id, users.c.timezone, clients.c.timezone)
        .join(users, and_(users.c.id == links.c.user_id, users.c.blocked.is_(False)))
        .join(clients, clients.c.id == links.c.client_id)
        .where(links.c.client_id.in_(tuple(client_ids)), links.c.reminders_on.is_(True))
        .order_by(links.c.client_id, links.c.user_id)
    )
