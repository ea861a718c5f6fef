"""The mirror of a client: their services and invoices as their panel shows them."""

from collections.abc import Collection
from datetime import datetime

from billing.actions.environment import Environment
from billing.actions.panel.differences import Differences
from billing.actions.panel.in_trouble import tell_troubles
from billing.actions.panel.mirror_invoices import InvoiceMirror
from billing.actions.panel.mirror_services import ServiceMirror
from billing.actions.panel.news import tell
from billing.ports.work import UnitOfWork
from billing.views.account import ClientInfo
from billing.views.panel import Snapshot


async def mirror(
    env: Environment,
    uow: UnitOfWork,
    client: ClientInfo,
    seen: Snapshot,
    *,
    began_at: datetime,
    locked: Collection[int] = (),
) -> Differences | None:
    """Write what differs and tell those whom it concerns; the caller has locked the client.

    `began_at` is when the reading began: None, and nothing written, where a later one is kept.
    What belonged to other clients until now moves, if those are `locked` too, else
    OtherOwnersError names them. ValueError for a reading that is not whole.
    """
    if seen.unread:
        raise ValueError("a reading with rows that cannot be read is not kept")
    is_newest = await uow.panel_state.see(
        client.id,
        at=began_at,
        is_closed=seen.is_closed,
        balance=seen.balance,
        now=env.now(),
    )
    if not is_newest:
        return None
    catalog = await uow.catalogs.current()
    differences = Differences(
        is_closed=None if seen.is_closed is client.is_closed else seen.is_closed,
        has_other_balance=seen.balance != client.balance,
    )
    of_services = ServiceMirror(env, uow, client, catalog, differences)
    services = await of_services.write(seen, began_at=began_at, locked=locked)
    of_invoices = InvoiceMirror(env, uow, client, services, catalog, differences)
    await of_invoices.write(seen, began_at=began_at, locked=locked)
    await tell(env, uow, client, differences, began_at=began_at)
    await tell_troubles(uow, client, seen.services, services, at=env.now())
    return differences
