"""A message that must go out, as its row and the settings of its recipient make it."""

from typing import Any

from sqlalchemy import select

from billing.ports.outbox import Outgoing
from billing.rules.allowed import NOTHING
from storage.notices import from_columns
from storage.tables.accounts import clients, users
from storage.tables.messages import NOBODY, outbox

OUTGOING = (
    select(
        outbox.c.id,
        outbox.c.user_id,
        outbox.c.topic,
        outbox.c.facts,
        outbox.c.attempts,
        outbox.c.client_id,
        outbox.c.key,
        outbox.c.added_at,
        users.c.language.label("user_language"),
        clients.c.language.label("client_language"),
        users.c.timezone.label("user_timezone"),
        clients.c.timezone.label("client_timezone"),
    )
    .outerjoin(users, users.c.id == outbox.c.user_id)
    .outerjoin(clients, clients.c.id == outbox.c.client_id)
    .order_by(outbox.c.id)
)


def outgoing_from(row: Any) -> Outgoing:
    """A message from a row of OUTGOING."""
    return Outgoing(
        id=row.id,
        user_id=row.user_id if row.user_id != NOBODY else None,
        notice=from_columns(row.topic, row.facts),
        languages=tuple(filter(None, (row.user_language, row.client_language))),
        timezone=row.user_timezone or row.client_timezone or "",
        attempts=row.attempts,
        client_id=row.client_id,
        allowed=NOTHING,
        key=row.key,
        added_at=row.added_at,
    )
