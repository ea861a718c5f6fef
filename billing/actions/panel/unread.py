"""Rows of the panel that cannot be read: their client waits, and the operator is told once.

The unit is the client: what a row says may bear on any other of theirs. A service decides what the
line of an invoice is about, and an invoice that is left out makes what they owe too little. So
nothing of such a reading is kept, and what we have stays as of the last one that was whole.
"""

import logging
from collections.abc import Collection
from datetime import datetime
from typing import Final

from billing.actions.environment import Environment
from billing.ports.outbox import Notification
from billing.ports.work import UnitOfWork
from billing.rules.panel.unread_rows import RowKind, UnreadRow, name_rows
from billing.views.notices.panel import PanelRowsUnread, PanelRowUnread
from billing.views.panel import Snapshot

log = logging.getLogger(__name__)

MOST_TOLD: Final = 20
"""Of so many clients the operator is told each row; beyond, that there are more."""

LONGEST: Final = 200


async def note_unread(
    env: Environment, client_id: int, seen: Snapshot, *, began_at: datetime
) -> None:
    """Note that a reading of a client is not whole, and tell of its rows; a later one counts."""
    now = env.now()
    async with env.work.writing(client_id) as uow:
        client = await uow.clients.get(client_id)
        if client is None:
            return
        words = name_rows(seen.unread, longest=LONGEST)
        if not await uow.panel_state.unread(client_id, at=began_at, rows=words, now=now):
            return
        since = client.sight.seen_at
        others = await uow.panel_state.unread_clients(limit=MOST_TOLD + 1)
        if len(others) > MOST_TOLD:
            key = f"unread-many:{now.date()}"
            await uow.outbox.add([Notification(key, PanelRowsUnread(MOST_TOLD))], at=now)
        else:
            mark = since.timestamp() if since else ""
            await _tell(uow, seen.unread, client_ref=client.ref, mark=f"{mark}", at=now)
        await uow.commit()
    if not client.sight.is_unread:
        log.warning("client %s of the panel cannot be read: %s", client.ref, words)


async def tell_strays(env: Environment, rows: Collection[UnreadRow]) -> None:
    """Tell the operator of rows of which nobody can say whose they are, and of products."""
    if not rows:
        return
    async with env.work.writing() as uow:
        await _tell(uow, rows, client_ref="", mark="", at=env.now())
        await uow.commit()


async def _tell(
    uow: UnitOfWork, rows: Collection[UnreadRow], *, client_ref: str, mark: str, at: datetime
) -> None:
    """Once for each row and field, however often it is read, until it could be read meanwhile.

    Lines of the log come by the minute: of those once for each field.
    """
    notes = [
        Notification(
            f"unread:{row.kind}:{row.number}:{row.field}:{client_ref}:{mark}"
            if row.kind is not RowKind.ACTIVITY
            else f"unread:{row.kind}:{row.field}",
            PanelRowUnread(row.kind, row.number, row.field, client_ref),
        )
        for row in list(rows)[:MOST_TOLD]
    ]
    await uow.outbox.add(notes, at=at)
